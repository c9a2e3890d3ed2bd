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

What else follows from the shape alone is found once as well, and kept with its template: `Form`.
"""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from guildmark.credentials.errors import JsonLdError, UnreadableError
from guildmark.credentials.jsonld import contexts, own_terms
from guildmark.credentials.jsonld.expansion import MAX_DEPTH, MAX_INTEGER, expand
from guildmark.credentials.jsonld.quads import Quad, to_quads
from guildmark.credentials.jsonld.templates import NoTemplateError, Template, mark, named_places
from guildmark.credentials.model.reading import Json, check_bounds

MAX_SHAPES = 512
MAX_PLACES = 2_000
MAX_KEPT = 200_000
"""Of parts and statements of all kept shapes together: about 100 MB."""
_MAX_TRIED = 4

counts: Counter[str] = Counter()
"""How documents were read in this process: `filled` a kept template, `compiled` a new one,
`plain` where none applies, `labelled` where blank nodes look alike and took the general way."""

_Split = Callable[[Json], list[Any] | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """What all documents have in common that fill one template."""

    template: Template
    members: tuple[str, ...]
    """The member that each leaf stands under."""
    settled: frozenset[int]
    """The places of the leaves that are the same in all, and of the full identifiers."""
    is_plain: bool
    """Whether they are within the bounds of reading, and hold no number."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What others found to follow from this alone, by a name of theirs."""

    def places(self, *members: str) -> list[int]:
        """The places of the leaves under these members, at any depth."""
        return [place for place, member in enumerate(self.members) if member in members]


class Shaped(NamedTuple):
    """A document of a known shape: its leaves in order, and as N-Quads writes them."""

    form: Form
    leaves: list[Any]
    filled: list[str]


def read(document: Json) -> Shaped | None:
    """The document by its shape; None where the plain way is taken."""
    found = _read(document)
    if found is None:
        counts["plain"] += 1
    return found


def glance(document: Json) -> Shaped | None:
    """The document by its shape where that was met lately; any document may be asked about."""
    found = _split(document)
    return found[0].seen(found[1]) if found is not None else None


def _split(document: Json) -> tuple[_Shape, list[Any]] | None:
    for shape in _RECENT.get(tuple(document), ()):
        leaves = shape.split(document)
        if leaves is not None:
            return shape, leaves
    return None


def _read(document: Json) -> Shaped | None:
    if document.__class__ is not dict:
        return None
    found = _split(document)
    if found is not None:
        return found[0].read(document, found[1])
    parts: list[Any] = []
    leaves: list[Any] = []
    if not _walk(document, parts, leaves, MAX_DEPTH) or len(leaves) > MAX_PLACES:
        return None
    key = tuple(parts)
    kept = _KEPT.get(key)
    if kept is not None:
        names = tuple(document)
        with _LOCK:
            _RECENT[names] = [kept, *_RECENT.get(names, ())][:_MAX_TRIED]
        return kept.read(document, leaves)
    kept = _Shape(document)
    with _LOCK:
        if len(_KEPT) >= MAX_SHAPES:
            _forget()
        _KEPT[key] = kept
    _count_kept(len(parts) + len(leaves))
    return kept.read(document, leaves)


class _Shape:
    """What is known of one shape: templates for each choice of what decides it besides."""

    def __init__(self, document: Json) -> None:
        self._model = _without_texts(document)
        # Its own terms would be leaves, which decide what they stand for.
        self._defines = any(True for _ in own_terms.contexts_of(document))
        self._deciding = tuple(
            place for place, (key, _) in enumerate(_leaves("", document)) if _decides(key)
        )
        self._kinds: dict[tuple[Any, ...], _Kind] = {}

    @functools.cached_property
    def split(self) -> _Split:
        """What gives the leaves of a document of this shape, and None for any other."""
        return _splitter(self._model)

    def seen(self, leaves: list[Any]) -> Shaped | None:
        """The document with these leaves, where its form is known already."""
        kind = self._kinds.get(tuple([leaves[place] for place in self._deciding]))
        return kind.seen(leaves) if kind is not None else None

    def read(self, document: Json, leaves: list[Any]) -> Shaped | None:
        """The document with these leaves; None where it has no template."""
        if self._defines:
            return None
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
        self._forms: dict[tuple[Any, ...], Form | None] = {}
        # Every place holds a mark here, so what fails is the shape itself: the plain way tells.
        with contextlib.suppress(JsonLdError):
            self._quads = _marked_quads(document, leaves, deciding)
            self._names = sorted(named_places(self._quads))
        _count_kept(len(self._quads) + len(leaves))

    def seen(self, leaves: list[Any]) -> Shaped | None:
        """The document with these leaves, where its form is known already."""
        if self._names is None:
            return None
        form = self._forms.get(self._key(self._terms(self._names, leaves), leaves))
        return _shaped(form, leaves)

    def read(self, document: Json, leaves: list[Any]) -> Shaped | None:
        """The document with these leaves; None where it has no template."""
        if self._names is None:
            return None
        terms = self._terms(self._names, leaves)
        key = self._key(terms, leaves)
        how = "filled"
        if key not in self._forms:
            how = "compiled"
            form = self._compile(document, leaves, terms)
            with _LOCK:
                if len(self._forms) >= MAX_SHAPES:
                    self._forms = {}
                self._forms[key] = form
        found = _shaped(self._forms.get(key), leaves)
        if found is not None:
            counts[how] += 1
        return found

    def _terms(self, names: list[int], leaves: list[Any]) -> list[int]:
        if _all_full([leaves[place] for place in names]):
            return []
        return [place for place in names if not _all_full([leaves[place]])]

    def _key(self, terms: list[int], leaves: list[Any]) -> tuple[Any, ...]:
        return (*terms, *[leaves[place] for place in terms])

    def _compile(self, document: Json, leaves: list[Any], terms: list[int]) -> Form | None:
        deciding = self._deciding.union(terms)
        _count_kept(len(self._quads) + len(leaves))
        try:
            quads = _marked_quads(document, leaves, deciding) if terms else self._quads
            template = Template(
                quads, [None if place in deciding else leaf for place, leaf in enumerate(leaves)]
            )
        except (NoTemplateError, JsonLdError):
            return None
        return Form(
            template=template,
            members=tuple(member for member, _ in _leaves("", document)),
            settled=deciding.union(self._names or ()),
            is_plain=not template.has_numbers and _is_within_bounds(document),
        )


def _shaped(form: Form | None, leaves: list[Any]) -> Shaped | None:
    if form is None or (filled := form.template.fill(leaves)) is None:
        return None
    return Shaped(form, leaves, filled)


def _is_within_bounds(document: Json) -> bool:
    """Whether the document is, with a proof of nothing but texts added to it."""
    try:
        check_bounds({**document, "proof": [""] * 100})
    except UnreadableError:
        return False
    return True


_LOCK = threading.Lock()
_KEPT: dict[tuple[Any, ...], _Shape] = {}
_RECENT: dict[tuple[str, ...], list[_Shape]] = {}
_SIZES: Counter[str] = Counter()


def _count_kept(more: int) -> None:
    """Forget all shapes where they have come to be too many: whoever sends documents of ever new
    shapes would fill the memory."""
    with _LOCK:
        _SIZES["kept"] += more
        if _SIZES["kept"] > MAX_KEPT:
            _forget()


def _forget() -> None:
    _KEPT.clear()
    _RECENT.clear()
    _SIZES.clear()


@functools.cache
def _full() -> re.Pattern[str]:
    return re.compile(rf"(?:{own_terms.full_address().pattern}\n)*+")


def _all_full(names: list[Any]) -> bool:
    """Whether identifiers expand to themselves under every bundled context."""
    try:
        return _full().fullmatch("\n".join([*names, ""])) is not None
    except TypeError:
        return False  # a number


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


def _without_texts(value: Any) -> Any:
    """A copy that only tells the shape: its owner may change the document, and texts are long."""
    if isinstance(value, dict):
        return {key: _without_texts(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_without_texts(child) for child in value]
    return "" if isinstance(value, str) else value


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
