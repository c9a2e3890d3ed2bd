"""Kept shapes against the plain way: the same statements or the same refusal, for any document."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.credentials import JsonLdError, canonicalize
from guildmark.credentials.jsonld import shapes
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.labelling import canonicalize_quads
from guildmark.credentials.jsonld.quads import to_quads
from tests.credentials.builders import badge
from tests.credentials.jsonld.test_canonical import by_others

HARD = '"\\\n\r\t\b\f\x00\x1f\x7f\x85\u2028\u00a0é漢😀%{}<>_: @'
TEXTS = st.one_of(
    st.text(st.sampled_from(HARD), max_size=6),
    st.text(max_size=8),
    st.sampled_from(["Completed", "urn:x:1", "@id", "id", "_:b0", "%s", "%d%%", "same", ""]),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            "https://works.example/a/1",
            "https://works.example/a/1#x",
            "https://works.example/a",
            "urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f",
            "did:web:works.example",
            "mailto:a@b.example",
            "_:b0",
            "_:c14n0",
            "relative",
            "Completed",
            "name:tag",
            "tag:works.example,2026:1",
            "https://works.example/with space",
            "https://works.example/é",
            "@id",
            "",
        ]
    ),
    st.integers(0, 3).map(lambda number: f"https://works.example/{number}"),
)
FULL_NAMES = st.integers(0, 5).map(lambda number: f"https://works.example/{number}")
NUMBERS = st.one_of(
    st.integers(-3, 3), st.integers(), st.floats(), st.sampled_from([1.0, 2**53, 1e21, 0.5])
)


def optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these members."""
    return st.fixed_dictionaries({}, optional=members)


PLACED_TEXTS = st.one_of(
    TEXTS,
    st.lists(TEXTS, max_size=3),
    st.fixed_dictionaries(
        {"@value": TEXTS},
        optional={"@language": st.sampled_from(["en", "EN-gb", "no tag", "de"])},
    ),
)
ALIGNMENTS = optional(
    type=st.sampled_from(["Alignment", ["Alignment"], ["Alignment", "Evidence"], []]),
    targetName=PLACED_TEXTS,
    targetUrl=TEXTS,
    targetType=st.sampled_from(["CTDL", "ceasn:Competency", "ext:own"]),
)
RESULTS = optional(
    type=st.just(["Result"]),
    resultDescription=NAMES,
    status=st.sampled_from(["Completed", "Failed", "https://works.example/own"]),
    value=TEXTS,
    alignment=st.lists(ALIGNMENTS, max_size=2),
)
CHANGES = optional(
    id=NAMES,
    name=PLACED_TEXTS,
    description=PLACED_TEXTS,
    image=st.one_of(NAMES, optional(id=NAMES, type=st.just("Image"), caption=TEXTS)),
    issuer=st.one_of(NAMES, optional(id=NAMES, type=st.just(["Profile"]), name=PLACED_TEXTS)),
    evidence=st.lists(
        st.one_of(NAMES, optional(id=FULL_NAMES, type=st.just(["Evidence"]), narrative=TEXTS)),
        max_size=3,
    ),
)
ACHIEVEMENTS = optional(
    id=NAMES,
    name=TEXTS,
    creditsAvailable=NUMBERS,
    tag=st.lists(TEXTS, max_size=3),
    creator=optional(id=NAMES, type=st.just(["Profile"]), name=TEXTS),
    alignment=st.lists(ALIGNMENTS, max_size=3),
    resultDescription=st.lists(
        optional(
            id=NAMES,
            type=st.just(["ResultDescription"]),
            allowedValue=st.lists(TEXTS, max_size=3),
            valueMin=st.one_of(TEXTS, NUMBERS),
        ),
        max_size=2,
    ),
)


def plain(document: Any) -> str | None:
    """The canonical form without kept shapes; None where the document is refused."""
    try:
        return "".join(canonicalize_quads(to_quads(expand(document)))[0])
    except JsonLdError:
        return None


def kept(document: Any) -> str | None:
    """The canonical form; None where the document is refused."""
    try:
        return canonicalize(document)
    except JsonLdError:
        return None


@settings(max_examples=300, deadline=None)
@given(CHANGES, ACHIEVEMENTS, st.lists(RESULTS, max_size=3))
def test_any_badge(changes: Any, achievement: Any, results: Any) -> None:
    document = badge(**changes)
    subject = document["credentialSubject"]
    subject["achievement"].update(achievement)
    subject["result"] = results
    expected = plain(document)
    for _ in range(3):  # compiled, filled, filled by the written-out walk
        assert kept(copy.deepcopy(document)) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, TEXTS, NAMES, TEXTS), min_size=2, max_size=4))
def test_documents_of_one_shape(fillings: list[tuple[str, str, str, str]]) -> None:
    # What a document before left behind must never show in the next.
    for name, text, evidence, narrative in fillings:
        document = badge(
            id=name,
            name=text,
            evidence=[
                {"id": evidence, "type": ["Evidence"], "narrative": narrative},
                {"id": name, "type": ["Evidence"], "narrative": text},
            ],
        )
        assert kept(document) == plain(document)


@settings(max_examples=100, deadline=None)
@given(NUMBERS, NUMBERS)
def test_numbers_of_one_shape(first: float, second: float) -> None:
    for number in (first, second, first):
        document = badge()
        document["credentialSubject"]["achievement"]["creditsAvailable"] = number
        assert kept(document) == plain(document)


def test_equal_names_merge_their_statements() -> None:
    for name in ("https://works.example/b", "https://works.example/a/1", "did:web:works.example"):
        document = badge(evidence=[{"id": name, "type": ["Evidence"], "name": "Notes"}] * 2)
        assert canonicalize(document) == plain(document)


def test_a_shape_that_has_a_json_value_takes_the_plain_way() -> None:
    document = badge(
        credentialSchema={
            "id": "https://works.example/schema",
            "type": "JsonSchemaCredential",
        }
    )
    assert canonicalize(document) == plain(document)


def test_a_shape_is_read_once() -> None:
    canonicalize(badge())
    before = shapes.counts.copy()
    for number in range(5):
        canonicalize(badge(id=f"urn:x:{number}", name=f"Badge {number}"))
    done = shapes.counts - before
    assert done["filled"] == 5
    assert not done["plain"]
    assert not done["compiled"]


def test_results_that_look_alike_from_their_subject() -> None:
    # From the subject, statements to several unnamed results are one line each, and all count.
    document = badge()
    document["credentialSubject"]["result"] = [{}, {"type": ["Result"]}]
    assert kept(document) == plain(document) == by_others(document)


def test_equal_texts_are_one_statement() -> None:
    document = badge()
    evidence = {"type": ["Evidence"], "name": "Notes"}
    document["evidence"] = [{**evidence, "narrative": text} for text in (["a", "b"], ["c", "c"])]
    for _ in range(3):
        assert kept(document) == plain(document) == by_others(document)


def test_an_odd_document_costs_the_others_nothing() -> None:
    canonicalize(badge())
    for odd in ("_:x", "relative", "name:x"):
        assert kept(badge(id=odd)) == plain(badge(id=odd))
    before = shapes.counts.copy()
    for number in range(5):
        canonicalize(badge(id=f"urn:odd:{number}"))
    assert (shapes.counts - before)["filled"] == 5


@pytest.mark.parametrize("deep", [70, 2_000])
def test_deep_nesting_is_no_crash(deep: int) -> None:
    value: Any = {"type": ["Profile"], "name": "end"}
    for _ in range(deep):
        value = {"type": ["Profile"], "parentOrg": value}
    with pytest.raises(JsonLdError):
        canonicalize(badge(issuer=value))
