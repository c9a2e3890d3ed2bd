"""Frameworks and their skills, and what the worker has and needs."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.achievements.selectors import published_attesting
from guildmark.errors import InvalidError, NotAllowedError
from guildmark.organizations.access import allows
from guildmark.organizations.actor import Actor
from guildmark.skills import services
from guildmark.skills.gaps import gaps_of_person
from guildmark.skills.models import SkillRecord
from guildmark.skills.selectors import (
    above,
    below,
    find_skills,
    get_framework,
    get_skill,
    holders_of,
    occupations_naming,
    records_of,
    relations_of,
    roles_requiring,
    roots_of,
    visible_frameworks,
)
from guildmark.skills.services.frameworks import export_framework
from guildmark.web.formpage import posted
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.skills.forms import ClaimForm
from guildmark.web.skills.ways import ways_to_close

_MOST_SHOWN = 60
"""Of what stands beside a skill."""


@require_GET
@member_page
def frameworks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All visible frameworks, and the skills that a search finds in them."""
    text = request.GET.get("q", "").strip()[:200]
    found = find_skills(actor, text) if text else None
    return render(
        request,
        "guildmark/skills/frameworks.html",
        {
            "frameworks": visible_frameworks(actor),
            "text": text,
            "page": page_of(request, found) if found is not None else None,
        },
    )


@require_GET
@member_page
def framework(request: HttpRequest, actor: Actor, framework_id: uuid.UUID) -> HttpResponse:
    """A framework's skills, by group."""
    one = get_framework(actor, framework_id)
    text = request.GET.get("q", "").strip()[:200]
    skills = find_skills(actor, text).filter(framework=one)
    if not text:
        skills = skills.order_by("group", "code", "label", "id")
    return render(
        request,
        "guildmark/skills/framework.html",
        {
            "framework": one,
            "page": page_of(request, skills),
            "text": text,
            "roots": roots_of(one) if not text else (),
            "releases": one.releases.all()[:5],
        },
    )


@require_GET
@member_page
def export(request: HttpRequest, actor: Actor, framework_id: uuid.UUID) -> HttpResponse:
    """A framework as a file in the format asked for."""
    one = get_framework(actor, framework_id)
    made = export_framework(one, request.GET.get("format", "csv"), organization=actor.organization)
    return HttpResponse(
        made.data,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


@require_GET
@member_page
def skill(request: HttpRequest, actor: Actor, skill_id: uuid.UUID) -> HttpResponse:
    """A skill: its levels, its like in public frameworks, who needs, attests and has it."""
    one = get_skill(actor, skill_id)
    holders: Page[SkillRecord] | None = None
    if allows(actor, "gaps.view"):
        holders = page_of(request, holders_of(actor, one))
    return render(
        request,
        "guildmark/skills/skill.html",
        {
            "skill": one,
            "requirements": roles_requiring(actor, one),
            "ways": above(one),
            "below": below(one)[:_MOST_SHOWN],
            "relations": relations_of(one)[:_MOST_SHOWN],
            "occupations": occupations_naming(one)[:_MOST_SHOWN],
            "attested": published_attesting(actor, [one.id]).get(one.id, []),
            "page": holders,
        },
    )


@require_http_methods(["GET", "POST"])
@member_page
def my_skills(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worker's own skills beside what the job asks for, and what closes each gap."""
    person = actor.person
    if person is None:
        raise NotAllowedError(_("Your account is not tied to a person. Ask your administrator."))
    gaps = gaps_of_person(actor, person)
    cells = gaps.cells if gaps else ()
    form = ClaimForm(posted(request), actor=actor, first=[cell.skill for cell in cells])
    if request.method == "POST" and form.is_valid():
        try:
            services.claim_skill(actor=actor, person=person, **form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Noted as your own statement."))
            return redirect("my_skills")
    ways = ways_to_close(actor, cells)
    records = list(records_of(actor, person))
    context = {
        "gaps": gaps,
        "steps": [
            (cell, ways.get(cell.skill.id, [])) for cell in (gaps.open_cells if gaps else ())
        ],
        "records": [r for r in records if r.source != SkillRecord.Source.SELF_CLAIM],
        "claims": [r for r in records if r.source == SkillRecord.Source.SELF_CLAIM],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "guildmark/skills/my_skills.html", context, status=status)
