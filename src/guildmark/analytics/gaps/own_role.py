"""Each person beside the requirements of their own role."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import (
    Bools,
    Floats,
    Ints,
    Levels,
    RepeatedRequirementError,
    bools,
    ints,
    levels,
    one_length,
    weights,
)
from guildmark.analytics.gaps._placing import Wanted


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """What roles require, one row a (role, skill) pair; all arrays are of one length."""

    role: Ints
    skill: Ints
    level: Levels
    weight: Floats
    critical: Bools


@dataclass(frozen=True, kw_only=True)
class Held:
    """What people hold, one row a record; of several for one skill the highest counts."""

    person: Ints
    skill: Ints
    level: Levels


@dataclass(frozen=True, kw_only=True)
class GapRows:
    """The requirements that are not met, one row a (person, skill) pair; `gap` is above 0."""

    person: Ints
    skill: Ints
    required: Levels
    held: Levels
    gap: Levels
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
    required: Levels
    held: Levels
    weight: Floats
    critical: Bools
    fit: Floats

    @property
    def gap(self) -> Levels:
        """Missing levels by row, never negative."""
        missing: Levels = np.maximum(self.required - self.held, 0)
        return missing

    @property
    def open(self) -> Bools:
        """The rows with a gap."""
        missing: Bools = self.held < self.required
        return missing

    def rows(self) -> GapRows:
        """The rows with a gap, and only those."""
        kept = np.flatnonzero(self.open)
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
    every skill index. Levels are numbers on one ordered scale, 0 is none; they come back whole
    where all are whole. Time and memory grow with the records and with the requirements of all
    people, never with people times skills. Raises a GapInputError that names the array and the
    value.
    """
    roles = ints("person_role", person_role, low=-1)
    required_by = checked_requirements(requirements, skills)
    records = checked_held(held, len(roles), skills)
    wanted = Wanted(roles, required_by.role, required_by.skill, skills)
    best = wanted.best(records.person, records.skill, records.level)
    return beside(wanted, required_by, best)


def beside(wanted: Wanted, required_by: Requirements, held: Levels) -> Gaps:
    """The rows that are wanted, with the level held of each."""
    row = wanted.requirement
    required, weight = required_by.level[row], required_by.weight[row]
    return Gaps(
        person=wanted.person,
        skill=required_by.skill[row],
        required=required,
        held=held,
        weight=weight,
        critical=required_by.critical[row],
        fit=fit_by(wanted.person, wanted.people, required=required, held=held, weight=weight),
    )


def fit_by(index: Ints, size: int, *, required: Levels, held: Levels, weight: Floats) -> Floats:
    """The weighted share of the required levels that is held, by `index` from 0 to under `size`.

    Sum of weight x min(held, required) over sum of weight x required: holding more than is
    required of one skill does not make up for another. NaN where nothing is required.
    """
    total = np.bincount(index, weight * required, size)
    reached = np.bincount(index, weight * np.minimum(held, required), size)
    fit: Floats = np.full(size, np.nan)
    np.divide(reached, total, out=fit, where=total > 0)
    return fit


def checked_requirements(
    given: Requirements, skills: int, *, roles: int | None = None
) -> Requirements:
    """The requirements as arrays that hold, no skill twice for a role. Raises GapInputError."""
    one_length("requirements", **vars(given))
    checked = Requirements(
        role=ints("requirements.role", given.role, below=roles),
        skill=ints("requirements.skill", given.skill, below=skills),
        level=levels("requirements.level", given.level),
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


def checked_held(given: Held, people: int, skills: int) -> Held:
    """The records as arrays that hold. Raises GapInputError."""
    one_length("held", **vars(given))
    return Held(
        person=ints("held.person", given.person, below=people),
        skill=ints("held.skill", given.skill, below=skills),
        level=levels("held.level", given.level),
    )
