"""VC-JOSE-COSE: documents as payloads, in JWS and COSE, and their envelopes."""

from __future__ import annotations

import base64
import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import (
    KeyType,
    PrivateKey,
    ProofError,
    PublicKey,
    UnreadableError,
    cbor,
)
from guildmark.credentials.proofs.jose import cose, envelopes, vc_jwt
from guildmark.credentials.proofs.jose.reading import read_envelope, read_token
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials.builders import DID, badge
from tests.credentials.proofs.jose.tokens import KEYS, header_of, payload_of, signer, token

KEY = KEYS[KeyType.ED25519].public
BOTH = pytest.mark.parametrize("secure", [envelopes.secure, envelopes.secure_cose])


def presentation(*tokens: str) -> dict[str, Any]:
    """A presentation of the tokens by the issuer."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        "verifiableCredential": [envelopes.envelop(made, TokenFormat.VC) for made in tokens],
    }


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_credential_is_the_payload(kind: KeyType) -> None:
    made = envelopes.secure(badge(), signer(kind))
    assert payload_of(made) == badge()
    assert header_of(made) == {
        "alg": header_of(made)["alg"],
        "kid": f"{DID}#key",
        "typ": "vc+jwt",
        "cty": "vc",
    }
    read = read_token(f" {made}\n")
    read.check(KEYS[kind].public)
    assert (read.format, read.document, read.issuer) == (TokenFormat.VC, badge(), DID)
    assert (read.claims, read.not_before, read.expires) == ({}, None, None)


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_credential_is_the_payload_of_cose(kind: KeyType) -> None:
    made = envelopes.secure_cose(badge(), signer(kind))
    assert made[:2] == b"\xd2\x84"
    protected = cbor.decode(cbor.decode(made).value[0])
    assert protected == {
        1: cose.ALGORITHMS[kind][0],
        3: "application/vc",
        4: f"{DID}#key".encode(),
        16: "application/vc+cose",
    }
    for form in (made, made[1:]):
        read = read_token(form)
        read.check(KEYS[kind].public)
        assert (read.format, read.document, read.issuer) == (TokenFormat.VC_COSE, badge(), DID)
        assert read.verification_method == f"{DID}#key"
        with pytest.raises(ProofError):
            read.check(PrivateKey.generate(kind).public)


def test_the_vector_of_cose() -> None:
    # RFC 9052, appendix C.2.1, with its key "11" in C.7.1.
    made = bytes.fromhex(
        "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac"
        "34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5"
        "a4c345cacb36"
    )
    key = PublicKey.from_jwk(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
            "y": "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4",
        }
    )
    read = cose.read(made)
    read.check(key)
    assert read.payload == b"This is the content."
    assert read.header["kid"] == "11"


@BOTH
def test_a_presentation_carries_envelopes(secure: Any) -> None:
    inner = envelopes.secure(badge(), signer(KeyType.P256))
    read = read_token(secure(presentation(inner), signer()))
    read.check(KEY)
    assert read.format in (TokenFormat.VP, TokenFormat.VP_COSE)
    assert read.issuer == DID
    (enveloped,) = read.document["verifiableCredential"]
    assert enveloped["id"].startswith("data:application/vc+jwt,eyJ")
    again = read_envelope(enveloped)
    again.check(KEYS[KeyType.P256].public)
    assert again.document == badge()


def test_cose_stands_in_an_envelope_as_base64() -> None:
    made = envelopes.secure_cose(badge(), signer())
    enveloped = envelopes.envelop(made, TokenFormat.VC_COSE)
    assert enveloped["id"] == f"data:application/vc+cose;base64,{base64.b64encode(made).decode()}"
    assert enveloped["type"] == "EnvelopedVerifiableCredential"
    assert read_envelope(enveloped).document == badge()
    outer = envelopes.envelop("a.b.c", TokenFormat.VP)
    assert outer["type"] == "EnvelopedVerifiablePresentation"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"type": "Profile"}, "type must include"),
        ({"type": ["VerifiableCredential", "VerifiablePresentation"]}, "type must include"),
        ({"type": "VerifiableCredential", "vc": {}}, "member vc"),
        ({"type": "VerifiablePresentation", "vp": {}}, "member vp"),
    ],
)
@BOTH
def test_other_documents_are_not_secured(secure: Any, document: Any, reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        secure(document, signer())


@pytest.mark.parametrize(
    ("header", "payload", "reason"),
    [
        ({"typ": "vc+jwt"}, {**badge(), "vc": {}}, "claim vc must not"),
        ({"typ": "vc+jwt"}, {**badge(), "vp": {}}, "claim vp must not"),
        ({"typ": "vc+jwt"}, {**badge(), "iss": "did:web:other"}, "iss is 'did:web:other'"),
        ({"typ": "vc+jwt", "iss": "did:web:o"}, {**badge(), "iss": DID}, "in the header"),
        ({"typ": "vc+jwt"}, {**badge(), "jti": "urn:other"}, "jti is 'urn:other'"),
        ({"typ": "vp+jwt"}, badge(), "does not include VerifiablePresentation"),
        ({"typ": "vc+jwt"}, presentation(), "does not include VerifiableCredential"),
        ({"typ": "vc+jwt", "cty": "vp"}, badge(), "cty is 'vp'"),
        ({"typ": "vp+jwt", "cty": "application/vc"}, presentation(), "cty is 'application/vc'"),
        ({"typ": "vp+jwt"}, {**presentation(), "iss": "did:web:o"}, "but holder is"),
        (
            {"typ": "vc+jwt"},
            {**badge(), "credentialSubject": {"id": "urn:a"}, "sub": "urn:b"},
            "credentialSubject.id",
        ),
    ],
)
def test_each_contradiction_is_refused_by_name(header: Any, payload: Any, reason: str) -> None:
    read = read_token(token({"alg": "EdDSA", **header}, payload))
    with pytest.raises(ProofError, match=reason):
        read.check(KEY)


@pytest.mark.parametrize(
    ("typ", "form"),
    [
        ("vc+jwt", TokenFormat.VC),
        ("application/vc+jwt", TokenFormat.VC),
        ("VC+JWT", TokenFormat.VC),
        ("vc+ld+jwt", TokenFormat.VC),
        ("vc+ld+json+jwt", TokenFormat.VC),
        (None, TokenFormat.VC),
        ("JWT", TokenFormat.VC_JWT),
        ("jwt", TokenFormat.VC_JWT),
    ],
)
def test_typ_tells_the_format(typ: str | None, form: TokenFormat) -> None:
    header = {"alg": "EdDSA"} if typ is None else {"alg": "EdDSA", "typ": typ}
    assert read_token(token(header, badge())).format is form


@pytest.mark.parametrize("typ", ["kb+jwt", "dc+sd-jwt", "vc+sd-jwt", "at+jwt", "dpop+jwt", "x"])
def test_tokens_for_other_ends_are_refused(typ: str) -> None:
    # RFC 8725, section 3.11: one kind of token must not pass for another.
    with pytest.raises(ProofError, match="typ is"):
        read_token(token({"alg": "EdDSA", "typ": typ}, badge()))


def test_the_claims_of_the_signature_are_not_those_of_the_credential() -> None:
    payload = {**badge(), "iat": 1767225600, "exp": 1767312000, "cnf": {"kid": "x"}}
    read = read_token(token({"alg": "EdDSA", "typ": "vc+jwt"}, payload))
    read.check(KEY)
    assert read.document == badge()
    assert read.expires is not None
    assert read.expires.isoformat() == "2026-01-02T00:00:00+00:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "VerifiableCredential"},
        {"@context": "https://www.w3.org/2018/credentials/v1"},
        {"id": "https://works.example/1"},
        {"id": "data:application/vc+jwt"},
        {"id": None},
        {"id": "data:application/vc+jwt;charset=utf-8,a.b.c"},
        {"id": "data:application/vc+jwt;base64,é"},
        {"id": "data:application/vc+jwt;base64,AAAAA"},
        {"id": "data:application/vc+jwt;base64,/w=="},
        {"id": "data:application/vc+cose;base64,AA=="},
        {"id": "data:application/vc+cose,AA=="},
        {"id": "data:application/vc+jwt," + "a" * 1_400_000},
    ],
)
def test_envelopes_that_are_none_are_refused(changes: Any) -> None:
    enveloped = envelopes.envelop(envelopes.secure(badge(), signer()), TokenFormat.VC)
    with pytest.raises(UnreadableError):
        read_envelope({**enveloped, **changes})


def test_an_envelope_holds_what_it_says() -> None:
    made = envelopes.secure(badge(), signer())
    as_base64 = base64.b64encode(made.encode()).decode()
    enveloped = envelopes.envelop(made, TokenFormat.VC)
    for padded in (as_base64, as_base64.rstrip("=")):
        read_envelope({**enveloped, "id": f"data:application/vc+jwt;base64,{padded}"})
    with pytest.raises(ProofError, match="the envelope says 'vp\\+jwt'"):
        read_envelope(envelopes.envelop(made, TokenFormat.VP))
    older = vc_jwt.issue(badge(), signer())
    assert read_envelope(envelopes.envelop(older, TokenFormat.VC)).format is TokenFormat.VC_JWT


def sign1(protected: Any, unprotected: Any, payload: Any, kind: KeyType = KeyType.P256) -> bytes:
    """A COSE_Sign1 made by hand, truly signed."""
    raw = protected if isinstance(protected, bytes) else cbor.encode(protected)
    body = payload if isinstance(payload, bytes) else b""
    signature = KEYS[kind].sign(cbor.encode(["Signature1", raw, b"", body]))
    return cbor.encode(cbor.Tagged(18, [raw, unprotected, payload, signature]))


PAYLOAD = b'{"type":"VerifiableCredential","issuer":"did:web:works.example"}'


@pytest.mark.parametrize(
    ("protected", "unprotected"),
    [
        ({}, {1: -7}),
        (b"", {1: -7}),
        ({1: "ES256"}, {}),
        ({1: -37}, {}),
        ({1: 5}, {}),
        ({1: True}, {}),
        ({1: [-7]}, {}),
        ({1: cbor.Tagged(1, -7)}, {}),
        ({1: -7, 2: [16], 16: "vc"}, {}),
        ({1: -7}, {2: [4]}),
        ({1: -7, 4: "text"}, {}),
        ({1: -7, 4: b"\xff"}, {}),
        ({1: -7, 3: 50}, {}),
        ({1: -7, 16: 1}, {}),
        ({1: -7, 16: "application/cwt"}, {}),
        ({1: -7, 15: []}, {}),
        ({1: -7, 15: {1: 5}}, {}),
        ({1: -7, 15: {4: "soon"}}, {}),
    ],
)
def test_cose_headers_that_cannot_be_accepted_are_refused(protected: Any, unprotected: Any) -> None:
    with pytest.raises(ProofError):
        read_token(sign1(protected, unprotected, PAYLOAD))


@pytest.mark.parametrize(
    "data",
    [
        sign1({1: -7}, {1: -7}, PAYLOAD),
        sign1([], {}, PAYLOAD),
        sign1(b"\x01", {}, PAYLOAD),
        sign1({1: -7}, {}, None),
        sign1({1: -7}, [], PAYLOAD),
        sign1({1: -7}, {}, b"[]"),
        sign1({1: -7}, {}, PAYLOAD)[:-1],
        sign1({1: -7}, {}, PAYLOAD) + b"\0",
        cbor.encode([b"", {}, b""]),
        cbor.encode(cbor.Tagged(18, {})),
        b"\xd2",
        b"\x84",
        b"\xff",
        b"",
    ],
    ids=range(14),  # the bytes differ from run to run
)
def test_bytes_that_are_no_cose_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_token(data)


def test_the_key_decides_the_algorithm_of_cose() -> None:
    for kind, numbers in cose.ALGORITHMS.items():
        for number in (number for many in cose.ALGORITHMS.values() for number in many):
            read = read_token(sign1({1: number}, {}, PAYLOAD, kind))
            if number in numbers:
                read.check(KEYS[kind].public)
            else:
                with pytest.raises(ProofError, match="alg is"):
                    read.check(KEYS[kind].public)


def test_the_claims_of_cose_are_compared() -> None:
    read = read_token(sign1({1: -7, 15: {1: "did:web:other", 6: 1, 99: 1}}, {4: b"k"}, PAYLOAD))
    assert read.claims == {"iss": "did:web:other", "iat": 1}
    assert read.key_id == "k"
    with pytest.raises(ProofError, match="iss is 'did:web:other'"):
        read.check(KEYS[KeyType.P256].public)


def test_a_change_in_cose_breaks_the_signature() -> None:
    made = envelopes.secure_cose(badge(), signer(KeyType.P384))
    changed = made.replace(b"Robot cell entry", b"Robot cell exits")
    assert changed != made
    with pytest.raises(ProofError):
        read_token(changed).check(KEYS[KeyType.P384].public)


@given(st.binary(max_size=150), st.integers(0, 300))
def test_any_bytes_end_in_a_token_or_its_own_error(data: bytes, place: int) -> None:
    made = sign1({1: -7}, {}, PAYLOAD)
    for form in (data, b"\x84" + data, b"\xd2\x84" + data, made[:place] + data + made[place:]):
        with contextlib.suppress(UnreadableError, ProofError):
            read_token(form).check(KEYS[KeyType.P256].public)


@given(
    st.dictionaries(st.sampled_from(["@context", "id", "type", "x"]), st.text(max_size=40)),
    st.text(max_size=60),
)
def test_any_envelope_ends_in_a_token_or_its_own_error(changes: Any, rest: str) -> None:
    enveloped = {**envelopes.envelop("a.b.c", TokenFormat.VC), "id": f"data:{rest}", **changes}
    with contextlib.suppress(UnreadableError, ProofError):
        read_envelope(enveloped)
