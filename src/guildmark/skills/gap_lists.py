"""The people behind a number of gaps, as many as a page shows at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guildmark.analytics import gaps as analytics
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person, Unit
from guildmark.organizations.selectors import units_below
from guildmark.skills.gap_rows import GapColumns, gap_columns
from guildmark.skills.gaps import employed_on, numbers_of, seen_units
from guildmark.skills.models import JobRole
from guildmark.skills.selectors import describing_job_roles


class Narrowed(TextChoices):
    """Which people a list is narrowed to: those that one of the numbers counts."""

    GAPS = "gaps", _("with gaps")
    CRITICAL = "critical", _("with critical gaps")
    FIT = "fit", _("with requirements, the least fit first")
    UNPLACED = "unplaced", _("without requirements")


@dataclass(frozen=True, kw_only=True)
class PersonNumbers:
    """A person in numbers; `fit` is a whole percentage, None without requirements."""

    person: Person
    employment: Employment
    role: JobRole | None
    fit: int | None
    open_gaps: int
    critical_gaps: int


class PeopleNumbers(Sequence[PersonNumbers]):
    """People in numbers, read from the database by the slice; `numbers` are all before narrowing.

    With the greatest need first where the list is narrowed to gaps, the least fit first where it
    is narrowed to a fit, else by name.
    """

    def __init__(self, columns: GapColumns, only: Narrowed | None) -> None:
        found = columns.gaps
        everybody = np.arange(len(found.fit), dtype=np.int64)
        self._columns = columns
        self._fit = np.rint(100 * found.fit)
        each = analytics.by_group(found, group_of=everybody, groups=len(everybody))
        self._gaps, self._critical = each.gaps, each.critical_gaps
        self.numbers = numbers_of(found, np.zeros_like(everybody), 1)[0]
        self._order = self._ordered(only)

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> PersonNumbers: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PersonNumbers]: ...
    def __getitem__(self, index: int | slice) -> PersonNumbers | Sequence[PersonNumbers]:
        if isinstance(index, slice):
            return self._lines(self._order[index].tolist())
        return self._lines([int(self._order[index])])[0]

    def _ordered(self, only: Narrowed | None) -> analytics.Ints:
        has_fit = ~np.isnan(self._fit)
        if only == Narrowed.FIT:
            return _sorted(np.flatnonzero(has_fit), self._fit)
        if only == Narrowed.UNPLACED:
            return np.flatnonzero(~has_fit)
        if only == Narrowed.GAPS:
            return _sorted(np.flatnonzero(self._gaps), -self._gaps)
        if only == Narrowed.CRITICAL:
            return _sorted(np.flatnonzero(self._critical), -self._critical)
        return np.arange(len(has_fit))

    def _lines(self, people: list[int]) -> list[PersonNumbers]:
        keys = {n: self._columns.employment(n) for n in people}
        found = Employment.objects.select_related("person", "unit", "position__job_role").in_bulk(
            list(keys.values())
        )
        return [
            PersonNumbers(
                person=employment.person,
                employment=employment,
                role=getattr(employment.position, "job_role", None),
                fit=None if math.isnan(self._fit[n]) else int(self._fit[n]),
                open_gaps=int(self._gaps[n]),
                critical_gaps=int(self._critical[n]),
            )
            for n in people
            # Whose employment was taken away between the two questions is no longer there.
            if (employment := found.get(keys[n])) is not None
        ]


def people_numbers(
    actor: Actor,
    *,
    unit: Unit | None = None,
    below: bool = False,
    role: JobRole | None = None,
    only: Narrowed | None = None,
    on: dt.date | None = None,
) -> PeopleNumbers:
    """The people the actor sees the gaps of on a day (today), beside their job roles.

    Of one unit, `below` with those below it; with one job role; narrowed to what a number counts.
    """
    require(actor, "gaps.view", unit)
    employed = employed_on(actor, on)
    if unit is None:
        employed = employed.filter(unit__in=seen_units(actor))
    else:
        employed = employed.filter(unit__in=units_below(actor, unit) if below else [unit.id])
    if role is not None:
        employed = employed.filter(position__job_role=role)
    roles = [one.id for one in describing_job_roles(actor)]
    columns = gap_columns(actor.organization, employed, roles=roles, on=on or actor.today)
    return PeopleNumbers(columns, only)


def _sorted(people: analytics.Ints, by: analytics.Ints | analytics.Floats) -> analytics.Ints:
    # A stable sort keeps the order by name among those in equal need.
    ordered: analytics.Ints = people[np.argsort(by[people], kind="stable")]
    return ordered
