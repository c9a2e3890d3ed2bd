"""Our statements and labels against PyLD's and pyoxigraph's, which were written by others."""

from __future__ import annotations

from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from guildmark.credentials import canonicalize
from guildmark.credentials.jsonld import contexts
from tests.credentials.builders import badge, signed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def by_others(document: dict[str, Any]) -> str:
    """Canonical N-Quads by PyLD's expansion and pyoxigraph's labels."""
    options = {"documentLoader": contexts.load, "base": None, "format": "application/n-quads"}
    statements = jsonld.to_rdf(document, options)
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(statements, format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def test_a_badge_and_a_proof() -> None:
    document = badge()
    assert canonicalize(document) == by_others(document)
    proof = signed()["proof"] | {"@context": document["@context"]}
    del proof["proofValue"]
    assert canonicalize(proof) == by_others(proof)


def test_an_embedded_proof_stands_in_its_own_graph() -> None:
    document = signed()
    assert canonicalize(document) == by_others(document)


def test_lists_are_kept_in_order() -> None:
    document = badge()
    described = document["credentialSubject"]["achievement"]["resultDescription"][0]
    described["allowedValue"] = ["low", "middle", "high"]
    made = canonicalize(document)
    assert made == by_others(document)
    described["allowedValue"].reverse()
    assert canonicalize(document) != made


def test_nodes_that_look_alike() -> None:
    alike = [{"type": ["Evidence"], "name": "Same"} for _ in range(5)]
    document = badge(evidence=alike)
    assert canonicalize(document) == by_others(document)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_any_text_and_number(name: str, narrative: str, hours: float) -> None:
    document = badge(name=name, evidence=[{"type": ["Evidence"], "narrative": narrative}])
    document["credentialSubject"]["achievement"]["creditsAvailable"] = hours
    assert canonicalize(document) == by_others(document)


@pytest.mark.parametrize(
    ("number", "text"),
    [(3, "3"), (3.0, "3"), (5.5, "5.5E0"), (1e-7, "1.0E-7"), (0.1, "1.0E-1"), (1e21, "1.0E21")],
)
def test_numbers(number: float, text: str) -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["creditsAvailable"] = number
    assert f'"{text}"^^<https://www.w3.org/2001/XMLSchema#float>' in canonicalize(document)


def test_language_tags_are_lower_case() -> None:
    # As jsonld.js does: the language of a text is the same in either case.
    named = {"@value": "Badge", "@language": "en-GB"}
    assert '"Badge"@en-gb' in canonicalize(badge(name=named))
