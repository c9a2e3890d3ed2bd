"""Gaps of people and units: columns from the database in, people and numbers out."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import Q, QuerySet

from guildmark.analytics import gaps as analytics
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person, Unit
from guildmark.organizations.selectors import units_below
from guildmark.skills.gap_rows import gap_columns
from guildmark.skills.models import JobRole, ProficiencyLevel, Skill
from guildmark.skills.rules import SEES_ALL
from guildmark.skills.selectors import describing_job_roles, iluo_levels


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


def count_gaps(people: Sequence[PersonGaps]) -> Numbers:
    """The numbers of these people."""
    return Numbers(
        people=len(people),
        unplaced=sum(1 for person in people if person.fit is None),
        fit=mean_fit(people),
        open_gaps=sum(person.gap_count for person in people),
        critical_gaps=sum(person.critical_count for person in people),
    )


def unit_overview(actor: Actor, on: dt.date | None = None) -> Overview:
    """The units the actor may see, on that day. The queries do not grow with units or people."""
    require(actor, "gaps.view")
    units = seen_units(actor)
    listed = list(units.select_related("site"))
    columns = gap_columns(
        actor.organization,
        employed_on(actor, on).filter(unit__in=units).order_by(),
        units=[unit.id for unit in listed],
        roles=[role.id for role in describing_job_roles(actor)],
        on=on or actor.today,
    )
    summaries = [
        UnitSummary(unit=unit, **vars(numbers))
        for unit, numbers in zip(
            listed, numbers_of(columns.gaps, columns.unit, len(listed)), strict=True
        )
        if numbers.people
    ]
    summaries.sort(key=lambda s: (-s.critical_gaps, -s.open_gaps, s.unit.name))
    total = numbers_of(columns.gaps, np.zeros_like(columns.unit), 1)[0]
    return Overview(units=tuple(summaries), total=total)


def unit_summaries(actor: Actor, on: dt.date | None = None) -> list[UnitSummary]:
    """The units of `unit_overview`."""
    return list(unit_overview(actor, on).units)


def gaps_of_unit(actor: Actor, unit: Unit, on: dt.date | None = None) -> list[PersonGaps]:
    """The unit's people, and those of the units below it, each beside their job role."""
    require(actor, "gaps.view", unit)
    employed = employed_on(actor, on).filter(unit_id__in=units_below(actor, unit))
    return _people_gaps(actor, employed, on)


def gaps_of_person(actor: Actor, person: Person, on: dt.date | None = None) -> PersonGaps | None:
    """The person beside their job role; None for who is not employed on that day."""
    require(actor, "skill_records.view", person)
    found = _people_gaps(actor, employed_on(actor, on).filter(person=person), on)
    return found[0] if found else None


def mean_fit(people: Sequence[PersonGaps]) -> int | None:
    """The mean fit in percent over those who have one."""
    fits = [person.fit for person in people if person.fit is not None]
    return round(sum(fits) / len(fits)) if fits else None


def required_skills(
    people: Iterable[PersonGaps], counts: Callable[[Cell], bool] = lambda _cell: True
) -> list[Skill]:
    """The columns of a matrix: every skill somebody needs in a cell that counts, in order."""
    skills = {
        cell.skill.id: cell.skill for person in people for cell in person.cells if counts(cell)
    }
    return sorted(skills.values(), key=lambda skill: (skill.group, skill.code, skill.label))


def seen_units(actor: Actor) -> QuerySet[Unit]:
    """The units whose gaps the actor may see."""
    units = Unit.objects.filter(organization=actor.organization)
    return units if SEES_ALL.test(actor) else units.filter(id__in=actor.managed_unit_ids)


def employed_on(actor: Actor, on: dt.date | None) -> QuerySet[Employment]:
    """The organization's employments on a day (today), by name; filter to what may be seen."""
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
    actor: Actor, employed: QuerySet[Employment], on: dt.date | None
) -> list[PersonGaps]:
    employments = list({e.person_id: e for e in employed}.values())
    roles = {e.id: getattr(e.position, "job_role", None) for e in employments}
    columns = gap_columns(
        actor.organization,
        employed.order_by(),
        roles=list({role.id for role in roles.values() if role is not None}),
        on=on or actor.today,
    )
    skills = Skill.objects.select_related("framework").in_bulk(columns.skills)
    levels = {level.rank: level for level in iluo_levels(with_none=True)}
    found = columns.gaps
    cells: dict[int, list[Cell]] = defaultdict(list)
    rows = (found.person, found.skill, found.required, found.held, found.weight, found.critical)
    for person, skill, required, held, weight, critical in zip(
        *(row.tolist() for row in rows), strict=True
    ):
        cells[person].append(
            Cell(
                skill=skills[columns.skills[skill]],
                required=levels[required],
                held=levels[held],
                weight=weight,
                is_critical=critical,
            )
        )
    index = {columns.employment(n): n for n in range(len(found.fit))}
    return [
        PersonGaps(
            person=employment.person,
            employment=employment,
            role=roles[employment.id],
            fit=None if math.isnan(found.fit[n]) else round(100 * float(found.fit[n])),
            cells=tuple(sorted(cells[n], key=lambda cell: (cell.skill.group, cell.skill.code))),
        )
        for employment in employments
        # Whose employment was taken away between the two questions is no longer there.
        if (n := index.get(employment.id)) is not None
    ]


def numbers_of(found: analytics.Gaps, group: analytics.Ints, groups: int) -> list[Numbers]:
    """The numbers of each group of people; `group` has one group index a person."""
    added = analytics.by_group(found, group_of=group, groups=groups)
    counted = ~np.isnan(found.fit) & (group >= 0)
    fitted = np.bincount(group[counted], minlength=groups)
    # Whole percentages first, as each person's is shown, so that the mean agrees with the page.
    fits = np.bincount(group[counted], np.rint(100 * found.fit[counted]), groups)
    return [
        Numbers(
            people=int(added.people[n]),
            unplaced=int(added.people[n] - fitted[n]),
            fit=round(float(fits[n] / fitted[n])) if fitted[n] else None,
            open_gaps=int(added.gaps[n]),
            critical_gaps=int(added.critical_gaps[n]),
        )
        for n in range(groups)
    ]
