"""Each person beside the requirements of their own role."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import (
    LARGEST,
    Bools,
    Floats,
    Ints,
    OutOfRangeError,
    RepeatedRequirementError,
    bools,
    ints,
    one_length,
    weights,
)


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
class GapRows:
    """The requirements that are not met, one row a (person, skill) pair; `gap` is above 0."""

    person: Ints
    skill: Ints
    required: Ints
    held: Ints
    gap: Ints
    weight: Floats
    critical: Bools


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """Every required skill of every person, and each person's fit.

    The row arrays hold all requirements, met ones too (gap 0), in the order of the people; `open`
    selects the others and `rows()` lists them. `fit` has one number a person between 0 and 1, NaN
    for a person whose role requires nothing.
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

    def rows(self) -> GapRows:
        """The rows with a gap, and only those."""
        kept = self.open
        required, held = self.required[kept], self.held[kept]
        return GapRows(
            person=self.person[kept],
            skill=self.skill[kept],
            required=required,
            held=held,
            gap=required - held,
            weight=self.weight[kept],
            critical=self.critical[kept],
        )


def own_role_gaps(
    *, person_role: npt.ArrayLike, requirements: Requirements, held: Held, skills: int
) -> Gaps:
    """Compare each person with the requirements of their own role.

    `person_role` has one role index a person, -1 for none; `skills` is the number of skills, above
    every skill index. Time and memory grow with the records and with the requirements of all
    people, never with people times skills. Raises a GapInputError that names the array and the
    value.
    """
    roles = ints("person_role", person_role, low=-1)
    required_by = _checked_requirements(requirements, skills)
    person, row = _rows_of_people(roles, required_by.role)
    skill, required = required_by.skill[row], required_by.level[row]
    weight = required_by.weight[row]
    best = _best_levels(_checked_held(held, len(roles), skills), person, skill, len(roles), skills)
    return Gaps(
        person=person,
        skill=skill,
        required=required,
        held=best,
        weight=weight,
        critical=required_by.critical[row],
        fit=fit_by(person, len(roles), required=required, held=best, weight=weight),
    )


def fit_by(index: Ints, size: int, *, required: Ints, held: Ints, weight: Floats) -> Floats:
    """The weighted share of the required ranks that is held, by `index` from 0 to under `size`.

    Sum of weight x min(held, required) over sum of weight x required: holding more than is
    required of one skill does not make up for another. NaN where nothing is required.
    """
    total = np.bincount(index, weight * required, size)
    reached = np.bincount(index, weight * np.minimum(held, required), size)
    fit: Floats = np.full(size, np.nan)
    np.divide(reached, total, out=fit, where=total > 0)
    return fit


def _rows_of_people(roles: Ints, required_role: Ints) -> tuple[Ints, Ints]:
    """For each requirement of each person: the person, and its row in the requirements."""
    order = np.argsort(required_role, kind="stable")
    by_role = required_role[order]
    first = np.searchsorted(by_role, roles, side="left")
    counts = np.searchsorted(by_role, roles, side="right") - first
    person = np.repeat(np.arange(len(roles), dtype=np.int64), counts)
    within = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)
    return person, order[np.repeat(first, counts) + within]


def _best_levels(held: Held, person: Ints, skill: Ints, people: int, skills: int) -> Ints:
    """The highest held level for each (person, skill) asked; 0 where there is none."""
    if not len(held.person) or not len(person):
        return np.zeros(len(person), dtype=np.int64)
    ranks = int(held.level.max()) + 1
    if people * skills * ranks > LARGEST:
        raise OutOfRangeError(
            "held.level", ranks - 1, f"holds {ranks - 1}, too large beside {skills} skills"
        )
    # One number a record, person before skill before level, sorts faster than three keys.
    records = np.sort((held.person * skills + held.skill) * ranks + held.level)
    wanted = person * skills + skill
    last = np.searchsorted(records, wanted * ranks + (ranks - 1), side="right") - 1
    found = records[np.maximum(last, 0)]
    best: Ints = np.where((last >= 0) & (found // ranks == wanted), found % ranks, 0)
    return best


def _checked_requirements(given: Requirements, skills: int) -> Requirements:
    one_length("requirements", **vars(given))
    checked = Requirements(
        role=ints("requirements.role", given.role),
        skill=ints("requirements.skill", given.skill, below=skills),
        level=ints("requirements.level", given.level),
        weight=weights("requirements.weight", given.weight),
        critical=bools("requirements.critical", given.critical),
    )
    order = np.lexsort((checked.skill, checked.role))
    role, skill = checked.role[order], checked.skill[order]
    again = (role[1:] == role[:-1]) & (skill[1:] == skill[:-1])
    if again.any():
        at = int(np.argmax(again))
        pair = (int(role[at]), int(skill[at]))
        raise RepeatedRequirementError(
            "requirements", pair, f"names skill {pair[1]} twice for role {pair[0]}"
        )
    return checked


def _checked_held(given: Held, people: int, skills: int) -> Held:
    one_length("held", **vars(given))
    return Held(
        person=ints("held.person", given.person, below=people),
        skill=ints("held.skill", given.skill, below=skills),
        level=ints("held.level", given.level),
    )
