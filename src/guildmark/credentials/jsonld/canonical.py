"""From a JSON-LD document to the canonical N-Quads that proofs are made over.

RDF Dataset Canonicalization 1.0 (RDFC-1.0, https://www.w3.org/TR/rdf-canon/) over the quads of
JSON-LD 1.1 (https://www.w3.org/TR/json-ld11-api/). PyLD expands, pyoxigraph labels.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pyoxigraph
from pyld import jsonld

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import contexts
from guildmark.credentials.model.reading import Json

MAX_BLANK_NODES = 2_000
MAX_ALIKE = 6
_ABSOLUTE = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*$")


def canonicalize(document: Json) -> str:
    """The canonical N-Quads of a document, one quad a line.

    Raises JsonLdError for a term that no context defines (it would be dropped unsigned), a
    relative identifier (implementations disagree on it), an unknown context, or a graph whose
    blank nodes are so alike that labelling them could take unbounded time.
    """
    quads = _quads(document)
    _bound_labelling(quads)
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n" for quad in dataset)
    return "".join(lines)


def _quads(document: Json) -> list[pyoxigraph.Quad]:
    dropped: list[str] = []

    def drop(key: str | None) -> None:
        if key is not None and not key.startswith("@"):
            dropped.append(key)

    # With a base of "", PyLD resolves against one it invents; None leaves names as they are.
    options: dict[str, Any] = {"documentLoader": contexts.load, "base": None}
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=drop)
        if dropped:
            raise JsonLdError(
                f"no context defines {', '.join(sorted(set(dropped))[:5])}: "
                "what no context defines is not protected by the signature"
            )
        _require_absolute(expanded)
        nquads = jsonld.to_rdf(expanded, options | {"format": "application/n-quads"})
    except jsonld.JsonLdError as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, JsonLdError):
                raise cause from error
            cause = getattr(cause, "cause", None) or cause.__cause__
        raise JsonLdError(f"the document is not valid JSON-LD: {error.code or error}") from error
    try:
        parsed = pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
        return list(parsed)
    except SyntaxError as error:
        raise JsonLdError(f"the document gives a statement that is not valid: {error}") from error


def _require_absolute(expanded: Any) -> None:
    queue: list[Any] = [expanded]
    while queue:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            if "@value" in value:
                continue
            named = value.get("@id")
            types = value.get("@type", [])
            for name in [named, *(types if isinstance(types, list) else [types])]:
                if name is not None and not name.startswith("_:") and not _ABSOLUTE.match(name):
                    raise JsonLdError(
                        f"{name[:120]!r} is neither defined by a context nor a full identifier"
                    )
            queue.extend(child for key, child in value.items() if key not in ("@id", "@type"))


def _bound_labelling(quads: Iterable[pyoxigraph.Quad]) -> None:
    """Refuse a graph in which many connected blank nodes look alike at first sight.

    RDFC-1.0 tries every order of blank nodes that share a first-degree hash and are related to
    each other, which is factorial in the size of such a group (section 7.1, "dataset poisoning").
    """
    touching: dict[str, list[pyoxigraph.Quad]] = defaultdict(list)
    neighbours: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        nodes = {
            term.value
            for term in (quad.subject, quad.object, quad.graph_name)
            if isinstance(term, pyoxigraph.BlankNode)
        }
        for node in nodes:
            touching[node].append(quad)
            neighbours[node] |= nodes - {node}
    if len(touching) > MAX_BLANK_NODES:
        raise JsonLdError(f"the document has over {MAX_BLANK_NODES} unnamed nodes")
    first_degree = {node: _first_degree(node, around) for node, around in touching.items()}
    counts = Counter(first_degree.values())
    alike = {node for node, digest in first_degree.items() if counts[digest] > 1}
    while alike:
        group, queue = 0, [alike.pop()]
        while queue:
            node = queue.pop()
            group += 1
            near = neighbours[node] & alike
            alike -= near
            queue.extend(near)
        if group > MAX_ALIKE:
            raise JsonLdError(
                f"{group} connected unnamed nodes look alike: "
                "putting them in canonical order could take unbounded time"
            )


def _first_degree(node: str, quads: list[pyoxigraph.Quad]) -> bytes:
    def shown(term: Any) -> str:
        if isinstance(term, pyoxigraph.BlankNode):
            return "_:a" if term.value == node else "_:z"
        return str(term)

    lines = sorted(
        " ".join((shown(q.subject), str(q.predicate), shown(q.object), shown(q.graph_name)))
        for q in quads
    )
    return hashlib.sha256("\n".join(lines).encode()).digest()
