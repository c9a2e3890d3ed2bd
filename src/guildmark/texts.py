"""Which characters a text that people write may hold.

Refused is what cannot be seen and yet changes what is read: controls, overrides and isolates of
the direction of writing, blanks without width. With them a name can look like another one, or an
amount like another amount, in every list, message and signed credential it gets into.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from guildmark.errors import FieldProblem, InvalidError

# Formats that are drawn: the signs that embrace a number or a word in Arabic, Syriac and Kaithi.
_DRAWN = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Letters and signs that draw nothing: fillers of Hangul and Khmer, the empty Braille cell.
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
# Below it are the scripts (Latin, Greek, Cyrillic, Armenian) in which a joiner says nothing.
_FIRST_JOINED = "\u0590"


def _is_hidden(char: str) -> bool:
    kind = unicodedata.category(char)
    if kind == "Cf":
        return char not in _DRAWN
    if kind in {"Cc", "Cs", "Zl", "Zp"} or char in _EMPTY:
        return True
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # never characters


def _is_joining(text: str, place: int) -> bool:
    """Whether a joiner here shapes letters or a picture, as Persian, Hindi and emoji need it."""
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return (
        before >= _FIRST_JOINED
        and before not in _JOINERS
        and after not in _JOINERS
        and bool(after.strip())
    )


def hidden_place(text: str, *, breaks: bool = False) -> int | None:
    """Where the first character stands that must not be there; None in a good text.

    `breaks` allows the ends of lines and tabs, in what may have several lines.
    """
    if text.isascii() and text.isprintable():
        return None
    for place, char in enumerate(text):
        if char in _JOINERS:
            if not _is_joining(text, place):
                return place
        elif _is_hidden(char) and not (breaks and char in "\r\n\t"):
            return place
    return None


def character_problem(text: str, *, breaks: bool = False) -> str | None:
    """Which character must not be there, where it stands, and how to mend it."""
    place = hidden_place(text, breaks=breaks)
    if place is None:
        return None
    return _(
        "Character %(place)d is %(code)s (%(name)s), which cannot be seen. Delete it, or type the"
        " text anew instead of pasting it."
    ) % {"place": place + 1, "code": _code(text[place]), "name": _name(text[place])}


def character_problems(
    *, lines: Mapping[str, str] | None = None, paragraphs: Mapping[str, str] | None = None
) -> list[FieldProblem]:
    """What is wrong with each of these texts by field; `paragraphs` may have several lines."""
    return [
        FieldProblem(field=field, value=text[:200], message=problem)
        for texts, breaks in ((lines, False), (paragraphs, True))
        for field, text in (texts or {}).items()
        if (problem := character_problem(text, breaks=breaks)) is not None
    ]


def require_readable(
    *, lines: Mapping[str, str] | None = None, paragraphs: Mapping[str, str] | None = None
) -> None:
    """Raise InvalidError for every one of these texts that holds such a character."""
    problems = character_problems(lines=lines, paragraphs=paragraphs)
    if problems:
        raise InvalidError(problems)


def shown(text: str) -> str:
    """The text with what cannot be seen written out, to be told to somebody."""
    while (place := hidden_place(text)) is not None:
        text = f"{text[:place]}<{_code(text[place])}>{text[place + 1 :]}"
    return text


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


def _name(char: str) -> str:
    return unicodedata.name(char, "") or _("control character")
