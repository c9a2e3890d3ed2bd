"""Sums over the skills that a person and a role share, for all people and all roles.

What is summed is a value of min(held, required), which no product of matrices yields by itself.
Skills that few hold or few roles require are added up pair by pair. A skill that most people hold
and most roles require is taken apart at the levels at which its value bends: between two of them
it is a straight line, so the value is the sum of how far each step has been climbed times what
the step is worth to the role, and that is a product of two dense matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import LARGEST, Floats, Ints, Levels

Value = Callable[[Ints, npt.NDArray[np.float64]], Floats]
"""What a level of each of these requirements (rows) is worth; 0 at level 0, never bent but at the
levels that are required and those given as bends."""

# Nanoseconds, measured: a pair of a record and a requirement added up, a cell of a step multiplied.
_PAIR, _CELL = 12.0, 0.04
# A block has so many cells (people times roles) and pairs at most, which bounds the memory.
_CELLS, _PAIRS = 1 << 20, 1 << 20
# Up to so many skills a table says which are required; beyond it, a search.
_TABLE = 1 << 24


class Sums:
    """The records that matter to the requirements, in the order of people, ready to be summed."""

    def __init__(
        self,
        *,
        people: int,
        roles: int,
        skills: int,
        role: Ints,
        skill: Ints,
        required: Levels,
        held: tuple[Ints, Ints, Levels],
        bends: tuple[Ints, Levels] | None = None,
    ) -> None:
        self.people, self.roles = people, roles
        known, number = np.unique(skill, return_inverse=True)
        self._known = len(known)
        # Requirements in the order of skills.
        self._row = np.argsort(number, kind="stable")
        self._role = role[self._row]
        self._required = required[self._row].astype(np.float64)
        self._asked = np.bincount(number, minlength=len(known))
        self._start = np.cumsum(self._asked) - self._asked
        self._person, self._skill, self._level = self._best(known, skills, *held)
        self._first = np.searchsorted(self._person, np.arange(people + 1))
        self._steps(known, skills, number[self._row], bends)
        pairs = np.where(self._heavy[self._skill], 0, self._asked[self._skill])
        self._pairs = np.concatenate([[0], np.cumsum(pairs)])

    def blocks(self) -> Iterator[slice]:
        """Parts of the people, each small enough to be summed at once."""
        start = 0
        most = max(1, _CELLS // max(1, self.roles))
        upto = self._pairs[self._first]
        while start < self.people:
            by_pairs = int(np.searchsorted(upto, upto[start] + _PAIRS, side="right")) - 1
            stop = max(start + 1, min(start + most, by_pairs, self.people))
            yield slice(start, stop)
            start = stop

    def block(self, part: slice, value: Value) -> Floats:
        """The sums of the people in a block, people by roles."""
        records = slice(self._first[part.start], self._first[part.stop])
        person, skill = self._person[records] - part.start, self._skill[records]
        level = self._level[records]
        heavy = self._heavy[skill]
        shape = (part.stop - part.start, self.roles)
        sums = self._by_pairs(shape, person, skill, level, ~heavy, value)
        if heavy.any():
            sums += self._by_steps(shape[0], person[heavy], skill[heavy], level[heavy], value)
        return sums

    def _best(
        self, known: Ints, skills: int, person: Ints, skill: Ints, level: Levels
    ) -> tuple[Ints, Ints, Floats]:
        """The highest level of each person in each skill that is required, by person and skill."""
        at = _numbers(known, skills, skill)
        kept = np.flatnonzero(at >= 0)
        person, at, level = person[kept], at[kept], level[kept]
        key = person * self._known + at
        if level.dtype.kind == "f":
            distinct, rank = np.unique(level, return_inverse=True)
        else:
            distinct, rank = None, level
        ranks = int(rank.max(initial=0)) + 1
        if int(key.max(initial=0)) + 1 <= LARGEST // ranks:
            # One number a record sorts faster than three keys.
            key = np.sort(key * ranks + rank)
            rank = key % ranks
            key //= ranks
        else:
            order = np.lexsort((rank, key))
            key, rank = key[order], rank[order]
        last = np.flatnonzero(np.append(key[1:] != key[:-1], np.full(min(1, len(key)), True)))
        key, rank = key[last], rank[last]
        found = rank.astype(np.float64) if distinct is None else distinct[rank]
        return key // max(1, self._known), key % max(1, self._known), found

    def _steps(
        self, known: Ints, skills: int, skill: Ints, bends: tuple[Ints, Levels] | None
    ) -> None:
        """The levels at which the value of a skill bends, and which skills are heavy."""
        of, level = skill, self._required
        if bends is not None:
            at = _numbers(known, skills, bends[0])
            kept = at >= 0
            of = np.concatenate([of, at[kept]])
            level = np.concatenate([level, bends[1][kept].astype(np.float64)])
        order = np.lexsort((level, of))
        of, level = of[order], level[order]
        new = (level > 0) & np.append(True, (of[1:] != of[:-1]) | (level[1:] != level[:-1]))[
            : len(of)
        ]
        of, level = of[new], level[new]
        steps = np.bincount(of, minlength=self._known)
        held = np.bincount(self._skill, minlength=self._known)
        by_pairs = held * self._asked * _PAIR
        self._heavy = by_pairs > steps * (self.people * float(self.roles) * _CELL + held * _PAIR)
        # Of the heavy ones only, in the order of skills: a column for each step.
        kept = self._heavy[of]
        self._column_skill, self._top = of[kept], level[kept]
        same = np.append(False, self._column_skill[1:] == self._column_skill[:-1])
        below = np.append(0.0, self._top[:-1])[: len(self._top)]
        self._bottom = np.where(same[: len(self._top)], below, 0.0)
        self._columns = np.bincount(self._column_skill, minlength=self._known)
        self._first_column = np.cumsum(self._columns) - self._columns
        self._worth: tuple[Value, Floats] | None = None

    def _by_pairs(
        self,
        shape: tuple[int, int],
        person: Ints,
        skill: Ints,
        level: Floats,
        light: npt.NDArray[np.bool_],
        value: Value,
    ) -> Floats:
        if not light.all():
            person, skill, level = person[light], skill[light], level[light]
        each = self._asked[skill]
        record = np.repeat(np.arange(len(skill)), each)
        shift = self._start[skill] - (np.cumsum(each) - each)
        at = np.arange(len(record)) + shift[record]
        capped = np.minimum(level[record], self._required[at])
        cell = (person * shape[1])[record] + self._role[at]
        added = np.bincount(cell, value(self._row[at], capped), shape[0] * shape[1])
        return added.astype(np.float64, copy=False).reshape(shape)

    def _by_steps(
        self, people: int, person: Ints, skill: Ints, level: Floats, value: Value
    ) -> Floats:
        each = self._columns[skill]
        record = np.repeat(np.arange(len(skill)), each)
        shift = self._first_column[skill] - (np.cumsum(each) - each)
        column = np.arange(len(record)) + shift[record]
        climbed = np.zeros((people, len(self._top)))
        bottom = self._bottom[column]
        climbed[person[record], column] = np.clip(
            (level[record] - bottom) / (self._top[column] - bottom), 0, 1
        )
        if self._worth is None or self._worth[0] is not value:
            self._worth = (value, self._worth_of_steps(value))
        product: Floats = climbed @ self._worth[1]
        return product

    def _worth_of_steps(self, value: Value) -> Floats:
        """What each step is worth to each role."""
        each = self._asked[self._column_skill]
        column = np.repeat(np.arange(len(self._top)), each)
        shift = self._start[self._column_skill] - (np.cumsum(each) - each)
        at = np.arange(len(column)) + shift[column]
        row, required = self._row[at], self._required[at]
        worth = np.zeros((len(self._top), self.roles))
        worth[column, self._role[at]] = value(row, np.minimum(self._top[column], required)) - value(
            row, np.minimum(self._bottom[column], required)
        )
        return worth


def _numbers(known: Ints, skills: int, skill: Ints) -> Ints:
    """The place of each skill among the known ones, -1 for none."""
    if not len(known):
        return np.full(len(skill), -1)
    if skills <= _TABLE:
        table = np.full(skills, -1)
        table[known] = np.arange(len(known))
        return table[skill]
    at = np.minimum(np.searchsorted(known, skill), len(known) - 1)
    return np.where(known[at] == skill, at, -1)
