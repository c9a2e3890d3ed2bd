"""Whatever carries a credential, and however it is secured, its report has the same checks."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from guildmark.credentials import (
    CheckCode,
    Expected,
    LocalSigner,
    Outcome,
    PrivateKey,
    Report,
    add_proof,
    verify,
)
from guildmark.credentials.carriers import pdf, png, svg
from guildmark.credentials.proofs.jose import envelopes, sd_jwt, vc_jwt
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials.builders import DID, NOW, SEED, Documents, badge, signed, signer
from tests.credentials.carriers import files
from tests.credentials.model import test_openbadges2 as ob2

NAMES = [
    *("structure", "context", "schema", "proof", "issuer"),
    *("dates", "status", "refresh", "endorsements"),
]
KEY_URL = "https://works.example/keys/1"


def named(method: str) -> LocalSigner:
    """The issuer's key under another identifier."""
    return LocalSigner(PrivateKey.from_seed(SEED), verification_method=method)


def about(**changes: Any) -> dict[str, Any]:
    """The badge about a subject with an identifier."""
    made = badge(**changes)
    made["credentialSubject"]["id"] = "did:example:worker"
    return made


def report(credential: Any, known: dict[str, Any] | None = None, **asked: Any) -> Report:
    """The report with the issuer's documents and these."""
    resolver = Documents()
    resolver.known |= known or {}
    return verify(credential, resolver=resolver, now=NOW, **asked)


SIGNED = json.dumps(signed(), ensure_ascii=False).encode()
TOKEN = vc_jwt.issue(about(), signer())
CARRIED: dict[str, tuple[Any, str, str]] = {
    "object": (signed(), "json", "data-integrity"),
    "bytes": (SIGNED, "json", "data-integrity"),
    "text with blanks": (f"\n {SIGNED.decode()}", "json", "data-integrity"),
    "bytes with a mark": (b"\xef\xbb\xbf" + SIGNED, "json", "data-integrity"),
    "png": (png.bake(files.picture(), SIGNED.decode()), "png", "data-integrity"),
    "png with token": (png.bake(files.picture(), TOKEN), "png", "vc-jwt"),
    "svg": (svg.bake(files.drawing(), SIGNED.decode()), "svg", "data-integrity"),
    "pdf": (pdf.bake(files.document(), SIGNED.decode()), "pdf", "data-integrity"),
    "vc-jwt": (TOKEN, "jwt", "vc-jwt"),
    "vc-jwt as bytes": (TOKEN.encode() + b"\n", "jwt", "vc-jwt"),
    "vc+jwt": (envelopes.secure(badge(), signer()), "jwt", "vc+jwt"),
    "cose": (envelopes.secure_cose(badge(), signer()), "cose", "vc+cose"),
    "sd-jwt": (
        sd_jwt.issue(badge(), signer(), disclosable=[("evidence", 0)]),
        "sd-jwt",
        "vc+sd-jwt",
    ),
    "enveloped": (
        envelopes.envelop(envelopes.secure(badge(), signer()), TokenFormat.VC),
        "json",
        "vc+jwt",
    ),
}


@pytest.mark.parametrize("name", CARRIED)
def test_every_carrier_and_token(name: str) -> None:
    given, carrier, secured_by = CARRIED[name]
    found = report(given)
    assert found.verified is True, found.checks
    assert [check.check for check in found.checks] == NAMES
    assert (found.format, found.carrier) == ("open-badges-3.0", carrier)
    assert (found.secured_by, found.issuer) == (secured_by, DID)
    assert found.document["name"] == "Robot cell entry and restart"
    assert json.loads(json.dumps(found.as_json()))["verified"] is True


@pytest.mark.parametrize("name", ["vc-jwt", "vc+jwt", "cose", "sd-jwt"])
def test_a_token_is_as_good_as_its_credential(name: str) -> None:
    given = CARRIED[name][0]
    revoked = Documents(revoked=frozenset({94567}))
    assert verify(given, resolver=revoked, now=NOW).check("status").code == "status.revoked"
    late = verify(given, resolver=Documents(), now=NOW.replace(year=2030))
    assert late.check("dates").code is CheckCode.DATES_EXPIRED
    nobody = verify(given, resolver=Documents(), now=NOW, expected=Expected(issuer="did:x:y"))
    assert nobody.check("expected").code is CheckCode.EXPECTED_NOT_MET
    unknown = Documents()
    del unknown.known[DID]
    assert verify(given, resolver=unknown, now=NOW).check("proof").code == "proof.key_unavailable"


def test_a_tokens_own_times_are_heeded() -> None:
    made = envelopes.secure({**badge(), "exp": NOW.timestamp() - 1}, signer())
    assert report(made).check("dates").code is CheckCode.DATES_EXPIRED
    made = envelopes.secure({**badge(), "nbf": int(NOW.timestamp()) + 1}, signer())
    assert report(made).check("dates").code is CheckCode.DATES_NOT_YET


def test_what_no_context_defines_is_protected_in_a_token() -> None:
    made = report(vc_jwt.issue(about(bonus="1000 EUR"), signer()))
    assert made.check("context").code is CheckCode.CONTEXT_SIGNED_AS_TEXT
    assert "bonus" in made.check("context").data["reason"]


def test_an_sd_jwt_vc_has_claims_instead_of_a_data_model() -> None:
    claims = {"vct": "https://works.example/types/1", "iss": DID, "given_name": "Ada"}
    issue = {"form": TokenFormat.SD_JWT_VC, "disclosable": [("given_name",)]}
    found = report(sd_jwt.issue(claims, signer(), **issue))
    assert found.verified is True
    assert (found.format, found.secured_by, found.issuer) == ("sd-jwt-vc", "dc+sd-jwt", DID)
    ended = {**claims, "exp": int(NOW.timestamp())}
    assert report(sd_jwt.issue(ended, signer(), **issue)).check("dates").code == "dates.expired"
    listed = {**claims, "status": {"status_list": {"idx": 1, "uri": "https://works.example/s"}}}
    found = report(sd_jwt.issue(listed, signer(), **issue))
    assert (found.verified, found.check("status").code) == (None, CheckCode.STATUS_UNAVAILABLE)


def test_an_issuer_on_the_web_publishes_its_keys() -> None:
    issuer = "https://works.example/issuers/1"
    claims = {"vct": "https://works.example/types/1", "iss": issuer}
    token = sd_jwt.issue(claims, signer(did=""), form=TokenFormat.SD_JWT_VC)
    jwk = {**PrivateKey.from_seed(SEED).public.to_jwk(), "kid": "#key"}
    address = "https://works.example/.well-known/jwt-vc-issuer/issuers/1"
    metadata = {"issuer": issuer, "jwks": {"keys": [jwk]}}
    assert report(token, {address: metadata}).verified is True
    other = {address: {**metadata, "issuer": "https://evil.example"}}
    assert report(token, other).check("proof").code is CheckCode.PROOF_WRONG_KEY


@pytest.mark.parametrize("given", ["hosted", "signed", "image", "old image"])
def test_open_badges_2_report_all_checks(given: str) -> None:
    class Site:
        def resolve(self, identifier: str) -> Any:
            return ob2.world()[identifier]

    address = ob2.assertion()["id"]
    badges: dict[str, Any] = {
        "hosted": ob2.assertion(),
        "image": png.bake(files.picture(), json.dumps(ob2.assertion())),
        "old image": files.picture(files.chunk(b"tEXt", b"openbadges\0" + address.encode())),
        "signed": ob2.signed_badge(),
    }
    found = verify(badges[given], resolver=Site(), now=NOW)
    assert found.verified is True, found.checks
    assert [check.check for check in found.checks] == NAMES
    assert found.format == "open-badges-2.0"
    assert found.secured_by == ("jws" if given == "signed" else "hosted")
    asked = Expected(achievement="https://works.example/other", recipient=("emailAddress", "a@b"))
    found = verify(badges[given], resolver=Site(), now=NOW, expected=asked)
    assert found.check("expected").data["different"] == ["achievement", "recipient"]


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg/>",
        b"%PDF-1.7",
        b"\xd2\x84",
        b"a.b.c",
        b"https://x.example",
    ],
)
def test_what_cannot_be_read_says_so(given: bytes) -> None:
    found = report(given)
    assert found.verified is False
    assert found.format == "unknown"
    assert found.check("structure").code is CheckCode.STRUCTURE_INVALID
    assert [check.check for check in found.checks] == NAMES


def test_the_schema_is_asked() -> None:
    found = report(signed(description="x", awardedDate="yesterday"))
    assert found.check("schema").code is CheckCode.SCHEMA_NOT_MET
    assert found.check("schema").data["problems"][0]["pointer"] == "/awardedDate"
    plain = {
        "@context": badge()["@context"][:1],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "did:example:worker"},
        "credentialSchema": {"id": "https://evil.example/schema", "type": "JsonSchema"},
    }
    found = report(add_proof(plain, signer=signer(), created=NOW))
    assert found.check("schema").outcome is Outcome.NOT_APPLICABLE
    assert found.check("schema").data == {"notChecked": ["https://evil.example/schema"]}
    assert found.format == "verifiable-credential"


def test_what_a_holder_keeps_back_is_no_deviation() -> None:
    hidden = [("credentialSubject", "achievement", "description"), ("name",)]
    token = sd_jwt.present(sd_jwt.issue(badge(), signer(), disclosable=hidden))
    found = report(token)
    assert found.verified is True, found.checks
    assert found.check("schema").code is CheckCode.SCHEMA_PART_ONLY
    token = sd_jwt.issue(badge(awardedDate="yesterday"), signer(), disclosable=hidden)
    assert report(sd_jwt.present(token)).check("schema").code is CheckCode.SCHEMA_NOT_MET


def test_a_refresh_service_is_told() -> None:
    service = {"id": "https://works.example/refresh/1", "type": "1EdTechCredentialRefresh"}
    context = [*badge()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    found = report(signed(**{"refreshService": service, "@context": context}))
    assert found.check("refresh").code is CheckCode.REFRESH_OFFERED
    assert found.check("refresh").data == {"services": [service]}


def test_a_key_that_came_along_proves_the_signature_alone() -> None:
    document = about(issuer="https://works.example/issuers/1")
    del document["credentialStatus"]
    token = vc_jwt.issue(document, signer(), bring_key=True)
    found = report(token)
    assert found.check("proof").code is CheckCode.PROOF_VALID_WITH_OWN_KEY
    assert found.check("proof").outcome is Outcome.PASSED
    assert found.check("issuer").code is CheckCode.ISSUER_KEY_UNCONFIRMED
    assert found.verified is None
    jwk = PrivateKey.from_seed(SEED).public.to_jwk()
    keys = "https://works.example/.well-known/jwks.json"
    assert report(token, {keys: {"keys": [jwk]}}).verified is True
    other = PrivateKey.from_seed(bytes(32)).public.to_jwk()
    found = report(token, {keys: {"keys": [other]}})
    assert found.check("issuer").code is CheckCode.ISSUER_NOT_BOUND
    # A DID's keys are those in its document.
    assert report(vc_jwt.issue(about(), signer(), bring_key=True)).verified is True
    forged = report(vc_jwt.issue(about(), signer(bytes(32)), bring_key=True))
    assert forged.check("proof").code is CheckCode.PROOF_VALID_WITH_OWN_KEY
    assert forged.check("issuer").code is CheckCode.ISSUER_NOT_BOUND


def test_a_key_in_the_fragment_proves_the_signature_alone() -> None:
    issuer = "https://works.example/issuers/1"
    key = PrivateKey.from_seed(SEED)
    maker = named(f"{issuer}#{key.public.to_multikey()}")
    document = {**badge(issuer=issuer)}
    del document["credentialStatus"]
    made = add_proof(document, signer=maker, created=NOW)
    profile = {"id": issuer, "type": ["Profile"], "name": "Works"}
    for known in ({}, {issuer: profile}):
        found = report(made, known)
        assert found.check("proof").code is CheckCode.PROOF_VALID_WITH_OWN_KEY
        assert found.check("issuer").code is CheckCode.ISSUER_KEY_UNCONFIRMED
        assert found.verified is None
    listed = {
        "id": maker.verification_method,
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": key.public.to_multikey(),
    }
    document = {**profile, "verificationMethod": [listed], "assertionMethod": [listed["id"]]}
    assert report(made, {issuer: document}).verified is True
    document["assertionMethod"] = []
    assert report(made, {issuer: document}).check("proof").code is CheckCode.PROOF_WRONG_KEY


@pytest.mark.parametrize("form", ["jwk", "set"])
def test_a_kid_is_the_address_of_a_jwk(form: str) -> None:
    jwk = {**PrivateKey.from_seed(SEED).public.to_jwk(), "kid": KEY_URL}
    maker = named(KEY_URL)
    document = about(issuer="https://works.example/issuers/1")
    del document["credentialStatus"]
    token = vc_jwt.issue(document, maker)
    known = {KEY_URL: jwk if form == "jwk" else {"keys": [jwk]}}
    found = report(token, known)
    assert found.verified is True
    assert found.check("proof").code is CheckCode.PROOF_VALID
    assert report(token).check("proof").code is CheckCode.PROOF_KEY_UNAVAILABLE
    document["issuer"] = "https://other.example/issuers/1"
    found = report(vc_jwt.issue(document, maker), known)
    assert found.check("proof").code is CheckCode.PROOF_VALID_WITH_OWN_KEY
    assert found.check("issuer").code is CheckCode.ISSUER_KEY_UNCONFIRMED


def test_a_token_that_names_no_key_is_of_the_issuers_only_one() -> None:
    maker = named("#key")
    assert report(vc_jwt.issue(about(), maker)).verified is True


def test_a_revoked_key_proves_no_token() -> None:
    resolver = Documents()
    resolver.known[DID]["verificationMethod"][0]["revoked"] = "2026-02-01T00:00:00Z"
    found = verify(TOKEN, resolver=resolver, now=NOW)
    assert found.check("proof").code is CheckCode.PROOF_WRONG_KEY
    resolver = Documents()
    resolver.known[DID]["verificationMethod"][0]["expires"] = "2026-02-01T00:00:00Z"
    # It was made in January, when the key was good.
    assert verify(TOKEN, resolver=resolver, now=NOW).check("proof").code == "proof.valid"
    late = vc_jwt.issue(about(validFrom="2026-03-01T00:00:00Z"), signer())
    assert verify(late, resolver=resolver, now=NOW).check("proof").code == "proof.wrong_key"


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        verify(TOKEN, resolver=Documents(), now=dt.datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("kind", ["BadgeClass", "Issuer", ["Assertions"]])
def test_of_open_badges_2_only_an_assertion_can_be_verified(kind: Any) -> None:
    document = {"@context": "https://w3id.org/openbadges/v2", "id": "urn:x:1", "type": kind}
    found = verify(document, resolver=Documents(), now=NOW).check("structure")
    assert found.code is CheckCode.STRUCTURE_INVALID
    assert "Assertion" in found.message
