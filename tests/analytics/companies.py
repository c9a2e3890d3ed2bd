"""Small companies in plain Python values, with the definitions said once more as loops."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from guildmark.analytics.gaps import Held, Requirements

Required = dict[tuple[int, int], tuple[float, float, bool]]
"""(role, skill) to level, weight and whether critical."""
Records = list[tuple[int, int, float]]
"""Person, skill, level; several for one skill too."""
LEVELS = st.sampled_from([0, 0.25, 0.5, 1, 2, 2.7, 3, 4, 5])
WEIGHTS = st.sampled_from([0.1, 0.5, 1, 3, 4.75])


@dataclass(frozen=True)
class Small:
    """So many people, roles and skills."""

    people: int
    roles: int
    skills: int
    own: list[int]
    required: Required
    records: Records

    def best(self, person: int, skill: int) -> float:
        return max((at for p, s, at in self.records if (p, s) == (person, skill)), default=0)

    def fit(self, person: int, role: int) -> float:
        mine = [(s, *row) for (r, s), row in self.required.items() if r == role]
        total = sum(weight * level for _, level, weight, _ in mine)
        reached = sum(w * min(self.best(person, s), level) for s, level, w, _ in mine)
        return reached / total if total else math.nan

    def requirements(self) -> Requirements:
        return requirements(self.required)

    def held(self) -> Held:
        return held(self.records)

    def given(self) -> dict[str, Any]:
        return {
            "person_role": self.own,
            "requirements": self.requirements(),
            "held": self.held(),
            "skills": self.skills,
        }


def requirements(required: Required) -> Requirements:
    return Requirements(
        role=np.array([role for role, _ in required], dtype=np.int64),
        skill=np.array([skill for _, skill in required], dtype=np.int64),
        level=np.array([level for level, _, _ in required.values()], dtype=np.float64),
        weight=np.array([weight for _, weight, _ in required.values()], dtype=np.float64),
        critical=np.array([critical for _, _, critical in required.values()], dtype=np.bool_),
    )


def held(records: Records) -> Held:
    return Held(
        person=np.array([p for p, _, _ in records], dtype=np.int64),
        skill=np.array([s for _, s, _ in records], dtype=np.int64),
        level=np.array([level for _, _, level in records], dtype=np.float64),
    )


def required_by(roles: int, skills: int) -> st.SearchStrategy[Required]:
    pairs = st.tuples(st.integers(0, roles - 1), st.integers(0, skills - 1))
    return st.dictionaries(pairs, st.tuples(LEVELS, WEIGHTS, st.booleans()), max_size=12)


def records_of(people: int, skills: int) -> st.SearchStrategy[Records]:
    one = st.tuples(st.integers(0, people - 1), st.integers(0, skills - 1), LEVELS)
    return st.lists(one, max_size=20)


@st.composite
def companies(draw: st.DrawFn) -> Small:
    people, roles, skills = (draw(st.integers(1, 5)) for _ in range(3))
    return Small(
        people=people,
        roles=roles,
        skills=skills,
        own=draw(st.lists(st.integers(-1, roles - 1), min_size=people, max_size=people)),
        required=draw(required_by(roles, skills)),
        records=draw(records_of(people, skills)),
    )
