"""Guildmark's credential library beside npm's, on the same badges and in one run.

    python benchmarks/credentials/compare.py [--seconds 3] [--skip-peers]

Prints Markdown tables for docs/performance.md: rates per second on one core, and ratios. Needs
node and npm for the peers; `npm ci` takes them from the lock file beside them. What each side
signs the other verifies, and canonical forms are compared; a difference ends the run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from badges import large, small
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.signing import SigningKey

from guildmark.credentials import (
    LocalSigner,
    NotAvailableError,
    PrivateKey,
    add_proof,
    canonicalize,
    verify,
)
from guildmark.credentials.jsonld import contexts, shapes

PEERS = Path(__file__).parent / "peers"
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
KEY = PrivateKey.from_seed(bytes(range(32)))
DID = f"did:key:{KEY.public.to_multikey()}"
METHOD = f"{DID}#{KEY.public.to_multikey()}"
SIGNER = LocalSigner(KEY, verification_method=METHOD)
COUNT = 1_000


class Nothing:
    """A resolver that knows nothing: these badges need no document but themselves."""

    def resolve(self, identifier: str) -> Any:
        """Raises NotAvailableError always."""
        raise NotAvailableError(identifier)


def rate(items: Sequence[Any], work: Callable[[Any], Any], seconds: float) -> float:
    """The best rate of three rounds, each over the items again and again."""
    for item in items[:20]:
        work(item)
    best = 0.0
    for _ in range(3):
        start, done = time.perf_counter(), 0
        while (spent := time.perf_counter() - start) < seconds / 3:
            for item in items[:200]:
                work(item)
            done += len(items[:200])
        best = max(best, done / spent)
    return best


def badges(make: Callable[[int, str], Any]) -> list[Any]:
    """Unsigned badges, each different; status is looked up by neither side, so left out."""
    made = [make(number, DID) for number in range(COUNT)]
    return [{k: v for k, v in badge.items() if k != "credentialStatus"} for badge in made]


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--skip-peers", action="store_true")
    arguments = parser.parse_args()
    sets = {"2.3 kB": badges(small), "4.0 kB": badges(large)}
    signed = {
        name: [
            json.dumps(add_proof(document, signer=SIGNER, created=NOW)).encode()
            for document in documents
        ]
        for name, documents in sets.items()
    }
    ours = {name: our_rates(sets[name], signed[name], arguments.seconds) for name in sets}
    peers = {} if arguments.skip_peers else peer_results(sets, signed, arguments.seconds)
    print_tables(ours, peers)
    print(f"\nShapes: {dict(shapes.counts)}")


def our_rates(documents: list[Any], signed: list[bytes], seconds: float) -> dict[str, float]:
    """Rates of this library."""

    def check(text: bytes) -> None:
        assert verify(text, resolver=Nothing(), now=NOW).verified

    return {
        "canonicalize": rate(documents, canonicalize, seconds),
        "issue": rate(documents, lambda d: add_proof(d, signer=SIGNER, created=NOW), seconds),
        "verify": rate(signed, check, seconds),
    }


def peer_results(
    sets: dict[str, list[Any]], signed: dict[str, list[bytes]], seconds: float
) -> dict[str, Any]:
    """What npm's libraries measure, after both sides were compared."""
    if not (PEERS / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PEERS, check=True)
    key = {
        "id": METHOD,
        "controller": DID,
        "type": "Multikey",
        "publicKeyMultibase": KEY.public.to_multikey(),
        "secretKeyMultibase": KEY.to_multikey(),
    }
    task = {
        "contexts": dict(contexts.bundled()),
        "key": key,
        "jwks": {"EdDSA": KEY.to_jwk()},
        "seconds": seconds,
        "sets": {
            name: {"documents": sets[name], "ours": [text.decode() for text in signed[name][:300]]}
            for name in sets
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "task.json", Path(folder) / "results.json"
        given.write_text(json.dumps(task))
        subprocess.run(["node", "peer.mjs", given, taken], cwd=PEERS, check=True)
        results: dict[str, Any] = json.loads(taken.read_text())
    assert not results["failures"], results["failures"][:2]
    for name, theirs in results["signed"].items():
        for document in theirs:
            report = verify(document, resolver=Nothing(), now=NOW)
            assert report.verified, (name, report)
        for document, canonical in zip(sets[name], results["canonical"][name], strict=False):
            assert canonicalize(document) == canonical, name
    rates: dict[str, Any] = results["rates"]
    return rates


def print_tables(ours: dict[str, dict[str, float]], peers: dict[str, Any]) -> None:
    """The rates with their ratios, and what the signature alone costs."""
    print("| badge | operation | Guildmark /s | npm /s | ratio |\n|---|---|--:|--:|--:|")
    for name, rates in ours.items():
        for operation, own in rates.items():
            other = peers.get(name, {}).get(operation)
            shown = f"{other:,.0f} | {own / other:.1f}" if other else "- | -"
            print(f"| {name} | {operation} | {own:,.0f} | {shown} |")
    print("\n| Ed25519 alone | sign /s | verify /s |\n|---|--:|--:|")
    data, items = bytes(64), [None] * 200
    slow, fast = Ed25519PrivateKey.generate(), SigningKey.generate()
    public, signature = slow.public_key(), slow.sign(data)
    print(
        f"| cryptography | {rate(items, lambda _: slow.sign(data), 1):,.0f} "
        f"| {rate(items, lambda _: public.verify(signature, data), 1):,.0f} |"
    )
    both = fast.sign(data)
    print(
        f"| PyNaCl | {rate(items, lambda _: fast.sign(data), 1):,.0f} "
        f"| {rate(items, lambda _: fast.verify_key.verify(both), 1):,.0f} |"
    )


if __name__ == "__main__":
    main()
