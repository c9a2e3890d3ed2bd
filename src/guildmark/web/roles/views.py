"""Job roles: the list, one with its requirements, and adopting a public occupation."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.skills import services
from guildmark.skills.models import RoleRequirement
from guildmark.skills.selectors import find_occupations, get_job_role, iluo_levels
from guildmark.skills.selectors import job_roles as list_job_roles
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.roles.forms import AdoptForm, NewJobRoleForm, RequirementForm


@member_page
def job_roles(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The organization's job roles."""
    return render(
        request,
        "guildmark/roles/job_roles.html",
        {
            "page": page_of(request, list_job_roles(actor)),
            "may_edit": allows(actor, "job_roles.edit"),
        },
    )


@member_page
def job_role(request: HttpRequest, actor: Actor, role_id: uuid.UUID) -> HttpResponse:
    """A job role or an occupation with what it requires; a training lead adds to the own ones."""
    role = get_job_role(actor, role_id)
    may_edit = role.organization_id is not None and allows(actor, "job_roles.edit", role)
    form = RequirementForm(request.POST or None, actor=actor) if may_edit else None
    if request.method == "POST":
        require(actor, "job_roles.edit", role)
        if form is not None and form.is_valid():
            try:
                services.set_requirement(actor=actor, job_role=role, **form.cleaned_data)
            except InvalidError as error:
                show_problems(form, error)
            else:
                messages.success(request, _("The requirement is kept."))
                return redirect("job_role", role.id)
    return render(
        request,
        "guildmark/roles/job_role.html",
        {
            "role": role,
            "requirements": role.requirements.all(),
            "form": form,
            "may_adopt": role.organization_id is None and allows(actor, "job_roles.edit"),
        },
    )


@member_page
def job_role_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A job role from nothing."""
    require(actor, "job_roles.edit")
    form = NewJobRoleForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            role = services.create_job_role(actor=actor, **form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Now say which skills it requires."))
            return redirect("job_role", role.id)
    return render(request, "guildmark/roles/job_role_new.html", {"form": form})


@require_POST
@member_page
def requirement_remove(request: HttpRequest, actor: Actor, requirement_id: int) -> HttpResponse:
    """Take a requirement away."""
    requirement = (
        RoleRequirement.objects.filter(id=requirement_id, job_role__organization=actor.organization)
        .select_related("job_role", "skill")
        .first()
    )
    if requirement is None:
        raise NotFoundError(_("There is no such requirement here."))
    role_id = requirement.job_role_id
    services.remove_requirement(actor=actor, requirement=requirement)
    messages.success(request, _("The skill is no longer required."))
    return redirect("job_role", role_id)


@member_page
def occupations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Public occupations to start a job role from."""
    text = request.GET.get("q", "")[:200]
    return render(
        request,
        "guildmark/roles/occupations.html",
        {
            "page": page_of(request, find_occupations(actor, text)),
            "text": text,
            "may_edit": allows(actor, "job_roles.edit"),
        },
    )


@member_page
def job_role_adopt(request: HttpRequest, actor: Actor, role_id: uuid.UUID) -> HttpResponse:
    """Start a job role from an occupation; shows what would be taken over."""
    require(actor, "job_roles.edit")
    occupation = get_job_role(actor, role_id)
    if occupation.organization_id is not None:
        raise NotFoundError(_("There is no such occupation here."))
    initial = {"code": occupation.code, "title": occupation.title}
    form = AdoptForm(request.POST or None, actor=actor, initial=initial)
    importance, limit = 3.5, 15
    if request.method == "POST" and form.is_valid():
        importance = float(form.cleaned_data["minimum_importance"])
        limit = form.cleaned_data["limit"]
        if "preview" not in request.POST:
            try:
                role = services.adopt_job_role(
                    actor=actor,
                    occupation=occupation,
                    code=form.cleaned_data["code"],
                    title=form.cleaned_data["title"],
                    position=form.cleaned_data["position"],
                    minimum_importance=importance,
                    limit=limit,
                )
            except InvalidError as error:
                show_problems(form, error)
            else:
                messages.success(request, _("The job role is made. Adjust what it requires."))
                return redirect("job_role", role.id)
    levels = {level.rank: level for level in iluo_levels()}
    taken = [r for r in occupation.requirements.all() if r.weight >= importance]
    taken.sort(key=lambda r: (-r.weight, r.skill.label))
    return render(
        request,
        "guildmark/roles/adopt.html",
        {
            "occupation": occupation,
            "form": form,
            "preview": [(r, levels[services.iluo_rank(r.level.rank)]) for r in taken[:limit]],
        },
    )
