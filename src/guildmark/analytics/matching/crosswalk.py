"""Suggestions for a crosswalk: which skills of a framework mean the same as another's, or nearly.

The terms are SKOS's (W3C, SKOS Reference, section 10). They are suggestions: a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from guildmark.analytics.matching._words import stems_of
from guildmark.analytics.matching.index import Index
from guildmark.analytics.matching.values import Match, Relation, Skill, Suggestion

CLOSE = 0.5
"""Calibrated score from which a match without equal names is called close."""


def crosswalk(index: Index, others: Sequence[Skill], *, top: int = 3) -> list[list[Suggestion]]:
    """For each skill of another framework at most `top` suggestions, exact ones first.

    Exact: the labels have the same words, whatever their order and endings. Close: a label is an
    alternative label of the other, or the score is high. Broad or narrow: all words of one label
    are in the other, which says more. Related: what is left. Raises MatchingError.
    """
    # More than asked for: an exact one may stand lower before names are compared.
    found = index.match([other.label for other in others], top=min(100, max(10, top)))
    by_id = {skill.id: skill for skill in index.skills}
    lists = []
    for other, matches in zip(others, found, strict=True):
        suggestions = [_suggested(other, by_id[match.id], match) for match in matches]
        suggestions.sort(key=lambda each: (_ORDER[each.relation], -each.score))
        lists.append(suggestions[:top])
    return lists


_ORDER = {
    Relation.EXACT: 0,
    Relation.CLOSE: 1,
    Relation.BROAD: 2,
    Relation.NARROW: 2,
    Relation.RELATED: 3,
}


def _suggested(other: Skill, skill: Skill, match: Match) -> Suggestion:
    relation, reason = _compared(other, skill, match)
    return Suggestion(
        source=other.id,
        id=skill.id,
        label=skill.label,
        relation=relation,
        score=match.score,
        reason=reason,
    )


def _compared(other: Skill, skill: Skill, match: Match) -> tuple[Relation, str]:
    asked, here = frozenset(stems_of(other.label)), frozenset(stems_of(skill.label))
    if asked == here:
        return Relation.EXACT, f"{other.label!r} and {skill.label!r} have the same words."
    for name in skill.alternatives:
        if frozenset(stems_of(name)) == asked:
            return Relation.CLOSE, f"{name!r} is another name of {skill.label!r}."
    for name in other.alternatives:
        if frozenset(stems_of(name)) == here:
            return Relation.CLOSE, f"{name!r} is another name of {other.label!r}."
    if here < asked:
        return Relation.BROAD, f"{other.label!r} says more than {skill.label!r}."
    if asked < here:
        return Relation.NARROW, f"{skill.label!r} says more than {other.label!r}."
    words = ", ".join(repr(reason.text) for reason in match.reasons)
    because = f"Near by {words}." if words else "Near by their meaning as a whole."
    return (Relation.CLOSE if match.score >= CLOSE else Relation.RELATED), because
