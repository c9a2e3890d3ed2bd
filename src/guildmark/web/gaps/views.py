"""Gaps: all units at a glance, a unit as a matrix, people in numbers, a person with records."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.errors import InvalidError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Unit
from guildmark.organizations.selectors import get_person, get_unit, units_below
from guildmark.skills import services
from guildmark.skills.gap_lists import Narrowed, people_numbers
from guildmark.skills.gaps import (
    Cell,
    PersonGaps,
    UnitSummary,
    count_gaps,
    gaps_of_person,
    gaps_of_unit,
    required_skills,
    seen_units,
    unit_overview,
)
from guildmark.skills.models import JobRole, SkillRecord
from guildmark.skills.selectors import describing_job_roles, records_of
from guildmark.web.formpage import posted
from guildmark.web.gaps.filters import Ways, address, filters_in_use, list_ways, matrix_ways
from guildmark.web.gaps.forms import DayForm, MatrixForm, PeopleForm
from guildmark.web.gaps.matrix import matrix_of
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.skills.forms import ObservationForm
from guildmark.web.skills.ways import Way, ways_to_close

_COUNTS: dict[str, Callable[[Cell], bool]] = {
    "": lambda _cell: True,
    Narrowed.GAPS: lambda cell: bool(cell.gap),
    Narrowed.CRITICAL: lambda cell: bool(cell.gap) and cell.is_critical,
}
"""Which cells a matrix shows, by what it is narrowed to."""


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """A skill record with the way to the award behind it, where the actor may go there."""

    record: SkillRecord
    url: str


@dataclass(frozen=True, kw_only=True)
class SkillLine:
    """A required skill of a person with the records that count and what closes the gap."""

    cell: Cell
    records: list[RecordLine]
    ways: list[Way]


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A unit in numbers, with the way to what each of them counts."""

    summary: UnitSummary
    url: str
    ways: Ways


@require_GET
@member_page
def gaps(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every unit the actor may see, the greatest need first."""
    require(actor, "gaps.view")
    form = DayForm(request.GET)
    if not form.is_valid():
        return _refused(request, "guildmark/gaps/gaps.html", form)
    on = _day(actor, form)
    overview = unit_overview(actor, on)
    context = {
        "form": form,
        "on": on,
        "total": overview.total,
        "ways": list_ways(on=on),
        "units": [
            UnitLine(
                summary=summary,
                url=address(path, on=on),
                ways=matrix_ways(path, on=on, role=None, below=None, unit=summary.unit.id),
            )
            for summary in overview.units
            for path in [reverse("unit_gaps", args=[summary.unit.id])]
        ],
    }
    return render(request, "guildmark/gaps/gaps.html", context)


@require_GET
@member_page
def people_gaps(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people that a number of the overview or of a unit counts, each in numbers."""
    require(actor, "gaps.view")
    roles = describing_job_roles(actor)
    form = PeopleForm(request.GET, units=seen_units(actor), roles=roles)
    if not form.is_valid():
        return _refused(request, "guildmark/gaps/people_gaps.html", form)
    chosen, on = form.cleaned_data, _day(actor, form)
    unit, role, below = chosen["unit"], chosen["role"], chosen["below"] and "on"
    people = people_numbers(
        actor,
        unit=unit,
        below=bool(below),
        role=next((one for one in roles if str(one.id) == role), None),
        only=Narrowed(chosen["only"]) if chosen["only"] else None,
        on=on,
    )
    context = {
        "form": form,
        "on": on,
        "query": _query(on),
        "filters": filters_in_use(request, form),
        "unit": unit,
        "numbers": people.numbers,
        "ways": list_ways(unit=unit and unit.id, role=role, on=on, below=below),
        "page": page_of(request, people),
    }
    return render(request, "guildmark/gaps/people_gaps.html", context)


@require_GET
@member_page
def unit_gaps(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """The matrix of a unit: people by required skills, with every gap marked."""
    unit = get_unit(actor, unit_id)
    has_below = len(units_below(actor, unit)) > 1
    everyone = gaps_of_unit(actor, unit, _day(actor, DayForm(request.GET)))
    own = [one for one in everyone if one.employment.unit_id == unit.id]
    # A unit that has people of its own shows these, as the overview counted them.
    with_below = has_below and (not own or "below" in request.GET)
    people = everyone if with_below else own
    roles = _roles(actor, people, request.GET.get("role", ""))
    form = MatrixForm(request.GET, roles=roles, has_below=has_below and bool(own))
    if not form.is_valid():
        return _refused(request, "guildmark/gaps/unit_gaps.html", form, unit=unit)
    on, role, only = _day(actor, form), form.cleaned_data["role"], form.cleaned_data["only"]
    if role:
        people = [one for one in people if one.role is not None and str(one.role.id) == role]
    counts = _COUNTS[only]
    shown = [one for one in people if not only or any(map(counts, one.cells))]
    columns = required_skills(shown, counts)
    page = page_of(request, shown)
    here = reverse("unit_gaps", args=[unit.id])
    below = "on" if with_below else None
    context = {
        "unit": unit,
        "form": form,
        "on": on,
        "query": _query(on),
        "filters": filters_in_use(request, form),
        "numbers": count_gaps(people),
        "ways": matrix_ways(here, on=on, role=role, below=below, unit=unit.id),
        "columns": columns,
        "page": page,
        "matrix": matrix_of(page, columns, query=_query(on), counts=counts),
        "with_below": with_below,
    }
    return render(request, "guildmark/gaps/unit_gaps.html", context)


@require_http_methods(["GET", "POST"])
@member_page
def person_gaps(request: HttpRequest, actor: Actor, person_id: uuid.UUID) -> HttpResponse:
    """A person beside the job role, with the records that count and what closes each gap."""
    person = get_person(actor, person_id)
    day = DayForm(request.GET)
    on = _day(actor, day)
    found = gaps_of_person(actor, person, on)
    cells = found.cells if found else ()
    form = None
    if allows(actor, "skill_records.observe", person):
        required = [cell.skill for cell in cells]
        form = ObservationForm(posted(request), actor=actor, first=required)
    if request.method == "POST":
        require(actor, "skill_records.observe", person)
        if form is not None and form.is_valid():
            try:
                services.record_observation(actor=actor, person=person, **form.cleaned_data)
            except InvalidError as error:
                show_problems(form, error)
            else:
                messages.success(request, _("The observation is kept."))
                return redirect("person_gaps", person.id)
    records = list(records_of(actor, person, on))
    claims = [r for r in records if r.source == SkillRecord.Source.SELF_CLAIM]
    lines = [
        RecordLine(record=r, url=_award_url(actor, r))
        for r in records
        if r.source != SkillRecord.Source.SELF_CLAIM
    ]
    ways = ways_to_close(actor, cells)
    required_ids = {cell.skill.id for cell in cells}
    context = {
        "person": person,
        "gaps": found,
        "day": day,
        "on": on,
        "query": _query(on),
        "rows": [
            SkillLine(
                cell=cell,
                records=[line for line in lines if line.record.skill_id == cell.skill.id],
                ways=ways.get(cell.skill.id, []),
            )
            for cell in sorted(cells, key=lambda c: (not c.gap, not c.is_critical))
        ],
        "other_records": [line for line in lines if line.record.skill_id not in required_ids],
        "claims": claims,
        "form": form,
        "may_see_unit": found is not None and allows(actor, "gaps.view", found.employment.unit),
        "may_see_person": allows(actor, "people.view", person),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "guildmark/gaps/person_gaps.html", context, status=status)


def _day(actor: Actor, form: DayForm) -> dt.date | None:
    form.is_valid()
    on: dt.date | None = form.cleaned_data.get("on")
    return None if on == actor.today else on


def _query(on: dt.date | None) -> str:
    return f"?on={on.isoformat()}" if on else ""


def _refused(
    request: HttpRequest, template: str, form: DayForm, unit: Unit | None = None
) -> HttpResponse:
    """The page without anything to see, because what it is to show is not understood."""
    return render(request, template, {"form": form, "unit": unit}, status=422)


def _roles(actor: Actor, people: list[PersonGaps], asked: str) -> list[JobRole]:
    """The roles to choose from: these people's, and the one asked for where it is another.

    Who looks at another day keeps the role they chose, also where nobody has it then.
    """
    roles = {str(one.role.id): one.role for one in people if one.role is not None}
    if asked and asked not in roles:
        roles |= {str(one.id): one for one in describing_job_roles(actor) if str(one.id) == asked}
    return sorted(roles.values(), key=lambda role: role.title)


def _award_url(actor: Actor, record: SkillRecord) -> str:
    if record.source != SkillRecord.Source.AWARD or record.source_id is None:
        return ""
    if actor.person is not None and actor.person.id == record.person_id:
        return reverse("wallet_credential", args=[record.source_id])
    return reverse("award", args=[record.source_id]) if allows(actor, "awards.list") else ""
