"""More of what forgers try: other writings of the same, other keys, and documents that name
themselves. `test_adversarial` has the attacks that everybody names, `test_adversarial_bounds` those
on time and memory."""

from __future__ import annotations

import copy
import json
import unicodedata
from typing import Any

import pytest

from guildmark.credentials import (
    CheckCode,
    IdentifierError,
    KeyType,
    LocalSigner,
    Outcome,
    PrivateKey,
    PublicKey,
    VerificationMethod,
    add_proof,
    did_document,
    verify,
)
from guildmark.credentials.identifiers.multibase import (
    decode_base58btc,
    encode_base58btc,
    encode_base64url,
)
from guildmark.credentials.proofs.jose import envelopes, vc_jwt
from guildmark.credentials.status import bitstring
from tests.credentials.builders import DID, LIST_URL, NOW, SEED, Documents, badge, signed, signer
from tests.credentials.verification.test_adversarial import (
    EVIL,
    EVIL_DID,
    about,
    check,
    claims,
    forged,
    listed,
    made_list,
    report,
    world,
)
from tests.credentials.verification.test_embedded import endorsed, endorsement

P256 = PrivateKey.generate(KeyType.P256)


# Texts and numbers that look the same.


def credits_of(number: float, suite: str) -> tuple[dict[str, Any], dict[str, Any]]:
    document = badge()
    document["credentialSubject"]["achievement"]["creditsAvailable"] = number
    made = add_proof(document, signer=signer(), created=NOW, suite=suite)
    return made, made["credentialSubject"]["achievement"]


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize(("number", "other"), [(0.1, 0.100000000000001), (5, 6), (1.5, 15)])
def test_a_number_that_was_changed(suite: str, number: Any, other: Any) -> None:
    document, part = credits_of(number, suite)
    part["creditsAvailable"] = other
    assert check(document, "proof").code is CheckCode.PROOF_INVALID


def test_a_number_that_became_a_text() -> None:
    """The statement is the same, since the context gives the number its type: the schema tells."""
    document, part = credits_of(7, "eddsa-rdfc-2022")
    part["creditsAvailable"] = "7"
    assert check(document, "schema").code is CheckCode.SCHEMA_NOT_MET
    document, part = credits_of(7, "eddsa-jcs-2022")
    part["creditsAvailable"] = "7"
    assert check(document, "proof").code is CheckCode.PROOF_INVALID


def test_a_number_is_signed_to_sixteen_digits_by_its_statement_and_whole_by_its_text() -> None:
    """JSON-LD, section 8.6, writes doubles so: what differs less is the same to all who read it."""
    for suite, holds in (("eddsa-rdfc-2022", True), ("eddsa-jcs-2022", False)):
        document, part = credits_of(0.1, suite)
        part["creditsAvailable"] = 0.10000000000000002
        assert verify(document, resolver=world(), now=NOW).verified is holds
    for same in ("1e-1", "0.10", "0.1000000000000000055511151231257827"):
        text = json.dumps(credits_of(0.1, "eddsa-jcs-2022")[0])
        found = verify(text.replace("0.1,", f"{same},", 1), resolver=world(), now=NOW)
        assert found.verified is True


@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_a_name_in_another_normal_form(form: str) -> None:
    document = signed(name="Löten ﬁx")
    document["name"] = unicodedata.normalize(form, document["name"])  # type: ignore[arg-type]
    assert check(document, "proof").code is CheckCode.PROOF_INVALID


@pytest.mark.parametrize(
    "name", ["vаlidUntil", "ｖalidUntil", "validUntil\u200b", "ValidUntil", " id"]
)
def test_a_member_whose_name_looks_like_another(name: str) -> None:
    document = badge()
    document[name] = document.pop("validUntil")
    made = add_proof(document, signer=signer(), created=NOW, suite="eddsa-jcs-2022")
    assert check(made, "context").code is CheckCode.CONTEXT_NOT_PROTECTED


@pytest.mark.parametrize("after", [" {}", "\0", "]", ",", "/* */", '"', "\ufeff", "null"])
def test_something_after_the_end(after: str) -> None:
    assert check(json.dumps(signed()) + after, "structure").code is CheckCode.STRUCTURE_INVALID


@pytest.mark.parametrize(
    "members", [{"proof": None}, {"proof": {}}, {"proof": ""}, {"proof": [[]]}]
)
def test_a_proof_that_is_none(members: dict[str, Any]) -> None:
    assert report({**badge(), **members}).check("proof").outcome is not Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cryptosuite", ["eddsa-rdfc-2022"]),
        ("type", ["DataIntegrityProof"]),
        ("proofPurpose", ["assertionMethod"]),
        ("verificationMethod", [f"{DID}#key"]),
        ("verificationMethod", f"{DID}#key\0"),
        ("verificationMethod", f"{DID}#KEY"),
        ("verificationMethod", "did:web:WORKS.example#key"),
        ("verificationMethod", {"id": f"{DID}#key"}),
        ("created", ["2026-06-01T12:00:00Z"]),
        ("proofValue", [signed()["proof"]["proofValue"]]),
        ("proofValue", signed()["proof"]["proofValue"] + " "),
        ("proofValue", "\n" + signed()["proof"]["proofValue"]),
    ],
)
def test_a_proof_of_other_types_and_writings(name: str, value: Any) -> None:
    document = signed()
    document["proof"][name] = value
    assert report(document).check("proof").outcome is not Outcome.PASSED


@pytest.mark.parametrize("issuer", [[DID, EVIL_DID], {"id": [DID]}, {"@id": DID}, None, 1, {}])
def test_an_issuer_that_is_not_one(issuer: Any) -> None:
    assert check({**signed(), "issuer": issuer}, "structure").code is CheckCode.STRUCTURE_INVALID


@pytest.mark.parametrize(
    "time",
    [
        *("2026-06-30T23:59:60Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+24:00"),
        *("2026-01-01T00:00:00", "2026-01-01", "2026-1-1T0:0:0Z", "2026-02-30T00:00:00Z"),
        *("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z\n", " 2026-01-01T00:00:00Z"),
        *("٢٠٢٦-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "12026-01-01T00:00:00Z", ""),
        *("2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+01", "2026-W01-1T00:00:00Z", 0, None),
    ],
)
def test_a_time_that_is_none(time: Any) -> None:
    made = envelopes.secure(badge(validUntil=time), signer())
    assert check(made, "dates").code is CheckCode.DATES_INVALID


@pytest.mark.parametrize("time", ["2026-06-01T12:30:00+23:59", "2026-05-31T12:30:00-23:59"])
def test_a_time_with_an_odd_offset_counts_for_what_it_says(time: str) -> None:
    after = "+" not in time
    made = envelopes.secure(badge(validUntil=time), signer())
    found = verify(made, resolver=world(), now=NOW)
    assert found.check("dates").code is (
        CheckCode.DATES_VALID if after else CheckCode.DATES_EXPIRED
    )


# Tokens.


@pytest.mark.parametrize("tail", [".", "..", ".e30.e30", "~", ".AAAA~", "\n.", " e30"])
def test_a_token_with_more_parts(tail: str) -> None:
    token = vc_jwt.issue(about(), signer())
    assert report(token + tail).check("proof").outcome is not Outcome.PASSED


def test_a_token_without_a_signature() -> None:
    first, second, _ = vc_jwt.issue(about(), signer()).split(".")
    for token in (f"{first}.{second}.", f"{first}.{second}", f"{first}..", f".{second}."):
        assert report(token).check("proof").outcome is not Outcome.PASSED


def test_a_header_that_names_things_twice_or_packs_the_payload() -> None:
    key = PrivateKey.from_seed(SEED)
    twice = b'{"alg":"none","alg":"EdDSA","kid":"%b#key"}' % DID.encode()
    assert check(forged(twice, claims(), key.sign), "structure").code == "structure.invalid"
    packed = forged({"alg": "EdDSA", "kid": f"{DID}#key", "zip": "DEF"}, b"\x03\x00", key.sign)
    assert check(packed, "structure").code is CheckCode.STRUCTURE_INVALID


@pytest.mark.parametrize(
    "kid", ["../../key", "\0", "#", "https://evil.example/k#key", f"{DID}#key#"]
)
def test_a_kid_that_leads_elsewhere(kid: str) -> None:
    key = PrivateKey.from_seed(SEED)
    found = report(forged({"alg": "EdDSA", "kid": kid}, claims(), key.sign))
    assert found.check("proof").outcome is not Outcome.PASSED


# Keys and signatures.

SMALL_ORDER = [
    *(
        "00" * 32,
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "00" * 31 + "80",
        "01" + "00" * 30 + "80",
    ),
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    *("ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f", "ed" + "ff" * 31, "ec" + "ff" * 31),
]


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_no_point_of_small_order_signs(point: str) -> None:
    data = bytes.fromhex(point)
    jwk = {**PrivateKey.from_seed(SEED).public.to_jwk(), "x": encode_base64url(data)[1:]}
    for commitment in map(bytes.fromhex, SMALL_ORDER[:5]):
        token = forged(
            {"alg": "EdDSA", "jwk": jwk}, claims(), lambda _, r=commitment: r + bytes(32)
        )
        assert report(token).check("proof").outcome is not Outcome.PASSED


def rsa_jwk(bits: int, exponent: int) -> dict[str, Any]:
    number = (1 << bits - 1) | 0x1_0000_0001
    raw = number.to_bytes(bits // 8)
    size = (exponent.bit_length() + 7) // 8 or 1
    return {
        "kty": "RSA",
        "n": encode_base64url(raw)[1:],
        "e": encode_base64url(exponent.to_bytes(size))[1:],
    }


@pytest.mark.parametrize(
    ("bits", "exponent"),
    [
        (512, 65_537),
        (1_024, 65_537),
        (2_040, 65_537),
        (9_000 // 8 * 8, 3),
        (2_048, 1),
        (2_048, 2),
        (2_048, 0),
    ],
)
def test_an_rsa_key_that_proves_nothing(bits: int, exponent: int) -> None:
    with pytest.raises(IdentifierError):
        PublicKey.from_jwk(rsa_jwk(bits, exponent))
    token = forged({"alg": "RS256", "jwk": rsa_jwk(bits, exponent)}, claims(), lambda _: bytes(256))
    assert report(token).check("proof").outcome is not Outcome.PASSED


def p256_world() -> tuple[Documents, LocalSigner]:
    method = VerificationMethod(id=f"{DID}#p", controller=DID, public_key=P256.public)
    resolver = world()
    known = resolver.known[DID]
    resolver.known[DID] = did_document(DID, [method]) | {
        "verificationMethod": [*known["verificationMethod"], method.as_json()],
        "assertionMethod": [*known["assertionMethod"], method.id],
    }
    return resolver, LocalSigner(P256, verification_method=f"{DID}#p")


def test_the_other_form_of_an_ecdsa_signature_says_nothing_else() -> None:
    """(r, n - s) holds wherever (r, s) does; neither specification chooses one. It is no forgery:
    the content is the same, and nothing here goes by the bytes of a signature."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    resolver, by = p256_world()
    document = add_proof(badge(), signer=by, created=NOW, suite="ecdsa-rdfc-2019")
    raw = decode_base58btc(document["proof"]["proofValue"])
    s = int.from_bytes(raw[32:])
    document["proof"]["proofValue"] = encode_base58btc(raw[:32] + (order - s).to_bytes(32))
    assert verify(document, resolver=resolver, now=NOW).verified is True


@pytest.mark.parametrize("values", [(0, 0), (0, 1), (1, 0), ("n", 1), (1, "n"), ("r", "s+n")])
def test_an_ecdsa_signature_outside_its_numbers(values: tuple[Any, Any]) -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    resolver, by = p256_world()
    document = add_proof(badge(), signer=by, created=NOW, suite="ecdsa-rdfc-2019")
    raw = decode_base58btc(document["proof"]["proofValue"])
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    names = {"n": order, "r": r, "s+n": (s + order) % (1 << 256)}
    numbers = [names.get(value, value) for value in values]
    changed = b"".join(number.to_bytes(32) for number in numbers)
    document["proof"]["proofValue"] = encode_base58btc(changed)
    assert check(document, "proof", resolver).code is CheckCode.PROOF_INVALID


# Documents that name themselves.


def test_proofs_in_a_circle() -> None:
    first = add_proof(badge(), signer=signer(), created=NOW, proof_id="urn:x:1")
    both = add_proof(
        first, signer=signer(), created=NOW, proof_id="urn:x:2", previous_proof="urn:x:1"
    )
    both["proof"][0]["previousProof"] = "urn:x:2"
    assert check(both, "proof").code is CheckCode.PROOF_INVALID
    alone = copy.deepcopy(first)
    alone["proof"]["previousProof"] = "urn:x:1"
    assert check(alone, "proof").code is CheckCode.PROOF_INVALID


def test_an_endorsement_of_itself_endorses_nothing_else() -> None:
    own = endorsement()
    own["credentialSubject"]["id"] = own["id"]
    document = badge(endorsement=[add_proof(own, signer=signer(EVIL, EVIL_DID), created=NOW)])
    made = add_proof(document, signer=signer(), created=NOW)
    found = report(made).check("endorsements")
    assert found.outcome is Outcome.FAILED


def test_an_endorsement_by_who_signed_another() -> None:
    stolen = {**endorsed(), "issuer": {**endorsement()["issuer"], "id": EVIL_DID}}
    made = add_proof(badge(endorsement=[stolen]), signer=signer(), created=NOW)
    assert check(made, "endorsements").code is CheckCode.ENDORSEMENTS_NOT_VERIFIED


@pytest.mark.parametrize(
    "member", ["endorsement", "evidence", "proof", "issuer", "verifiableCredential"]
)
def test_a_parsed_document_that_holds_itself(member: str) -> None:
    document = signed()
    document[member] = [document] if member != "issuer" else document
    assert check(document, "structure").code is CheckCode.STRUCTURE_INVALID


def test_what_a_credential_points_to_is_not_asked_for_unasked() -> None:
    """Neither schemas nor refresh services, evidence, images or terms of use: a credential cannot
    make the verifier load what is huge, slow, or tells where it is read."""
    asked: list[str] = []

    class Watching(Documents):
        def resolve(self, identifier: str) -> dict[str, Any]:
            asked.append(identifier)
            return super().resolve(identifier)

    far = "https://evil.example/"
    document = badge(
        credentialSchema=[{"id": f"{far}s", "type": "1EdTechJsonSchemaValidator2019"}],
        refreshService={"id": f"{far}r", "type": "1EdTechCredentialRefresh"},
        termsOfUse=[{"id": f"{far}t", "type": f"{far}T"}],
        image={"id": f"{far}i.png", "type": "Image"},
        evidence=[{"id": f"{far}e", "type": ["Evidence"]}],
    )
    made = add_proof(document, signer=signer(), created=NOW, suite="eddsa-jcs-2022")
    verify(made, resolver=Watching(), now=NOW)
    assert set(asked) == {DID, LIST_URL}


# Status lists.


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"validUntil": "2026-05-01T00:00:00Z"}, "status.unavailable"),
        ({"validFrom": "2027-01-01T00:00:00Z"}, "status.invalid"),
        ({"validUntil": "soon"}, "status.invalid"),
        ({"type": ["VerifiableCredential"]}, "status.list_of_another_type"),
    ],
)
def test_a_list_whose_time_or_kind_is_another(changes: dict[str, Any], code: str) -> None:
    resolver = world(**{LIST_URL: made_list({**listed(), **changes})})
    assert check(signed(), "status", resolver).code == code


def test_a_list_that_names_itself_ends() -> None:
    """A list's own status is its issuer's affair: it is taken for what its dates and proof say."""
    entry = bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=94567)
    revoked = {
        name: part for name, part in world(revoked=True).known[LIST_URL].items() if name != "proof"
    }
    resolver = world(**{LIST_URL: made_list({**revoked, "credentialStatus": entry})})
    assert check(signed(), "status", resolver).code is CheckCode.STATUS_REVOKED


def test_one_revoked_entry_among_several_is_enough() -> None:
    good = bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=1)
    bad = bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=94567)
    made = envelopes.secure(badge(credentialStatus=[good, bad]), signer())
    assert check(made, "status", world(revoked=True)).code is CheckCode.STATUS_REVOKED
    many = envelopes.secure(badge(credentialStatus=[good] * 8 + [bad]), signer())
    assert report(many, world(revoked=True)).check("status").outcome is not Outcome.PASSED
