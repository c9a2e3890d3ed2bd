"""Which row a record belongs to, among all requirements of all people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import LARGEST, Ints, Levels, OutOfRangeError

# So many records at a time: what is made of them stays in the processor's cache.
_AT_ONCE = 1 << 16
# Up to so many cells a table says which row a role and a skill have; beyond it, a search.
_TABLE_CELLS = 1 << 26


class Wanted:
    """Each requirement of each person as a row, in the order of people, then of requirements.

    `person` and `requirement` say of each row whose it is, and which row of the requirements.
    """

    def __init__(self, person_role: Ints, role: Ints, skill: Ints, skills: int) -> None:
        self.people = len(person_role)
        order = np.argsort(role, kind="stable")
        known, first_of_role = np.unique(role[order], return_index=True)
        counts_of_role = np.diff(first_of_role, append=len(role))
        # Roles that require something get numbers without holes; the last stands for all others.
        nothing = len(known)
        number = np.searchsorted(known, person_role)
        if nothing:
            at = np.minimum(number, nothing - 1)
            number = np.where(known[at] == person_role, at, nothing)
        counts = np.append(counts_of_role, 0)[number]
        self._first = np.cumsum(counts) - counts
        size = int(counts.sum())
        self.person: Ints = np.repeat(np.arange(self.people, dtype=np.int64), counts)
        shift = np.append(first_of_role, 0)[number] - self._first
        self.requirement: Ints = order[np.arange(size) + np.repeat(shift, counts)]
        if (nothing + 1) * skills > LARGEST:
            raise OutOfRangeError("skills", skills, f"is {skills}, too many beside {nothing} roles")
        self._base = number * skills
        self._cells = np.repeat(np.arange(nothing), counts_of_role) * skills + skill[order]
        self._nth = np.arange(len(role)) - np.repeat(first_of_role, counts_of_role)
        self._table = None
        if (nothing + 1) * skills <= _TABLE_CELLS:
            kind = np.min_scalar_type(int(counts_of_role.max(initial=0)))
            self._missing = np.iinfo(kind).max
            if counts_of_role.max(initial=0) == self._missing:
                kind = np.dtype(np.int64)
                self._missing = np.iinfo(kind).max
            self._table = np.full((nothing + 1) * skills, self._missing, dtype=kind)
            self._table[self._cells] = self._nth
        else:
            by_cell = np.argsort(self._cells, kind="stable")
            self._cells, self._nth = self._cells[by_cell], self._nth[by_cell]

    def best(self, person: Ints, skill: Ints, level: Levels) -> Levels:
        """The highest level held for each row; 0 where there is none."""
        best: Levels = np.zeros(len(self.person), dtype=level.dtype)
        for part, kept, row in self._places(person, skill):
            np.maximum.at(best, row, level[part].take(kept))
        return best

    def places(self, person: Ints, skill: Ints) -> tuple[Ints, Ints]:
        """Which records belong to a row, and to which."""
        found = [(part.start + kept, row) for part, kept, row in self._places(person, skill)]
        if not found:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate([k for k, _ in found]), np.concatenate([r for _, r in found])

    def _places(self, person: Ints, skill: Ints) -> Iterator[tuple[slice, Ints, Ints]]:
        """Of each part of the records: those that belong to a row, and their rows."""
        for start in range(0, len(person) if len(self.person) else 0, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            whose = person[part]
            # Indices have been checked; `clip` spares the check of each once more.
            cell = self._base.take(whose, mode="clip")
            cell += skill[part]
            nth, kept = self._look_up(cell)
            row = self._first.take(whose.take(kept), mode="clip")
            row += nth.take(kept)
            yield part, kept, row

    def _look_up(self, cell: Ints) -> tuple[npt.NDArray[Any], Ints]:
        """The place of each cell among its role's requirements, and which cells have one."""
        if self._table is not None:
            nth = self._table.take(cell, mode="clip")
            return nth, np.flatnonzero(nth != self._missing)
        at = np.minimum(np.searchsorted(self._cells, cell), len(self._cells) - 1)
        return self._nth[at], np.flatnonzero(self._cells[at] == cell)


def spread(first: Ints, index: Ints) -> tuple[Ints, Ints]:
    """All places of each index, `first[n]` to under `first[n + 1]`: whose (n-th index), which."""
    counts = first[index + 1] - first[index]
    whose = np.repeat(np.arange(len(index), dtype=np.int64), counts)
    nth = np.arange(len(whose)) - np.repeat(np.cumsum(counts) - counts, counts)
    return whose, first[index][whose] + nth
