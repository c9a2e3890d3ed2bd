"""Gaps read from the database: rows in, `guildmark.analytics.gaps` over them, people out."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone

from guildmark.analytics import gaps as analytics
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person, Unit
from guildmark.organizations.selectors import units_below
from guildmark.skills.models import (
    JobRole,
    ProficiencyLevel,
    RoleRequirement,
    Skill,
    SkillRecord,
)
from guildmark.skills.rules import SEES_ALL
from guildmark.skills.selectors import iluo_levels


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A required skill of a person: ranks of ILUO, 0 is none."""

    skill: Skill
    required: ProficiencyLevel
    held: ProficiencyLevel
    weight: float
    is_critical: bool

    @property
    def gap(self) -> int:
        """Missing ranks, 0 where the requirement is met."""
        return max(0, self.required.rank - self.held.rank)


@dataclass(frozen=True, kw_only=True)
class PersonGaps:
    """A person beside their job role; `fit` is a whole percentage, None without requirements."""

    person: Person
    employment: Employment
    role: JobRole | None
    fit: int | None
    cells: tuple[Cell, ...]

    @property
    def open_cells(self) -> tuple[Cell, ...]:
        """The cells with a gap, critical ones first, then by weight."""
        return tuple(
            sorted(
                (cell for cell in self.cells if cell.gap),
                key=lambda cell: (not cell.is_critical, -cell.weight * cell.gap),
            )
        )

    @property
    def gap_count(self) -> int:
        """How many required skills have a gap."""
        return sum(1 for cell in self.cells if cell.gap)

    @property
    def critical_count(self) -> int:
        """How many critical skills have a gap."""
        return sum(1 for cell in self.cells if cell.gap and cell.is_critical)

    @cached_property
    def _by_skill(self) -> dict[uuid.UUID, Cell]:
        return {cell.skill.id: cell for cell in self.cells}

    def cell(self, skill_id: uuid.UUID) -> Cell | None:
        """The cell of a skill, None where the role does not require it."""
        return self._by_skill.get(skill_id)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """People's gaps counted; `fit` is the mean percentage of those whose role requires something.

    `unplaced` are people without a job role, or with one that requires nothing.
    """

    people: int
    unplaced: int
    fit: int | None
    open_gaps: int
    critical_gaps: int


@dataclass(frozen=True, kw_only=True)
class UnitSummary(Numbers):
    """A unit with its own people's gaps in numbers, those of units below not among them."""

    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Every unit the actor may see that has people, the greatest need first, and all together."""

    units: tuple[UnitSummary, ...]
    total: Numbers


class _Counted(TypedDict):
    people: int
    unplaced: int
    fit: int | None
    open_gaps: int
    critical_gaps: int


def count_gaps(people: Sequence[PersonGaps]) -> Numbers:
    """The numbers of these people."""
    return Numbers(**_counted(people))


def unit_overview(actor: Actor, on: dt.date | None = None) -> Overview:
    """The units the actor may see, on that day. The queries do not grow with units or people."""
    require(actor, "gaps.view")
    units = Unit.objects.filter(organization=actor.organization).select_related("site")
    if not _sees_all(actor):
        units = units.filter(id__in=actor.managed_unit_ids)
    listed = list(units)
    by_unit: dict[uuid.UUID, list[PersonGaps]] = defaultdict(list)
    people = _people_gaps(actor, _employed(actor, on).filter(unit__in=listed), on)
    for person in people:
        by_unit[person.employment.unit_id].append(person)
    summaries = [
        UnitSummary(unit=unit, **_counted(by_unit[unit.id])) for unit in listed if by_unit[unit.id]
    ]
    summaries.sort(key=lambda s: (-s.critical_gaps, -s.open_gaps, s.unit.name))
    return Overview(units=tuple(summaries), total=count_gaps(people))


def unit_summaries(actor: Actor, on: dt.date | None = None) -> list[UnitSummary]:
    """The units of `unit_overview`."""
    return list(unit_overview(actor, on).units)


def gaps_of_unit(actor: Actor, unit: Unit, on: dt.date | None = None) -> list[PersonGaps]:
    """The unit's people, and those of the units below it, each beside their job role."""
    require(actor, "gaps.view", unit)
    employed = _employed(actor, on).filter(unit_id__in=units_below(actor, unit))
    return _people_gaps(actor, employed, on)


def gaps_of_person(actor: Actor, person: Person, on: dt.date | None = None) -> PersonGaps | None:
    """The person beside their job role; None for who is not employed on that day."""
    require(actor, "skill_records.view", person)
    found = _people_gaps(actor, _employed(actor, on).filter(person=person)[:1], on)
    return found[0] if found else None


def mean_fit(people: Sequence[PersonGaps]) -> int | None:
    """The mean fit in percent over those who have one."""
    fits = [person.fit for person in people if person.fit is not None]
    return round(sum(fits) / len(fits)) if fits else None


def required_skills(people: Iterable[PersonGaps]) -> list[Skill]:
    """The columns of a matrix: every skill somebody needs, by group and code."""
    skills = {cell.skill.id: cell.skill for person in people for cell in person.cells}
    return sorted(skills.values(), key=lambda skill: (skill.group, skill.code, skill.label))


def _sees_all(actor: Actor) -> bool:
    return bool(SEES_ALL.test(actor))


def _counted(people: Sequence[PersonGaps]) -> _Counted:
    return {
        "people": len(people),
        "unplaced": sum(1 for person in people if person.fit is None),
        "fit": mean_fit(people),
        "open_gaps": sum(person.gap_count for person in people),
        "critical_gaps": sum(person.critical_count for person in people),
    }


def _employed(actor: Actor, on: dt.date | None) -> QuerySet[Employment]:
    day = on or timezone.localdate()
    return (
        Employment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            unit__organization=actor.organization,
            starts_on__lte=day,
        )
        .select_related("person", "unit", "position__job_role")
        .order_by("person__family_name", "person__given_name", "person__number")
    )


def _people_gaps(
    actor: Actor, employments: Iterable[Employment], on: dt.date | None
) -> list[PersonGaps]:
    day = on or timezone.localdate()
    employed = list({e.person_id: e for e in employments}.values())
    roles = {
        e.position.job_role.id: e.position.job_role
        for e in employed
        if e.position is not None and hasattr(e.position, "job_role")
    }
    requirements = list(
        RoleRequirement.objects.filter(job_role__in=roles).select_related(
            "skill__framework", "level"
        )
    )
    records = SkillRecord.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        organization=actor.organization,
        person__in=[e.person_id for e in employed],
        skill__in={r.skill_id for r in requirements},
        valid_from__lte=day,
        withdrawn_at=None,
    ).exclude(source=SkillRecord.Source.SELF_CLAIM)
    return _compared(
        employed,
        list(roles.values()),
        requirements,
        list(records.values_list("person_id", "skill_id", "level__rank")),
    )


def _compared(
    employed: list[Employment],
    roles: list[JobRole],
    requirements: list[RoleRequirement],
    records: list[tuple[uuid.UUID, uuid.UUID, int]],
) -> list[PersonGaps]:
    role_index = {role.id: n for n, role in enumerate(roles)}
    skills = {r.skill_id: r.skill for r in requirements}
    skill_index = {skill_id: n for n, skill_id in enumerate(skills)}
    person_index = {e.person_id: n for n, e in enumerate(employed)}
    role_of = [
        getattr(e.position, "job_role", None) if e.position is not None else None for e in employed
    ]

    def ints(values: Iterable[int]) -> analytics.Ints:
        return np.fromiter(values, dtype=np.int64)

    found = analytics.own_role_gaps(
        person_role=[-1 if role is None else role_index[role.id] for role in role_of],
        requirements=analytics.Requirements(
            role=ints(role_index[r.job_role_id] for r in requirements),
            skill=ints(skill_index[r.skill_id] for r in requirements),
            level=ints(r.level.rank for r in requirements),
            weight=np.fromiter((float(r.weight) for r in requirements), dtype=np.float64),
            critical=np.fromiter((r.is_critical for r in requirements), dtype=np.bool_),
        ),
        held=analytics.Held(
            person=ints(person_index[person] for person, _, _ in records),
            skill=ints(skill_index[skill] for _, skill, _ in records),
            level=ints(rank for _, _, rank in records),
        ),
        skills=max(1, len(skills)),
    )
    levels = {level.rank: level for level in iluo_levels(with_none=True)}
    by_index = list(skills.values())
    cells: dict[int, list[Cell]] = defaultdict(list)
    columns = (found.person, found.skill, found.required, found.held, found.weight, found.critical)
    for person, skill, required, held, weight, critical in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        cells[person].append(
            Cell(
                skill=by_index[skill],
                required=levels[required],
                held=levels[held],
                weight=weight,
                is_critical=critical,
            )
        )
    return [
        PersonGaps(
            person=employment.person,
            employment=employment,
            role=role_of[n],
            fit=None if math.isnan(found.fit[n]) else round(100 * float(found.fit[n])),
            cells=tuple(sorted(cells[n], key=lambda cell: (cell.skill.group, cell.skill.code))),
        )
        for n, employment in enumerate(employed)
    ]
