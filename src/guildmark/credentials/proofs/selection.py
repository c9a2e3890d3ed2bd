"""Parts of a document chosen by JSON pointers, and the statements that they make.

Data Integrity ECDSA Cryptosuites 1.0, section 3.4 (selective disclosure functions). Its steps give
every unnamed node a name for the time of the work, so that a statement of a part can be found
among those of the whole. Here the names are put into the document as it stands instead of into an
expanded copy that is compacted again, so that a pointer means the same in both.
"""

from __future__ import annotations

import copy
import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Any

from guildmark.credentials.errors import JsonLdError, ProofError
from guildmark.credentials.jsonld.labelling import canonicalize_quads, statements_of
from guildmark.credentials.jsonld.quads import Quad
from guildmark.credentials.model.reading import Json

MAX_POINTERS = 500
_INDEX = re.compile(r"0|[1-9][0-9]{0,5}")
_WRONG_ESCAPE = re.compile(r"~(?![01])")


def select(document: Json, pointers: Sequence[str]) -> Json:
    """The part of the document that the pointers (RFC 6901) lead to, with the `id` and `type` of
    every object on the way (section 3.4.13).

    Raises ProofError for a pointer that leads nowhere.
    """
    if len(pointers) > MAX_POINTERS:
        raise ProofError(f"{len(pointers)} pointers are given; give {MAX_POINTERS} at most")
    selection = _initial(document)
    for pointer in pointers:
        tokens = _tokens(pointer)
        if tokens[:1] != ["@context"]:
            _select_path(document, pointer, tokens, selection)
    # Always whole: whoever could choose among the contexts could change what the part means.
    selection.pop("@context", None)
    context = {"@context": document["@context"]} if "@context" in document else {}
    return {**context, **_dense(selection)}


class Statements:
    """The statements of a whole document and, by pointers, of parts of it.

    Its blank nodes have the same names in all of them. Raises JsonLdError where the document has
    no canonical form or its nodes cannot be told apart.
    """

    def __init__(self, document: Json) -> None:
        self._scheme = f"urn:bnid:{secrets.token_hex(8)}:"
        self._named = self._with_names(document)
        self.quads = self._quads_of(self._named)
        lines, self.canonical_labels = canonicalize_quads(self.quads)
        if lines != canonicalize_quads(statements_of(document))[0]:
            raise JsonLdError("the document's unnamed nodes cannot be named one by one")

    def part(self, pointers: Sequence[str]) -> list[Quad]:
        """The statements of the part that the pointers lead to, none without any.

        Raises ProofError for a pointer that leads nowhere, and where the part states something
        that the whole does not: a list whose order matters is disclosed whole or not at all.
        """
        if not pointers:
            return []
        quads = self._quads_of(select(self._named, pointers))
        if not set(self.quads).issuperset(quads):
            raise ProofError("a list can only be disclosed as a whole: point to it and not into it")
        return quads

    def _with_names(self, document: Json) -> Json:
        named, count = self._name(document, frozenset())
        used = {
            term
            for quad in statements_of(named)
            for term in (quad.subject, quad.object, quad.graph)
        }
        # Where no node got the name, the object is none, but part of a JSON literal.
        others = frozenset(n for n in range(count) if f"<{self._scheme}n{n}>" not in used)
        return self._name(document, others)[0] if others else named

    def _name(self, document: Json, others: frozenset[int]) -> tuple[Json, int]:
        count = 0

        def walk(value: Any) -> Any:
            nonlocal count
            if isinstance(value, str):
                return self._scheme + value[2:] if value[:2] == "_:" else value
            if isinstance(value, list):
                return [walk(part) for part in value]
            if not isinstance(value, dict) or "@value" in value:
                return value
            number, made = count, {}
            if not value.keys() & {"id", "@id"}:
                count += 1
                if number not in others:
                    made["id"] = f"{self._scheme}n{number}"
            return made | {
                key: part if key == "@context" else walk(part) for key, part in value.items()
            }

        return walk(document), count

    def _quads_of(self, named: Json) -> list[Quad]:
        """The statements, named nodes being blank ones again."""
        start = len(self._scheme) + 1

        def unnamed(term: str) -> str:
            return f"_:{term[start:-1]}" if term[1:start] == self._scheme else term

        quads = statements_of(named)
        places = _names_by_place(quads)

        def own(term: str) -> str:
            return places.get(term) or unnamed(term)

        return [Quad(own(q.subject), q.predicate, own(q.object), own(q.graph)) for q in quads]


def _names_by_place(quads: Sequence[Quad]) -> dict[str, str]:
    """Names for the nodes that no object of the document is, after the one place that leads to
    them: the cells of lists and the names of graphs."""
    places: dict[str, tuple[str, str]] = {}
    for quad in quads:
        if quad.object[:2] == "_:":
            if quad.object in places:
                raise JsonLdError("the document's unnamed nodes cannot be named one by one")
            places[quad.object] = (quad.subject, quad.predicate)
    names: dict[str, str] = {}
    for node in places:
        way = [node]
        while (above := places[way[-1]][0]) in places and above not in names:
            way.append(above)
        for step in reversed(way):
            above, predicate = places[step]
            place = f"{names.get(above, above)} {predicate}"
            names[step] = f"_:p{hashlib.sha256(place.encode()).hexdigest()}"
    if len(set(names.values())) != len(names):
        raise JsonLdError("the document holds several lists or graphs in one place")
    return names


class _Chosen(dict[int, Any]):
    """Chosen places of a list."""


def _tokens(pointer: str) -> list[str]:
    """Section 3.4.10 and RFC 6901, section 3."""
    if not isinstance(pointer, str) or (pointer and pointer[0] != "/"):
        raise ProofError(f"{str(pointer)[:120]!r} is no JSON pointer: begin it with /")
    if _WRONG_ESCAPE.search(pointer):
        raise ProofError(f"{pointer[:120]!r} is no JSON pointer: write ~ as ~0")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def _initial(source: Json) -> Json:
    """Section 3.4.11: an object's identifier and types."""
    found = {}
    identifier = source.get("id")
    if isinstance(identifier, str) and identifier[:2] != "_:":
        found["id"] = identifier
    if "type" in source:
        found["type"] = source["type"]
    return found


def _select_path(document: Json, pointer: str, tokens: list[str], selection: Json) -> None:
    """Section 3.4.12."""
    value: Any = document
    parent: Any = None
    key: Any = None
    chosen: Any = selection
    for token in tokens:
        parent, key = chosen, token
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and _INDEX.fullmatch(token) and int(token) < len(value):
            key = int(token)
            value = value[key]
        else:
            raise ProofError(f"the pointer {pointer[:200]!r} leads nowhere in the document")
        if key not in parent:
            if isinstance(value, list):
                parent[key] = _Chosen()
            else:
                parent[key] = _initial(value) if isinstance(value, dict) else value
        elif isinstance(parent[key], list):  # the types of an object, which are there already
            parent[key] = _whole(parent[key])
        chosen = parent[key]
    if parent is None:
        selection.update(_whole(document))
    elif isinstance(value, dict):
        parent[key] = {**chosen, **_whole(value)}
    else:
        parent[key] = _whole(value)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return _Chosen((place, _whole(part)) for place, part in enumerate(value))
    return value


def _dense(value: Any) -> Any:
    if isinstance(value, _Chosen):
        return [_dense(part) for _, part in sorted(value.items())]
    if isinstance(value, dict):
        return {key: _dense(part) for key, part in value.items()}
    return copy.copy(value)
