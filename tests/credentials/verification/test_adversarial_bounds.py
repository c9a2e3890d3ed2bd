"""Inputs made to crash a verifier, to keep it busy, or to fill its memory.

Each once did, found by fuzzing (docs/fuzzing.md) or by thinking of what grows faster than its
input. Times are of the processor, memory is what Python asked for.
"""

from __future__ import annotations

import contextlib
import copy
import json
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from guildmark.credentials import (
    CarrierError,
    CheckCode,
    Expected,
    JsonLdError,
    Report,
    UnreadableError,
    canonicalize,
    did_document,
    read_json,
    verify,
)
from guildmark.credentials.carriers import svg
from guildmark.credentials.carriers.bundle import read_bundle
from guildmark.credentials.identifiers import controllers
from guildmark.credentials.jsonld import expansion, shapes
from guildmark.credentials.proofs import hashing
from guildmark.credentials.proofs.jose import envelopes, vc_jwt
from guildmark.credentials.verification.lookalikes import warnings_of
from tests.credentials.builders import DID, NOW, Documents, badge, signed, signer
from tests.credentials.carriers import files
from tests.credentials.verification.test_adversarial import about, forged, world

MEGABYTE = 1 << 20
PATIENCE = 60.0
"""Seconds of the processor."""


@contextmanager
def within(*, megabytes: float | None = None) -> Iterator[None]:
    """Holds the block to some of the processor's time, and to this memory where it is named.

    The bound on time is wide, for slow and busy machines: each of these inputs ends in a second
    or two. It is there for what would take minutes or never end.
    """
    if megabytes is not None:
        tracemalloc.start()
    start = time.process_time()
    yield
    assert time.process_time() - start < PATIENCE
    if megabytes is not None:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < megabytes * MEGABYTE


def report(given: Any, resolver: Documents | None = None, **asked: Any) -> Report:
    """The report, which must come, must be writable as JSON, and must not be good."""
    found = verify(given, resolver=resolver or world(), **{"now": NOW, **asked})
    json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False).encode()
    assert found.verified is not True
    return found


# What ended in an error of Python's.


@pytest.mark.parametrize("number", [10**25, -(2**63) - 1, 2**64])
def test_a_long_number_in_a_proof(number: int) -> None:
    document = signed()
    document["proof"]["nonce"] = number
    assert report(json.dumps(document)).check("proof").code is CheckCode.PROOF_INVALID
    assert report(document).check("proof").code is CheckCode.PROOF_INVALID


HALF = "\ud800"


@pytest.mark.parametrize(
    "where",
    [(HALF,), ("name",), ("proof", "nonce"), ("proof", HALF), ("issuer", "id"), ("issuer", "name")],
)
def test_half_a_character_is_no_text(where: tuple[str, ...]) -> None:
    document = signed()
    part: Any = document
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = HALF
    for given in (json.dumps(document), json.dumps(document).encode(), document):
        found = report(given)
        assert found.check("structure").code is CheckCode.STRUCTURE_INVALID
        assert "half a character" in found.check("structure").data["reason"]


@pytest.mark.parametrize("member", ["identityHash", "salt"])
def test_half_a_character_in_an_identity(member: str) -> None:
    document = badge()
    identity = document["credentialSubject"]["identifier"][0]
    identity |= {"hashed": member == "salt", member: HALF}
    report(json.dumps(document), expected=Expected(recipient=("name", "x")))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"", {1: 2}, {"x"}, NOW])
def test_a_parsed_document_holds_only_json(value: Any) -> None:
    for document in ({**signed(), "x": value}, {**signed(), "x": [{"y": value}]}):
        assert report(document).check("structure").code is CheckCode.STRUCTURE_INVALID
    assert verify({**signed(), "x": None}, resolver=world(), now=NOW).check("structure").code == (
        "structure.ok"
    )


@pytest.mark.parametrize("issuer", ["https://[x", "https://℀.example", "https://x:y", "https:"])
def test_an_issuer_at_an_address_that_is_none(issuer: str) -> None:
    document = about(issuer={"id": issuer, "type": ["Profile"]})
    found = report(vc_jwt.issue(document, signer(), bring_key=True))
    assert found.check("issuer").code is not CheckCode.ISSUER_BOUND
    header = {"alg": "EdDSA", "kid": "1", "typ": "dc+sd-jwt"}
    found = report(forged(header, {"iss": issuer, "vct": "x"}) + "~")
    assert found.check("proof").code is not CheckCode.PROOF_VALID


def test_an_issuer_with_too_many_keys() -> None:
    resolver = world(**{DID: {**did_document(DID, []), "assertionMethod": ["#x"] * 1_001}})
    token = vc_jwt.issue(about(), signer(), bring_key=True)
    assert report(token, resolver).check("issuer").code is not CheckCode.ISSUER_BOUND


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_bundle_captured_at_the_end_of_time(year: str) -> None:
    captured = f"{year}-01-01T00:00:00+14:00" if year == "0001" else f"{year}-12-31T23:59:59-14:00"
    document = {"address": "did:x:y", "captured": captured, "text": "{}"}
    whole = {"type": "CredentialBundle", "version": 1, "credential": "{}", "documents": [document]}
    with pytest.raises(CarrierError, match="captured"):
        read_bundle(json.dumps(whole).encode())


# What took the square of its length, or worse.


def test_a_key_that_occurs_twice_among_many() -> None:
    members = ",".join(f'"{number:x}":0' for number in range(90_000))
    with within(), pytest.raises(UnreadableError, match="'15f8f' occurs twice"):
        read_json("{" + members + ',"15f8f":0}')


@pytest.mark.parametrize(
    "host", ["xn--" + "a" * 4_000_000 + "-" + "b" * 3_000_000, "xn--a." * 1_500_000]
)
def test_a_host_that_takes_long_to_decode(host: str) -> None:
    with within():
        warnings_of(None, f"https://{host}")
        warnings_of(None, f"did:web:{host}")


def test_a_controller_with_many_descriptions_of_few_keys() -> None:
    document: dict[str, Any] = {"id": "did:x:1"}
    for name in ("verificationMethod", *controllers.RELATIONSHIPS):
        document[name] = [{"id": f"did:x:1#{number % 2}"} for number in range(1_000)]
    with within():
        assert list(controllers.methods_for(document)) == []


def cliques(number: int, size: int) -> list[dict[str, Any]]:
    kind = {"type": ["Profile"]}
    return [
        {
            "id": f"_:c{clique}n{a}",
            **kind,
            "parentOrg": [{"id": f"_:c{clique}n{b}", **kind} for b in range(size) if b != a],
        }
        for clique in range(number)
        for a in range(size)
    ]


@pytest.mark.parametrize(("number", "size"), [(100, 6), (150, 5)])
def test_many_small_poison_graphs(number: int, size: int) -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["creator"] = cliques(number, size)
    with within(), pytest.raises(JsonLdError, match="unbounded time"):
        canonicalize(document)


def test_a_few_small_poison_graphs_have_a_canonical_form() -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["creator"] = cliques(3, 5)
    assert canonicalize(document)


@pytest.mark.parametrize("hubs", [1, 2, 4])
def test_many_alike_around_a_few_hubs(hubs: int) -> None:
    kind = {"type": ["Profile"]}
    document = badge()
    document["credentialSubject"]["achievement"]["creator"] = [
        {
            "id": f"_:a{number}",
            **kind,
            "parentOrg": [{"id": f"_:hub{hub}", **kind} for hub in range(hubs)],
        }
        for number in range(1_900 // hubs)
    ]
    with within(), contextlib.suppress(JsonLdError):
        canonicalize(document)


def test_contexts_combined_in_a_thousand_ways() -> None:
    names = badge()["@context"]
    parts = [
        {"@context": [names[number >> bit & 1] for bit in range(7)], "type": ["Evidence"]}
        for number in range(1 << 7)
    ]
    nested = [
        {**part, "@context": [*part["@context"], name]} for part in parts for name in [*names, ""]
    ]
    document = badge(evidence=nested[: 3 * (1 << 7)])
    for part in nested[2::3]:
        part["@context"].pop()
    with within(), pytest.raises(JsonLdError, match="combines contexts"):
        canonicalize(document)
    assert len(nested) > expansion.MAX_COMBINED


# What filled the memory.


def test_places_below_a_name_that_fills_the_document() -> None:
    document = {**signed(), "endorsement": [], "k" * 300_000: [[] for _ in range(15_000)]}
    with within(megabytes=50):
        report(document)


def test_where_an_endorsement_stands_is_cut_short() -> None:
    document = {**signed(), "k" * 2_000: [{"endorsement": ["x"]}]}
    (told,) = report(document).check("endorsements").data["endorsements"]
    assert told["where"] == "/" + "k" * 499


@pytest.mark.parametrize("filler", ["[]", "{}", "0", '""'])
def test_a_bundle_of_other_things_than_texts(filler: str) -> None:
    data = '{"type":"CredentialBundle","x":[' + f"{filler}," * 3_000_000 + f"{filler}]}}"
    with within(megabytes=70), pytest.raises(CarrierError, match="other things than texts"):
        read_bundle(data.encode())


@pytest.mark.parametrize("unit", ["a{0}=''", "p:a{0}=''", "xmlns:a{0}='u{0}'"])
def test_a_picture_of_attributes(unit: str) -> None:
    many = " ".join(unit.format(number) for number in range(900_000))[: svg.MAX_PICTURE - 200]
    many = many[: many.rindex(" ")]
    picture = files.drawing(attributes=f" xmlns:p='u' {many}")
    with within(megabytes=120), pytest.raises(CarrierError, match="no credential"):
        svg.unbake(picture)


def test_documents_of_ever_new_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_KEPT", 3_000)
    shapes._forget()
    for number in range(40):
        part = {"type": ["Evidence"], "name": "n" * 1_000}
        canonicalize(badge(id="urn:x:" + "i" * 1_000, evidence=[part] * number))
        assert shapes._SIZES["kept"] <= 3_000
    assert len(shapes._KEPT) < 20
    assert "n" * 1_000 not in json.dumps([shape._model for shape in shapes._KEPT.values()])


def test_long_options_of_a_proof_are_not_kept() -> None:
    document = signed()
    before = hashing._kept_hash.cache_info().currsize
    document["proof"]["nonce"] = "n" * 10_000
    report(document)
    assert hashing._kept_hash.cache_info().currsize == before


def test_a_shape_is_not_changed_by_whoever_changes_the_document() -> None:
    """It was kept with the document itself, and what tells the shape was written later from it:
    another shape's documents were then read by a template that was not theirs."""
    shapes._forget()
    first = badge(id="urn:x:1")
    later = copy.deepcopy(first)
    later["evidence"][0] = {"type": ["Evidence"], "narrative": "Seen.", "name": "Notes"}
    plain = canonicalize(copy.deepcopy(later))
    shapes._forget()
    canonicalize(first)
    first["evidence"][0] = copy.deepcopy(later["evidence"][0])
    for _ in range(3):
        canonicalize(badge(id="urn:x:1"))
    for _ in range(3):
        assert canonicalize(copy.deepcopy(later)) == plain


def test_a_list_in_an_envelope_with_a_long_number_is_kept() -> None:
    resolver = Documents(revoked=frozenset({94567}))
    url = next(name for name in resolver.known if name != DID)
    listed = {name: part for name, part in resolver.known[url].items() if name != "proof"}
    envelope = envelopes.envelop(envelopes.secure(listed, signer()), envelopes.TokenFormat.VC)
    resolver.known[url] = {**envelope, "x": 10**29}
    for _ in range(2):
        assert report(signed(), resolver).check("status").code is CheckCode.STATUS_REVOKED
