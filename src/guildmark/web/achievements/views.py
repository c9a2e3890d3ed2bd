"""Achievements: the catalogue, one of them, and its way from draft to publication."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.achievements import services
from guildmark.achievements.models import AchievementVersion
from guildmark.achievements.publication import missing_for_publication
from guildmark.achievements.selectors import areas, get_version, list_versions
from guildmark.assessment.selectors import attempts_of, knows_answers, rubric_of, test_of
from guildmark.errors import ConflictError, InvalidError, Text
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.web.achievements.forms import (
    AchievementForm,
    AttestedSkillFormSet,
    NewAchievementForm,
)
from guildmark.web.formpage import posted
from guildmark.web.pages import member_page, page_of, show_problems

State = AchievementVersion.State
VIEWS = ("table", "cards")
PARTS = {
    "version": "achievement_edit",
    "skills": "achievement_edit",
    "test": "achievement_test",
    "rubric": "achievement_rubric",
}


@member_page
def achievements(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The catalogue."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    area = request.GET.get("area", "").replace("\0", "")
    state = request.GET.get("state", "")
    # Who keeps the catalogue compares rows; who looks for something to earn reads cards.
    view = request.GET.get("view", "")
    if view not in VIEWS:
        view = "table" if allows(actor, "achievements.view_drafts") else "cards"
    found = list_versions(actor, text=text, area=area, state=state)
    return render(
        request,
        "guildmark/achievements/achievements.html",
        {
            "page": page_of(request, found),
            "text": text,
            "area": area,
            "state": state,
            "areas": areas(actor),
            "states": State.choices if allows(actor, "achievements.view_drafts") else [],
            "view": view,
            "is_filtered": bool(text or area or state),
            "may_edit": allows(actor, "achievements.edit"),
        },
    )


@member_page
def achievement(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """One version: what it says, and what this reader can do with it."""
    version = get_version(actor, version_id)
    may_edit = allows(actor, "achievements.edit", version.achievement)
    test, rubric = test_of(version), rubric_of(version)
    attempts = []
    if actor.person is not None and test is not None:
        attempts = list(attempts_of(actor, actor.person).filter(test=test))
    may_take = (
        version.state == State.PUBLISHED
        and version.needs_test
        and actor.person is not None
        and not any(attempt.passed for attempt in attempts)
    )
    knows = may_take and test is not None and knows_answers(actor, test)
    versions = version.achievement.versions.order_by("-number")
    if not allows(actor, "achievements.view_drafts"):
        versions = versions.exclude(state=State.DRAFT)
    missing = _missing(version) if may_edit and version.state == State.DRAFT else []
    return render(
        request,
        "guildmark/achievements/achievement.html",
        {
            "version": version,
            "test": test,
            "rubric": rubric,
            "versions": versions,
            "missing": missing,
            "may_edit": may_edit,
            "may_see_items": allows(actor, "tests.view_items"),
            "can_take": may_take and not knows,
            "knows_answers": knows,
            "has_passed": any(attempt.passed for attempt in attempts),
            "has_draft": any(v.state == State.DRAFT for v in versions),
        },
    )


def _missing(version: AchievementVersion) -> list[tuple[Text, str]]:
    return [(one.message, PARTS[one.part]) for one in missing_for_publication(version)]


@member_page
def achievement_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Define a new achievement."""
    require(actor, "achievements.edit")
    form = NewAchievementForm(posted(request))
    skills = AttestedSkillFormSet(posted(request), form_kwargs={"actor": actor}, prefix="skills")
    if request.method == "POST" and form.is_valid() and skills.is_valid():
        try:
            with transaction.atomic():
                version = services.create_achievement(actor=actor, **form.cleaned_data)
                services.set_attested_skills(actor=actor, version=version, skills=_pairs(skills))
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("The draft is kept."))
            return redirect("achievement", version.id)
    return _form_page(request, form, skills, _("New achievement"), None)


@member_page
def achievement_edit(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """Edit a draft and what it attests."""
    version = get_version(actor, version_id)
    require(actor, "achievements.edit", version.achievement)
    if version.state != State.DRAFT:
        raise ConflictError(
            _("This version is published and never changes. Start a new draft instead.")
        )
    initial = {field: getattr(version, field) for field in services.EDITABLE}
    form = AchievementForm(posted(request), initial=initial)
    skills = AttestedSkillFormSet(
        posted(request),
        form_kwargs={"actor": actor},
        prefix="skills",
        # What was sent is all there is: a row like one kept before is no empty row.
        initial=None
        if request.method == "POST"
        else [{"skill": one.skill_id, "level": one.level_id} for one in version.skills.all()],
    )
    if request.method == "POST" and form.is_valid() and skills.is_valid():
        try:
            with transaction.atomic():
                services.edit_draft(actor=actor, version=version, **form.cleaned_data)
                services.set_attested_skills(actor=actor, version=version, skills=_pairs(skills))
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("The draft is kept."))
            return redirect("achievement", version.id)
    return _form_page(request, form, skills, version.name, version)


def _pairs(skills: Any) -> list[Any]:
    rows = [form.cleaned_data for form in skills]
    return [(row["skill"], row["level"]) for row in rows if row.get("skill")]


def _form_page(
    request: HttpRequest,
    form: BaseForm,
    skills: Any,
    title: str,
    version: AchievementVersion | None,
) -> HttpResponse:
    return render(
        request,
        "guildmark/achievements/edit.html",
        {"form": form, "skills": skills, "title": title, "version": version},
        status=422 if form.is_bound else 200,
    )


@member_page
def achievement_publish(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then publish."""
    version = get_version(actor, version_id)
    require(actor, "achievements.publish", version.achievement)
    if version.state != State.DRAFT:
        raise ConflictError(_("This version has been published already."))
    if request.method == "POST":
        try:
            services.publish_version(actor=actor, version=version)
        except InvalidError:
            # What is missing stands on that page, each with the way to mend it.
            return redirect("achievement_publish", version.id)
        messages.success(request, _("Published. People can earn it from now on."))
        return redirect("achievement", version.id)
    return render(
        request,
        "guildmark/achievements/publish.html",
        {"version": version, "missing": _missing(version)},
    )


@member_page
def achievement_withdraw(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then take a published version back."""
    version = get_version(actor, version_id)
    require(actor, "achievements.publish", version.achievement)
    if request.method == "POST":
        services.withdraw_version(actor=actor, version=version)
        messages.success(request, _("Withdrawn. What was earned stays valid."))
        return redirect("achievement", version.id)
    return render(request, "guildmark/achievements/withdraw.html", {"version": version})


@require_POST
@member_page
def achievement_draft(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """Start a new draft from the newest version."""
    version = get_version(actor, version_id)
    draft = services.new_draft(actor=actor, achievement=version.achievement)
    messages.success(request, _("A new draft, with test and rubric, is ready to be changed."))
    return redirect("achievement", draft.id)
