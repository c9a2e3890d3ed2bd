"""Endorsements and the entries of learner records are verified in turn."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.credentials import CheckCode, LocalSigner, Outcome, PrivateKey, add_proof, verify
from guildmark.credentials.proofs.jose import vc_jwt
from guildmark.credentials.verification import embedded
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, badge, signed, signer

GUILD = PrivateKey.from_seed(bytes(range(1, 33)))
GUILD_DID = f"did:key:{GUILD.public.to_multikey()}"
GUILD_SIGNER = LocalSigner(GUILD, verification_method=f"{GUILD_DID}#{GUILD.public.to_multikey()}")


def endorsement(**changes: Any) -> dict[str, Any]:
    """An unsigned endorsement of the badge's achievement by a guild."""
    return {
        "@context": badge()["@context"],
        "id": "urn:uuid:3c4e0c5e-6a6e-4f9c-8f57-2c6b0f1d9a01",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Guild's word",
        "issuer": {"id": GUILD_DID, "type": ["Profile"], "name": "Guild"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://works.example/a/1",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Sound.",
        },
        **changes,
    }


def endorsed(*, by: Any = GUILD_SIGNER, **changes: Any) -> dict[str, Any]:
    return add_proof(endorsement(**changes), signer=by, created=NOW)


def carrying(*endorsements: Any) -> dict[str, Any]:
    """A signed badge whose achievement has these endorsements."""
    document = badge()
    document["credentialSubject"]["achievement"]["endorsement"] = list(endorsements)
    return add_proof(document, signer=signer(), created=NOW)


def test_an_endorsement_is_verified_in_turn() -> None:
    report = verify(carrying(endorsed()), resolver=Documents(), now=NOW)
    assert report.verified is True, report.checks
    check = report.check("endorsements")
    assert (check.outcome, check.code) == (Outcome.PASSED, CheckCode.ENDORSEMENTS_VERIFIED)
    (told,) = check.data["endorsements"]
    assert told["where"] == "/credentialSubject/achievement/endorsement/0"
    assert (told["verified"], told["issuer"], told["name"]) == (True, GUILD_DID, "Guild's word")
    assert {part["check"] for part in told["checks"]} >= {"proof", "issuer", "endorsements"}


OTHER = {**endorsement()["credentialSubject"], "id": "https://evil.example/a/1"}
LIST = {
    "id": f"{LIST_URL}#9",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "9",
    "statusListCredential": "https://guild.example/status/1",
}


@pytest.mark.parametrize(
    ("part", "outcome", "code"),
    [
        ({**endorsed(), "name": "Changed"}, Outcome.FAILED, "endorsements.not_verified"),
        (endorsement(), Outcome.FAILED, "endorsements.not_verified"),
        (endorsed(by=signer()), Outcome.FAILED, "endorsements.not_verified"),
        (
            endorsed(validUntil="2026-05-01T00:00:00Z"),
            Outcome.PASSED,
            "endorsements.ended",
        ),
        (
            endorsed(credentialSubject=OTHER),
            Outcome.FAILED,
            "endorsements.of_something_else",
        ),
        (
            endorsed(credentialStatus=LIST),
            Outcome.COULD_NOT_BE_CHECKED,
            "endorsements.not_checked",
        ),
    ],
)
def test_what_is_wrong_with_an_endorsement(part: Any, outcome: Outcome, code: str) -> None:
    report = verify(carrying(endorsed(), part), resolver=Documents(), now=NOW)
    check = report.check("endorsements")
    assert (check.outcome, check.code) == (outcome, code)
    verified = {part["where"][-1]: part["verified"] for part in check.data["endorsements"]}
    assert verified["0"] is True
    assert (verified["1"] is True) == (code == "endorsements.of_something_else")
    # The badge itself is as it was.
    assert report.check("proof").code is CheckCode.PROOF_VALID
    assert report.verified is {Outcome.FAILED: False, Outcome.PASSED: True}.get(outcome)


def test_an_endorsement_may_be_a_token_in_a_token() -> None:
    document = badge()
    document["credentialSubject"]["id"] = "did:example:worker"
    token = vc_jwt.issue(endorsement(), GUILD_SIGNER)
    document["endorsementJwt"] = [token]
    report = verify(vc_jwt.issue(document, signer()), resolver=Documents(), now=NOW)
    assert report.verified is True, report.checks
    assert report.check("endorsements").data["endorsements"][0]["where"] == "/endorsementJwt/0"
    document["endorsementJwt"] = [token[:-2] + ("AA" if token[-2:] != "AA" else "BB")]
    report = verify(vc_jwt.issue(document, signer()), resolver=Documents(), now=NOW)
    assert report.check("endorsements").code is CheckCode.ENDORSEMENTS_NOT_VERIFIED


def test_the_work_on_endorsements_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    plain = embedded.check_endorsements
    monkeypatch.setattr(
        embedded, "check_endorsements", lambda *given: calls.append(1) or plain(*given)
    )
    report = verify(carrying(*[endorsed()] * 100), resolver=Documents(), now=NOW)
    assert report.check("endorsements").code is CheckCode.ENDORSEMENTS_NOT_CHECKED
    assert len(calls) == embedded.MAX_EMBEDDED + 1
    nested = endorsed()
    for level in range(embedded.MAX_DEPTH + 1):
        issuer = {**endorsement()["issuer"], "endorsement": [nested]}
        nested = endorsed(issuer=issuer, id=f"urn:x:{level}")
    report = verify(nested, resolver=Documents(), now=NOW)
    assert report.check("endorsements").code is CheckCode.ENDORSEMENTS_NOT_CHECKED


def record(*entries: Any) -> dict[str, Any]:
    """A signed learner record with these credentials."""
    document = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:0b2b9f0c-0c0e-4f64-8d3e-f1f6f3c9a777",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Works"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:worker",
            "type": ["ClrSubject"],
            "verifiableCredential": list(entries),
        },
    }
    return add_proof(document, signer=signer(), created=NOW)


def test_the_credentials_in_a_record_are_verified_in_turn() -> None:
    report = verify(record(signed(), carrying(endorsed())), resolver=Documents(), now=NOW)
    assert report.verified is True, report.checks
    assert report.format == "clr-2.0"
    told = report.check("credentials").data["credentials"]
    assert [part["verified"] for part in told] == [True, True]
    revoked = Documents(revoked=frozenset({94567}))
    report = verify(record(signed()), resolver=revoked, now=NOW)
    assert report.verified is False
    assert report.check("credentials").code is CheckCode.CREDENTIALS_NOT_VERIFIED
    resolver = Documents()
    del resolver.known[LIST_URL]
    report = verify(record(signed()), resolver=resolver, now=NOW)
    assert report.check("credentials").code is CheckCode.CREDENTIALS_NOT_CHECKED
    with pytest.raises(KeyError):
        verify(signed(), resolver=Documents(), now=NOW).check("credentials")
