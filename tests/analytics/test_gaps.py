"""Gaps against a plain loop that says the definitions once more, and what is refused."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.analytics import gaps as analytics
from guildmark.analytics.gaps import Gaps, Held, Requirements


@dataclass(frozen=True)
class World:
    """A small company in plain Python values."""

    roles: int
    skills: int
    groups: int
    person_role: list[int]
    group_of: list[int]
    required: dict[tuple[int, int], tuple[int, float, bool]]
    """(role, skill) to level, weight and whether critical, in the order of the rows."""
    records: list[tuple[int, int, int]]
    """Person, skill and level; several for one skill too."""

    def compared(self) -> Gaps:
        return analytics.own_role_gaps(
            person_role=self.person_role,
            requirements=requirements(self.required),
            held=held(self.records),
            skills=self.skills,
        )

    def best(self, person: int, skill: int) -> int:
        return max(
            (at for who, what, at in self.records if (who, what) == (person, skill)), default=0
        )

    def pairs(self) -> list[tuple[int, int, int, int, float, bool]]:
        """Person, skill, required, held, weight, critical of all requirements."""
        return [
            (person, skill, level, self.best(person, skill), weight, critical)
            for person, own in enumerate(self.person_role)
            for (role, skill), (level, weight, critical) in self.required.items()
            if role == own
        ]


def requirements(required: dict[tuple[int, int], tuple[int, float, bool]]) -> Requirements:
    return Requirements(
        role=np.array([role for role, _ in required], dtype=np.int64),
        skill=np.array([skill for _, skill in required], dtype=np.int64),
        level=np.array([level for level, _, _ in required.values()], dtype=np.int64),
        weight=np.array([weight for _, weight, _ in required.values()], dtype=np.float64),
        critical=np.array([critical for _, _, critical in required.values()], dtype=np.bool_),
    )


def held(records: list[tuple[int, int, int]]) -> Held:
    columns = np.array(records, dtype=np.int64).reshape(-1, 3).T
    return Held(person=columns[0], skill=columns[1], level=columns[2])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    people = draw(st.integers(0, 6))
    roles, skills, groups = (draw(st.integers(1, 4)) for _ in range(3))

    def one_each(below: int) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(-1, below - 1), min_size=people, max_size=people)

    return World(
        roles=roles,
        skills=skills,
        groups=groups,
        person_role=draw(one_each(roles)),
        group_of=draw(one_each(groups)),
        required=draw(
            st.dictionaries(
                st.tuples(st.integers(0, roles - 1), st.integers(0, skills - 1)),
                st.tuples(st.integers(0, 4), st.floats(0.01, 100), st.booleans()),
            )
        ),
        records=draw(
            st.lists(
                st.tuples(
                    st.integers(0, people - 1), st.integers(0, skills - 1), st.integers(0, 5)
                ),
                max_size=30,
            )
            if people
            else st.just([])
        ),
    )


def share(pairs: list[tuple[int, int, int, int, float, bool]]) -> float:
    total = sum(weight * required for _, _, required, _, weight, _ in pairs)
    reached = sum(weight * min(has, required) for _, _, required, has, weight, _ in pairs)
    return reached / total if total else math.nan


def same(found: Any, expected: list[float]) -> None:
    np.testing.assert_allclose(found, np.array(expected, dtype=np.float64), rtol=1e-12)


@given(worlds())
def test_rows_and_fits_are_those_of_the_loop(world: World) -> None:
    found = world.compared()
    columns = (found.person, found.skill, found.required, found.held, found.weight, found.critical)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    pairs = world.pairs()
    assert sorted(rows) == sorted(pairs)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    same(
        found.fit,
        [share([p for p in pairs if p[0] == person]) for person in range(len(world.person_role))],
    )
    known = found.fit[~np.isnan(found.fit)]
    assert ((known >= 0) & (known <= 1)).all()


@given(worlds())
def test_open_rows_are_exactly_those_with_a_gap(world: World) -> None:
    found = world.compared()
    rows = found.rows()
    assert (rows.gap > 0).all()
    told = zip(
        *(c.tolist() for c in (rows.person, rows.skill, rows.required, rows.held, rows.gap)),
        strict=True,
    )
    expected = [(p, s, r, h, r - h) for p, s, r, h, _, _ in world.pairs() if h < r]
    assert sorted(told) == sorted(expected)
    assert len(rows.weight) == len(rows.critical) == found.open.sum() == (found.gap > 0).sum()


@given(worlds())
def test_groups_are_those_of_the_loop(world: World) -> None:
    summed = analytics.by_group(world.compared(), group_of=world.group_of, groups=world.groups)
    for group in range(world.groups):
        members = {n for n, of in enumerate(world.group_of) if of == group}
        pairs = [pair for pair in world.pairs() if pair[0] in members]
        opened = [pair for pair in pairs if pair[3] < pair[2]]
        assert summed.people[group] == len(members)
        assert summed.people_with_gap[group] == len({pair[0] for pair in opened})
        assert summed.gaps[group] == len(opened)
        assert summed.critical_gaps[group] == sum(pair[5] for pair in opened)
        assert summed.missing[group] == sum(pair[2] - pair[3] for pair in opened)
        same(summed.weighted_missing[group], sum((p[2] - p[3]) * p[4] for p in opened))  # type: ignore[arg-type]
        same(summed.fit[group], share(pairs))  # type: ignore[arg-type]


@given(worlds())
def test_groups_by_skill_are_those_of_the_loop(world: World) -> None:
    table = analytics.by_group_and_skill(
        world.compared(), group_of=world.group_of, groups=world.groups, skills=world.skills
    )
    expected: dict[tuple[int, int], list[int]] = {}
    for person, skill, required, has, _, critical in world.pairs():
        group = world.group_of[person]
        if group >= 0 and has < required:
            sums = expected.setdefault((group, skill), [0, 0, 0])
            sums[0] += 1
            sums[1] += required - has
            sums[2] += critical
    columns = (table.group, table.skill, table.people, table.missing, table.critical)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert rows == [(*pair, *sums) for pair, sums in sorted(expected.items())]


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world: World, random: Any) -> None:
    required, records = list(world.required.items()), list(world.records)
    random.shuffle(required)
    random.shuffle(records)
    mixed = replace(world, required=dict(required), records=records)
    same(mixed.compared().fit, world.compared().fit.tolist())
    assert mixed.compared().open.sum() == world.compared().open.sum()


@given(worlds())
def test_a_further_record_never_opens_a_gap(world: World) -> None:
    if not world.person_role:
        return
    more = replace(world, records=[*world.records, (0, 0, 4)])
    before, after = world.compared(), more.compared()
    assert (after.gap <= before.gap).all()


def test_an_example_by_hand() -> None:
    found = analytics.own_role_gaps(
        person_role=[0, 0, -1],
        requirements=requirements({(0, 0): (3, 2.0, True), (0, 1): (2, 1.0, False)}),
        held=held([(0, 0, 1), (0, 0, 2), (0, 1, 4), (2, 0, 4)]),
        skills=2,
    )
    # (2 x 2 + 1 x 2) of (2 x 3 + 1 x 2): the fourth rank in skill 1 does not help skill 0.
    assert found.fit[:2].tolist() == [0.75, 0.0]
    assert math.isnan(found.fit[2])
    rows = found.rows()
    assert rows.person.tolist() == [0, 1, 1]
    assert rows.gap.tolist() == [1, 3, 2]


def one_requirement(**changes: Any) -> Requirements:
    values: dict[str, Any] = {
        "role": [0],
        "skill": [1],
        "level": [2],
        "weight": [1.0],
        "critical": [True],
    }
    return Requirements(**{key: np.array(v) for key, v in (values | changes).items()})


def one_record(**changes: Any) -> Held:
    values: dict[str, Any] = {"person": [0], "skill": [1], "level": [2]}
    return Held(**{key: np.array(v) for key, v in (values | changes).items()})


REFUSED: list[tuple[dict[str, Any], type[Exception], str, str]] = [
    (
        {"person_role": [0, -2]},
        analytics.OutOfRangeError,
        "person_role",
        "holds -2; give -1 or more",
    ),
    ({"person_role": [0.5]}, analytics.WrongTypeError, "person_role", "0.5"),
    ({"person_role": [[0]]}, analytics.WrongTypeError, "person_role", "(1, 1)"),
    (
        {"requirements": one_requirement(role=[-1])},
        analytics.OutOfRangeError,
        "requirements.role",
        "-1",
    ),
    (
        {"requirements": one_requirement(skill=[3])},
        analytics.OutOfRangeError,
        "requirements.skill",
        "holds 3; give 0 to 2",
    ),
    (
        {"requirements": one_requirement(level=[-1])},
        analytics.OutOfRangeError,
        "requirements.level",
        "-1",
    ),
    (
        {"requirements": one_requirement(weight=[0.0])},
        analytics.OutOfRangeError,
        "requirements.weight",
        "holds 0.0",
    ),
    (
        {"requirements": one_requirement(weight=[math.nan])},
        analytics.OutOfRangeError,
        "requirements.weight",
        "nan",
    ),
    (
        {"requirements": one_requirement(weight=[math.inf])},
        analytics.OutOfRangeError,
        "requirements.weight",
        "inf",
    ),
    (
        {"requirements": one_requirement(weight=["1"])},
        analytics.WrongTypeError,
        "requirements.weight",
        "1",
    ),
    (
        {"requirements": one_requirement(critical=[1])},
        analytics.WrongTypeError,
        "requirements.critical",
        "true or false",
    ),
    (
        {"requirements": one_requirement(level=[2, 2])},
        analytics.WrongLengthError,
        "requirements",
        "level 2",
    ),
    (
        {
            "requirements": one_requirement(
                role=[0, 0], skill=[1, 1], level=[1, 2], weight=[1.0, 1.0], critical=[True, True]
            )
        },
        analytics.RepeatedRequirementError,
        "requirements",
        "skill 1 twice for role 0",
    ),
    ({"held": one_record(person=[1])}, analytics.OutOfRangeError, "held.person", "holds 1"),
    ({"held": one_record(skill=[-1])}, analytics.OutOfRangeError, "held.skill", "-1"),
    ({"held": one_record(level=[-3])}, analytics.OutOfRangeError, "held.level", "-3"),
    ({"held": one_record(level=[2**62])}, analytics.OutOfRangeError, "held.level", "too large"),
    ({"held": one_record(level=[1, 2])}, analytics.WrongLengthError, "held", "level 2"),
    ({"held": one_record(person=[True])}, analytics.WrongTypeError, "held.person", "True"),
]


@pytest.mark.parametrize(("changes", "kind", "array", "words"), REFUSED)
def test_what_does_not_hold_is_named(
    changes: dict[str, Any], kind: type[analytics.GapInputError], array: str, words: str
) -> None:
    good: dict[str, Any] = {
        "person_role": [0],
        "requirements": one_requirement(),
        "held": one_record(),
        "skills": 3,
    }
    assert analytics.own_role_gaps(**good).fit.tolist() == [1.0]
    with pytest.raises(kind) as caught:
        analytics.own_role_gaps(**(good | changes))
    assert isinstance(caught.value, ValueError)
    assert caught.value.array == array
    assert str(caught.value).startswith(array)
    assert words in str(caught.value)


def test_groups_that_do_not_hold_are_named() -> None:
    found = analytics.own_role_gaps(
        person_role=[0, 0], requirements=one_requirement(), held=one_record(), skills=3
    )
    with pytest.raises(analytics.OutOfRangeError, match="group_of holds 2; give -1 to 1"):
        analytics.by_group(found, group_of=[0, 2], groups=2)
    with pytest.raises(analytics.WrongLengthError, match="group_of 1, people 2"):
        analytics.by_group(found, group_of=[0], groups=2)
    with pytest.raises(analytics.OutOfRangeError, match=r"gaps\.skill holds 1"):
        analytics.by_group_and_skill(found, group_of=[0, 1], groups=2, skills=1)


def test_nobody_and_nothing() -> None:
    nothing = analytics.own_role_gaps(
        person_role=[], requirements=requirements({}), held=held([]), skills=0
    )
    assert len(nothing.person) == len(nothing.fit) == len(nothing.rows().gap) == 0
    assert analytics.by_group(nothing, group_of=[], groups=0).people.tolist() == []
    assert analytics.by_group(nothing, group_of=[], groups=2).people.tolist() == [0, 0]


def test_a_hundred_thousand_people_and_ten_thousand_skills_stay_sparse() -> None:
    # People times skills would be 8 GB of levels; this needs well under one.
    random = np.random.default_rng(20)
    people, skills, roles, each = 100_000, 10_000, 200, 20
    skill = np.concatenate([random.choice(skills, each, replace=False) for _ in range(roles)])
    size = roles * each
    found = analytics.own_role_gaps(
        person_role=random.integers(0, roles, people),
        requirements=Requirements(
            role=np.repeat(np.arange(roles), each),
            skill=skill.astype(np.int64),
            level=random.integers(1, 5, size),
            weight=random.uniform(1, 5, size),
            critical=random.random(size) < 0.1,
        ),
        held=Held(
            person=random.integers(0, people, people * 10),
            skill=random.integers(0, skills, people * 10),
            level=random.integers(1, 5, people * 10),
        ),
        skills=skills,
    )
    assert len(found.person) == people * each
    assert len(found.rows().gap) <= len(found.person)
