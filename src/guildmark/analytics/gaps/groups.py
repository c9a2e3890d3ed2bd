"""Gaps of units, roles or any other groups of people, added up from the rows of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from guildmark.analytics.gaps._arrays import Floats, Ints, ints, one_length
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
    missing: Ints
    """Missing ranks of all pairs."""
    weighted_missing: Floats
    """Missing ranks times the weight of their requirement."""
    fit: Floats
    """Weighted share of the required ranks that is held, 0 to 1, over all pairs of the group: not
    the mean of its people's fits. NaN where nothing is required."""


@dataclass(frozen=True, kw_only=True)
class GroupSkillGaps:
    """One row a (group, skill) pair with a gap, by group and then skill."""

    group: Ints
    skill: Ints
    people: Ints
    """People of the group with a gap in the skill."""
    missing: Ints
    """Their missing ranks."""
    critical: Ints
    """For how many of them the skill is critical."""


def by_group(gaps: Gaps, *, group_of: npt.ArrayLike, groups: int) -> GroupGaps:
    """Add up the gaps of each group.

    `group_of` has one group index a person (a unit, a role), from 0 to under `groups`, -1 for none;
    such people are left out. The array that was given as `person_role` groups by role. Raises a
    GapInputError that names the array and the value.
    """
    group, of_row, kept = _groups_of_rows(gaps, group_of, groups)
    gap = gaps.gap[kept]
    opened = gap > 0
    critical = opened & gaps.critical[kept]
    weight = gaps.weight[kept]
    concerned = np.zeros(len(group), dtype=np.bool_)
    concerned[gaps.person[kept][opened]] = True
    return GroupGaps(
        people=_count(group[group >= 0], groups),
        people_with_gap=_count(group[concerned], groups),
        gaps=_count(of_row[opened], groups),
        critical_gaps=_count(of_row[critical], groups),
        # Exact, because bincount adds in float64 and ranks stay far below 2**53.
        missing=np.bincount(of_row, gap, groups).astype(np.int64),
        weighted_missing=np.bincount(of_row, gap * weight, groups).astype(np.float64),
        fit=fit_by(
            of_row,
            groups,
            required=gaps.required[kept],
            held=gaps.held[kept],
            weight=weight,
        ),
    )


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

    def added(values: Ints) -> Ints:
        # A matrix in row order adds up what stands in one place, and keeps sums of 0 in theirs.
        matrix = sparse.csr_array((values, where), shape=(groups, skills))
        matrix.sum_duplicates()
        total: Ints = matrix.data
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


def _groups_of_rows(gaps: Gaps, group_of: npt.ArrayLike, groups: int) -> tuple[Ints, Ints, Ints]:
    """The group of each person, that of each row kept, and the rows kept."""
    group = ints("group_of", group_of, low=-1, below=groups)
    one_length("group_of", group_of=group, people=gaps.fit)
    of_row = group[gaps.person]
    kept = np.flatnonzero(of_row >= 0)
    return group, of_row[kept], kept


def _count(values: Ints, size: int) -> Ints:
    return np.bincount(values, minlength=size).astype(np.int64)
