"""Job roles: the list, one with its requirements, and adopting a public occupation."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.skills import services
from guildmark.skills.models import JobRole
from guildmark.skills.selectors import (
    find_occupations,
    get_job_role,
    get_own_job_role,
    get_requirement,
    other_titles,
)
from guildmark.skills.selectors import job_roles as list_job_roles
from guildmark.skills.services.job_roles import DEFAULT_IMPORTANCE
from guildmark.web.formpage import form_page, posted
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.roles.forms import (
    LIMIT,
    AdoptForm,
    DemandForm,
    EditJobRoleForm,
    NewJobRoleForm,
    RequirementForm,
)


@require_GET
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


@require_http_methods(["GET", "POST"])
@member_page
def job_role(request: HttpRequest, actor: Actor, role_id: uuid.UUID) -> HttpResponse:
    """A job role or an occupation with what it requires; a training lead adds to the own ones."""
    role = get_job_role(actor, role_id)
    is_own = role.organization_id is not None
    may_edit = is_own and allows(actor, "job_roles.edit", role)
    form = None
    if may_edit:
        form = RequirementForm(posted(request), actor=actor, with_onet=True)
    if request.method == "POST":
        require(actor, "job_roles.edit", role)
        if form is None:
            return redirect("job_role", role.id)
        if form.is_valid():
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
            "may_edit": may_edit,
            "may_adopt": not is_own and allows(actor, "job_roles.edit"),
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@member_page
def job_role_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A job role from nothing."""
    require(actor, "job_roles.edit")

    def save(form: NewJobRoleForm) -> str:
        role = services.create_job_role(actor=actor, **form.cleaned_data)
        return reverse("job_role", args=[role.id])

    return form_page(
        request,
        NewJobRoleForm(posted(request), actor=actor),
        title=_("New job role"),
        submit=_("Make it"),
        cancel=reverse("job_roles"),
        save=save,
        done=_("Now say which skills it requires."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def job_role_edit(request: HttpRequest, actor: Actor, role_id: uuid.UUID) -> HttpResponse:
    """What a job role is called and whose position it describes."""
    role = get_own_job_role(actor, role_id)
    require(actor, "job_roles.edit", role)
    here = reverse("job_role", args=[role.id])

    def save(form: EditJobRoleForm) -> str:
        services.edit_job_role(actor=actor, job_role=role, **form.cleaned_data)
        return here

    initial = {"title": role.title, "position": role.position, "description": role.description}
    return form_page(
        request,
        EditJobRoleForm(posted(request), actor=actor, job_role=role, initial=initial),
        title=role.title,
        submit=_("Save"),
        cancel=here,
        save=save,
        done=_("Saved."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def requirement(request: HttpRequest, actor: Actor, requirement_id: int) -> HttpResponse:
    """Change at which level a skill is required, and how much it counts."""
    found = get_requirement(actor, requirement_id)
    require(actor, "job_roles.edit", found.job_role)
    here = reverse("job_role", args=[found.job_role_id])

    def save(form: DemandForm) -> str:
        services.set_requirement(
            actor=actor, job_role=found.job_role, skill=found.skill, **form.cleaned_data
        )
        return here

    initial = {"level": found.level, "weight": found.weight, "is_critical": found.is_critical}
    return form_page(
        request,
        DemandForm(posted(request), initial=initial),
        title=f"{found.job_role.title}: {found.skill.name}",
        submit=_("Save"),
        cancel=here,
        save=save,
        done=_("The requirement is kept."),
    )


@require_POST
@member_page
def requirement_remove(request: HttpRequest, actor: Actor, requirement_id: int) -> HttpResponse:
    """Take a requirement away."""
    found = get_requirement(actor, requirement_id)
    role_id = found.job_role_id
    services.remove_requirement(actor=actor, requirement=found)
    messages.success(request, _("The skill is no longer required."))
    return redirect("job_role", role_id)


@require_GET
@member_page
def occupations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Public occupations to start a job role from."""
    text = request.GET.get("q", "").strip()[:200]
    page: Page[JobRole] = page_of(request, find_occupations(actor, text))
    titles = other_titles(page.object_list, text)
    return render(
        request,
        "guildmark/roles/occupations.html",
        {
            "page": page,
            "rows": [(role, titles.get(role.id, [])) for role in page],
            "text": text,
            "may_edit": allows(actor, "job_roles.edit"),
        },
    )


@require_http_methods(["GET", "POST"])
@member_page
def job_role_adopt(request: HttpRequest, actor: Actor, role_id: uuid.UUID) -> HttpResponse:
    """Start a job role from an occupation; shows what would be taken over."""
    require(actor, "job_roles.edit")
    occupation = get_job_role(actor, role_id)
    if occupation.organization_id is not None:
        raise NotFoundError(_("There is no such occupation here."))
    initial = {"code": occupation.code, "title": occupation.title}
    form = AdoptForm(posted(request), actor=actor, initial=initial)
    is_preview = "preview" in request.POST
    if request.method == "POST" and form.is_valid() and not is_preview:
        try:
            role = _adopt(actor, occupation, form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("The job role is made. Adjust what it requires."))
            return redirect("job_role", role.id)
    chosen = form.cleaned_data if form.is_bound else {}
    importance = chosen.get("minimum_importance", DEFAULT_IMPORTANCE)
    preview = services.propose_requirements(
        actor=actor,
        occupation=occupation,
        minimum_importance=float(importance),
        limit=chosen.get("limit", LIMIT),
    )
    return render(
        request,
        "guildmark/roles/adopt.html",
        {"occupation": occupation, "form": form, "preview": preview},
        status=422 if form.errors else 200,
    )


def _adopt(actor: Actor, occupation: JobRole, chosen: dict[str, Any]) -> JobRole:
    return services.adopt_job_role(
        actor=actor,
        occupation=occupation,
        code=chosen["code"],
        title=chosen["title"],
        position=chosen["position"],
        minimum_importance=float(chosen["minimum_importance"]),
        limit=chosen["limit"],
    )
