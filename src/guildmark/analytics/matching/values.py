"""What goes in and what comes out, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill of a framework, as far as matching needs it.

    `id` is whatever the caller knows it by. `uses` is the number of occupations that ask for the
    skill in its framework (None: not known): what many ask for is likelier meant. `broader` names
    the ids of the skills above it.
    """

    id: str
    label: str
    alternatives: tuple[str, ...] = ()
    description: str = ""
    broader: tuple[str, ...] = ()
    uses: int | None = None


class By(StrEnum):
    """What ties words of a text to a skill."""

    WORDS = "words"
    """They are words of one of its names, inflected or not."""
    MEANING = "meaning"
    """The sentence model holds them near to its names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Words of the text that speak for a skill.

    `start` and `end` are places in the text as it was handed in, `text` what stands there, `name`
    the name of the skill it was held against, `likeness` from 0 to 1.
    """

    start: int
    end: int
    text: str
    name: str
    by: By
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A skill that a text may mean.

    `score` is the share of such pairs that were right where the scores were calibrated
    (docs/decisions/0017): between 0 and 1, and never rising down a list.
    """

    id: str
    label: str
    score: float
    reasons: tuple[Reason, ...]


class Relation(StrEnum):
    """SKOS mapping terms, seen from the skill that was asked about."""

    EXACT = "exactMatch"
    CLOSE = "closeMatch"
    BROAD = "broadMatch"
    """The other skill is the broader one."""
    NARROW = "narrowMatch"
    """The other skill is the narrower one."""
    RELATED = "relatedMatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A skill of this framework beside one of another; a person decides."""

    source: str
    id: str
    label: str
    relation: Relation
    score: float
    reason: str
