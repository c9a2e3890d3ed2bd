"""A presentation is its holder's, made for this occasion, and all in it is verified."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guildmark.credentials import CheckCode, LocalSigner, Outcome, PrivateKey, add_proof
from guildmark.credentials.proofs.jose import envelopes, sd_jwt
from guildmark.credentials.proofs.jose.secured import TokenFormat
from guildmark.credentials.verification.presentation import verify_presentation
from guildmark.credentials.verification.report import PresentationReport
from tests.credentials.builders import NOW, Documents, badge, signed, signer

WORKER = PrivateKey.from_seed(bytes(range(2, 34)))
HOLDER = f"did:key:{WORKER.public.to_multikey()}"
SIGNER = LocalSigner(WORKER, verification_method=f"{HOLDER}#{WORKER.public.to_multikey()}")
V2 = "https://www.w3.org/ns/credentials/v2"


def presentation(*credentials: Any, **changes: Any) -> dict[str, Any]:
    """An unsigned presentation."""
    return {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER,
        "verifiableCredential": list(credentials),
        **changes,
    }


def presented(document: Any, **options: Any) -> dict[str, Any]:
    options = {"challenge": "c1", "domain": "gate.example", **options}
    return add_proof(document, signer=SIGNER, created=NOW, purpose="authentication", **options)


def check(
    given: Any, challenge: str | None = "c1", domain: str | None = "gate.example", **asked: Any
) -> PresentationReport:
    return verify_presentation(
        given, resolver=Documents(), now=NOW, challenge=challenge, domain=domain, **asked
    )


def test_a_presentation_and_what_is_in_it() -> None:
    token = envelopes.envelop(envelopes.secure(badge(), signer()), TokenFormat.VC)
    report = check(json.dumps(presented(presentation(signed(), token))))
    assert report.verified is True, report.checks
    assert report.holder == HOLDER
    assert [part.secured_by for part in report.credentials] == ["data-integrity", "vc+jwt"]
    assert [part.check for part in report.checks] == [
        *("structure", "context", "proof", "holder", "dates")
    ]
    assert json.loads(json.dumps(report.as_json()))["credentials"][1]["verified"] is True


@pytest.mark.parametrize(
    ("given", "name", "code"),
    [
        (presented(presentation(signed()), challenge="c2"), "proof", "proof.wrong_challenge"),
        (presented(presentation(signed()), domain="evil.example"), "proof", "proof.wrong_domain"),
        (
            add_proof(presentation(signed()), signer=SIGNER, created=NOW),
            "proof",
            "proof.wrong_purpose",
        ),
        (presentation(signed()), "proof", "proof.missing"),
        ({**presented(presentation(signed())), "id": "urn:x:1"}, "proof", "proof.invalid"),
        (
            presented(presentation(signed(), holder="did:example:other")),
            "holder",
            "holder.not_bound",
        ),
        (presentation(signed(), type=["Other"]), "structure", "structure.invalid"),
        (b"{}", "structure", "structure.invalid"),
        (b"nothing", "structure", "structure.invalid"),
    ],
)
def test_what_is_wrong_with_a_presentation(given: Any, name: str, code: str) -> None:
    report = check(given)
    assert report.verified is False
    assert report.check(name).code == code


def test_a_bad_credential_makes_the_whole_bad() -> None:
    report = check(presented(presentation(signed(), {**signed(), "name": "Changed"})))
    assert [part.verified for part in report.credentials] == [True, False]
    assert report.verified is False


def test_the_holders_own_word_has_the_presentations_proof() -> None:
    own = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": HOLDER,
        "credentialSubject": {"id": HOLDER, "name": "Ada"},
    }
    report = check(presented(presentation(own)))
    assert report.verified is True, report
    (credential,) = report.credentials
    assert credential.check("proof").code is CheckCode.PROOF_OF_PRESENTATION
    assert check(presented(presentation({**own, "issuer": "did:example:x"}))).verified is False
    assert check(presented(presentation(own), challenge="c2")).verified is False


def test_a_presentation_in_a_token() -> None:
    document = presentation(signed(), nonce="c1", aud=["gate.example"])
    report = check(envelopes.secure(document, SIGNER))
    assert report.verified is True, report.checks
    assert report.secured_by == "vp+jwt"
    assert check(envelopes.secure(document, SIGNER), challenge="c2").check("proof").code == (
        CheckCode.PROOF_WRONG_CHALLENGE
    )
    assert check(envelopes.secure(document, SIGNER), domain="d").check("proof").code == (
        CheckCode.PROOF_WRONG_DOMAIN
    )
    other = check(envelopes.secure(document, signer()))
    assert other.check("proof").outcome is Outcome.FAILED


def test_an_sd_jwt_with_the_holders_key_binding() -> None:
    token = sd_jwt.issue(badge(), signer(), holder=WORKER.public)
    bound = sd_jwt.bind(token, SIGNER, nonce="c1", audience="gate.example", issued_at=NOW)
    report = check(bound)
    assert report.verified is True, report
    assert report.check("holder").code is CheckCode.HOLDER_BOUND
    assert check(bound, challenge="c2").check("holder").code is CheckCode.HOLDER_NOT_BOUND
    assert check(token).verified is False
    assert check(bound, challenge=None).verified is None


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        verify_presentation({}, resolver=Documents(), now=NOW.replace(tzinfo=None))
