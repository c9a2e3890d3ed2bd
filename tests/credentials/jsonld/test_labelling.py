"""Canonical labels: the W3C's test suite of RDFC-1.0, and the quick way against the full one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.credentials import JsonLdError, canonicalize
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.labelling import canonicalize_quads, canonicalize_with
from guildmark.credentials.jsonld.quads import Quad, to_quads
from tests.credentials.builders import badge

SUITE = json.loads((Path(__file__).parent / "data" / "rdfc10.json").read_text("utf-8"))


def read(text: str) -> list[Quad]:
    """The quads of N-Quads text, as pyoxigraph reads it."""
    return [
        Quad(
            str(quad.subject),
            str(quad.predicate),
            str(quad.object),
            "" if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else str(quad.graph_name),
        )
        for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS)
    ]


@pytest.mark.parametrize("case", SUITE["cases"], ids=lambda case: f"{case['id']} {case['name']}")
def test_the_published_suite(case: dict[str, Any]) -> None:
    quads = read(case["quads"])
    if case.get("refused"):
        with pytest.raises(JsonLdError, match="unbounded time"):
            canonicalize_quads(quads, case["hash"])
        return
    lines, labels = canonicalize_quads(quads, case["hash"])
    if "labels" in case:
        assert {old[2:]: new[2:] for old, new in labels.items()} == case["labels"]
    else:
        assert "".join(lines) == case["canonical"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=6), st.booleans())
def test_both_ways_give_one_text(names: list[str], listed: bool) -> None:
    document = badge(evidence=[{"type": ["Evidence"], "name": name} for name in names] or [])
    if listed:
        described = document["credentialSubject"]["achievement"]["resultDescription"][0]
        described["allowedValue"] = names
    lines, labels = canonicalize_quads(to_quads(expand(document)))
    assert "".join(lines) == canonicalize(document)
    assert len(set(labels.values())) == len(labels)


def test_a_longer_hash_gives_other_labels() -> None:
    assert canonicalize_with(badge(), "sha256") == canonicalize(badge())
    assert canonicalize_with(badge(), "sha384") != canonicalize(badge())


def test_long_lists_that_look_alike_end() -> None:
    first = [
        Quad(f"_:a{side}{n}", "<urn:p>", f"_:a{side}{n + 1}", "")
        for side in range(2)
        for n in range(400)
    ]
    with pytest.raises(JsonLdError, match="unbounded time"):
        canonicalize_quads(first)


def test_a_graph_counts_for_each_of_its_statements() -> None:
    """Found by fuzzing: pyoxigraph, which labelled such graphs before, counts it once, and its
    labels are others than the specification's (RDFC-1.0, section 4.8.3, step 3.1.2) and npm's."""
    quads = read(
        """_:b0 <urn:p:1> _:b2 .
        _:b3 <urn:p:1> _:b5 .
        _:b0 <urn:p:0> _:b3 _:b4 .
        _:b3 <urn:p:0> _:b0 _:b4 .
        _:b1 <urn:p:2> _:b3 .
        _:b7 <urn:p:2> _:b0 .
        _:b2 <urn:p:2> _:b2 .
        _:b2 <urn:p:2> <urn:x:y> .
        _:b1 <urn:p:1> <urn:x:y> ."""
    )
    # As rdf-canonize 5.0.0 of npm writes it.
    expected = """_:c14n2 <urn:p:2> <urn:x:y> .
_:c14n2 <urn:p:2> _:c14n2 .
_:c14n3 <urn:p:1> <urn:x:y> .
_:c14n3 <urn:p:2> _:c14n6 .
_:c14n4 <urn:p:2> _:c14n5 .
_:c14n5 <urn:p:0> _:c14n6 _:c14n1 .
_:c14n5 <urn:p:1> _:c14n2 .
_:c14n6 <urn:p:0> _:c14n5 _:c14n1 .
_:c14n6 <urn:p:1> _:c14n0 .
"""
    assert "".join(canonicalize_quads(quads)[0]) == expected


def test_a_graph_of_many_statements_that_look_alike() -> None:
    """The orders of one name for each of its statements are one order."""
    quads = [
        Quad(f"_:s{side}", f"<urn:p:{number}>", f'"{number}"', f"_:g{side}")
        for side in range(40)
        for number in range(30)
    ]
    assert len(canonicalize_quads(quads)[0]) == 1_200


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(JsonLdError, match="surrogate"):
        canonicalize_quads([Quad("_:a", "<urn:p>", '"\ud800"', "")])
