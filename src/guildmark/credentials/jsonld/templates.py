"""The statements of documents of one shape, with places for their texts and numbers."""

from __future__ import annotations

import hashlib
import itertools
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from guildmark.credentials.jsonld.quads import XSD_DOUBLE, Quad, double, escape

# Random, so that no document can name a place.
_MARK = f"urn:place-{secrets.token_hex(8)}:"
_MARKED_NAME = re.compile(rf"<{_MARK}(\d+)>")
_MARKED_TEXT = re.compile(rf'"{_MARK}(\d+)"(.*)')
_MARKED_NUMBER = re.compile(r'"([0-9.E]+)"\^\^(<.*>)')
_JSON = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"
_FIRST_NUMBER = 7_000_000_000_000
_END = "\0"  # no canonical N-Quads hold one, so it parts their blocks

# A part of a statement: text before the place, number of the place (-1: none), text after it.
# A blank node has the text "_:" and its own number.
_Term = tuple[str, int, str]
_Pick = Callable[[Sequence[str]], tuple[str, ...]]


class NoTemplateError(Exception):
    """Documents of this shape have to be read in the plain way each time."""


def mark(place: int, leaf: Any) -> Any:
    """What stands for a text or number of the document while its shape is read."""
    if isinstance(leaf, str):
        return f"{_MARK}{place}"
    return _FIRST_NUMBER + place + (0.5 if isinstance(leaf, float) else 0)


def named_places(quads: Iterable[Quad]) -> set[int]:
    """The places that identifiers stand in."""
    marks = [_MARKED_NAME.fullmatch(part) for quad in quads for part in quad]
    return {int(found[1]) for found in marks if found}


class Template:
    """Statements made from a document with marks in its places.

    `leaves` are the texts and numbers that the marks stand for, None where a leaf was left as it
    is. Raises NoTemplateError where a mark did not come out as one whole part of a statement.
    """

    def __init__(self, quads: Iterable[Quad], leaves: Sequence[Any]) -> None:
        self._terms = [tuple(_term(part, leaves) for part in quad) for quad in quads]
        self._use_places(leaves)
        self._make_blocks()
        self._make_groups(len(leaves))

    @property
    def has_numbers(self) -> bool:
        """Whether some place is a number's."""
        return bool(self._numbers)

    def _use_places(self, leaves: Sequence[Any]) -> None:
        names, texts, numbers = set(), set(), set()
        for before, place, after in itertools.chain.from_iterable(self._terms):
            if place < 0 or before == "_:":
                continue
            if before == "<":
                names.add(place)
            elif isinstance(leaves[place], str):
                texts.add(place)
            else:
                numbers.add((place, after.endswith(f"<{XSD_DOUBLE}>")))
        used = [*names, *texts, *(place for place, _ in numbers)]
        if sorted(used) != [place for place, leaf in enumerate(leaves) if leaf is not None]:
            raise NoTemplateError
        self._text_places, self._texts = sorted(texts), _picker(sorted(texts))
        self._numbers = sorted(numbers)

    def _make_blocks(self) -> None:
        """What each blank node's first-degree hash is made over (RDFC-1.0, section 4.6)."""
        self._nodes = sorted(
            {place for terms in self._terms for before, place, _ in terms if before == "_:"}
        )
        lines_of: dict[int, list[list[_Term]]] = {node: [] for node in self._nodes}
        for terms in self._terms:
            for node in {place for before, place, _ in terms if before == "_:"}:
                lines_of[node].append(_line([_seen_from(node, term) for term in terms]))
        self._blocks, self._fill_blocks, self._loose_blocks = _format(lines_of.values())

    def _make_groups(self, places: int) -> None:
        """All statements in groups of one subject; a label's place is after the leaves'."""
        number = {node: places + position for position, node in enumerate(self._nodes)}
        groups: dict[_Term, list[list[_Term]]] = {}
        for terms in self._terms:
            whole = [("", number[p], a) if b == "_:" else (b, p, a) for b, p, a in terms]
            groups.setdefault(whole[0], []).append(_line(whole))
        self._lines, self._fill_lines, self._loose_groups = _format(groups.values(), alike=1)
        named = [(before, place) for before, place, _ in groups if place < places]
        self._fixed_subjects = {before[1:-1] for before, place in named if place < 0}
        self._subjects = _picker([place for _, place in named if place >= 0])
        self._named_subjects = len(named)

    def fill(self, leaves: list[Any]) -> list[str] | None:
        """The leaves as N-Quads writes them; None where a number does not fit.

        The caller sees to the identifiers.
        """
        filled = leaves
        if self._numbers:
            filled = leaves.copy()
            for place, is_double in self._numbers:
                value = leaves[place]
                if value.__class__ is float and value % 1 == 0:
                    return None  # a double or an integer, as the context says
                as_double = is_double or value.__class__ is float
                filled[place] = double(value) if as_double else str(value)
        texts = self._texts(leaves)
        joined = "".join(texts)
        if '"' in joined or "\\" in joined or not joined.isprintable():
            filled = filled.copy()
            for place, text in zip(self._text_places, texts, strict=True):
                filled[place] = escape(text)
        return filled

    def canonical(self, filled: list[str]) -> str | None:
        """The canonical N-Quads; None where blank nodes look alike at first sight or cannot be
        told from here.

        RDFC-1.0, section 4.4.3, step 4: a node whose first-degree hash is its own is labelled in
        the order of the hashes.
        """
        if self._nodes:
            labels = self._labels(filled)
            if labels is None:
                return None
            filled = filled + labels
        groups = (self._lines % self._fill_lines(filled)).split(_END)
        for loose in self._loose_groups:
            groups[loose] = sorted_lines(groups[loose])
        if len({*self._subjects(filled), *self._fixed_subjects}) < self._named_subjects:
            return sorted_lines("".join(groups))
        groups.sort()
        return "".join(groups)

    def _labels(self, filled: list[str]) -> list[str] | None:
        blocks = (self._blocks % self._fill_blocks(filled)).split(_END)
        blocks.pop()
        for loose, distinct in self._loose_blocks.items():
            # Two statements to different blank nodes look the same from here and both count; two
            # that became the same by what fills them are one, and not told apart from those.
            lines = blocks[loose].split("\n")
            if len(set(lines)) <= distinct:
                return None
            lines.sort()
            blocks[loose] = "\n".join([*lines[1:], ""])
        hashes = [hashlib.sha256(block.encode()).digest() for block in blocks]
        order = {digest: number for number, digest in enumerate(sorted(hashes))}
        if len(order) < len(hashes):
            return None
        return [f"_:c14n{order[digest]}" for digest in hashes]

    def quads(self, filled: list[str]) -> list[Quad]:
        """The statements, each once; blank nodes are `_:b` and a number."""

        def text(term: _Term) -> str:
            before, place, after = term
            if before == "_:":
                return f"_:b{place}"
            return before if place < 0 else f"{before}{filled[place]}{after}"

        return list({Quad(*map(text, terms)): None for terms in self._terms})


def sorted_lines(lines: str) -> str:
    """Lines, each once, in the order of their code points."""
    # What follows the last line break is empty and sorts first.
    _, *ordered = sorted(set(lines.split("\n")))
    return "\n".join([*ordered, ""])


def _term(text: str, leaves: Sequence[Any]) -> _Term:
    if text[:2] == "_:":
        return "_:", int(text[3:]), ""
    if found := _MARKED_NAME.fullmatch(text):
        return "<", int(found[1]), ">"
    if found := _MARKED_TEXT.fullmatch(text):
        return '"', int(found[1]), f'"{found[2]}'
    if _MARK in text or text.endswith(_JSON):
        raise NoTemplateError
    if found := _MARKED_NUMBER.fullmatch(text):
        place = int(float(found[1]) - _FIRST_NUMBER)
        if 0 <= place < len(leaves) and isinstance(leaves[place], int | float):
            return '"', place, f'"^^{found[2]}'
    return text, -1, ""


def _line(terms: Sequence[_Term]) -> list[_Term]:
    space = (" ", -1, "")
    written = [term for term in terms if term != ("", -1, "")]
    return [*itertools.chain.from_iterable((term, space) for term in written), (".\n", -1, "")]


def _seen_from(node: int, term: _Term) -> _Term:
    before, place, _ = term
    if before != "_:":
        return term
    return ("_:a" if place == node else "_:z", -1, "")


def _format(
    blocks: Iterable[list[list[_Term]]], *, alike: int = 0
) -> tuple[str, _Pick, dict[int, int]]:
    """A format of all blocks, what picks the texts for it, and which blocks are loose, because
    their lines' order depends on what fills the places, with the number of different lines in
    each. A block's lines begin with `alike` terms that are the same in each."""

    def fixed(line: list[_Term]) -> str:
        return _fixed(line[alike:])

    parts: list[str] = []
    places: list[int] = []
    loose: dict[int, int] = {}
    for number, lines in enumerate(blocks):
        lines.sort(key=fixed)
        if any(fixed(b).startswith(fixed(a)) for a, b in itertools.pairwise(lines)):
            loose[number] = len({tuple(line) for line in lines})
        for before, place, after in itertools.chain.from_iterable(lines):
            parts.append(before.replace("%", "%%"))
            if place >= 0:
                parts.append("%s" + after.replace("%", "%%"))
                places.append(place)
        parts.append(_END)
    return "".join(parts), _picker(places), loose


def _fixed(line: Sequence[_Term]) -> str:
    """The text of a line up to its first place."""
    fixed = ""
    for before, place, _ in line:
        fixed += before
        if place >= 0:
            break
    return fixed


def _picker(places: Sequence[int]) -> _Pick:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda filled: tuple([filled[place] for place in places])
