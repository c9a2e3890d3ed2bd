"""How well all people fit all roles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import Floats, Ints, OutOfRangeError, WrongLengthError
from guildmark.analytics.gaps._sums import Sums
from guildmark.analytics.gaps.own_role import (
    Held,
    Requirements,
    checked_held,
    checked_requirements,
)

Fits = npt.NDArray[np.float32]


def fits(
    *,
    people: int,
    roles: int,
    requirements: Requirements,
    held: Held,
    skills: int,
    out: Fits | None = None,
) -> Fits:
    """The fit of each person to each role: people by roles, between 0 and 1, as float32.

    The same share as `own_role_gaps` has for one role, rounded once at the end: 1 where nothing
    is missing. NaN where a role requires nothing. The table takes 4 bytes a cell; `fit_blocks`
    yields it in parts. `out` is a table of that shape to write into. Raises a GapInputError that
    names the array and the value.
    """
    if out is not None and (out.shape != (people, roles) or out.dtype != np.float32):
        raise WrongLengthError(
            "out", out.shape, f"is {out.shape} of {out.dtype}; give {(people, roles)} of float32"
        )
    blocks = fit_blocks(
        people=people, roles=roles, requirements=requirements, held=held, skills=skills
    )
    table: Fits = np.empty((people, roles), dtype=np.float32) if out is None else out
    for start, block in blocks:
        table[start : start + len(block)] = block
    return table


def fit_blocks(
    *, people: int, roles: int, requirements: Requirements, held: Held, skills: int
) -> Iterator[tuple[int, Floats]]:
    """The table of `fits` in parts: the first person of each, and people by roles as float64.

    About ten megabytes a part; the arrays are checked before the first is asked for.
    """
    checked = checked_requirements(requirements, skills, roles=count("roles", roles))
    records = checked_held(held, count("people", people), skills)
    sums = Sums(
        people=people,
        roles=roles,
        skills=skills,
        role=checked.role,
        skill=checked.skill,
        required=checked.level,
        held=(records.person, records.skill, records.level),
    )
    return _blocks(sums, checked)


def _blocks(sums: Sums, requirements: Requirements) -> Iterator[tuple[int, Floats]]:
    weight = requirements.weight
    total = np.bincount(requirements.role, weight * requirements.level, sums.roles).astype(float)
    total[total == 0] = np.nan

    def value(row: Ints, level: Floats) -> Floats:
        worth: Floats = weight[row] * level
        return worth

    for part in sums.blocks():
        block = sums.block(part, value)
        block /= total
        yield part.start, np.minimum(block, 1.0, out=block)


def count(name: str, value: int) -> int:
    """A count of people or roles. Raises OutOfRangeError."""
    if value < 0:
        raise OutOfRangeError(name, value, f"is {value}; give 0 or more")
    return value
