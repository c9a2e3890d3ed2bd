"""Run the cases of w3c/vc-jose-cose-test-suite through the library; see README.md beside this.

That suite asks a command line in a container, once for each case; here its table of cases is read
and each is put to the library itself.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from guildmark.credentials import (
    CredentialError,
    LocalSigner,
    Outcome,
    PrivateKey,
    verify,
    verify_presentation,
)
from guildmark.credentials.proofs.jose import envelopes, sd_jwt
from guildmark.credentials.proofs.jose.secured import TokenFormat
from guildmark.documents.sources import KnownResolver

NOW = dt.datetime(2024, 12, 16, 12, tzinfo=dt.UTC)
"""When the suite's tokens were made: its presentations end a day later."""
_TABLES = (
    "import('./tests/test-mapping.js').then(m => console.log(JSON.stringify("
    "{...m.JOSETestMapping, ...m.SDJWTTestMapping, ...m.COSETestMapping})))"
)


def main() -> None:
    """Print each case that came out otherwise than the suite expects, and the counts."""
    folder = Path(sys.argv[1])
    inputs = folder / "tests" / "input"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _TABLES],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    cases: dict[str, Any] = json.loads(done.stdout)
    resolver = KnownResolver(controllers(inputs))
    other = 0
    for name, case in cases.items():
        make = issue if case["fn"] == "issue" else check
        result, reason = make(case, inputs, resolver)
        if result != case["expected_result"]:
            other += 1
            print(f"{name}: {result}\n    {reason}")
    print(f"\n{len(cases)} cases, {len(cases) - other} as expected, {other} not")
    sys.exit(1 if other else 0)


def controllers(inputs: Path) -> list[dict[str, Any]]:
    """The documents that list the suite's keys, each under the name that its tokens give it."""
    documents: dict[str, dict[str, Any]] = {}
    for path in sorted(inputs.glob("vm-*.json")):
        method = json.loads(path.read_text())
        del method["secretKeyJwk"]
        own, key = method["controller"], method["publicKeyJwk"]
        if key["crv"] == "P-521":
            continue
        method["id"] = f"{own}#{key['kid']}"
        document = documents.setdefault(
            own, {"id": own, "verificationMethod": [], "assertionMethod": [], "authentication": []}
        )
        document["verificationMethod"].append(method)
        for purpose in ("assertionMethod", "authentication"):
            document[purpose].append(method["id"])
    return list(documents.values())


def issue(case: dict[str, Any], inputs: Path, resolver: KnownResolver) -> tuple[str, str]:
    """Secure the case's document; it must verify too."""
    document = json.loads((inputs / case["input_file"]).read_text())
    method = json.loads((inputs / case["key_file"]).read_text())
    try:
        key = PrivateKey.from_jwk(method["secretKeyJwk"])
        name = f"{method['controller']}#{method['publicKeyJwk']['kid']}"
        signer = LocalSigner(key, verification_method=name)
        made: str | bytes
        if case["feature"].endswith("_cose"):
            made = envelopes.secure_cose(document, signer)
        elif case["feature"].endswith("_sdjwt"):
            is_shown = case["feature"].startswith("presentation")
            form = TokenFormat.VP_SD_JWT if is_shown else TokenFormat.VC_SD_JWT
            paths = [path_of(path) for path in case["disclosure_paths"]]
            made = sd_jwt.issue(document, signer, form=form, disclosable=paths)
        else:
            made = envelopes.secure(document, signer)
    except CredentialError as error:
        return "failure", str(error)
    proof = ask(case, made, resolver).check("proof")
    return ("success", "") if proof.code.value == "proof.valid" else ("error", str(proof))


def check(case: dict[str, Any], inputs: Path, resolver: KnownResolver) -> tuple[str, str]:
    """Verify the case's token."""
    given: str | bytes = (inputs / case["input_file"]).read_text().strip()
    if case["feature"].endswith("_cose"):
        assert isinstance(given, str)
        try:
            given = base64.b64decode(given + "=" * (-len(given) % 4), validate=True)
        except binascii.Error as error:
            return "failure", str(error)
    report = ask(case, given, resolver)
    if report.verified is True:
        return "success", ""
    reports = [report, *getattr(report, "credentials", ())]
    told = [
        f"{one.code.value}: {one.data.get('reason') or one.message}"
        for part in reports
        for one in part.checks
        if one.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)
        and not one.message.startswith("Not checked")
    ]
    return "failure", "; ".join(told)


def ask(case: dict[str, Any], given: str | bytes, resolver: KnownResolver) -> Any:
    """The report on a credential or a presentation, as the case says."""
    is_shown = case["feature"].startswith("presentation")
    return (verify_presentation if is_shown else verify)(given, resolver=resolver, now=NOW)


def path_of(text: str) -> tuple[str | int, ...]:
    """`a.b[0]` as the library's paths are."""
    return tuple(
        int(number) if number else name
        for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", text)
    )


if __name__ == "__main__":
    main()
