"""Gaps at a day, and over days: expiries, renewals under way, planned leavers and moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import (
    Bools,
    Days,
    Floats,
    GapInputError,
    Ints,
    Levels,
    WrongLengthError,
    bools,
    days,
    ints,
    one_length,
)
from guildmark.analytics.gaps.groups import by_group
from guildmark.analytics.gaps.own_role import (
    Held,
    Requirements,
    checked_held,
    own_role_gaps,
)


@dataclass(frozen=True, kw_only=True)
class DatedHeld:
    """Records with the days on which they hold, first and last (datetime64; NaT: no such bound).

    `renewing` says of a record that its renewal is under way, so that it is reckoned to go on.
    """

    person: Ints
    skill: Ints
    level: Levels
    starts: Days
    ends: Days
    renewing: Bools


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who is where as what, with the first and the last day (NaT: no such bound).

    One row a person and place; a planned leaver has a last day, a planned move is two rows. `role`
    and `group` are -1 for none.
    """

    person: Ints
    role: Ints
    group: Ints
    starts: Days
    ends: Days


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Numbers of groups over days, each array days by groups; what they are, `GroupGaps` says."""

    days: Days
    people: Ints
    people_with_gap: Ints
    gaps: Ints
    critical_gaps: Ints
    fit: Floats


def held_on(records: DatedHeld, day: np.datetime64, *, renewals: bool = True) -> Held:
    """The records that hold on a day; `renewals` counts those under renewal after their end.

    Raises a GapInputError where the days are none.
    """
    one_length("records", **vars(records))
    ends = days("records.ends", records.ends)
    renewing = bools("records.renewing", records.renewing)
    if renewals:
        ends = np.where(renewing, np.datetime64("NaT"), ends)
    at = np.flatnonzero(_between(days("records.starts", records.starts), ends, day))
    return Held(
        person=np.asarray(records.person)[at],
        skill=np.asarray(records.skill)[at],
        level=np.asarray(records.level)[at],
    )


def staff_on(staff: Staff, day: np.datetime64, *, people: int) -> tuple[Ints, Ints]:
    """The role and the group of each person on a day, -1 for who is not there.

    Raises a GapInputError, where somebody is in two places too.
    """
    one_length("staff", **vars(staff))
    person = ints("staff.person", staff.person, below=people)
    starts, ends = days("staff.starts", staff.starts), days("staff.ends", staff.ends)
    there = np.flatnonzero(_between(starts, ends, day))
    twice = np.flatnonzero(np.bincount(person[there], minlength=people) > 1)
    if len(twice):
        who = int(twice[0])
        raise GapInputError("staff", who, f"has person {who} in two places on {day}")
    role, group = np.full(people, -1), np.full(people, -1)
    role[person[there]] = ints("staff.role", staff.role, low=-1)[there]
    group[person[there]] = ints("staff.group", staff.group, low=-1)[there]
    return role, group


def trend(
    *,
    on: npt.ArrayLike,
    staff: Staff,
    records: DatedHeld,
    requirements: Requirements | Sequence[Requirements],
    people: int,
    groups: int,
    skills: int,
    renewals: bool = True,
) -> Trend:
    """The gaps of each group on each of the days `on`, past or to come.

    `requirements` may be one for each day. Raises a GapInputError.
    """
    when = days("on", on)
    valid_for = (
        [requirements] * len(when) if isinstance(requirements, Requirements) else requirements
    )
    if len(valid_for) != len(when):
        lengths = {"on": len(when), "requirements": len(valid_for)}
        raise WrongLengthError("requirements", lengths, "has not one for each day")
    checked_held(
        Held(person=records.person, skill=records.skill, level=records.level), people, skills
    )
    found = []
    for day, required in zip(when, valid_for, strict=True):
        role, group = staff_on(staff, day, people=people)
        gaps = own_role_gaps(
            person_role=role,
            requirements=required,
            held=held_on(records, day, renewals=renewals),
            skills=skills,
        )
        found.append(by_group(gaps, group_of=group, groups=groups))

    def table(name: str, kind: type) -> npt.NDArray[Any]:
        rows = [getattr(one, name) for one in found]
        return np.array(rows, dtype=kind).reshape(len(when), groups)

    return Trend(
        days=when,
        people=table("people", np.int64),
        people_with_gap=table("people_with_gap", np.int64),
        gaps=table("gaps", np.int64),
        critical_gaps=table("critical_gaps", np.int64),
        fit=table("fit", np.float64),
    )


def _between(starts: Days, ends: Days, day: np.datetime64) -> Bools:
    """Whether the day is not before the start and not after the end; NaT bounds nothing."""
    if np.isnat(day):
        raise GapInputError("on", day, "holds no day (NaT)")
    kept: Bools = (np.isnat(starts) | (starts <= day)) & (np.isnat(ends) | (ends >= day))
    return kept
