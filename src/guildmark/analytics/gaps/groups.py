"""Gaps of units, roles, stations, sites, goals: any groups of people or of skills, added up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from guildmark.analytics.gaps._arrays import Floats, Ints, Levels, ints, one_length, weights
from guildmark.analytics.gaps._placing import spread
from guildmark.analytics.gaps.own_role import Gaps, fit_by


@dataclass(frozen=True, kw_only=True)
class GroupGaps:
    """One number a group in each array."""

    people: Ints
    """People in the group, with or without requirements."""
    people_with_gap: Ints
    gaps: Ints
    """(Person, skill) pairs with a gap."""
    critical_gaps: Ints
    missing: Levels
    """Missing levels of all pairs."""
    weighted_missing: Floats
    """Missing levels times the weight of their requirement, and of the person or skill in the
    group."""
    fit: Floats
    """Weighted share of the required levels that is held, 0 to 1, over all pairs of the group: not
    the mean of its people's fits. NaN where nothing is required."""


@dataclass(frozen=True, kw_only=True)
class GroupSkillGaps:
    """One row a (group, skill) pair with a gap, by group and then skill."""

    group: Ints
    skill: Ints
    people: Ints
    """People of the group with a gap in the skill."""
    missing: Levels
    """Their missing levels."""
    critical: Ints
    """For how many of them the skill is critical."""


def by_group(gaps: Gaps, *, group_of: npt.ArrayLike, groups: int) -> GroupGaps:
    """Add up the gaps of each group.

    `group_of` has one group index a person (a unit, a role), from 0 to under `groups`, -1 for none;
    such people are left out. The array that was given as `person_role` groups by role. Raises a
    GapInputError that names the array and the value.
    """
    group, of_row, kept = _groups_of_rows(gaps, group_of, groups)
    members = np.flatnonzero(group >= 0)
    return _added(gaps, kept, of_row, gaps.weight[kept], groups, group[members])


def by_membership(
    gaps: Gaps,
    *,
    person: npt.ArrayLike,
    group: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    groups: int,
) -> GroupGaps:
    """Add up the gaps of groups in which a person may be several times: stations, sites, teams.

    One row a (person, group); `weight` says how much the person counts there (1), in the fit and
    in `weighted_missing`. Raises a GapInputError.
    """
    people = len(gaps.fit)
    who = ints("person", person, below=people)
    where = ints("group", group, below=groups)
    counts = np.ones(len(who)) if weight is None else weights("weight", weight)
    one_length("memberships", person=who, group=where, weight=counts)
    first = np.searchsorted(gaps.person, np.arange(people + 1))
    member, row = spread(first, who)
    return _added(gaps, row, where[member], gaps.weight[row] * counts[member], groups, where)


def by_goal(
    gaps: Gaps,
    *,
    skill: npt.ArrayLike,
    goal: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    goals: int,
    skills: int,
) -> GroupGaps:
    """Add up the gaps in the skills that each goal takes.

    One row a (skill, goal); `weight` says how much the skill counts for the goal (1). The people of
    a goal are those whose role requires one of its skills. Raises a GapInputError.
    """
    what = ints("skill", skill, below=skills)
    where = ints("goal", goal, below=goals)
    counts = np.ones(len(what)) if weight is None else weights("weight", weight)
    one_length("goals", skill=what, goal=where, weight=counts)
    order = np.argsort(what, kind="stable")
    first = np.searchsorted(what[order], np.arange(skills + 1))
    row, at = spread(first, ints("gaps.skill", gaps.skill, below=skills))
    at = order[at]
    # One of each person and goal, though several of its skills may be required.
    pairs = np.unique(gaps.person[row] * max(1, goals) + where[at])
    members = pairs % max(1, goals)
    return _added(gaps, row, where[at], gaps.weight[row] * counts[at], goals, members)


def by_group_and_skill(
    gaps: Gaps, *, group_of: npt.ArrayLike, groups: int, skills: int
) -> GroupSkillGaps:
    """Add up the gaps of each group in each skill: what a training plan has to offer to whom.

    `group_of` and `groups` as in `by_group`; `skills` is the number of skills. Only pairs with a
    gap come back, so memory grows with the gaps, never with groups times skills. Raises a
    GapInputError that names the array and the value.
    """
    _, of_row, kept = _groups_of_rows(gaps, group_of, groups)
    gap = gaps.gap[kept]
    opened = gap > 0
    skill = ints("gaps.skill", gaps.skill, below=skills)[kept][opened]
    where = (of_row[opened], skill)

    def added(values: Levels) -> Levels:
        # A matrix in row order adds up what stands in one place, and keeps sums of 0 in theirs.
        matrix = sparse.csr_array((values, where), shape=(groups, skills))
        matrix.sum_duplicates()
        total: Levels = matrix.data
        return total

    places = sparse.csr_array((np.ones_like(skill), where), shape=(groups, skills))
    places.sum_duplicates()
    return GroupSkillGaps(
        group=np.repeat(np.arange(groups, dtype=np.int64), np.diff(places.indptr)),
        skill=places.indices.astype(np.int64),
        people=places.data,
        missing=added(gap[opened]),
        critical=added(gaps.critical[kept][opened].astype(np.int64)),
    )


def _added(
    gaps: Gaps, row: Ints, of_row: Ints, weight: Floats, groups: int, members: Ints
) -> GroupGaps:
    """The numbers of groups: which rows count for which group, and the group of each member."""
    required, held = gaps.required[row], gaps.held[row]
    gap = np.maximum(required - held, 0)
    opened = gap > 0
    pairs = np.unique(gaps.person[row][opened] * max(1, groups) + of_row[opened])
    missing = np.bincount(of_row, gap, groups)
    return GroupGaps(
        people=_count(members, groups),
        people_with_gap=_count(pairs % max(1, groups), groups),
        gaps=_count(of_row[opened], groups),
        critical_gaps=_count(of_row[opened & gaps.critical[row]], groups),
        # Exact, because bincount adds in float64 and whole levels stay far below 2**53.
        missing=missing.astype(gap.dtype),
        weighted_missing=np.bincount(of_row, gap * weight, groups).astype(np.float64),
        fit=fit_by(of_row, groups, required=required, held=held, weight=weight),
    )


def _groups_of_rows(gaps: Gaps, group_of: npt.ArrayLike, groups: int) -> tuple[Ints, Ints, Ints]:
    """The group of each person, that of each row kept, and the rows kept."""
    group = ints("group_of", group_of, low=-1, below=groups)
    one_length("group_of", group_of=group, people=gaps.fit)
    of_row = group[gaps.person]
    kept = np.flatnonzero(of_row >= 0)
    return group, of_row[kept], kept


def _count(values: Ints, size: int) -> Ints:
    return np.bincount(values, minlength=size).astype(np.int64)
