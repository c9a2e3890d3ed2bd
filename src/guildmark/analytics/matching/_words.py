"""Words of a text with their places, their stems, and the runs of words that may name a skill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST_TEXT = 4_000
"""Characters of a text that are read; an advert's sentence has about 120."""
LONGEST_RUN = 5
MOST_RUNS = 64
MOST_WORDS = 400

_WORD = re.compile(r"\.?[^\W_]+(?:[.'’&](?=[^\W_])[^\W_]+)*(?:\+\+|#)?|[^\s\w]", re.UNICODE)
_SPACED = re.compile(r"\b([A-Za-z]) ?(\+ ?\+|#)(?!\w)")
_FILLERS = """
a about above across after again all along also am an and any are as at be been before being
between both but by can could did do does doing down during each either etc few for from further
get had has have having he her here hers him his how i if in into is it its itself just let like
make may me might more most must my near no nor not of off on once only or other our out over
own per s same shall she should so some such than that the their them then there these they this
those through to too under until up upon us very via was we well were what when where which
while who whom why will with within without would you your yours
"""
_STOP = frozenset(_FILLERS.split())
_ENDINGS = (
    ("ization", "ize"), ("isation", "ize"), ("ational", "ate"), ("fulness", "ful"),
    ("iveness", "ive"), ("ations", "ate"), ("ation", "ate"), ("ising", "ize"), ("izing", "ize"),
    ("ised", "ize"), ("ized", "ize"), ("ise", "ize"), ("ments", ""), ("ment", ""), ("ness", ""),
    ("ings", ""), ("ing", ""), ("edly", ""), ("ies", "y"), ("ied", "y"), ("ers", ""), ("ors", ""),
    ("er", ""), ("or", ""), ("ed", ""), ("es", ""), ("ly", ""), ("s", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark and where it stands in the text."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        """Lower case."""
        return self.text.lower()

    @property
    def is_mark(self) -> bool:
        """Punctuation, which ends a run of words."""
        return not any(character.isalnum() for character in self.text)

    @property
    def is_filler(self) -> bool:
        """A word that names nothing by itself."""
        return self.plain in _STOP


def words_of(text: str) -> list[Word]:
    """The words and marks in order, bounded in number."""
    found: list[Word] = []
    for match in _WORD.finditer(_joined(text[:LONGEST_TEXT])):
        found.append(Word(match.group(), match.start(), match.end()))
        if len(found) == MOST_WORDS:
            break
    return found


def has_word(text: str) -> bool:
    """Whether there is anything to hear in the part of the text that is read."""
    return any(not word.is_mark for word in words_of(text))


def stems_of(text: str) -> list[str]:
    """The stems of the words that name something; of all words where none does."""
    words = [word for word in words_of(text) if not word.is_mark]
    telling = [word for word in words if not word.is_filler]
    return [stem(word.plain) for word in telling or words]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The word without its commonest English endings: "managing", "manages", "managed" agree."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                continue
            word = word[: len(word) - len(ending)] + instead
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def runs_of(words: list[Word]) -> list[tuple[int, int]]:
    """Runs of words as (first, last + 1): they cross no mark, and neither begin nor end with a
    filler. Shorter ones first, and a bounded number."""
    found: list[tuple[int, int]] = []
    for length in range(1, LONGEST_RUN + 1):
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            if run[0].is_filler or run[-1].is_filler or any(word.is_mark for word in run):
                continue
            found.append((first, first + length))
    if len(found) > MOST_RUNS:
        # Evenly over the text, else a long one would be heard at its beginning alone.
        step = len(found) / MOST_RUNS
        found = [found[int(number * step)] for number in range(MOST_RUNS)]
    return found


def _joined(text: str) -> str:
    """ "C ++" and "C #", as tokenizers leave them, become one word of the same length."""

    def join(match: re.Match[str]) -> str:
        whole = match.group()
        return whole.replace(" ", "").ljust(len(whole))

    return _SPACED.sub(join, text)
