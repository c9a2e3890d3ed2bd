"""Gaps: all units at a glance, a unit as a matrix, a person with the records behind."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guildmark.achievements.selectors import published_attesting
from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person, Unit
from guildmark.skills import services
from guildmark.skills.gaps import (
    gaps_of_person,
    gaps_of_unit,
    mean_fit,
    required_skills,
    unit_summaries,
)
from guildmark.skills.models import SkillRecord
from guildmark.skills.selectors import records_of
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.skills.forms import ClaimForm
from guildmark.web.skills.views import ways_to_close


@member_page
def gaps(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every unit the actor may see, the greatest need first."""
    summaries = unit_summaries(actor)
    fits = [s.fit for s in summaries if s.fit is not None]
    return render(
        request,
        "guildmark/gaps/gaps.html",
        {
            "summaries": summaries,
            "people": sum(s.people for s in summaries),
            "open_gaps": sum(s.open_gaps for s in summaries),
            "critical_gaps": sum(s.critical_gaps for s in summaries),
            "fit": round(sum(fits) / len(fits)) if fits else None,
        },
    )


@member_page
def unit_gaps(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """The matrix of a unit: people by required skills, with every gap marked."""
    unit = (
        Unit.objects.filter(id=unit_id, organization=actor.organization)
        .select_related("site", "manager")
        .first()
    )
    if unit is None:
        raise NotFoundError(_("There is no such unit here."))
    everyone = gaps_of_unit(actor, unit)
    roles = sorted({p.role.title for p in everyone if p.role is not None})
    role = request.GET.get("role", "")
    only_gaps = request.GET.get("only") == "gaps"
    shown = [
        person
        for person in everyone
        if (not role or (person.role is not None and person.role.title == role))
        and (not only_gaps or person.gap_count)
    ]
    columns = required_skills(shown)
    page = page_of(request, shown, size=60)
    return render(
        request,
        "guildmark/gaps/unit_gaps.html",
        {
            "unit": unit,
            "columns": columns,
            "page": page,
            "rows": [(person, [person.cell(skill.id) for skill in columns]) for person in page],
            "roles": roles,
            "role": role,
            "only_gaps": only_gaps,
            "people": len(everyone),
            "fit": mean_fit(everyone),
            "open_gaps": sum(person.gap_count for person in everyone),
            "critical_gaps": sum(person.critical_count for person in everyone),
        },
    )


@member_page
def person_gaps(request: HttpRequest, actor: Actor, person_id: uuid.UUID) -> HttpResponse:
    """A person beside the job role, with the records that count and what closes each gap."""
    person = Person.objects.filter(id=person_id, organization=actor.organization).first()
    if person is None or not allows(actor, "skill_records.view", person):
        raise NotFoundError(_("There is no such person here."))
    may_observe = allows(actor, "skill_records.observe", person)
    form = ClaimForm(request.POST or None, actor=actor) if may_observe else None
    if form is not None:
        form.fields["note"].label = _("What did you see?")
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
    found = gaps_of_person(actor, person)
    records = list(records_of(actor, person))
    cells = found.cells if found else ()
    ways = published_attesting(actor, [cell.skill.id for cell in cells if cell.gap])
    verified = [r for r in records if r.source != SkillRecord.Source.SELF_CLAIM]
    return render(
        request,
        "guildmark/gaps/person_gaps.html",
        {
            "person": person,
            "gaps": found,
            "rows": [
                (
                    cell,
                    [r for r in verified if r.skill_id == cell.skill.id],
                    ways_to_close(ways.get(cell.skill.id, []), cell) if cell.gap else [],
                )
                for cell in cells
            ],
            "other_records": [
                r for r in verified if r.skill_id not in {cell.skill.id for cell in cells}
            ],
            "claims": [r for r in records if r.source == SkillRecord.Source.SELF_CLAIM],
            "form": form,
        },
    )
