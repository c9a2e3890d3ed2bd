"""Statements of documents whose shape has been seen before, without expanding them again.

The shape of a document is everything but its texts and numbers: its members, their nesting, its
contexts and types. Under known contexts the shape alone decides which statements there are; the
texts and numbers only fill places in them. So a shape is read once in the plain way, by expanding
a copy of the document with a mark in each place, and kept as a template; a further document of
that shape fills the template.

A place is filled only with what cannot change the statements' form: any text where a literal
stands, and where an identifier stands only a full one whose scheme no context could take for a
prefix. What does not fit is part of the shape: types, languages, terms such as `assertionMethod`.
Where no template can be made, the plain way is taken; `counts` tells how often.
"""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import contexts
from guildmark.credentials.jsonld.expansion import MAX_DEPTH, MAX_INTEGER, expand
from guildmark.credentials.jsonld.quads import Quad, to_quads
from guildmark.credentials.jsonld.templates import NoTemplateError, Template, mark, named_places
from guildmark.credentials.model.reading import Json

MAX_SHAPES = 512
MAX_PLACES = 2_000
_MAX_IDENTIFIERS = 20_000
_MAX_TRIED = 4
_SCHEMES = frozenset({"http", "https", "urn", "did", "mailto", "data"})

counts: Counter[str] = Counter()
"""How documents were read in this process: `filled` a kept template, `compiled` a new one,
`plain` where none applies, `labelled` where blank nodes look alike and took the general way."""

Filled = tuple[Template, list[str]]
_Split = Callable[[Json], list[Any] | None]


def read(document: Json) -> Filled | None:
    """The template of the document's shape and what fills it; None where the plain way is taken."""
    found = _read(document)
    if found is None:
        counts["plain"] += 1
    return found


def _read(document: Json) -> Filled | None:
    if document.__class__ is not dict:
        return None
    names = tuple(document)
    for shape in _RECENT.get(names, ()):
        leaves = shape.split(document)
        if leaves is not None:
            return shape.read(document, leaves)
    parts: list[Any] = []
    leaves = []
    if not _walk(document, parts, leaves, MAX_DEPTH) or len(leaves) > MAX_PLACES:
        return None
    key = tuple(parts)
    kept = _KEPT.get(key)
    if kept is not None:
        with _LOCK:
            _RECENT[names] = [kept, *_RECENT.get(names, ())][:_MAX_TRIED]
        return kept.read(document, leaves)
    kept = _Shape(document)
    with _LOCK:
        if len(_KEPT) >= MAX_SHAPES:
            _KEPT.clear()
            _RECENT.clear()
        _KEPT[key] = kept
    return kept.read(document, leaves)


class _Shape:
    """What is known of one shape: templates for each choice of what decides it besides."""

    def __init__(self, document: Json) -> None:
        self._model = document
        self._deciding = tuple(
            place for place, (key, _) in enumerate(_leaves("", document)) if _decides(key)
        )
        self._kinds: dict[tuple[Any, ...], _Kind] = {}

    @functools.cached_property
    def split(self) -> _Split:
        """What gives the leaves of a document of this shape, and None for any other."""
        return _splitter(self._model)

    def read(self, document: Json, leaves: list[Any]) -> Filled | None:
        """The template for these leaves and what fills it; None where there is none."""
        decided = tuple([leaves[place] for place in self._deciding])
        kind = self._kinds.get(decided)
        if kind is None:
            kind = _Kind(document, leaves, frozenset(self._deciding))
            with _LOCK:
                if len(self._kinds) >= MAX_SHAPES:
                    self._kinds = {}
                self._kinds[decided] = kind
        return kind.read(document, leaves)


class _Kind:
    """Documents of one shape and the same types: where their identifiers stand is known.

    A document with something else than a full identifier in such a place (a term, a blank node)
    has a template of its own, so that it costs no other document anything.
    """

    def __init__(self, document: Json, leaves: list[Any], deciding: frozenset[int]) -> None:
        self._deciding = deciding
        self._names: list[int] | None = None
        self._quads: list[Quad] = []
        self._templates: dict[tuple[Any, ...], Template | None] = {}
        # Every place holds a mark here, so what fails is the shape itself: the plain way tells.
        with contextlib.suppress(JsonLdError):
            self._quads = _marked_quads(document, leaves, deciding)
            self._names = sorted(named_places(self._quads))

    def read(self, document: Json, leaves: list[Any]) -> Filled | None:
        """The template for these leaves and what fills it; None where there is none."""
        if self._names is None:
            return None
        terms = [
            place
            for place in self._names
            if leaves[place] not in _IDENTIFIERS and not _is_full(leaves[place])
        ]
        key = (*terms, *[leaves[place] for place in terms])
        if key in self._templates:
            template, how = self._templates[key], "filled"
        else:
            template, how = self._compile(document, leaves, terms), "compiled"
            with _LOCK:
                if len(self._templates) >= MAX_SHAPES:
                    self._templates = {}
                self._templates[key] = template
        if template is None or (filled := template.fill(leaves)) is None:
            return None
        counts[how] += 1
        return template, filled

    def _compile(self, document: Json, leaves: list[Any], terms: list[int]) -> Template | None:
        deciding = self._deciding.union(terms)
        try:
            quads = _marked_quads(document, leaves, deciding) if terms else self._quads
            return Template(
                quads, [None if place in deciding else leaf for place, leaf in enumerate(leaves)]
            )
        except (NoTemplateError, JsonLdError):
            return None


_LOCK = threading.Lock()
_KEPT: dict[tuple[Any, ...], _Shape] = {}
_RECENT: dict[tuple[str, ...], list[_Shape]] = {}
_IDENTIFIERS: set[str] = set()


@functools.cache
def _full() -> re.Pattern[str]:
    schemes = "|".join(sorted(_SCHEMES - contexts.terms()))
    return re.compile(rf"(?:{schemes}):[^\x00-\x20<>\"{{}}|\\^`]*")


def _is_full(name: Any) -> bool:
    """Whether an identifier expands to itself under every bundled context."""
    if not isinstance(name, str) or not _full().fullmatch(name):
        return False
    if len(_IDENTIFIERS) >= _MAX_IDENTIFIERS:
        _IDENTIFIERS.clear()
    _IDENTIFIERS.add(name)
    return True


def _decides(key: str) -> bool:
    return key in contexts.type_names() or (key[:1] == "@" and key not in ("@id", "@value"))


def _marked_quads(document: Json, leaves: list[Any], deciding: frozenset[int]) -> list[Quad]:
    marks = iter(
        [leaf if place in deciding else mark(place, leaf) for place, leaf in enumerate(leaves)]
    )
    return to_quads(expand(_replaced(document, marks)))


# These four go through a document in one and the same order.


def _walk(value: Any, shape: list[Any], leaves: list[Any], depth: int) -> bool:
    """Split a document into its shape and its leaves; False where it has none that is kept."""
    if value.__class__ is dict:
        shape.append(tuple(value))
        value = value.values()
    kinds = tuple(map(type, value))
    shape.append(kinds)
    for child, kind in zip(value, kinds, strict=True):
        if kind is str:
            leaves.append(child)
        elif kind is dict or kind is list:
            if not depth or not _walk(child, shape, leaves, depth - 1):
                return False
        elif kind is int or kind is float:
            if not -MAX_INTEGER <= child <= MAX_INTEGER:
                return False
            leaves.append(child)
        elif kind is bool:
            shape.append(child)
        elif child is not None:
            return False
    return True


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each leaf with the member it stands under."""
    for name, child in value.items() if isinstance(value, dict) else ((key, v) for v in value):
        if isinstance(child, dict | list):
            yield from _leaves(name, child)
        elif child is not None and not isinstance(child, bool):
            yield name, child


def _replaced(value: Any, marks: Iterator[Any]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(child, marks) for key, child in value.items()}
    if isinstance(value, list):
        return [_replaced(child, marks) for child in value]
    return value if value is None or isinstance(value, bool) else next(marks)


def _splitter(model: Json) -> _Split:
    """`_walk` for one shape, written out: about five times as fast.

    The source holds no text of the document: its names are handed in beside it.
    """
    lines: list[str] = []
    leaves: list[str] = []
    names: dict[str, Any] = {"LIMIT": MAX_INTEGER}
    _write_split(model, "document", lines, leaves, names)
    body = "\n".join(f"    {line}" for line in lines)
    source = f"def split(document):\n{body}\n    return [{', '.join(leaves)}]\n"
    exec(compile(source, "<shape>", "exec"), names)  # noqa: S102  # our own text, see above
    split: _Split = names["split"]
    return split


def _write_split(
    value: Any, name: str, lines: list[str], leaves: list[str], names: dict[str, Any]
) -> None:
    if isinstance(value, dict):
        constant = f"NAMES{len(names)}"
        names[constant] = tuple(value)
        lines.append(f"if {name}.__class__ is not dict or tuple({name}) != {constant}: return None")
        children, values = list(value.values()), f"{name}.values()"
    else:
        size = len(value)
        lines.append(f"if {name}.__class__ is not list or len({name}) != {size}: return None")
        children, values = value, name
    if not children:
        return
    parts = [f"v{len(lines)}_{number}" for number in range(len(children))]
    lines.append(f"{', '.join(parts)}, = {values}")
    texts = [part for part, child in zip(parts, children, strict=True) if isinstance(child, str)]
    if texts:
        same = " is ".join(f"{part}.__class__" for part in texts)
        lines.append(f"if not (str is {same}): return None")
    for part, child in zip(parts, children, strict=True):
        if child is None or isinstance(child, bool):
            lines.append(f"if {part} is not {child}: return None")
        elif isinstance(child, dict | list):
            _write_split(child, part, lines, leaves, names)
        else:
            leaves.append(part)
            if not isinstance(child, str):
                kind = type(child).__name__
                lines.append(
                    f"if {part}.__class__ is not {kind} or not -LIMIT <= {part} <= LIMIT: "
                    "return None"
                )
