"""What if, over days, and groups with weights: equal to reckoning everything anew."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.analytics import gaps as analytics
from guildmark.analytics.gaps import DatedHeld, Gaps, OwnRoles, Staff
from tests.analytics.companies import (
    LEVELS,
    Required,
    Small,
    companies,
    held,
    records_of,
    required_by,
    requirements,
)


def equal(found: Gaps, expected: Gaps) -> None:
    """The same rows for the same people; in which order a person's stand says nothing."""
    for gaps in (found, expected):
        assert (np.diff(gaps.person) >= 0).all()
    orders = [np.lexsort((gaps.skill, gaps.person)) for gaps in (found, expected)]
    for field in fields(Gaps):
        one, other = (getattr(gaps, field.name) for gaps in (found, expected))
        if field.name != "fit":
            one, other = one[orders[0]], other[orders[1]]
        np.testing.assert_allclose(one, other, rtol=1e-12, err_msg=field.name)


@given(small=companies(), data=st.data())
def test_what_if_equals_reckoning_anew(small: Small, data: st.DataObject) -> None:
    instead = data.draw(records_of(small.people, small.skills))
    moves = data.draw(
        st.dictionaries(st.integers(0, small.people - 1), st.integers(-1, small.roles - 1))
    )
    new = data.draw(required_by(small.roles, small.skills))
    emptied = data.draw(st.sets(st.integers(0, small.roles - 1)))
    base = OwnRoles(**small.given())
    equal(base.gaps, analytics.own_role_gaps(**small.given()))
    changed = base.what_if(
        held=held(instead),
        moves=(list(moves), list(moves.values())),
        requirements=requirements(new),
        roles=sorted(emptied | {role for role, _ in new}),
    )
    replaced = emptied | {role for role, _ in new}
    stated = {(person, skill) for person, skill, _ in instead}
    after = replace(
        small,
        own=[moves.get(person, role) for person, role in enumerate(small.own)],
        required={k: v for k, v in small.required.items() if k[0] not in replaced} | new,
        records=[r for r in small.records if r[:2] not in stated] + instead,
    )
    equal(changed.gaps(), analytics.own_role_gaps(**after.given()))
    reached = {p for p, _, _ in instead} | set(moves)
    reached |= {person for person, role in enumerate(after.own) if role in replaced}
    assert set(changed.people.tolist()) == reached
    alone = [base.gaps.fit[person] for person in changed.people.tolist()]
    np.testing.assert_array_equal(changed.before.fit, alone)
    # What was asked changed nothing.
    equal(base.gaps, analytics.own_role_gaps(**small.given()))


def test_one_record_reaches_one_person() -> None:
    base = OwnRoles(
        person_role=[0, 0, 0],
        requirements=requirements({(0, 0): (3, 1, True)}),
        held=held([(0, 0, 1), (1, 0, 2)]),
        skills=1,
    )
    changed = base.what_if(held=held([(1, 0, 3)]))
    assert changed.people.tolist() == [1]
    assert changed.before.gap.tolist() == [1]
    assert changed.after.gap.tolist() == [0]
    assert base.what_if(held=held([(1, 0, 0)])).after.fit.tolist() == [0]
    assert base.what_if().people.tolist() == []
    with pytest.raises(analytics.OutOfRangeError, match=r"held\.person holds 3"):
        base.what_if(held=held([(3, 0, 1)]))
    with pytest.raises(analytics.OutOfRangeError, match=r"moves\.person holds 9"):
        base.what_if(moves=([9], [0]))


DAY = dt.date(2026, 3, 1)


def day(offset: int | None) -> np.datetime64:
    if offset is None:
        return np.datetime64("NaT")
    return np.datetime64(DAY + dt.timedelta(days=offset), "D")


BOUNDS = st.one_of(st.none(), st.integers(-3, 3))


@given(
    data=st.data(),
    required=required_by(2, 2),
    offsets=st.lists(st.integers(-4, 4), max_size=3),
    renewals=st.booleans(),
)
def test_a_trend_is_the_loop_over_its_days(
    data: st.DataObject, required: Required, offsets: list[int], renewals: bool
) -> None:
    record = st.tuples(st.integers(0, 2), st.integers(0, 1), LEVELS, BOUNDS, BOUNDS, st.booleans())
    records = data.draw(st.lists(record, max_size=8))
    place = st.tuples(st.integers(-1, 1), st.integers(-1, 1), BOUNDS, BOUNDS)
    staff = [(person, *data.draw(place)) for person in range(3)]
    found = analytics.trend(
        on=np.array([day(n) for n in offsets], dtype="datetime64[D]"),
        staff=staff_of(staff),
        records=DatedHeld(
            person=np.array([r[0] for r in records], dtype=np.int64),
            skill=np.array([r[1] for r in records], dtype=np.int64),
            level=np.array([r[2] for r in records], dtype=np.float64),
            starts=np.array([day(r[3]) for r in records], dtype="datetime64[D]"),
            ends=np.array([day(r[4]) for r in records], dtype="datetime64[D]"),
            renewing=np.array([r[5] for r in records], dtype=np.bool_),
        ),
        requirements=requirements(required),
        people=3,
        groups=2,
        skills=2,
        renewals=renewals,
    )
    for n, offset in enumerate(offsets):
        counting = [
            r[:3]
            for r in records
            if (r[3] is None or r[3] <= offset)
            and (r[4] is None or r[4] >= offset or (renewals and r[5]))
        ]
        there = {
            person: (role, group)
            for person, role, group, first, last in staff
            if (first is None or first <= offset) and (last is None or last >= offset)
        }
        small = Small(3, 2, 2, [], required, counting)
        for group in range(2):
            members = [(p, role) for p, (role, of) in there.items() if of == group]
            gaps = [
                critical
                for person, own in members
                for (role, skill), (level, _, critical) in required.items()
                if role == own and small.best(person, skill) < level
            ]
            assert found.people[n, group] == len(members)
            assert found.gaps[n, group] == len(gaps)
            assert found.critical_gaps[n, group] == sum(gaps)


def staff_of(rows: list[tuple[int, int, int, int | None, int | None]]) -> Staff:
    return Staff(
        person=np.array([r[0] for r in rows], dtype=np.int64),
        role=np.array([r[1] for r in rows], dtype=np.int64),
        group=np.array([r[2] for r in rows], dtype=np.int64),
        starts=np.array([day(r[3]) for r in rows], dtype="datetime64[D]"),
        ends=np.array([day(r[4]) for r in rows], dtype="datetime64[D]"),
    )


def test_a_planned_move_and_a_leaver() -> None:
    staff = staff_of([(0, 0, 0, None, 2), (0, 1, 1, 3, None), (1, 0, 0, None, 0)])
    assert [rows.tolist() for rows in analytics.staff_on(staff, day(0), people=2)] == [
        [0, 0],
        [0, 0],
    ]
    assert [rows.tolist() for rows in analytics.staff_on(staff, day(3), people=2)] == [
        [1, -1],
        [1, -1],
    ]
    double = staff_of([(0, 0, 0, None, 3), (0, 1, 1, 3, None)])
    with pytest.raises(analytics.GapInputError, match="person 0 in two places on 2026-03-04"):
        analytics.staff_on(double, day(3), people=1)
    with pytest.raises(analytics.GapInputError, match="no day"):
        analytics.staff_on(staff, day(None), people=2)
    with pytest.raises(analytics.WrongTypeError, match=r"staff\.starts"):
        analytics.staff_on(replace(staff, starts=staff.person), day(0), people=2)


def test_requirements_may_be_others_on_each_day() -> None:
    nothing = DatedHeld(
        **{name: np.zeros(0, dtype=np.int64) for name in ("person", "skill", "level")},
        starts=np.zeros(0, dtype="datetime64[D]"),
        ends=np.zeros(0, dtype="datetime64[D]"),
        renewing=np.zeros(0, dtype=np.bool_),
    )
    versions = [requirements({(0, 0): (1, 1, False)}), requirements({})]
    asked: dict[str, Any] = {
        "on": np.array([day(0), day(1)]),
        "staff": staff_of([(0, 0, 0, None, None)]),
        "records": nothing,
        "people": 1,
        "groups": 1,
        "skills": 1,
    }
    assert analytics.trend(requirements=versions, **asked).gaps.tolist() == [[1], [0]]
    with pytest.raises(analytics.WrongLengthError, match="not one for each day"):
        analytics.trend(requirements=versions[:1], **asked)


@given(small=companies(), data=st.data())
def test_memberships_and_goals_are_those_of_the_loop(small: Small, data: st.DataObject) -> None:
    found = analytics.own_role_gaps(**small.given())
    weights = st.sampled_from([0.5, 1.0, 2.0])
    members = data.draw(
        st.dictionaries(
            st.tuples(st.integers(0, small.people - 1), st.integers(0, 2)), weights, max_size=8
        )
    )
    goals = data.draw(
        st.dictionaries(
            st.tuples(st.integers(0, small.skills - 1), st.integers(0, 2)), weights, max_size=8
        )
    )
    by_member = analytics.by_membership(
        found,
        person=np.array([p for p, _ in members], dtype=np.int64),
        group=np.array([g for _, g in members], dtype=np.int64),
        weight=np.array(list(members.values()), dtype=np.float64),
        groups=3,
    )
    by_goal = analytics.by_goal(
        found,
        skill=np.array([s for s, _ in goals], dtype=np.int64),
        goal=np.array([g for _, g in goals], dtype=np.int64),
        weight=np.array(list(goals.values()), dtype=np.float64),
        goals=3,
        skills=small.skills,
    )
    rows = [
        (person, skill, level, small.best(person, skill), weight, critical)
        for person, own in enumerate(small.own)
        for (role, skill), (level, weight, critical) in small.required.items()
        if role == own
    ]
    for group in range(3):
        for summed, counts in (
            (by_member, lambda row, g=group: members.get((row[0], g))),
            (by_goal, lambda row, g=group: goals.get((row[1], g))),
        ):
            mine = [(row, counts(row)) for row in rows if counts(row)]
            opened = [(row, weight) for row, weight in mine if row[3] < row[2]]
            total = sum(row[4] * row[2] * weight for row, weight in mine)
            reached = sum(row[4] * min(row[2], row[3]) * weight for row, weight in mine)
            assert summed.gaps[group] == len(opened)
            assert summed.critical_gaps[group] == sum(row[5] for row, _ in opened)
            assert summed.people_with_gap[group] == len({row[0] for row, _ in opened})
            np.testing.assert_allclose(
                [summed.missing[group], summed.weighted_missing[group], summed.fit[group]],
                [
                    sum(row[2] - row[3] for row, _ in opened),
                    sum((row[2] - row[3]) * row[4] * weight for row, weight in opened),
                    reached / total if total else math.nan,
                ],
                rtol=1e-9,
            )
        assert by_member.people[group] == sum(of == group for _, of in members)
        assert by_goal.people[group] == len({row[0] for row in rows if (row[1], group) in goals})
