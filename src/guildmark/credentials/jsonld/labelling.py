"""Canonical labels of blank nodes, told one by one.

RDF Dataset Canonicalization 1.0 (RDFC-1.0, https://www.w3.org/TR/rdf-canon/), section 4, with
SHA-256 or SHA-384. `canonical` is the quick way to the text alone; this one also tells which label
each blank node got, as selective disclosure needs it (Data Integrity ECDSA Cryptosuites 1.0,
section 3.4), and takes the longer hash, as P-384 needs it (same, section 3.1).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import shapes
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.quads import Quad, to_quads
from guildmark.credentials.model.reading import Json

MAX_BLANK_NODES = 2_000
MAX_STEPS = 200_000
_MAX_DEPTH = 100  # of calls of itself, where the interpreter allows 1,000 in all
_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}


def canonicalize_with(document: Json, digest: str) -> str:
    """The canonical N-Quads of a document, labelled with `sha256` or `sha384`.

    Raises JsonLdError as `canonicalize` does.
    """
    return "".join(canonicalize_quads(statements_of(document), digest)[0])


def statements_of(document: Json) -> list[Quad]:
    """The statements of a document, by the template of its shape where there is one.

    Raises JsonLdError as `canonicalize` does.
    """
    found = shapes.read(document)
    if found is None:
        return to_quads(expand(document))
    return found.form.template.quads(found.filled)


def canonicalize_quads(
    quads: Iterable[Quad], digest: str = "sha256"
) -> tuple[list[str], dict[str, str]]:
    """The sorted lines of the canonical form, and the canonical label of each blank node.

    Raises JsonLdError for over MAX_BLANK_NODES blank nodes, and for a graph so symmetric that
    labelling it takes over MAX_STEPS steps (section 7.1, "dataset poisoning").
    """
    unique = list(dict.fromkeys(quads))
    try:
        labels = _Labelling(unique, digest).labels()
        lines = relabelled_lines(unique, labels)
        "".join(lines).encode()
    except UnicodeEncodeError as error:
        raise JsonLdError("a text holds half of a surrogate pair, which is no character") from error
    return lines, labels


def relabelled_lines(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[str]:
    """The quads as lines with their blank nodes renamed, in the order of code points."""

    def renamed(quad: Quad) -> str:
        subject, predicate, object_, graph = quad
        return Quad(
            labels.get(subject, subject),
            predicate,
            labels.get(object_, object_),
            labels.get(graph, graph),
        ).line()

    return sorted(map(renamed, quads))


def _orders(nodes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every order of these, each once: a node stands there once for each statement that it is the
    graph of, and there are a great many orders of one and the same."""
    order = sorted(nodes)
    while True:
        yield tuple(order)
        falls = len(order) - 2
        while falls >= 0 and order[falls] >= order[falls + 1]:
            falls -= 1
        if falls < 0:
            return
        above = len(order) - 1
        while order[above] <= order[falls]:
            above -= 1
        order[falls], order[above] = order[above], order[falls]
        order[falls + 1 :] = reversed(order[falls + 1 :])


class _Issuer:
    """Section 4.5 (issue identifier): labels in the order in which they are asked for."""

    def __init__(self, prefix: str, issued: Mapping[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = dict(issued or {})

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, self.issued)

    def issue(self, node: str) -> str:
        found = self.issued.get(node)
        if found is None:
            found = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return found


class _Labelling:
    """Section 4.4 (canonicalization algorithm), with its state."""

    def __init__(self, quads: list[Quad], digest: str) -> None:
        self._hash = _HASHES[digest]
        self._steps = self._depth = 0
        self._touching: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            for term in {quad.subject, quad.object, quad.graph}:
                # Predicates are never blank, and a literal begins with a quotation mark.
                if term[:2] == "_:":
                    self._touching[term].append(quad)
        if len(self._touching) > MAX_BLANK_NODES:
            raise JsonLdError(f"the document has over {MAX_BLANK_NODES} unnamed nodes")
        self._first: dict[str, str] = {}
        self._canonical = _Issuer("_:c14n")

    def labels(self) -> dict[str, str]:
        """The canonical label of each blank node."""
        alike: dict[str, list[str]] = defaultdict(list)
        for node in self._touching:
            self._first[node] = self._first_degree(node)
            alike[self._first[node]].append(node)
        ordered = [alike[digest] for digest in sorted(alike)]
        for nodes in ordered:
            if len(nodes) == 1:
                self._canonical.issue(nodes[0])
        for nodes in ordered:
            if len(nodes) > 1:
                self._label_alike(nodes)
        return self._canonical.issued

    def _label_alike(self, nodes: list[str]) -> None:
        """Section 4.4.3, step 5."""
        paths = []
        for node in nodes:
            if node not in self._canonical.issued:
                issuer = _Issuer("_:b")
                issuer.issue(node)
                paths.append(self._n_degree(node, issuer))
        for _, issuer in sorted(paths, key=lambda path: path[0]):
            for node in issuer.issued:
                self._canonical.issue(node)

    def _digest(self, text: str) -> str:
        return self._hash(text.encode()).hexdigest()

    def _first_degree(self, node: str) -> str:
        """Section 4.6 (hash first degree quads)."""

        def shown(term: str) -> str:
            if term[:2] != "_:":
                return term
            return "_:a" if term == node else "_:z"

        return self._digest(
            "".join(
                sorted(
                    Quad(shown(q.subject), q.predicate, shown(q.object), shown(q.graph)).line()
                    for q in self._touching[node]
                )
            )
        )

    def _related(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """Section 4.7 (hash related blank node)."""
        label = self._canonical.issued.get(related) or issuer.issued.get(related)
        predicate = "" if position == "g" else quad.predicate
        return self._digest(f"{position}{predicate}{label or self._first[related]}")

    def _n_degree(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """Section 4.8 (hash n-degree quads)."""
        self._depth += 1
        near: dict[str, list[str]] = defaultdict(list)
        for quad in self._touching[node]:
            self._count_step()
            for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph)):
                if term[:2] == "_:" and term != node:
                    near[self._related(term, quad, issuer, position)].append(term)
        text = []
        for digest in sorted(near):
            path, issuer = self._shortest_path(near[digest], issuer)
            text.append(digest + path)
        self._depth -= 1
        return self._digest("".join(text)), issuer

    def _shortest_path(self, nodes: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
        """Section 4.8.3, step 5.4: the least of the texts that the orders of `nodes` give."""
        chosen: tuple[str, _Issuer] | None = None
        for order in _orders(nodes):
            found = self._path(order, issuer.copy(), chosen)
            if found is not None:
                chosen = found
        if chosen is None:
            raise AssertionError("one order at least gives a path")
        return chosen

    def _path(
        self,
        order: tuple[str, ...],
        issuer: _Issuer,
        least: tuple[str, _Issuer] | None,
    ) -> tuple[str, _Issuer] | None:
        """The text of one order; None where a lesser one is known (steps 5.4.4 to 5.4.6)."""
        path, waiting = "", []
        # An order and the labels given so far were copied for it.
        self._count_step(1 + (len(order) + len(issuer.issued)) // 10)
        for node in order:
            if node in self._canonical.issued:
                path += self._canonical.issued[node]
            else:
                if node not in issuer.issued:
                    waiting.append(node)
                path += issuer.issue(node)
            if least is not None and len(path) >= len(least[0]) and path > least[0]:
                return None
        for node in waiting:
            digest, issuer_after = self._n_degree(node, issuer)
            path += f"{issuer.issue(node)}<{digest}>"
            issuer = issuer_after
            if least is not None and len(path) >= len(least[0]) and path > least[0]:
                return None
        return (path, issuer) if least is None or path < least[0] else None

    def _count_step(self, steps: int = 1) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS or self._depth > _MAX_DEPTH:
            raise JsonLdError(
                "the unnamed nodes look so alike that putting them in canonical order "
                "could take unbounded time"
            )
