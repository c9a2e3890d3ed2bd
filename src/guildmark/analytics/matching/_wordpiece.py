"""Texts as the pieces of words that the sentence model knows (WordPiece, uncased)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

PAD, UNKNOWN, FIRST, LAST = 0, 100, 101, 102
LONGEST_WORD = 100


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    text = files(__package__).joinpath("vocabulary.txt").read_text(encoding="utf-8")
    return {piece: number for number, piece in enumerate(text.split("\n")[:-1])}


def pieces(text: str, longest: int) -> list[int]:
    """The numbers of the text's pieces between the marks of its beginning and end.

    At most `longest` numbers, both marks counted; the rest of a longer text is left out.
    """
    found = [FIRST]
    for word in _words(text):
        found += _pieces_of(word)
        if len(found) >= longest:
            break
    return [*found[: longest - 1], LAST]


def pieces_of_words(words: Sequence[str], longest: int) -> tuple[list[int], list[int]]:
    """The numbers of the pieces of words one after the other, and where each word begins.

    Word number i has the pieces from place `begins[i]` to before `begins[i + 1]`; a word that is
    left out, as the text is too long, has none.
    """
    found = [FIRST]
    begins = [1]
    for word in words:
        new = [piece for part in _words(word) for piece in _pieces_of(part)]
        if len(found) + len(new) < longest:
            found += new
        else:
            longest = 0
        begins.append(len(found))
    return [*found, LAST], begins


def _words(text: str) -> list[str]:
    """Lower case without accents; each punctuation mark and CJK character is its own word."""
    parts: list[str] = []
    for character in unicodedata.normalize("NFD", text.lower()):
        if character.isalnum():
            parts.append(f" {character} " if _is_cjk(character) else character)
            continue
        category = unicodedata.category(character)
        if category == "Mn" or (category in {"Cc", "Cf"} and not character.isspace()):
            continue
        if character.isspace():
            parts.append(" ")
        elif category[0] == "P" or character in "$+<=>^`|~":
            parts.append(f" {character} ")
        else:
            parts.append(character)
    return "".join(parts).split()


def _is_cjk(character: str) -> bool:
    code = ord(character)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF


@lru_cache(maxsize=100_000)
def _pieces_of(word: str) -> tuple[int, ...]:
    """The longest known beginning, then the longest known continuation, and so on."""
    if len(word) > LONGEST_WORD:
        return (UNKNOWN,)
    known = _vocabulary()
    found: list[int] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            number = known.get(mark + word[start:end])
            if number is not None:
                break
        else:
            return (UNKNOWN,)
        found.append(number)
        start = end
    return tuple(found)
