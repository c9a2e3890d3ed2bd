"""Small credentials and a resolver for the tests of the library."""

from __future__ import annotations

import datetime as dt
from typing import Any

from guildmark.credentials import (
    LocalSigner,
    NotAvailableError,
    PrivateKey,
    VerificationMethod,
    add_proof,
    did_document,
)
from guildmark.credentials.status import bitstring

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
DID = "did:web:works.example"
LIST_URL = "https://works.example/status/1"
SEED = bytes(range(32))


def signer(seed: bytes = SEED, did: str = DID) -> LocalSigner:
    """A signer whose method is `#key` of the DID."""
    return LocalSigner(PrivateKey.from_seed(seed), verification_method=f"{did}#key")


class Documents:
    """A resolver over documents in memory."""

    def __init__(self, *, revoked: frozenset[int] = frozenset()) -> None:
        method = VerificationMethod(
            id=f"{DID}#key", controller=DID, public_key=PrivateKey.from_seed(SEED).public
        )
        self.known: dict[str, Any] = {
            DID: did_document(DID, [method]),
            LIST_URL: status_list(revoked=revoked),
        }
        self.bytes: dict[str, bytes] = {}

    def resolve(self, identifier: str) -> dict[str, Any]:
        """The document, where it is known."""
        try:
            return self.known[identifier]
        except KeyError:
            raise NotAvailableError(identifier) from None

    def read(self, address: str) -> bytes:
        """The bytes, where they are known."""
        try:
            return self.bytes[address]
        except KeyError:
            raise NotAvailableError(address) from None


def status_list(
    *, revoked: frozenset[int] = frozenset(), seed: bytes = SEED, did: str = DID
) -> Any:
    """A signed revocation list of the issuer."""
    document = bitstring.status_list_document(
        list_url=LIST_URL,
        issuer=did,
        purpose="revocation",
        encoded_list=bitstring.encode(revoked),
        valid_from="2026-01-01T00:00:00Z",
    )
    return add_proof(document, signer=signer(seed, did), created=NOW)


def badge(**changes: Any) -> dict[str, Any]:
    """An unsigned Open Badge with alignment, result, evidence and a status entry."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Robot cell entry and restart",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Works"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2028-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Łukasz Öztürk",
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": "https://works.example/a/1",
                "type": ["Achievement"],
                "name": "Robot cell entry and restart",
                "description": "Enter safely, clear a jam, restart.",
                "criteria": {"narrative": "Clears a jam in a secured cell."},
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "Robot cell entry",
                        "targetUrl": "https://works.example/skills/1",
                    }
                ],
                "resultDescription": [
                    {
                        "id": "https://works.example/a/1#test",
                        "type": ["ResultDescription"],
                        "name": "Online test",
                        "resultType": "Status",
                    }
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": "https://works.example/a/1#test",
                    "status": "Completed",
                }
            ],
        },
        "evidence": [{"type": ["Evidence"], "name": "Notes", "narrative": "Seen in cell R7."}],
        "credentialStatus": bitstring.status_entry(
            list_url=LIST_URL, purpose="revocation", index=94567
        ),
        **changes,
    }


def signed(**changes: Any) -> dict[str, Any]:
    """The badge, signed by the issuer."""
    return add_proof(badge(**changes), signer=signer(), created=NOW)
