"""Everybody beside every role: fits and internal moves, against plain loops."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.analytics import gaps as analytics
from guildmark.analytics.gaps import Held, Requirements, Steps, _placing, _sums
from tests.analytics.companies import Small, companies, requirements

WAYS = ("pairs", "steps", "small blocks", "no tables")


def take(way: str, patch: pytest.MonkeyPatch) -> None:
    """Have even these small companies reckoned as large ones are."""
    if way == "steps":
        patch.setattr(_sums, "_PAIR", 1e9)
    elif way == "small blocks":
        patch.setattr(_sums, "_CELLS", 1)
        patch.setattr(_sums, "_PAIRS", 1)
    elif way == "no tables":
        patch.setattr(_sums, "_TABLE", 0)
        patch.setattr(_sums, "LARGEST", 1)
        patch.setattr(_placing, "_TABLE_CELLS", 0)


def fits_of(small: Small, **changes: Any) -> Any:
    values = {"people": small.people, "roles": small.roles} | small.given() | changes
    del values["person_role"]
    return analytics.fits(**values)


@pytest.mark.parametrize("way", WAYS)
@given(small=companies())
def test_fits_are_those_of_the_loop(way: str, small: Small) -> None:
    with pytest.MonkeyPatch.context() as patch:
        take(way, patch)
        found = fits_of(small)
        own = analytics.own_role_gaps(**small.given())
    assert found.dtype == np.float32
    assert found.shape == (small.people, small.roles)
    for person in range(small.people):
        for role in range(small.roles):
            expected = small.fit(person, role)
            np.testing.assert_allclose(found[person, role], expected, rtol=1e-6)
            # Nobody who lacks nothing is told otherwise by a rounding, nor the other way.
            assert (found[person, role] == 1) == (expected > 1 - 1e-7)
        expected = small.fit(person, small.own[person]) if small.own[person] >= 0 else math.nan
        np.testing.assert_allclose(own.fit[person], expected, rtol=1e-12)


@given(small=companies(), random=st.randoms(use_true_random=False))
def test_other_numbers_for_people_roles_and_skills_change_nothing(
    small: Small, random: Any
) -> None:
    people, roles, skills = (
        random.sample(range(n), n) for n in (small.people, small.roles, small.skills)
    )
    records = [(people[p], skills[s], level) for p, s, level in small.records]
    random.shuffle(records)
    mixed = replace(
        small,
        required={(roles[r], skills[s]): row for (r, s), row in small.required.items()},
        records=records,
    )
    np.testing.assert_allclose(fits_of(mixed)[np.ix_(people, roles)], fits_of(small), rtol=1e-6)


def test_the_table_can_be_handed_in_and_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Small(3, 1, 1, [0, 0, 0], {(0, 0): (2, 1, False)}, [(1, 0, 1), (2, 0, 9)])
    table = np.full((3, 1), 7, dtype=np.float32)
    assert fits_of(small, out=table) is table
    assert table.tolist() == [[0], [0.5], [1]]
    monkeypatch.setattr(_sums, "_CELLS", 2)
    values = {"people": 3, "roles": 1, **small.given()}
    del values["person_role"]
    parts = [(start, block.tolist()) for start, block in analytics.fit_blocks(**values)]
    assert parts == [(0, [[0], [0.5]]), (2, [[1]])]
    with pytest.raises(analytics.WrongLengthError, match="out is"):
        fits_of(small, out=np.zeros((3, 2), dtype=np.float32))
    with pytest.raises(analytics.OutOfRangeError, match=r"requirements\.role holds 0"):
        fits_of(small, roles=0)
    with pytest.raises(analytics.OutOfRangeError, match=r"held\.person holds 2"):
        fits_of(small, people=2)


@st.composite
def trainings(draw: st.DrawFn) -> tuple[Small, dict[tuple[int, float], tuple[float, float]]]:
    """A company, and hours and cost of steps by skill and level."""
    small = draw(companies())
    step = st.tuples(
        st.integers(0, small.skills - 1), st.sampled_from([0.5, 1.0, 2.0, 2.5, 3.0, 4.0])
    )
    taken = st.tuples(st.integers(0, 40), st.integers(0, 900))
    return small, draw(st.dictionaries(step, taken, max_size=12))


def steps_of(steps: dict[tuple[int, float], tuple[float, float]]) -> Steps:
    return Steps(
        skill=np.array([s for s, _ in steps], dtype=np.int64),
        level=np.array([level for _, level in steps], dtype=np.float64),
        hours=np.array([hours for hours, _ in steps.values()], dtype=np.float64),
        cost=np.array([cost for _, cost in steps.values()], dtype=np.float64),
    )


def upto(
    steps: dict[tuple[int, float], tuple[float, float]], which: int, skill: int, level: float
) -> float:
    spent = below = 0.0
    for (of, top), taken in sorted(steps.items()):
        if of == skill:
            spent += taken[which] * min(max((level - below) / (top - below), 0), 1)
            below = top
    return spent if level <= below else math.nan


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("by", ["fit", "hours", "cost"])
@given(given_=trainings(), most=st.integers(1, 4), at_least=st.sampled_from([0.0, 0.3, 1.0]))
def test_moves_are_those_of_the_loop(
    way: str,
    by: Any,
    given_: tuple[Small, dict[tuple[int, float], tuple[float, float]]],
    most: int,
    at_least: float,
) -> None:
    small, steps = given_
    with pytest.MonkeyPatch.context() as patch:
        take(way, patch)
        found = analytics.near_fits(
            **small.given(), steps=steps_of(steps), most=most, at_least=at_least, by=by
        )
    expected = []
    for role in sorted({role for role, _ in small.required}):
        candidates = []
        for person in range(small.people):
            fit = small.fit(person, role)
            if small.own[person] == role or not fit >= at_least - 1e-9:
                continue
            lacks = [
                (skill, level, small.best(person, skill))
                for (of, skill), (level, _, _) in small.required.items()
                if of == role and small.best(person, skill) < level
            ]
            hours, cost = (
                sum(upto(steps, n, s, to) - upto(steps, n, s, has) for s, to, has in lacks)
                for n in (0, 1)
            )
            first = {"fit": -fit, "hours": hours, "cost": cost}[by]
            first = math.inf if math.isnan(first) else round(first, 9)
            candidates.append((first, -round(fit, 9), person, fit, len(lacks), hours, cost))
        expected += [(role, *one[2:]) for one in sorted(candidates)[:most]]
    assert found.role.tolist() == [one[0] for one in expected]
    assert found.person.tolist() == [one[1] for one in expected]
    for name, at in (("fit", 2), ("gaps", 3), ("hours", 4), ("cost", 5)):
        np.testing.assert_allclose(
            getattr(found, name), np.array([one[at] for one in expected], dtype=float), atol=1e-9
        )


def test_what_a_candidate_lacks_with_its_training() -> None:
    required = requirements({(1, 0): (3, 2, True), (1, 1): (2, 1, False), (1, 2): (1, 1, False)})
    found = analytics.near_fits(
        person_role=[0, 0, 1],
        requirements=required,
        held=Held(
            person=np.array([0, 0, 1]), skill=np.array([0, 2, 0]), level=np.array([1.5, 1.0, 3.0])
        ),
        skills=3,
        steps=Steps(
            skill=np.array([0, 0, 0, 1]),
            level=np.array([1, 2, 3, 1]),
            hours=np.array([8.0, 16.0, 40.0, 4.0]),
            cost=np.array([100.0, 200.0, 300.0, 10.0]),
        ),
        at_least=0.4,
    )
    # The one who lacks two skills of lesser weight is nearer than who lacks half of the critical.
    assert found.person.tolist() == [1, 0]
    assert found.gaps.tolist() == [2, 2]
    assert found.critical_gaps.tolist() == [0, 1]
    missing = found.missing
    rows = zip(missing.move.tolist(), missing.skill.tolist(), missing.gap.tolist(), strict=True)
    assert list(rows) == [(0, 1, 2.0), (0, 2, 1.0), (1, 0, 1.5), (1, 1, 2.0)]
    # Half of the step to 2 and the step to 3; to level 2 of skill 1 no step leads, to skill 2 none.
    assert missing.hours[2] == 48
    assert missing.cost[2] == 400
    assert np.isnan(missing.hours[[0, 1, 3]]).all()
    assert np.isnan(found.hours).all()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"at_least": 1.5}, "at_least is 1.5; give 0 to 1"),
    ({"most": 0}, "most is 0"),
    ({"by": "luck"}, "by is 'luck'"),
    ({"steps": steps_of({(9, 1.0): (1, 1)})}, "steps.skill holds 9"),
    ({"steps": steps_of({(0, 0.0): (1, 1)})}, "steps.level holds 0"),
    ({"steps": steps_of({(0, 1.0): (-1, 1)})}, "steps.hours holds -1"),
    (
        {"steps": Steps(**{k: np.array([1, 1]) for k in ("skill", "level", "hours", "cost")})},
        "names level 1 of skill 1 twice",
    ),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED)
def test_what_cannot_be_asked_is_named(changes: dict[str, Any], words: str) -> None:
    small = Small(1, 1, 2, [-1], {(0, 0): (2, 1, False)}, [])
    with pytest.raises(analytics.GapInputError, match=words):
        analytics.near_fits(**small.given() | changes)


def test_nobody_and_nothing() -> None:
    none = Requirements(
        **{k: np.zeros(0, dtype=np.int64) for k in ("role", "skill", "level")},
        weight=np.zeros(0),
        critical=np.zeros(0, dtype=np.bool_),
    )
    empty = Held(**{k: np.zeros(0, dtype=np.int64) for k in ("person", "skill", "level")})
    assert analytics.fits(people=0, roles=0, requirements=none, held=empty, skills=0).size == 0
    table = analytics.fits(people=2, roles=1, requirements=none, held=empty, skills=0)
    assert np.isnan(table).all()
    moves = analytics.near_fits(person_role=[0], requirements=none, held=empty, skills=0)
    assert len(moves.person) == len(moves.missing.skill) == 0
