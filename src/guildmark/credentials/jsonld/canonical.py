"""From a JSON-LD document to the canonical N-Quads that proofs are made over.

RDF Dataset Canonicalization 1.0 (RDFC-1.0, https://www.w3.org/TR/rdf-canon/) with SHA-256. Where
every blank node of a known shape differs at first sight, its template gives the text; else
`labelling` does.
"""

from __future__ import annotations

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import shapes
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.labelling import canonicalize_quads
from guildmark.credentials.jsonld.quads import to_quads
from guildmark.credentials.model.reading import Json


def canonicalize(document: Json) -> str:
    """The canonical N-Quads of a document (RDF Dataset Canonicalization 1.0,
    https://www.w3.org/TR/rdf-canon/), one quad a line.

    Raises JsonLdError for a member that no context defines (it would be dropped unsigned), a
    relative identifier (implementations disagree on it), a context that is not bundled, or a
    graph whose blank nodes are so alike that labelling them could take unbounded time.
    """
    return canonical_of(document, shapes.read(document))


def canonical_of(document: Json, shaped: shapes.Shaped | None) -> str:
    """The same of a document that was read by its shape, or has none."""
    if shaped is None:
        return "".join(canonicalize_quads(to_quads(expand(document)))[0])
    template = shaped.form.template
    canonical = template.canonical(shaped.filled)
    if canonical is None:
        shapes.counts["labelled"] += 1
        return "".join(canonicalize_quads(template.quads(shaped.filled))[0])
    if not canonical.isascii():
        try:
            canonical.encode()
        except UnicodeEncodeError as error:
            message = "a text holds half of a surrogate pair, which is no character"
            raise JsonLdError(message) from error
    return canonical
