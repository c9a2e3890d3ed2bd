"""Gaps read from the database: rows in, `guildmark.analytics.gaps` over them, people out."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

import numpy as np
from django.db.models import Q, QuerySet

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

_FEW = 1_000
"""Up to so many people their records are asked for by name; of more, all of the organization."""


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
    rows = _employed(actor, on).filter(unit__in=listed)
    # Plain values, not model objects: an overview counts everybody and shows nobody.
    placed = {
        person: (unit, role)
        for person, unit, role in rows.values_list("person_id", "unit_id", "position__job_role")
    }
    found, _skills = _reckoned(actor, {person: role for person, (_, role) in placed.items()}, on)
    index = {unit.id: n for n, unit in enumerate(listed)}
    numbers = _numbers(found, [index[unit] for unit, _role in placed.values()], len(listed))
    summaries = [
        UnitSummary(unit=unit, **counted)
        for unit, counted in zip(listed, numbers, strict=True)
        if counted["people"]
    ]
    summaries.sort(key=lambda s: (-s.critical_gaps, -s.open_gaps, s.unit.name))
    total = _numbers(found, [0] * len(placed), 1)[0]
    return Overview(units=tuple(summaries), total=Numbers(**total))


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
    day = on or actor.today
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
    employed = list({e.person_id: e for e in employments}.values())
    role_of = [
        getattr(e.position, "job_role", None) if e.position is not None else None for e in employed
    ]
    found, skills = _reckoned(
        actor,
        {
            e.person_id: None if role is None else role.id
            for e, role in zip(employed, role_of, strict=True)
        },
        on,
    )
    levels = {level.rank: level for level in iluo_levels(with_none=True)}
    cells: dict[int, list[Cell]] = defaultdict(list)
    columns = (found.person, found.skill, found.required, found.held, found.weight, found.critical)
    for person, skill, required, held, weight, critical in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        cells[person].append(
            Cell(
                skill=skills[skill],
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


def _reckoned(
    actor: Actor, role_of: Mapping[uuid.UUID, uuid.UUID | None], on: dt.date | None
) -> tuple[analytics.Gaps, list[Skill]]:
    """The gaps of these people (by identifier, with their job role's) and the skills by index."""
    day = on or actor.today
    roles = {role: n for n, role in enumerate({r for r in role_of.values() if r is not None})}
    requirements = list(
        RoleRequirement.objects.filter(job_role__in=roles).select_related(
            "skill__framework", "level"
        )
    )
    skills = {r.skill_id: r.skill for r in requirements}
    skill_index = {skill_id: n for n, skill_id in enumerate(skills)}
    person_index = {person: n for n, person in enumerate(role_of)}
    records = SkillRecord.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        organization=actor.organization,
        skill__in=skills,
        valid_from__lte=day,
        withdrawn_at=None,
    ).exclude(source=SkillRecord.Source.SELF_CLAIM)
    if len(role_of) <= _FEW:
        records = records.filter(person__in=role_of)
    held = [
        (person_index[person], skill_index[skill], rank)
        for person, skill, rank in records.values_list("person_id", "skill_id", "level__rank")
        if person in person_index
    ]

    def ints(values: Iterable[int]) -> analytics.Ints:
        return np.fromiter(values, dtype=np.int64)

    found = analytics.own_role_gaps(
        person_role=[-1 if role is None else roles[role] for role in role_of.values()],
        requirements=analytics.Requirements(
            role=ints(roles[r.job_role_id] for r in requirements),
            skill=ints(skill_index[r.skill_id] for r in requirements),
            level=ints(r.level.rank for r in requirements),
            weight=np.fromiter((float(r.weight) for r in requirements), dtype=np.float64),
            critical=np.fromiter((r.is_critical for r in requirements), dtype=np.bool_),
        ),
        held=analytics.Held(
            person=ints(person for person, _, _ in held),
            skill=ints(skill for _, skill, _ in held),
            level=ints(rank for _, _, rank in held),
        ),
        skills=max(1, len(skills)),
    )
    return found, list(skills.values())


def _numbers(found: analytics.Gaps, group_of: Sequence[int], groups: int) -> list[_Counted]:
    """The numbers of each group of people; `group_of` has one group index a person."""
    added = analytics.by_group(found, group_of=group_of, groups=groups)
    group = np.asarray(group_of, dtype=np.int64)
    has_fit = ~np.isnan(found.fit)
    fitted = np.bincount(group[has_fit], minlength=groups)
    # Whole percentages first, as each person's is shown, so that the mean agrees with the page.
    fits = np.bincount(group[has_fit], np.rint(100 * found.fit[has_fit]), groups)
    return [
        {
            "people": int(added.people[n]),
            "unplaced": int(added.people[n] - fitted[n]),
            "fit": round(float(fits[n] / fitted[n])) if fitted[n] else None,
            "open_gaps": int(added.gaps[n]),
            "critical_gaps": int(added.critical_gaps[n]),
        }
        for n in range(groups)
    ]
