"""Internal moves: who could take on a role, what is missing, and what the training takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import (
    Bools,
    Floats,
    GapInputError,
    Ints,
    Levels,
    OutOfRangeError,
    ints,
    levels,
    one_length,
)
from guildmark.analytics.gaps._placing import Wanted, spread
from guildmark.analytics.gaps._sums import Sums
from guildmark.analytics.gaps.own_role import (
    Held,
    Requirements,
    beside,
    checked_held,
    checked_requirements,
)

By = Literal["fit", "hours", "cost"]
Candidates = tuple[Ints, Ints, Floats, Floats]
"""Column (role), person, what they are ranked by, and the fit that decides between equals."""

# A fit or a level that is exactly asked for may be reckoned a hair beside it.
_HAIR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What training takes, one row a (skill, level): from the level below in the table to this one.

    `hours` and `cost` are finite and not negative, in whatever unit of money. Part of a step takes
    that part of it. What lies above a skill's highest step is not known.
    """

    skill: Ints
    level: Levels
    hours: Floats
    cost: Floats


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What candidates lack, one row a (candidate, skill); `move` is the row of the candidate.

    `hours` and `cost` are NaN where no steps lead to the required level.
    """

    move: Ints
    skill: Ints
    required: Levels
    held: Levels
    gap: Levels
    weight: Floats
    critical: Bools
    hours: Floats
    cost: Floats


@dataclass(frozen=True, kw_only=True)
class Moves:
    """The nearest people for each role, one row a (role, person), by role and then rank.

    `gaps` and `critical_gaps` count the missing skills; `hours` and `cost` are what their training
    takes in sum, NaN where that of one is not known.
    """

    role: Ints
    person: Ints
    fit: Floats
    gaps: Ints
    critical_gaps: Ints
    hours: Floats
    cost: Floats
    missing: Missing


def near_fits(
    *,
    person_role: npt.ArrayLike,
    requirements: Requirements,
    held: Held,
    skills: int,
    steps: Steps | None = None,
    roles: npt.ArrayLike | None = None,
    at_least: float = 0.5,
    most: int = 10,
    by: By = "fit",
) -> Moves:
    """For each of `roles` (all that require something) the `most` nearest people of other roles.

    Only who has a fit of `at_least` counts. `by` ranks them by the highest fit or by the least
    hours or cost of training (where those are not known, last), then by fit, then by index; people
    in that role already are left out. Everybody is compared, not a sample. Raises a GapInputError.
    """
    own = ints("person_role", person_role, low=-1)
    required_by = checked_requirements(requirements, skills)
    records = checked_held(held, len(own), skills)
    training = _Training(steps, skills)
    if not 0 <= at_least <= 1:
        raise OutOfRangeError("at_least", at_least, f"is {at_least}; give 0 to 1")
    if by not in ("fit", "hours", "cost"):
        raise GapInputError("by", by, f"is {by!r}; give 'fit', 'hours' or 'cost'")
    if most < 1:
        raise OutOfRangeError("most", most, f"is {most}; give 1 or more")
    asked = np.unique(required_by.role if roles is None else ints("roles", roles))
    kept = np.flatnonzero(np.isin(required_by.role, asked))
    required_by = Requirements(**{k: v[kept] for k, v in vars(required_by).items()})
    number = np.searchsorted(asked, required_by.role)
    sums = Sums(
        people=len(own),
        roles=len(asked),
        skills=skills,
        role=number,
        skill=required_by.skill,
        required=required_by.level,
        held=(records.person, records.skill, records.level),
        bends=training.bends,
    )
    nearest = _Nearest(sums, asked, number, required_by, training, by)
    column, person = nearest.first(own, at_least, most)
    return _described(asked, column, person, required_by, records, skills, training)


class _Training:
    """Hours and cost from level 0 up to any level of a skill, straight between two steps."""

    def __init__(self, given: Steps | None, skills: int) -> None:
        if given is None:
            none = np.zeros(0, dtype=np.int64)
            given = Steps(skill=none, level=none, hours=np.zeros(0), cost=np.zeros(0))
        one_length("steps", **vars(given))
        skill = ints("steps.skill", given.skill, below=skills)
        level = levels("steps.level", given.level).astype(np.float64)
        if (level == 0).any():
            raise OutOfRangeError("steps.level", 0, "holds 0; a step leads to a level above 0")
        order = np.lexsort((level, skill))
        skill, level = skill[order], level[order]
        again = (skill[1:] == skill[:-1]) & (level[1:] == level[:-1])
        if again.any():
            at = int(np.argmax(again))
            pair = (int(skill[at]), float(level[at]))
            raise GapInputError("steps", pair, f"names level {pair[1]:g} of skill {pair[0]} twice")
        self.bends = (skill, level)
        self._level = level
        self._start = np.searchsorted(skill, np.arange(skills + 1))
        first = np.append(True, skill[1:] != skill[:-1])[: len(skill)]
        self._bottom = np.where(first, 0.0, np.append(0.0, level[:-1])[: len(level)])
        self._step, self._before = {}, {}
        for name, values in (("hours", given.hours), ("cost", given.cost)):
            each = levels(f"steps.{name}", values).astype(np.float64)[order]
            summed = np.cumsum(each) - each
            self._step[name] = each
            self._before[name] = summed - summed[self._start[skill]]

    def top(self, skill: Ints) -> Floats:
        """The highest level that steps of the skill lead to, 0 without steps."""
        if not len(self._level):
            return np.zeros(len(skill))
        last = self._start[skill + 1] - 1
        found: Floats = np.where(last >= self._start[skill], self._level[last], 0.0)
        return found

    def upto(self, name: str, skill: Ints, level: Floats) -> Floats:
        """What it takes from 0 to the level; beyond the last step, what the steps take."""
        if not len(self._level):
            return np.zeros(len(skill))
        start, stop = self._start[skill], self._start[skill + 1]
        at = np.clip(self._first_not_below(start, stop, level), start, np.maximum(stop - 1, start))
        at = np.minimum(at, len(self._level) - 1)
        part = (level - self._bottom[at]) / (self._level[at] - self._bottom[at])
        taken = self._before[name][at] + np.clip(part, 0, 1) * self._step[name][at]
        some: Floats = np.where(stop > start, taken, 0.0)
        return some

    def _first_not_below(self, low: Ints, high: Ints, level: Floats) -> Ints:
        # A skill has a handful of steps, so halving ends after two or three turns.
        while (low < high).any():
            middle = (low + high) // 2
            open_still = low < high
            below = open_still & (self._level[np.minimum(middle, len(self._level) - 1)] < level)
            low = np.where(below, middle + 1, low)
            high = np.where(open_still & ~below, middle, high)
        return low


class _Nearest:
    """Ranks everybody for each role (column)."""

    def __init__(
        self,
        sums: Sums,
        asked: Ints,
        number: Ints,
        required_by: Requirements,
        training: _Training,
        by: By,
    ) -> None:
        self._sums, self._asked, self._by, self._training = sums, asked, by, training
        self._skill, self._weight = required_by.skill, required_by.weight
        self._top = training.top(required_by.skill)
        level = required_by.level.astype(np.float64)
        every = np.arange(len(level))

        def total(values: Floats) -> Floats:
            return np.bincount(number, values, len(asked)).astype(np.float64)

        self._total = total(self._weighted(every, level))
        self._total[self._total == 0] = np.nan
        self._all_training = total(self._trained(every, level)) if by != "fit" else self._total
        self._all_unknown = total(self._unknown(every, level))

    def first(self, own: Ints, at_least: float, most: int) -> tuple[Ints, Ints]:
        """The columns and people of the candidates, in the order in which they are told."""
        best = _ranked([], most)
        for part in self._sums.blocks():
            fit = self._sums.block(part, self._weighted) / self._total
            row, column = np.nonzero(
                (fit >= at_least - _HAIR) & (own[part][:, None] != self._asked)
            )
            fits = fit[row, column]
            ranks = -fits if self._by == "fit" else self._spent(part)[row, column]
            best = _ranked([best, (column, row + part.start, ranks, fits)], most)
        return best[0], best[1]

    def _spent(self, part: slice) -> Floats:
        spent: Floats = self._all_training - self._sums.block(part, self._trained)
        if self._all_unknown.any():
            unknown = self._all_unknown - self._sums.block(part, self._unknown)
            spent[unknown > _HAIR] = np.inf
        return spent

    def _weighted(self, row: Ints, level: Floats) -> Floats:
        worth: Floats = self._weight[row] * level
        return worth

    def _trained(self, row: Ints, level: Floats) -> Floats:
        return self._training.upto(self._by, self._skill[row], level)

    def _unknown(self, row: Ints, level: Floats) -> Floats:
        """How far a level lies above what steps lead to."""
        beyond: Floats = np.maximum(level - self._top[row], 0)
        return beyond


def _ranked(parts: list[Candidates], most: int) -> Candidates:
    """The first so many of each column."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0), np.zeros(0)
    column, person, rank, fit = (np.concatenate(each) for each in zip(*parts, strict=True))
    # Rounded, so that what is equal but for the order of a sum is told in the order of people.
    order = np.lexsort((person, -np.round(fit, 9), np.round(rank, 9), column))
    nth = np.arange(len(order)) - np.searchsorted(column[order], column[order])
    kept = order[nth < most]
    return column[kept], person[kept], rank[kept], fit[kept]


def _described(
    asked: Ints,
    column: Ints,
    person: Ints,
    required_by: Requirements,
    records: Held,
    skills: int,
    training: _Training,
) -> Moves:
    """The candidates with what each lacks: own-role gaps, as if the role were their own."""
    role = asked[column]
    whose, of = np.unique(person, return_inverse=True)
    mine = np.flatnonzero(np.isin(records.person, whose))
    # A person may be a candidate for several roles; each candidate gets the person's records.
    by_person = np.argsort(of, kind="stable")
    first = np.searchsorted(of[by_person], np.arange(len(whose) + 1))
    nth, at = spread(first, np.searchsorted(whose, records.person[mine]))
    record, move_of_record = mine[nth], by_person[at]
    wanted = Wanted(role, required_by.role, required_by.skill, skills)
    best = wanted.best(move_of_record, records.skill[record], records.level[record])
    found = beside(wanted, required_by, best)
    rows = found.rows()
    required = rows.required.astype(np.float64)
    known = required <= training.top(rows.skill)
    took = {
        name: np.where(
            known,
            training.upto(name, rows.skill, required)
            - training.upto(name, rows.skill, rows.held.astype(np.float64)),
            np.nan,
        )
        for name in ("hours", "cost")
    }
    moves = len(role)
    return Moves(
        role=role,
        person=person,
        fit=found.fit,
        gaps=np.bincount(rows.person, minlength=moves),
        critical_gaps=np.bincount(rows.person[rows.critical], minlength=moves),
        hours=np.bincount(rows.person, took["hours"], moves).astype(np.float64),
        cost=np.bincount(rows.person, took["cost"], moves).astype(np.float64),
        missing=Missing(
            move=rows.person,
            skill=rows.skill,
            required=rows.required,
            held=rows.held,
            gap=rows.gap,
            weight=rows.weight,
            critical=rows.critical,
            hours=took["hours"],
            cost=took["cost"],
        ),
    )
