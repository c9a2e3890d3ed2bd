"""Gaps: all units at a glance, a unit as a matrix, a person with the records behind."""

from __future__ import annotations

import datetime as dt
import uuid
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
from guildmark.organizations.selectors import get_person, get_unit, units_below
from guildmark.skills import services
from guildmark.skills.gaps import (
    Cell,
    PersonGaps,
    count_gaps,
    gaps_of_person,
    gaps_of_unit,
    required_skills,
    unit_overview,
)
from guildmark.skills.models import JobRole, SkillRecord
from guildmark.skills.selectors import records_of
from guildmark.web.formpage import posted
from guildmark.web.gaps.forms import DayForm, MatrixForm
from guildmark.web.gaps.matrix import matrix_of
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.skills.forms import ObservationForm
from guildmark.web.skills.ways import Way, ways_to_close


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


@require_GET
@member_page
def gaps(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every unit the actor may see, the greatest need first."""
    form = DayForm(request.GET)
    on = _day(actor, form)
    return render(
        request,
        "guildmark/gaps/gaps.html",
        {"overview": unit_overview(actor, on), "form": form, "on": on, "query": _query(on)},
    )


@require_GET
@member_page
def unit_gaps(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """The matrix of a unit: people by required skills, with every gap marked."""
    unit = get_unit(actor, unit_id)
    has_below = len(units_below(actor, unit)) > 1
    on = _day(actor, DayForm(request.GET))
    everyone = gaps_of_unit(actor, unit, on)
    own = [one for one in everyone if one.employment.unit_id == unit.id]
    # A unit that has people of its own shows these, as the overview counted them.
    with_below = has_below and (not own or "below" in request.GET)
    people = everyone if with_below else own
    form = MatrixForm(request.GET, roles=_roles(people), has_below=has_below and bool(own))
    form.is_valid()
    role, only_gaps = form.cleaned_data.get("role", ""), form.cleaned_data.get("only", False)
    if role:
        people = [one for one in people if one.role is not None and str(one.role.id) == role]
    shown = [one for one in people if one.gap_count] if only_gaps else people
    columns = required_skills(shown)
    if only_gaps:
        open_skills = {cell.skill.id for one in shown for cell in one.cells if cell.gap}
        columns = [skill for skill in columns if skill.id in open_skills]
    page = page_of(request, shown)
    return render(
        request,
        "guildmark/gaps/unit_gaps.html",
        {
            "unit": unit,
            "form": form,
            "on": on,
            "query": _query(on),
            "numbers": count_gaps(people),
            "gaps_url": _only_gaps(request),
            "columns": columns,
            "page": page,
            "matrix": matrix_of(page, columns, query=_query(on), only_gaps=only_gaps),
            "is_filtered": bool(role or only_gaps),
            "with_below": with_below,
        },
    )


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


def _only_gaps(request: HttpRequest) -> str:
    """The same page narrowed to gaps: what the number of open gaps counts."""
    query = request.GET.copy()
    query.pop("page", None)
    query["only"] = "on"
    return f"?{query.urlencode()}"


def _roles(people: list[PersonGaps]) -> list[JobRole]:
    roles = {one.role.id: one.role for one in people if one.role is not None}
    return sorted(roles.values(), key=lambda role: role.title)


def _award_url(actor: Actor, record: SkillRecord) -> str:
    if record.source != SkillRecord.Source.AWARD or record.source_id is None:
        return ""
    if actor.person is not None and actor.person.id == record.person_id:
        return reverse("wallet_credential", args=[record.source_id])
    return reverse("award", args=[record.source_id]) if allows(actor, "awards.list") else ""
