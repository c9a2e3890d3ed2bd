"""Run the W3C's conformance suites against `guildmark vc-api`; see README.md beside this."""

from __future__ import annotations

import argparse
import datetime as dt
import ipaddress
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "Guildmark"
CURVES = {"p256": "P-256", "p384": "P-384"}
VERSIONS = {"vc": ["1.1", "2.0"]}
MINUTES = 15


@dataclass(frozen=True)
class Server:
    """One process: a key, a way to sign, and the tags that the suites find it by."""

    key: str
    suite: str
    tags: tuple[str, ...]
    options: tuple[str, ...] = ()


SERVERS = (
    Server("ed25519", "eddsa-rdfc-2022", ("eddsa-rdfc-2022", "vc2.0", "vc-api")),
    Server("ed25519", "eddsa-jcs-2022", ("eddsa-jcs-2022",)),
    Server("ed25519", "eddsa-rdfc-2022", ("BitstringStatusList",), ("--status-lists",)),
    *(
        Server(curve, suite, (suite,))
        for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019")
        for curve in CURVES
    ),
    Server("p256", "ecdsa-sd-2023", ("ecdsa-sd-2023",)),
    Server("p256", "vc+jwt", ("EnvelopingProof",)),
)
"""Each suite is run against all of them, and takes those whose tags it asks for."""

SUITES = (
    "vc-data-model-2.0-test-suite",
    "vc-di-eddsa-test-suite",
    "vc-di-ecdsa-test-suite",
    "vc-bitstring-status-list-test-suite",
    "vc-api-issuer-test-suite",
    "vc-api-verifier-test-suite",
)


def main() -> None:
    """Start the servers, run the suites, print a table; exit status 1 where a test failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", type=Path, help="the folder with the suites' checkouts")
    parser.add_argument("suites", nargs="*", default=SUITES, help="which; all that are there")
    parser.add_argument("--out", type=Path, help="write each suite's report as JSON here")
    given = parser.parse_args()
    found = {name: given.checkouts / name for name in given.suites}
    found = {name: folder for name, folder in found.items() if folder.is_dir()}
    if not found:
        sys.exit(f"{given.checkouts} holds none of {', '.join(given.suites)}: see README.md")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        options = ["--certificate", write_certificate(Path(scratch) / "certificate.pem")]
        endpoints = [
            (server, *stack.enter_context(serving(server, Path(scratch), options)))
            for server in SERVERS
        ]
        settings = json.dumps(configuration(endpoints), indent=2)
        reports = {name: run(folder, settings) for name, folder in found.items()}
    print("| suite | passed | failed | skipped |\n|---|---|---|---|")
    for name, report in reports.items():
        counts = [report["stats"][one] for one in ("passes", "failures", "pending")]
        print(f"| {name} | {' | '.join(map(str, counts))} |")
        if given.out is not None:
            given.out.mkdir(parents=True, exist_ok=True)
            (given.out / f"{name}.json").write_text(json.dumps(report, indent=1))
    for name, report in reports.items():
        for test in report["failures"]:
            print(f"\n{name}: {test['fullTitle']}\n    {test['err'].get('message', '')[:500]}")
    sys.exit(1 if any(report["failures"] for report in reports.values()) else 0)


@contextmanager
def serving(server: Server, scratch: Path, options: list[Any]) -> Iterator[tuple[str, str]]:
    """One server for the time of the block: the issuer's identifier and the address."""
    key = scratch / f"{server.key}.json"
    guildmark = [sys.executable, "-m", "guildmark.cli.main"]
    if not key.exists():
        subprocess.run(
            [*guildmark, "keys", "new", "--type", server.key, "--out", key],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    issuer = json.loads(key.read_text())["controller"]
    command = [*guildmark, "vc-api", "--port", "0", "--key", key, "--suite", server.suite]
    command += ["--offline", *options, *server.options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if "https://" not in line:
            sys.exit(f"the server for {server.suite} did not start")
        try:
            yield issuer, "https://" + line.partition("https://")[2].partition(". ")[0]
        finally:
            process.terminate()


def configuration(endpoints: list[tuple[Server, str, str]]) -> dict[str, Any]:
    """What w3c/vc-test-suite-implementations reads as localConfig.cjs."""
    implementation: dict[str, Any] = {"name": NAME, "implementation": NAME}
    for part, path in (
        ("issuers", "/credentials/issue"),
        ("verifiers", "/credentials/verify"),
        ("vpVerifiers", "/presentations/verify"),
        ("vcHolders", "/credentials/derive"),
    ):
        implementation[part] = [
            {
                "id": issuer,
                "endpoint": f"{address}{path}",
                "supports": VERSIONS,
                "supportedEcdsaKeyTypes": [CURVES[server.key]] if server.key in CURVES else [],
                "tags": [*server.tags, *(["vcHolder"] if part == "vcHolders" else [])],
            }
            for server, issuer, address in endpoints
        ]
    return {
        "settings": {"enableInteropTests": False, "testAllImplementations": False},
        "implementations": [implementation],
    }


def run(folder: Path, settings: str) -> dict[str, Any]:
    """One suite's report, as mocha's reporter of JSON writes it."""
    (folder / "localConfig.cjs").write_text(f"module.exports = {settings};\n")
    report = folder / "guildmark-report.json"
    report.unlink(missing_ok=True)
    command = ["node", "node_modules/mocha/bin/mocha.js", "tests/", "--reporter", "json"]
    command += ["--reporter-option", f"output={report}", "--timeout", "15000", "--exit"]
    done = subprocess.run(
        [*command, "--preserve-symlinks"],
        cwd=folder,
        check=False,
        env={**os.environ, "ISSUER_NAME": NAME},
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
    )
    if not report.exists():
        sys.exit(f"{folder.name} did not run:\n{(done.stderr or done.stdout)[-4000:]}")
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def write_certificate(path: Path) -> Path:
    """A certificate of our own for 127.0.0.1, with its key, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + plain)
    path.chmod(0o600)
    return path


if __name__ == "__main__":
    main()
