"""VC-JWT: what the specification says of each claim, and each contradiction by its name."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jwt as peer
from joserfc.jwk import ECKey, RSAKey

from guildmark.credentials import KeyType, ProofError, UnreadableError
from guildmark.credentials.proofs.jose import vc_jwt
from guildmark.credentials.proofs.jose.reading import read_token
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials.builders import DID, badge
from tests.credentials.proofs.jose.tokens import KEYS, header_of, payload_of, signer, token

SUBJECT = "did:example:worker"
KEY = KEYS[KeyType.ED25519].public


def credential(**changes: Any) -> dict[str, Any]:
    """The badge about a subject with an identifier."""
    made = badge()
    made["credentialSubject"] = {"id": SUBJECT, **made["credentialSubject"]}
    return {**made, **changes}


def old_credential() -> dict[str, Any]:
    """A credential of version 1.1."""
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": DID, "name": "Works"},
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2028-01-01T00:00:00Z",
        "credentialSubject": {"id": SUBJECT},
    }


CLAIMS = {
    "iss": DID,
    "sub": SUBJECT,
    "nbf": 1767225600,
    "exp": 1830297600,
}


@pytest.mark.parametrize("kind", list(KeyType))
def test_what_is_issued_is_read_back(kind: KeyType) -> None:
    made = vc_jwt.issue(credential(), signer(kind))
    assert header_of(made).keys() == {"alg", "kid", "typ"}
    assert header_of(made)["typ"] == "JWT"
    assert payload_of(made) == {**credential(), **CLAIMS, "jti": credential()["id"]}
    read = read_token(made)
    assert read.format is TokenFormat.VC_JWT
    assert read.document == credential()
    assert read.claims == {**CLAIMS, "jti": credential()["id"]}
    assert read.verification_method == f"{DID}#key"
    assert read.issuer == DID
    assert read.own_key is None
    assert read.not_before == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert read.expires == dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    read.check(KEYS[kind].public)


@pytest.mark.parametrize(("kind", "peer_key"), [(KeyType.P256, ECKey), (KeyType.RSA, RSAKey)])
def test_another_library_reads_what_is_issued(kind: KeyType, peer_key: Any) -> None:
    made = vc_jwt.issue(credential(), signer(kind))
    seen = peer.decode(made, peer_key.import_key(KEYS[kind].public.to_jwk()))
    assert seen.claims["credentialSubject"] == credential()["credentialSubject"]


def test_a_key_can_be_brought_along() -> None:
    made = vc_jwt.issue(credential(), signer(KeyType.RSA), bring_key=True)
    read = read_token(made)
    assert read.own_key == KEYS[KeyType.RSA].public
    assert read.key_id is None
    assert header_of(made)["jwk"].keys() == {"kty", "n", "e"}


def test_a_subject_without_identifier_needs_no_claim() -> None:
    read = read_token(vc_jwt.issue(badge(), signer()))
    assert "sub" not in read.claims
    read.check(KEY)


def test_an_embedded_proof_is_signed_too() -> None:
    document = credential(proof={"type": "DataIntegrityProof"})
    assert read_token(vc_jwt.issue(document, signer())).document == document


def test_a_fraction_of_a_second_is_kept() -> None:
    made = vc_jwt.issue(credential(validFrom="2026-01-01T01:00:00.25+01:00"), signer())
    assert payload_of(made)["nbf"] == 1767225600.25
    read_token(made).check(KEY)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"issuer": {"name": "Works"}}, "issuer"),
        ({"id": None}, "id"),
        ({"validFrom": None}, "validFrom"),
        ({"validFrom": "2026-01-01"}, "validFrom"),
        ({"validFrom": "2026-02-30T00:00:00Z"}, "validFrom"),
        ({"validUntil": "2026-01-01T00:00:00"}, "validUntil"),
        ({"validUntil": "0001-01-01T00:00:00+14:00"}, "validUntil"),
        ({"credentialSubject": [{}, {}]}, "credentialSubject"),
        ({"iss": DID}, "iss"),
        ({"vc": {}}, "vc"),
        ({"status": {}}, "status"),
    ],
)
def test_what_cannot_be_carried_is_not_issued(changes: Any, named: str) -> None:
    with pytest.raises(ProofError, match=named):
        vc_jwt.issue(credential(**changes), signer())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "did:web:other.example"}, "iss is 'did:web:other.example', but issuer is"),
        ({"jti": "urn:uuid:other"}, "jti is 'urn:uuid:other', but id is"),
        ({"sub": "did:example:other"}, "sub is 'did:example:other', but credentialSubject.id is"),
        ({"nbf": 1767225602}, "nbf is 1767225602, but validFrom is"),
        ({"exp": 1830297610.5}, r"exp is 1830297610.5, but validUntil is"),
        ({"iss": ...}, "iss is missing"),
        ({"jti": ...}, "jti is missing"),
        ({"sub": ...}, "sub is missing"),
        ({"nbf": ...}, "nbf is missing"),
        ({"iss": ..., "issuer": ...}, "iss is missing"),
        ({"issuer": ...}, "iss is .* but the credential has no issuer"),
        ({"id": ...}, "jti is .* but the credential has no id"),
        ({"validFrom": ...}, "nbf is .* but the credential has no validFrom"),
        ({"validFrom": "2026"}, "validFrom is '2026': it is not a time"),
        ({"validFrom": "1970-01-01T00:00:00Z", "nbf": ...}, "nbf is missing"),
        ({"validUntil": "soon"}, "validUntil is 'soon': it is not a time"),
        ({"validUntil": "soon", "exp": ...}, "validUntil is 'soon': it is not a time"),
        ({"credentialSubject": {}}, "sub is .* but the credential has no credentialSubject.id"),
        ({"credentialSubject": [{"id": SUBJECT}, {}]}, "credentialSubject has several"),
    ],
)
def test_each_contradiction_is_refused_by_name(changes: Any, reason: str) -> None:
    payload = {**credential(), **CLAIMS, "jti": credential()["id"], **changes}
    payload = {name: value for name, value in payload.items() if value is not ...}
    read = read_token(token({"alg": "EdDSA", "typ": "JWT"}, payload))
    assert read.problems
    with pytest.raises(ProofError, match=reason):
        read.check(KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": 5},
        {"sub": None},
        {"nbf": "1767225600"},
        {"nbf": True},
        {"exp": None},
        {"exp": 10**20},
        {"iat": -(10**15)},
    ],
)
def test_claims_of_another_type_are_refused(changes: Any) -> None:
    payload = {**credential(), **CLAIMS, "jti": credential()["id"], **changes}
    with pytest.raises(ProofError, match=next(iter(changes))):
        read_token(token({"alg": "EdDSA", "typ": "JWT"}, payload))


def test_the_claims_of_the_header_must_agree() -> None:
    payload = {**credential(), **CLAIMS, "jti": credential()["id"]}
    read = read_token(token({"alg": "EdDSA", "typ": "JWT", "iss": "did:web:other"}, payload))
    with pytest.raises(ProofError, match="in the header"):
        read.check(KEY)
    with pytest.raises(ProofError, match="iss in the header"):
        read_token(token({"alg": "EdDSA", "typ": "JWT", "iss": 1}, payload))


def test_what_a_reader_changes_is_its_own() -> None:
    made = vc_jwt.issue(credential(), signer(KeyType.P256), bring_key=True)
    read_token(made).header["jwk"]["x"] = "AA"
    assert read_token(made).own_key == KEYS[KeyType.P256].public
    named = vc_jwt.issue(credential(), signer())
    read_token(named).header["kid"] = "other"
    assert read_token(named).key_id == f"{DID}#key"


@pytest.mark.parametrize("contexts", [5, None, {}, "https://www.w3.org/ns/credentials/v2"])
def test_odd_contexts_are_for_others_to_refuse(contexts: Any) -> None:
    payload = {**credential(), **CLAIMS, "jti": credential()["id"], "@context": contexts}
    read_token(token({"alg": "EdDSA", "typ": "JWT"}, payload)).check(KEY)


def test_the_end_may_stand_in_the_claim_alone() -> None:
    # Open Badges 3.0, 8.2.4.1: exp "MUST be used to set the value of the validUntil".
    payload = {**credential(), **CLAIMS, "jti": credential()["id"]}
    del payload["validUntil"]
    read = read_token(token({"alg": "EdDSA", "typ": "JWT"}, payload))
    read.check(KEY)
    assert read.document["validUntil"] == "2028-01-01T00:00:00Z"


def test_version_1_1_stands_in_a_claim() -> None:
    payload = {**CLAIMS, "jti": "urn:uuid:1", "vc": old_credential(), "aud": "x", "more": 1}
    read = read_token(token({"alg": "EdDSA", "typ": "JWT", "kid": "key-1"}, payload))
    read.check(KEY)
    assert read.format is TokenFormat.VC_JWT
    assert read.document == old_credential()
    assert read.verification_method == f"{DID}#key-1"


def test_version_1_1_leaves_to_claims_what_they_say() -> None:
    bare = old_credential()
    for name in ("id", "issuer", "issuanceDate", "expirationDate"):
        del bare[name]
    bare["credentialSubject"] = {"name": "Ada"}
    read = read_token(token({"alg": "EdDSA"}, {**CLAIMS, "jti": "urn:uuid:1", "vc": bare}))
    read.check(KEY)
    assert read.document == {
        **old_credential(),
        "issuer": DID,
        "credentialSubject": {"id": SUBJECT, "name": "Ada"},
    }
    bare["issuer"], bare["credentialSubject"] = {"name": "Works"}, [{}]
    read = read_token(token({"alg": "EdDSA"}, {**CLAIMS, "jti": "urn:uuid:1", "vc": bare}))
    read.check(KEY)
    assert read.document["issuer"] == {"name": "Works", "id": DID}
    assert read.document["credentialSubject"] == [{"id": SUBJECT}]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "did:web:other.example"}, "iss is"),
        ({"jti": "urn:uuid:other"}, "jti is"),
        ({"sub": "did:example:other"}, "sub is"),
        ({"nbf": 1}, "nbf is 1, but issuanceDate is"),
        ({"exp": 1}, "exp is 1, but expirationDate is"),
    ],
)
def test_contradictions_in_version_1_1_are_refused_too(changes: Any, reason: str) -> None:
    payload = {**CLAIMS, "jti": "urn:uuid:1", "vc": old_credential(), **changes}
    with pytest.raises(ProofError, match=reason):
        read_token(token({"alg": "EdDSA"}, payload)).check(KEY)


def test_a_claim_vc_that_is_no_object_is_refused() -> None:
    with pytest.raises(ProofError, match="vc is not an object"):
        read_token(token({"alg": "EdDSA"}, {"vc": "text"}))


def test_a_credential_in_vc_that_states_no_time_needs_no_nbf() -> None:
    inner = {**old_credential(), "@context": ["https://www.w3.org/ns/credentials/v2"]}
    inner.pop("issuanceDate")
    claims = {name: value for name, value in CLAIMS.items() if name != "nbf"}
    payload = {**claims, "jti": "urn:uuid:1", "vc": inner}
    assert read_token(token({"alg": "EdDSA"}, payload)).problems == ()
    payload["vc"] = {**inner, "validFrom": "2026-01-01T00:00:00Z"}
    assert "nbf is missing" in read_token(token({"alg": "EdDSA"}, payload)).problems[0]


def test_presentations_of_version_1_1_stand_in_a_claim() -> None:
    shown = {"@context": [], "type": ["VerifiablePresentation"], "verifiableCredential": ["a.b.c"]}
    claims = {"iss": SUBJECT, "jti": "urn:uuid:2", "aud": "https://v.example", "nonce": "n"}
    for holder in ({}, {"holder": SUBJECT}, {"holder": {"id": SUBJECT}, "id": "urn:uuid:2"}):
        made = token({"alg": "EdDSA", "typ": "JWT"}, {**claims, "vp": {**shown, **holder}})
        read = read_token(made)
        read.check(KEY)
        assert read.format is TokenFormat.VP_JWT
        assert read.document == {"holder": SUBJECT, "id": "urn:uuid:2", **shown, **holder}
        assert (read.issuer, read.claims) == (SUBJECT, claims)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"vp": 1}, "vp is not an object"),
        ({"vc": {}}, "both"),
        ({"vp": {}}, "does not include VerifiablePresentation"),
        ({"vp": {"type": "VerifiablePresentation", "holder": "urn:a"}}, "but holder is 'urn:a'"),
        ({"iss": ..., "vp": {"type": "VerifiablePresentation", "holder": "a"}}, "iss is None"),
        ({"vp": {"type": "VerifiablePresentation", "id": "urn:a"}}, "but id is 'urn:a'"),
    ],
)
def test_contradictions_in_such_presentations_are_refused(changes: Any, reason: str) -> None:
    payload = {"iss": SUBJECT, "jti": "urn:2", "vp": {"type": "VerifiablePresentation"}, **changes}
    payload = {name: value for name, value in payload.items() if value is not ...}
    with pytest.raises(ProofError, match=reason):
        read_token(token({"alg": "EdDSA", "typ": "JWT"}, payload)).check(KEY)


def test_signed_open_badges_2_are_told_apart() -> None:
    assertion = {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "urn:1"}
    read = read_token(token({"alg": "EdDSA"}, assertion))
    assert read.format is TokenFormat.OPEN_BADGE_2
    assert read.document == assertion
    read.check(KEY)


JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("urn:a")
NESTED = JSON | st.lists(JSON, max_size=2) | st.dictionaries(st.just("id"), JSON, max_size=1)
NAMES = st.sampled_from(
    [
        "@context",
        "id",
        "type",
        "issuer",
        "holder",
        "validFrom",
        "validUntil",
        "credentialSubject",
        "iss",
        "sub",
        "jti",
        "nbf",
        "exp",
        "iat",
        "vc",
        "vp",
        "vct",
        "cnf",
        "_sd",
        "_sd_alg",
        "...",
    ]
)


@given(st.dictionaries(NAMES, NESTED | st.dictionaries(NAMES, NESTED, max_size=5), max_size=9))
def test_any_payload_ends_in_a_document_or_its_own_error(payload: dict[str, Any]) -> None:
    for typ in ("JWT", "vc+jwt", "vp+jwt", None):
        header = {"alg": "EdDSA"} if typ is None else {"alg": "EdDSA", "typ": typ}
        with contextlib.suppress(ProofError, UnreadableError):
            read = read_token(token(header, payload))
            assert isinstance(read.document, dict)
            assert read.verification_method is None
            read.check(KEY)


@given(st.sampled_from(sorted({*credential(), *CLAIMS})), NESTED)
@example("name", -(10**30))
def test_no_changed_member_goes_unseen_or_raises_anything_else(name: str, value: Any) -> None:
    payload = copy.deepcopy({**credential(), **CLAIMS, "jti": credential()["id"]})
    payload[name] = value
    with contextlib.suppress(ProofError, UnreadableError):
        read = read_token(token({"alg": "EdDSA", "typ": "JWT"}, payload))
        read.check(KEY)
        assert name not in CLAIMS or value == CLAIMS[name]
