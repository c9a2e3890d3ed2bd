"""The company that the gap benchmarks reckon with: drawn, always the same for one size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RANKS = 4
OWN_SHARE = 0.4
"""Of a person's records those in skills that the own role requires, as far as it has so many."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """Columns of two tables, requirements and records, and the role of each person."""

    people: int
    skills: int
    roles: int
    person_role: npt.NDArray[np.int64]
    role: npt.NDArray[np.int64]
    role_skill: npt.NDArray[np.int64]
    required: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    critical: npt.NDArray[np.bool_]
    person: npt.NDArray[np.int64]
    skill: npt.NDArray[np.int64]
    level: npt.NDArray[np.int64]


def draw(
    *,
    people: int = 100_000,
    skills: int = 10_000,
    roles: int = 1_000,
    required_each: int = 25,
    records_each: int = 40,
    skew: float = 0.0,
    seed: int = 20,
) -> Company:
    """A company with `records_each` records a person, each of another skill, in no order.

    With `skew` 0 all skills are as common as each other; with 1 the n-th skill is asked and held
    1/n as often as the first (Zipf), as safety is asked of nearly everyone.
    """
    random = np.random.default_rng(seed)
    popularity = 1.0 / np.arange(1, skills + 1) ** skew
    edges = np.cumsum(popularity / popularity.sum())

    def drawn(count: int) -> npt.NDArray[np.int64]:
        return np.minimum(np.searchsorted(edges, random.random(count)), skills - 1)

    role, role_skill = _distinct(drawn, roles, required_each, skills)
    start = np.searchsorted(role, np.arange(roles + 1))
    person_role = random.integers(0, roles, people)
    # More than are needed are drawn, and of each person the first so many distinct ones stay.
    own = int(records_each * OWN_SHARE)
    within = random.random((people, required_each)).argsort(axis=1)[:, :own]
    counts = start[person_role + 1] - start[person_role]
    of_role = start[person_role][:, None] + within % counts[:, None]
    person, skill = _distinct(drawn, people, records_each, skills, first=role_skill[of_role])
    order = random.permutation(len(person))
    return Company(
        people=people,
        skills=skills,
        roles=roles,
        person_role=person_role,
        role=role,
        role_skill=role_skill,
        required=random.integers(1, RANKS + 1, len(role)),
        weight=random.integers(1, 21, len(role)) / 4,
        critical=random.random(len(role)) < 0.15,
        person=person[order],
        skill=skill[order],
        level=random.integers(1, RANKS + 1, len(person)),
    )


def _distinct(draw, owners, each, skills, first=None):  # type: ignore[no-untyped-def]
    """`each` distinct skills an owner, `first` before what is drawn, ordered by owner."""
    shape = (owners, each * 3)
    columns = draw(shape[0] * shape[1]).reshape(shape)
    if first is not None:
        columns = np.concatenate([first, columns], axis=1)
    owner = np.repeat(np.arange(owners), columns.shape[1])
    keys = owner * skills + columns.ravel()
    _, at = np.unique(keys, return_index=True)
    at.sort()
    owner = owner[at]
    nth = np.arange(len(at)) - np.searchsorted(owner, owner)
    kept = at[nth < each]
    return kept // columns.shape[1], columns.ravel()[kept]
