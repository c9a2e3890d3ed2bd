"""From a JSON-LD document to the canonical N-Quads that proofs are made over.

RDF Dataset Canonicalization 1.0 (RDFC-1.0, https://www.w3.org/TR/rdf-canon/) with SHA-256. Where
every blank node differs at first sight, the labels follow from the first-degree hashes alone and
are given here; else `labelling` gives them, within bounds.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Set

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import labelling, shapes
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.quads import Quad, to_quads
from guildmark.credentials.model.reading import Json


def canonicalize(document: Json) -> str:
    """The canonical N-Quads of a document, one quad a line.

    Raises JsonLdError for a member that no context defines (it would be dropped unsigned), a
    relative identifier (implementations disagree on it), a context that is not bundled, or a
    graph whose blank nodes are so alike that labelling them could take unbounded time.
    """
    return canonical_of(document, shapes.read(document))


def canonical_of(document: Json, shaped: shapes.Shaped | None) -> str:
    """The same of a document that was read by its shape, or has none."""
    if shaped is None:
        canonical = canonicalize_quads(to_quads(expand(document)))
    else:
        template = shaped.form.template
        found = template.canonical(shaped.filled)
        if found is None:
            shapes.counts["labelled"] += 1
            found = canonicalize_quads(template.quads(shaped.filled))
        canonical = found
    if not canonical.isascii():
        try:
            canonical.encode()
        except UnicodeEncodeError as error:
            message = "a text holds half of a surrogate pair, which is no character"
            raise JsonLdError(message) from error
    return canonical


def canonicalize_quads(quads: list[Quad]) -> str:
    touching: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        for node in _blank_nodes(quad):
            touching[node].append(quad)
    if len(touching) > labelling.MAX_BLANK_NODES:
        raise JsonLdError(f"the document has over {labelling.MAX_BLANK_NODES} unnamed nodes")
    hashes = {node: _first_degree_hash(node, around) for node, around in touching.items()}
    if len(set(hashes.values())) == len(hashes):
        # Section 4.4.3, step 4: a node whose hash is its own is labelled in the hashes' order.
        ordered = sorted(hashes, key=hashes.__getitem__)
        labels = {node: f"_:c14n{number}" for number, node in enumerate(ordered)}
        return "".join(sorted(_relabelled(quad, labels).line() for quad in quads))
    return "".join(labelling.canonicalize_quads(quads)[0])


def _blank_nodes(quad: Quad) -> Set[str]:
    # Predicates are never blank, and a literal begins with a quotation mark.
    return {term for term in (quad.subject, quad.object, quad.graph) if term[:2] == "_:"}


def _relabelled(quad: Quad, labels: Mapping[str, str]) -> Quad:
    return Quad(
        labels.get(quad.subject, quad.subject),
        quad.predicate,
        labels.get(quad.object, quad.object),
        labels.get(quad.graph, quad.graph),
    )


def _first_degree_hash(node: str, quads: list[Quad]) -> str:
    """RDFC-1.0, section 4.6 (hash first degree quads)."""

    def shown(term: str) -> str:
        if term[:2] != "_:":
            return term
        return "_:a" if term == node else "_:z"

    lines = sorted(
        Quad(shown(q.subject), q.predicate, shown(q.object), shown(q.graph)).line() for q in quads
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
