"""Gaps: what job roles require minus what people hold. Arrays in, arrays out.

A level is a rank on one ordered scale (ILUO: 0 none to 4 teaches), a weight any positive number.
A gap counts in ranks; a fit is the weighted share of the required ranks that is held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """What roles require, one row a (role, skill) pair; all arrays are of one length."""

    role: Ints
    skill: Ints
    level: Ints
    weight: Floats
    critical: Bools


@dataclass(frozen=True, kw_only=True)
class Held:
    """What people hold, one row a record; of several for one skill the highest counts."""

    person: Ints
    skill: Ints
    level: Ints


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """Every required skill of every person, and each person's fit.

    The row arrays hold all requirements, met ones too (gap 0); `open` selects the others. `fit`
    has one number a person between 0 and 1, NaN for a person whose role requires nothing.
    """

    person: Ints
    skill: Ints
    required: Ints
    held: Ints
    weight: Floats
    critical: Bools
    fit: Floats

    @property
    def gap(self) -> Ints:
        """Missing ranks by row, never negative."""
        missing: Ints = np.maximum(self.required - self.held, 0)
        return missing

    @property
    def open(self) -> Bools:
        """The rows with a gap."""
        missing: Bools = self.held < self.required
        return missing


def own_role_gaps(
    *, person_role: npt.ArrayLike, requirements: Requirements, held: Held, skills: int
) -> Gaps:
    """Compare each person with the requirements of their own role.

    `person_role` has one role index a person, -1 for none; `skills` is the number of skills, above
    every skill index. Raises ValueError that names the array and the value.
    """
    roles = np.asarray(person_role, dtype=np.int64)
    _check(roles, requirements, held, skills)
    order = np.argsort(requirements.role, kind="stable")
    sorted_role = requirements.role[order]
    first = np.searchsorted(sorted_role, roles, side="left")
    counts = np.searchsorted(sorted_role, roles, side="right") - first
    person = np.repeat(np.arange(len(roles)), counts)
    within = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)
    row = order[np.repeat(first, counts) + within]
    best = _best_levels(held, person, requirements.skill[row], skills)
    required = requirements.level[row]
    weight = requirements.weight[row]
    size = len(roles)
    total = np.bincount(person, weight * required, size)
    reached = np.bincount(person, weight * np.minimum(best, required), size)
    with np.errstate(invalid="ignore"):
        fit = np.where(total > 0, reached / np.where(total > 0, total, 1), np.nan)
    return Gaps(
        person=person,
        skill=requirements.skill[row],
        required=required,
        held=best,
        weight=weight,
        critical=requirements.critical[row],
        fit=fit,
    )


def _best_levels(held: Held, person: Ints, skill: Ints, skills: int) -> Ints:
    """The highest held level for each (person, skill) asked; 0 where there is none."""
    wanted = person * skills + skill
    if not len(held.person) or not len(wanted):
        return np.zeros(len(wanted), dtype=np.int64)
    keys = held.person * skills + held.skill
    order = np.lexsort((held.level, keys))
    keys, levels = keys[order], held.level[order]
    last = np.searchsorted(keys, wanted, side="right") - 1
    found = (last >= 0) & (keys[last] == wanted)
    best: Ints = np.where(found, levels[last], 0)
    return best


def _check(roles: Ints, requirements: Requirements, held: Held, skills: int) -> None:
    lengths = {len(array) for array in vars(requirements).values()}
    if len(lengths) != 1:
        raise ValueError("the arrays of requirements differ in length")
    if len({len(array) for array in vars(held).values()}) != 1:
        raise ValueError("the arrays of held differ in length")
    for name, array, below in (
        ("requirements.skill", requirements.skill, skills),
        ("held.skill", held.skill, skills),
        ("held.person", held.person, len(roles)),
    ):
        if len(array) and (array.min() < 0 or array.max() >= below):
            bad = array[(array < 0) | (array >= below)][0]
            raise ValueError(f"{name} holds {bad}, outside 0 to {below - 1}")
    for name, levels in (("requirements.level", requirements.level), ("held.level", held.level)):
        if len(levels) and levels.min() < 0:
            raise ValueError(f"{name} holds {levels.min()}; a level is not negative")
    if len(requirements.weight) and not (requirements.weight > 0).all():
        bad_weight = requirements.weight[~(requirements.weight > 0)][0]
        raise ValueError(f"requirements.weight holds {bad_weight}; a weight is positive")
    keys = requirements.role * skills + requirements.skill
    if len(np.unique(keys)) != len(keys):
        raise ValueError("requirements names a skill twice for one role")
