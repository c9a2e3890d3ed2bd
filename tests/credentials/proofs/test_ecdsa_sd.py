"""Selective disclosure: the vectors of every step, and what a holder can and cannot do."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.credentials import (
    CheckCode,
    JsonLdError,
    KeyType,
    LocalSigner,
    PrivateKey,
    ProofError,
    add_proof,
    cbor,
    verify,
)
from guildmark.credentials.identifiers.multibase import encode_base64url
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.proofs import ecdsa_sd_2023 as sd
from guildmark.credentials.proofs.selection import Statements, select
from guildmark.credentials.proofs.unsecured import Unsecured
from tests.credentials.builders import NOW, Documents, badge

VECTORS = json.loads((Path(__file__).parent / "data" / "ecdsa_sd.json").read_text("utf-8"))
KEYS = VECTORS.pop("keys")
SECRET = PrivateKey.from_multikey(KEYS["baseKeyPair"]["secretKeyMultibase"])
STATEMENT_KEY = PrivateKey.from_multikey(KEYS["proofKeyPair"]["secretKeyMultibase"])
HMAC_KEY = bytes.fromhex(KEYS["hmacKeyString"])


@pytest.fixture(params=VECTORS)
def vector(request: pytest.FixtureRequest, vector_contexts: None) -> Any:
    """One vector after the other."""
    return VECTORS[request.param]


def options_of(vector: Any) -> Any:
    """The proof's options without the context."""
    return {key: part for key, part in vector["addProofConfig"].items() if key != "@context"}


def made(vector: Any) -> Any:
    """The document with the vector's base proof, made here."""
    signer = LocalSigner(SECRET, verification_method=options_of(vector)["verificationMethod"])
    proof = sd.create(
        Unsecured(vector["document"]),
        options_of(vector),
        signer,
        mandatory=vector["mandatory"],
        hmac_key=HMAC_KEY,
        statement_key=STATEMENT_KEY,
    )
    return {**vector["document"], "proof": proof}


def test_the_statements_of_the_base_proof(vector: Any) -> None:
    statements = Statements(vector["document"])
    assert canonicalize(vector["document"]) == "".join(vector["addBaseDocCanon"])
    grouped = sd._grouped(vector["document"], HMAC_KEY)
    assert grouped.lines == vector["addBaseDocHMACCanon"]
    chosen = grouped.indexes(grouped.statements.part(vector["mandatory"]))
    wanted = vector["addBaseTransform"]
    for group, of_group in (("mandatory", True), ("nonMandatory", False)):
        assert wanted[group]["value"] == [
            [index, line]
            for index, line in enumerate(grouped.lines)
            if (index in chosen) is of_group
        ]
    assert bytes.fromhex(wanted["hmacKeyString"]) == HMAC_KEY
    assert len(statements.quads) == len(grouped.lines)


def test_the_base_proof(vector: Any) -> None:
    base = sd.read_base(vector["addSignedSDBase"]["proof"])
    raw = vector["addRawBaseSignatureInfo"]
    assert base.signature.hex() == raw["baseSignature"]
    assert [part.hex() for part in base.signatures] == raw["signatures"]
    assert base.mandatory == raw["mandatoryPointers"] == vector["mandatory"]
    configuration = canonicalize(vector["addProofConfig"])
    assert configuration == vector["addProofConfigCanon"]
    assert made(vector) == vector["addSignedSDBase"]
    sd.check_base(Unsecured(vector["document"]), vector["addSignedSDBase"]["proof"], SECRET.public)


def test_the_hashes(vector: Any) -> None:
    unsecured = Unsecured(vector["document"])
    mandatory = [line for _, line in vector["addBaseTransform"]["mandatory"]["value"]]
    data = sd._to_sign(unsecured, options_of(vector), b"", mandatory).hex()
    hashes = vector["addHashData"]
    assert data == hashes["proofHash"] + hashes["mandatoryHash"]


def test_the_groups_of_the_derived_proof(vector: Any) -> None:
    grouped = sd._grouped(vector["document"], HMAC_KEY)
    wanted = vector["derivedGroupIndexes"]
    pointers = {
        "mandatory": vector["mandatory"],
        "selective": vector["selective"],
        "combined": vector["mandatory"] + vector["selective"],
    }
    for group, chosen in pointers.items():
        found = sorted(grouped.indexes(grouped.statements.part(chosen)))
        assert found == wanted[f"{group}Indexes"]


def test_the_derived_proof(vector: Any) -> None:
    reveal = sd.derive(vector["addSignedSDBase"], vector["selective"])
    assert (
        select(vector["document"], vector["mandatory"] + vector["selective"])
        == (vector["derivedUnsignedReveal"])
    )
    assert reveal == vector["derivedRevealDocument"]
    derived = sd.read_derived(reveal["proof"])
    wanted = vector["derivedDisclosureData"]
    assert derived.signature.hex() == wanted["baseSignature"]
    assert [part.hex() for part in derived.signatures] == wanted["signatures"]
    assert [part.hex() for part in derived.signatures] == (
        vector["derivedAdjSignatures"]["filteredSignatures"]
    )
    assert derived.mandatory == wanted["mandatoryIndexes"]
    labels = {f"c14n{n}": encode_base64url(part) for n, part in derived.labels.items()}
    assert labels == dict(wanted["labelMap"]["value"])


def test_verifying_the_derived_proof(vector: Any) -> None:
    reveal = vector["derivedRevealDocument"]
    unsecured = Unsecured.of(reveal)
    derived = sd.read_derived(reveal["proof"])
    lines = sd._with_labels(unsecured.document, derived.labels)
    assert lines == vector["verifyNQuads"]
    sd.check(unsecured, reveal["proof"], SECRET.public)
    for changed in (
        {**unsecured.document, "validFrom": "2030-01-01T00:00:00Z"},
        {**unsecured.document, "name": "More"},
        {key: part for key, part in unsecured.document.items() if key != "validUntil"},
        {key: part for key, part in unsecured.document.items() if key != "issuer"},
    ):
        with pytest.raises(ProofError):
            sd.check(Unsecured(changed), reveal["proof"], SECRET.public)


DID = f"did:key:{SECRET.public.to_multikey()}"
METHOD = f"{DID}#{SECRET.public.to_multikey()}"
SUBJECT = "/credentialSubject/achievement"


def with_base(mandatory: list[str] | None = None, **changes: Any) -> Any:
    """A badge whose issuer is a did:key, with a base proof."""
    document = badge(issuer={"id": DID, "type": ["Profile"], "name": "Works"}, **changes)
    if "credentialStatus" not in changes:
        del document["credentialStatus"]
    signer = LocalSigner(SECRET, verification_method=METHOD)
    return add_proof(document, signer=signer, created=NOW, suite=sd.NAME, mandatory=mandatory)


def code(document: Any) -> CheckCode:
    """What the check of the proof says, through the front door."""
    return verify(document, resolver=Documents(), now=NOW).check("proof").code


def test_a_holder_shows_a_part_of_a_badge() -> None:
    document = with_base()
    shown = sd.derive(document, [f"{SUBJECT}/name", f"{SUBJECT}/alignment/0"])
    assert verify(shown, resolver=Documents(), now=NOW).verified is True
    assert shown["issuer"] == document["issuer"]
    assert shown["validUntil"] == document["validUntil"]
    assert "evidence" not in shown
    assert "Łukasz" not in json.dumps(shown, ensure_ascii=False)
    achievement = shown["credentialSubject"]["achievement"]
    assert achievement.keys() == {"id", "type", "name", "alignment"}
    whole = sd.derive(document, [""])
    assert {**whole, "proof": 0} == {**document, "proof": 0}
    assert code(whole) is CheckCode.PROOF_VALID


def test_a_holder_cannot_leave_out_what_a_verifier_judges_by() -> None:
    entry = badge()["credentialStatus"]
    document = with_base(credentialStatus=entry)
    shown = sd.derive(document, ["/credentialSubject"])
    for member in ("credentialStatus", "validUntil", "validFrom", "issuer"):
        assert shown[member] == document[member]
        left = {key: part for key, part in shown.items() if key != member}
        with pytest.raises(ProofError):
            sd.check(Unsecured.of(left), shown["proof"], SECRET.public)


def test_a_base_proof_is_not_for_verifiers_and_a_derived_one_not_to_derive_from() -> None:
    document = with_base()
    report = verify(document, resolver=Documents(), now=NOW)
    assert report.check("proof").code is CheckCode.PROOF_INVALID
    assert "derive" in report.check("proof").data["reason"]
    sd.check_base(Unsecured.of(document), document["proof"], SECRET.public)
    changed = Unsecured.of({**document, "name": "x"})
    with pytest.raises(ProofError):
        sd.check_base(changed, document["proof"], SECRET.public)
    with pytest.raises(ProofError, match="0 base proofs"):
        sd.derive(sd.derive(document, [SUBJECT]), [SUBJECT])


def retold(document: Any, **parts: Any) -> Any:
    """The document with other parts in its derived proof."""
    derived = sd.read_derived(document["proof"])._replace(**parts)
    value = encode_base64url(bytes.fromhex("d95d01") + cbor.encode(derived))
    return {**document, "proof": {**document["proof"], "proofValue": value}}


def test_a_holder_cannot_put_parts_together_anew() -> None:
    document, other = with_base(), with_base(name="Another")
    shown = sd.derive(document, ["/name", "/credentialSubject", "/evidence"])
    derived = sd.read_derived(shown["proof"])
    assert code(retold(shown)) is CheckCode.PROOF_VALID
    from_other = sd.read_derived(sd.derive(other, ["/name"])["proof"])
    one, *_ = derived.labels
    for parts in (
        {"signatures": derived.signatures[1:]},
        {"signatures": derived.signatures[::-1]},
        {"signatures": [*derived.signatures, derived.signatures[0]]},
        {"signatures": from_other.signatures},
        {"public_key": from_other.public_key},
        {"public_key": bytes(35)},
        {"public_key": b"\x80\x24" + bytes(33)},
        {"signature": from_other.signature},
        {"mandatory": derived.mandatory[1:]},
        {"mandatory": [*derived.mandatory, derived.mandatory[0]]},
        {"mandatory": [*derived.mandatory, 10_000]},
        {"mandatory": []},
        {"mandatory": [-1]},
        {"mandatory": [False]},
        {"labels": {"0": bytes(32)}},
        {"signatures": [cbor.Tagged(64, bytes(64))]},
        {"labels": {}},
        {"labels": {**derived.labels, 10_000: bytes(32)}},
        {"labels": dict.fromkeys(derived.labels, derived.labels[one])},
    ):
        assert code(retold(shown, **parts)) is CheckCode.PROOF_INVALID
    assert code({**shown, "name": "Another"}) is CheckCode.PROOF_INVALID
    another = sd.derive(other, ["/name", "/credentialSubject", "/evidence"])
    assert code({**another, "proof": shown["proof"]}) is CheckCode.PROOF_INVALID


def test_two_of_a_kind_stay_two() -> None:
    evidence = [{"type": ["Evidence"], "name": name} for name in ("Same", "Same", "Other")]
    document = with_base(evidence=evidence)
    shown = sd.derive(document, ["/evidence/1", "/evidence/2/type", "/credentialSubject"])
    assert shown["evidence"] == [evidence[1], {"type": ["Evidence"]}]
    assert code(shown) is CheckCode.PROOF_VALID


def test_an_ordered_list_is_disclosed_whole() -> None:
    document = badge()
    described = document["credentialSubject"]["achievement"]["resultDescription"][0]
    described["allowedValue"] = ["low", "middle", "high"]
    document = with_base(credentialSubject=document["credentialSubject"])
    values = f"{SUBJECT}/resultDescription/0/allowedValue"
    shown = sd.derive(document, [values])
    assert code(shown) is CheckCode.PROOF_VALID
    assert shown["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"] == [
        "low",
        "middle",
        "high",
    ]
    with pytest.raises(ProofError, match="as a whole"):
        sd.derive(document, [f"{values}/1"])


def test_json_literals_are_left_as_they_are() -> None:
    literal = {"a": [{"b": 1}, {}], "c": {"type": "x"}}
    schema = {"id": "urn:x:1", "type": "JsonSchema", "jsonSchema": literal}
    shown = sd.derive(with_base(credentialSchema=schema), ["/credentialSubject"])
    assert shown["credentialSchema"] == schema
    assert code(shown) is CheckCode.PROOF_VALID


def test_a_named_blank_node_is_refused_where_a_part_would_lose_it() -> None:
    document = with_base(image={"id": "_:x", "type": "Image", "caption": "Badge"})
    assert code(sd.derive(document, ["/image", "/credentialSubject"])) is CheckCode.PROOF_VALID
    with pytest.raises(JsonLdError, match="named one by one"):
        with_base(name="_:x")


@pytest.mark.parametrize(
    "pointer",
    ["name", "/nothing", "/evidence/1", "/evidence/-", "/evidence/01", "/name/x", "/~2", "/a~", 4],
)
def test_pointers_that_lead_nowhere(pointer: Any) -> None:
    document = with_base()
    with pytest.raises(ProofError):
        sd.derive(document, [pointer])
    with pytest.raises(ProofError):
        with_base(mandatory=[pointer])


def test_nothing_at_all_cannot_be_shown() -> None:
    document = with_base(mandatory=[])
    with pytest.raises(ProofError, match="nothing"):
        sd.derive(document, [])
    assert code(sd.derive(document, ["/credentialSubject", "/issuer"])) is CheckCode.PROOF_VALID


def test_other_keys_and_chains_are_refused() -> None:
    secret = PrivateKey.generate(KeyType.P384)
    signer = LocalSigner(secret, verification_method=METHOD)
    with pytest.raises(ProofError, match="P-384"):
        add_proof(badge(), signer=signer, created=NOW, suite=sd.NAME)
    signer = LocalSigner(SECRET, verification_method=METHOD)
    first = add_proof(
        badge(), signer=signer, created=NOW, suite="ecdsa-rdfc-2019", proof_id="urn:x:1"
    )
    with pytest.raises(ProofError, match="other proofs"):
        add_proof(first, signer=signer, created=NOW, suite=sd.NAME, previous_proof="urn:x:1")
    with pytest.raises(ProofError, match="leave mandatory out"):
        add_proof(first, signer=signer, created=NOW, suite="ecdsa-rdfc-2019", mandatory=["/name"])


POINTERS = st.lists(
    st.sampled_from(
        [
            "",
            "/@context",
            "/@context/0",
            "/name",
            "/type/0",
            "/issuer/name",
            "/evidence",
            "/evidence/0",
            "/evidence/0/name",
            "/evidence/1/narrative",
            "/credentialSubject",
            "/credentialSubject/identifier/0/identityHash",
            f"{SUBJECT}/criteria",
            f"{SUBJECT}/alignment",
            f"{SUBJECT}/resultDescription/0/name",
            "/credentialSubject/result/0/status",
        ]
    ),
    min_size=1,
    max_size=8,
)
EVIDENCE = [{"type": ["Evidence"], "name": "A", "narrative": text} for text in ("x", "y")]
FIXED = with_base(evidence=EVIDENCE)


@settings(max_examples=60, deadline=None)
@given(POINTERS)
def test_any_choice_verifies_and_shows_no_more_than_the_document(pointers: list[str]) -> None:
    before = copy.deepcopy(FIXED)
    shown = sd.derive(FIXED, [*pointers, "/credentialSubject/type"])
    assert before == FIXED
    assert code(shown) is CheckCode.PROOF_VALID
    assert within(shown, {**FIXED, "proof": shown["proof"]})
    assert shown["@context"] == FIXED["@context"]


def within(part: Any, whole: Any) -> bool:
    """Whether everything in the part is in the whole, lists being shorter at most."""
    if isinstance(part, dict):
        return all(key in whole and within(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        places = iter(whole)
        return all(any(within(value, other) for other in places) for value in part)
    return bool(part == whole)


@given(st.binary(max_size=80), st.sampled_from([b"", b"\xd9\x5d\x00\x85", b"\xd9\x5d\x01\x85"]))
def test_any_bytes_end_in_a_proof_error(data: bytes, header: bytes) -> None:
    proof = {"cryptosuite": sd.NAME, "proofValue": encode_base64url(header + data)}
    for read in (sd.read_base, sd.read_derived):
        with pytest.raises(ProofError):
            read(proof)
