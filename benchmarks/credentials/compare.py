"""Guildmark's credential library beside others' libraries, on the same badges and in one run.

    python benchmarks/credentials/compare.py [--seconds 0.3] [--only jose] [--skip-peers]

Prints Markdown tables for docs/performance.md. The peers are npm's `@digitalbazaar/vc` and `jose`,
pinned in peers/package-lock.json, and PyPI's `openbadgeslib`, pinned in peers/openbadgeslib.lock
and installed into an environment of its own; node and npm must be there. The sides take turns of
`--seconds` for each operation, five each, and the best turn of each side counts, so that what else
the machine does falls on all alike. Before, each side verifies what the others signed, and the
canonical forms are compared; a difference ends the run.

The badges name a status entry, and the list is handed to those who look it up: Guildmark's `verify`
and npm's `vc`, both without verifying the list's own proof anew each time. openbadgeslib and what
checks tokens alone do not ask.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from guildmark_side import ISSUERS, NOW, Guildmark, status_list
from measuring import ROUNDS, Cost, Peer, Work, best
from nacl.signing import SigningKey

from guildmark.credentials import PrivateKey, canonicalize
from guildmark.credentials.jsonld import contexts, shapes

PEERS = Path(__file__).parent / "peers"
LIBRARIES = ("cryptography", "pynacl", "orjson", "pybase64", "jsonschema-rs", "PyLD", "pyoxigraph")
SHOWN = {
    "canonicalize": "canonical form",
    "issue": "issue, eddsa-rdfc-2022",
    "issue to many": "the same to 1,000 holders, one call",
    "verify": "verify from bytes, npm's checks",
    "report": "verify from bytes, every check",
}
for _name in ISSUERS:
    SHOWN |= {
        f"{_name} sign": f"issue, {_name}",
        f"{_name} verify": f"signature and claims, {_name}",
        f"{_name} report": f"verify, {_name}",
    }
# What a peer's operation is called that is to be compared with ours of another name.
LIKE = {
    "issue to many": "issue",
    "report": "verify",
    **{f"{name} report": f"{name} verify" for name in ISSUERS},
}
Costs = dict[tuple[str, str, str], Cost]


def main() -> None:
    """Compare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument(
        "--only", default="", help="operations with this in their name; jose: tokens"
    )
    parser.add_argument("--skip-peers", action="store_true")
    arguments = parser.parse_args()
    print_machine()
    ours = Guildmark()
    print_badges(ours)
    with tempfile.TemporaryDirectory() as folder:
        peers = {} if arguments.skip_peers else start_peers(ours, Path(folder))
        print_versions(peers)
        for name, peer in peers.items():
            print(f"- {cross_verify(ours, name, peer)}")
        before = dict(shapes.counts)
        costs = measure(ours, peers, arguments.seconds, arguments.only)
        for peer in peers.values():
            peer.close()
    print_costs("Data Integrity", costs, [name for name in SHOWN if name.split()[0] not in ISSUERS])
    print_costs("VC-JWT", costs, [name for name in SHOWN if name.split()[0] in ISSUERS])
    print_signatures()
    print_processes(ours, arguments.seconds)
    print_shapes(before)


def start_peers(ours: Guildmark, folder: Path) -> dict[str, Peer]:
    """The peers, installed as pinned, with what they are to sign and to verify."""
    if not is_installed(PEERS / "node_modules", PEERS / "package-lock.json"):
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PEERS, check=True)
    python, lock = PEERS / ".venv" / "bin" / "python", PEERS / "openbadgeslib.lock"
    if not is_installed(PEERS / ".venv", lock):
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS / ".venv"], check=True)
        command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*command, "--require-hashes", "-r", lock], check=True)
    task = folder / "task.json"
    task.write_text(json.dumps(given(ours)))
    return {
        "npm": Peer(["node", "peer.mjs"], folder=PEERS, task=task),
        "openbadgeslib": Peer([python, "openbadgeslib_peer.py"], folder=PEERS, task=task),
    }


def is_installed(folder: Path, lock: Path) -> bool:
    """Whether the folder is there and not older than what pins its content."""
    return folder.exists() and folder.stat().st_mtime >= lock.stat().st_mtime


def given(ours: Guildmark) -> dict[str, Any]:
    """Keys, documents, and what Guildmark made of them."""
    issuer = ISSUERS["EdDSA"]
    return {
        "now": NOW.isoformat(),
        "contexts": dict(contexts.bundled()),
        "key": {
            "id": issuer.signer.verification_method,
            "controller": issuer.did,
            "type": "Multikey",
            "publicKeyMultibase": issuer.key.public.to_multikey(),
            "secretKeyMultibase": issuer.key.to_multikey(),
            **pems(issuer.key),
        },
        "statusList": status_list("EdDSA"),
        "sets": {
            badge: {
                "documents": documents,
                "credentials": [text.decode() for text in ours.credentials[badge][:300]],
            }
            for badge, documents in ours.documents.items()
        },
        "tokens": [
            {
                "badge": badge,
                "algorithm": name,
                "kid": ISSUERS[name].signer.verification_method,
                "jwk": ISSUERS[name].key.to_jwk(),
                **pems(ISSUERS[name].key),
                "documents": documents,
                "texts": ours.tokens[badge, name],
            }
            for (badge, name), documents in ours.payloads.items()
        ],
    }


def pems(key: PrivateKey) -> dict[str, str]:
    """The key as openbadgeslib takes it."""
    private = serialization.load_pem_private_key(key.to_pem(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"pem": key.to_pem().decode(), "publicPem": public.decode()}


def cross_verify(ours: Guildmark, name: str, peer: Peer) -> str:
    """Each side verifies what the other signed; a difference ends the run."""
    count = 100 if name == "npm" else 10
    forms = 0
    for badge in ours.documents:
        items = [text.decode() for text in ours.credentials[badge][:count]]
        refused = peer.failures(badge, "credential", items)
        for credential in peer.make(badge, "credential", count):
            ours.verify("EdDSA", json.dumps(credential).encode())
        for algorithm in ISSUERS:
            refused += peer.failures(badge, algorithm, ours.tokens[badge, algorithm][:count])
            for token in peer.make(badge, algorithm, count):
                ours.check_token(algorithm, token)
        if refused:
            raise SystemExit(f"{name} refuses what Guildmark signed: {refused[0]}")
        if [badge, "canonicalize"] in peer.operations:
            made = peer.make(badge, "canonical", count)
            for document, canonical in zip(ours.documents[badge], made, strict=False):
                assert canonicalize(document) == canonical
            forms += count
    return (
        f"{name} and Guildmark verified {count} of each badge and algorithm that the other signed"
        + (f"; {forms} canonical forms were equal." if forms else ".")
    )


def measure(ours: Guildmark, peers: dict[str, Peer], seconds: float, only: str) -> Costs:
    """The cost of each operation on each side, by turns."""
    costs: Costs = {}
    for (badge, operation), work in ours.work.items():
        is_token = operation.split()[0] in ISSUERS
        if not (is_token if only == "jose" else only in operation):
            continue
        theirs = [
            (name, peer) for name, peer in peers.items() if [badge, operation] in peer.operations
        ]
        taken: dict[str, list[Cost]] = {}
        for _ in range(ROUNDS):
            taken.setdefault("Guildmark", []).append(work.measure(seconds))
            for name, peer in theirs:
                taken.setdefault(name, []).append(peer.measure(badge, operation, seconds))
        for name, turns in taken.items():
            costs[badge, operation, name] = best(turns)
    return costs


def print_costs(title: str, costs: Costs, operations: Sequence[str]) -> None:
    """Rates a second on one core, and how many times the peers' that is."""
    found = [key for key in costs if key[1] in operations and key[2] == "Guildmark"]
    if not found:
        return
    print(
        f"\n### {title}\n\n"
        "| badge | operation | Guildmark µs | /s | npm µs | times | times, by the clock "
        "| openbadgeslib µs | times |\n|---|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    for badge, operation, _ in found:
        own = costs[badge, operation, "Guildmark"]
        row = [badge, SHOWN[operation], f"{own.cpu:,.1f}", f"{1e6 / own.cpu:,.0f}"]
        for name in ("npm", "openbadgeslib"):
            other = costs.get((badge, LIKE.get(operation, operation), name))
            if other is None:
                row += ["-"] * (3 if name == "npm" else 2)
            else:
                row += [f"{other.cpu:,.1f}", f"{other.cpu / own.cpu:.1f}"]
                row += [f"{other.wall / own.wall:.1f}"] if name == "npm" else []
        print(f"| {' | '.join(row)} |")


def print_signatures() -> None:
    """What a signature alone costs, over 64 bytes as in a proof and over a token of each badge.

    No library can issue or verify faster than this one does with the same primitives.
    """
    print("\n### Signatures alone\n\n| what | bytes | sign µs | verify µs |\n|---|--:|--:|--:|")
    openssl, libsodium = Ed25519PrivateKey.generate(), SigningKey.generate()
    for size in (64, 3_500, 5_800):
        data = bytes(size)
        signature, both = openssl.sign(data), libsodium.sign(data)
        print_signature(
            "Ed25519, cryptography",
            data,
            openssl.sign,
            functools.partial(openssl.public_key().verify, signature),
        )
        print_signature(
            "Ed25519, PyNaCl",
            data,
            libsodium.sign,
            lambda _, both=both: libsodium.verify_key.verify(both),
        )
        for name in ("ES256", "RS256"):
            key = ISSUERS[name].key
            print_signature(
                f"{name}, as used here",
                data,
                key.sign,
                functools.partial(key.public.verify, key.sign(data)),
            )


def print_signature(
    name: str, data: bytes, sign: Callable[[bytes], object], check: Callable[[bytes], object]
) -> None:
    """One row."""
    costs = [
        best([Work([data] * 100, call).measure(0.1) for _ in range(ROUNDS)]).cpu
        for call in (sign, check)
    ]
    print(f"| {name} | {len(data):,} | {costs[0]:.1f} | {costs[1]:.1f} |")


def print_processes(ours: Guildmark, seconds: float) -> None:
    """How much more two processes do than one, by the clock."""
    print(
        "\n### Two processes\n\n"
        "| badge | operation | one /s | two /s | times |\n|---|---|--:|--:|--:|"
    )
    for badge in ours.documents:
        for operation in ("issue", "verify", "EdDSA sign", "EdDSA verify"):
            rates: dict[int, float] = {1: 0.0, 2: 0.0}
            for _ in range(ROUNDS):
                for processes in rates:
                    found = together(ours, badge, operation, processes, max(seconds, 0.5))
                    rates[processes] = max(rates[processes], found)
            print(
                f"| {badge} | {SHOWN[operation]} | {rates[1]:,.0f} | {rates[2]:,.0f} "
                f"| {rates[2] / rates[1]:.2f} |"
            )


def together(ours: Guildmark, badge: str, operation: str, processes: int, seconds: float) -> float:
    """The rate of so many processes at once, all from the same moment on."""
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    start = time.monotonic() + 0.1

    def run() -> None:
        time.sleep(max(0.0, start - time.monotonic()))
        results.put(1e6 / ours.work[badge, operation].measure(seconds).wall)

    workers = [context.Process(target=run) for _ in range(processes)]
    for worker in workers:
        worker.start()
    total = sum(results.get() for _ in workers)
    for worker in workers:
        worker.join()
    return float(total)


def print_shapes(before: dict[str, int]) -> None:
    """How documents were read while it was measured: how many not by a kept template."""
    counts = {name: shapes.counts[name] - before.get(name, 0) for name in shapes.counts}
    total = sum(counts[name] for name in counts if name != "labelled") or 1
    aside = counts.get("plain", 0) + counts.get("labelled", 0)
    print(
        f"\nDocuments read: {total:,}; templates compiled: {shapes.counts['compiled']:,}; "
        f"read or labelled in the plain way: {aside:,} ({aside / total:.2%})."
    )


def print_machine() -> None:
    """Where this ran, and beside how much else."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    print(
        f"- {model or platform.machine()}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release()}; load before the run {load}"
    )
    print(
        f"- Python {platform.python_version()}, {backend.openssl_version_text()}, "
        + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    )


def print_versions(peers: dict[str, Peer]) -> None:
    """Which peers."""
    for name, peer in peers.items():
        named = ", ".join(f"{what} {which}" for what, which in peer.versions.items())
        print(f"- {name}: {named}")


def print_badges(ours: Guildmark) -> None:
    """How large the badges are."""
    for badge, documents in ours.documents.items():
        form = canonicalize(documents[0])
        unnamed = {word for line in form.splitlines() for word in line.split() if word[:2] == "_:"}
        size = len(json.dumps(documents[0], separators=(",", ":")))
        token = len(ours.tokens[badge, "EdDSA"][0])
        print(
            f"- {badge}: {size:,} bytes, {len(form.splitlines())} statements, "
            f"{len(unnamed)} unnamed nodes; as a token {token:,} bytes"
        )


if __name__ == "__main__":
    main()
