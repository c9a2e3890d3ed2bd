"""From a JSON-LD document to the canonical N-Quads that proofs are made over.

RDF Dataset Canonicalization 1.0 (RDFC-1.0, https://www.w3.org/TR/rdf-canon/) with SHA-256. Where
every blank node differs at first sight, the labels follow from the first-degree hashes alone and
are given here; else pyoxigraph gives them, within bounds.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Set

import pyoxigraph

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import shapes
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.quads import Quad, to_quads
from guildmark.credentials.model.reading import Json

MAX_BLANK_NODES = 2_000
MAX_ALIKE = 6
MAX_ORDERS = 10_000


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
    if len(touching) > MAX_BLANK_NODES:
        raise JsonLdError(f"the document has over {MAX_BLANK_NODES} unnamed nodes")
    hashes = {node: _first_degree_hash(node, around) for node, around in touching.items()}
    if len(set(hashes.values())) == len(hashes):
        # Section 4.4.3, step 4: a node whose hash is its own is labelled in the hashes' order.
        ordered = sorted(hashes, key=hashes.__getitem__)
        labels = {node: f"_:c14n{number}" for number, node in enumerate(ordered)}
        return "".join(sorted(_relabelled(quad, labels).line() for quad in quads))
    _bound_labelling(touching, hashes)
    return _labelled_by_pyoxigraph(quads)


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


def _bound_labelling(touching: Mapping[str, list[Quad]], hashes: Mapping[str, str]) -> None:
    """Refuse a graph in which many connected blank nodes look alike at first sight.

    RDFC-1.0 tries every order of blank nodes that share a first-degree hash and are related to
    each other, which is factorial in the size of such a group (section 7.1, "dataset poisoning").
    """
    counts = Counter(hashes.values())
    alike = {node for node, digest in hashes.items() if counts[digest] > 1}
    orders = 0
    while alike:
        group, queue = 0, [alike.pop()]
        while queue:
            node = queue.pop()
            group += 1
            near = {other for quad in touching[node] for other in _blank_nodes(quad)} & alike
            alike -= near
            queue.extend(near)
        if group > MAX_ALIKE:
            raise JsonLdError(
                f"{group} connected unnamed nodes look alike: "
                "putting them in canonical order could take unbounded time"
            )
        orders += math.factorial(group)
        if orders > MAX_ORDERS:
            raise JsonLdError(
                "so many unnamed nodes look alike that putting them in canonical order "
                "could take unbounded time"
            )


def _labelled_by_pyoxigraph(quads: list[Quad]) -> str:
    text = "".join(quad.line() for quad in quads)
    try:
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise JsonLdError(f"the document gives a statement that is not valid: {error}") from error
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))
