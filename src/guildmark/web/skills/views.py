"""Frameworks and their skills, and what the worker has and needs."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion, AttestedSkill
from guildmark.achievements.selectors import published_attesting
from guildmark.errors import InvalidError, NotAllowedError
from guildmark.organizations.access import allows
from guildmark.organizations.actor import Actor
from guildmark.skills import services
from guildmark.skills.gaps import Cell, gaps_of_person
from guildmark.skills.models import JobRole, SkillRecord
from guildmark.skills.selectors import (
    get_framework,
    get_skill,
    holders_of,
    records_of,
    visible_frameworks,
    visible_skills,
)
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.skills.forms import ClaimForm


@member_page
def frameworks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All visible frameworks, and the skills that a search finds in them."""
    text = request.GET.get("q", "").strip()[:200]
    found = visible_skills(actor, text=text) if text else None
    return render(
        request,
        "guildmark/skills/frameworks.html",
        {
            "frameworks": visible_frameworks(actor),
            "text": text,
            "page": page_of(request, found) if found is not None else None,
        },
    )


@member_page
def framework(request: HttpRequest, actor: Actor, framework_id: uuid.UUID) -> HttpResponse:
    """A framework's skills, by group."""
    one = get_framework(actor, framework_id)
    skills = visible_skills(actor, text=request.GET.get("q", "")[:200]).filter(framework=one)
    return render(
        request,
        "guildmark/skills/framework.html",
        {
            "framework": one,
            "page": page_of(request, skills.order_by("group", "code", "label")),
            "text": request.GET.get("q", ""),
        },
    )


@member_page
def skill(request: HttpRequest, actor: Actor, skill_id: uuid.UUID) -> HttpResponse:
    """A skill: its levels, its like in public frameworks, who needs and who attests it."""
    one = get_skill(actor, skill_id)
    roles = JobRole.objects.filter(organization=actor.organization, requirements__skill=one)
    attested = AttestedSkill.objects.filter(
        skill=one,
        version__state=AchievementVersion.State.PUBLISHED,
        version__achievement__organization=actor.organization,
    ).select_related("version__achievement", "level")
    holders = page_of(request, holders_of(actor, one)) if allows(actor, "gaps.view") else None
    return render(
        request,
        "guildmark/skills/skill.html",
        {"skill": one, "roles": roles, "attested": attested, "page": holders},
    )


@member_page
def my_skills(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worker's own skills beside what the job asks for, and what closes each gap."""
    person = actor.person
    if person is None:
        raise NotAllowedError(_("Your account is not tied to a person. Ask your administrator."))
    form = ClaimForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            services.claim_skill(
                actor=actor,
                person=person,
                skill=form.cleaned_data["skill"],
                level=form.cleaned_data["level"],
                note=form.cleaned_data["note"],
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Noted as your own statement."))
            return redirect("my_skills")
    gaps = gaps_of_person(actor, person)
    cells = gaps.open_cells if gaps else ()
    ways = published_attesting(actor, [cell.skill.id for cell in cells])
    records = list(records_of(actor, person))
    return render(
        request,
        "guildmark/skills/my_skills.html",
        {
            "gaps": gaps,
            "steps": [(cell, ways_to_close(ways.get(cell.skill.id, []), cell)) for cell in cells],
            "records": [r for r in records if r.source != SkillRecord.Source.SELF_CLAIM],
            "claims": [r for r in records if r.source == SkillRecord.Source.SELF_CLAIM],
            "form": form,
        },
    )


def ways_to_close(attested: list[AttestedSkill], cell: Cell) -> list[AttestedSkill]:
    """The achievements that close a gap, or where none does, those that come nearest."""
    enough = [one for one in attested if one.level.rank >= cell.required.rank]
    return (enough or attested)[:3]
