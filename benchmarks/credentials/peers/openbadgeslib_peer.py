"""Signs and verifies the same badges with openbadgeslib of PyPI, in an environment of its own.

It does Open Badges 3.0 both ways: tokens (`OB3Signer.sign_payload`, `OB3Verifier.verify`) and
eddsa-rdfc-2022 (`add_data_integrity_proof`, `OB3LdpVerifier.verify`, of its extra `ldp`), by its
own code and PyJWT, cryptography and PyLD. Asked and answering as measuring.py says.
"""

from __future__ import annotations

import datetime as dt
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from measuring import Work
from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3Signer,
    OB3Verifier,
    add_data_integrity_proof,
)

TASK = json.loads(Path(sys.argv[1]).read_text())
NOW = dt.datetime.fromisoformat(TASK["now"])
MAKERS: dict[tuple[str, str], Any] = {}
CHECKERS: dict[tuple[str, str], Any] = {}
WORK: dict[tuple[str, str], Work] = {}


def prepare() -> None:
    """Every operation that there is here too."""
    key = TASK["key"]

    def issue(document: Any) -> Any:
        return add_data_integrity_proof(document, key["pem"], key["id"], created=NOW)

    # The issuer's key is handed over: no document is asked for.
    verifier = OB3LdpVerifier(key["publicPem"])
    for badge, given in TASK["sets"].items():
        MAKERS[badge, "credential"] = (given["documents"], issue)
        CHECKERS[badge, "credential"] = verifier.verify
        WORK[badge, "issue"] = Work(given["documents"], issue)
        WORK[badge, "verify"] = Work(given["credentials"], verifier.verify)
    for given in TASK["tokens"]:
        badge, algorithm = given["badge"], given["algorithm"]
        sign = signing(OB3Signer(given["pem"], algorithm))
        check = OB3Verifier(given["publicPem"]).verify
        MAKERS[badge, algorithm] = (given["documents"], sign)
        CHECKERS[badge, algorithm] = check
        WORK[badge, f"{algorithm} sign"] = Work(given["documents"], sign)
        WORK[badge, f"{algorithm} verify"] = Work(given["texts"], check)


def signing(signer: OB3Signer) -> Any:
    """The document as a token, with the claims that its model would add."""

    def sign(document: Any) -> str:
        return signer.sign_payload(
            {
                **document,
                "iss": document["issuer"]["id"],
                "jti": document["id"],
                "sub": document["credentialSubject"]["id"],
                "nbf": int(dt.datetime.fromisoformat(document["validFrom"]).timestamp()),
                "exp": int(dt.datetime.fromisoformat(document["validUntil"]).timestamp()),
            }
        )

    return sign


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What is asked for."""
    badge = question["badge"]
    if question["do"] == "measure":
        return WORK[badge, question["operation"]].measure(question["seconds"])._asdict()
    what = badge, question["what"]
    if question["do"] == "make":
        documents, call = MAKERS[what]
        return {"made": [call(document) for document in documents[: question["count"]]]}
    failures = []
    for item in question["items"]:
        try:
            CHECKERS[what](item)
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}")
    return {"failures": failures}


def main() -> None:
    """Answer line by line."""
    prepare()
    names = ("openbadgeslib", "PyJWT", "cryptography", "PyLD")
    hello = {
        "versions": {
            "Python": platform.python_version(),
            **{name: version(name) for name in names},
        },
        "operations": list(WORK),
    }
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
