"""The test and the rubric of a draft."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.achievements.models import AchievementVersion
from guildmark.achievements.selectors import get_version
from guildmark.assessment import services
from guildmark.assessment.models import Item, Test
from guildmark.assessment.selectors import get_item, new_answers, rubric_of, test_of
from guildmark.errors import InvalidError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.web.achievements.forms import (
    CriterionFormSet,
    ItemForm,
    OpenAnswersForm,
    RubricForm,
    TestForm,
)
from guildmark.web.formpage import posted
from guildmark.web.pages import member_page, show_problems

DEFAULTS = {"time_limit_minutes": 20, "cut_score_percent": 70, "max_attempts": 3}


def _limits(test: Test | None) -> dict[str, int]:
    return {field: getattr(test, field) for field in DEFAULTS} if test else dict(DEFAULTS)


def _items(test: Test | None) -> list[Item]:
    return [one.item for one in test.test_items.all()] if test else []


@member_page
def achievement_test(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """The questions of the test, its time and pass mark; a draft's can be changed.

    Who has not seen its right answers is asked first: afterwards they cannot take the test.
    """
    require(actor, "tests.view_items")
    version = get_version(actor, version_id)
    if request.method == "POST" and "open" in request.POST:
        services.open_answer_key(actor=actor, version=version)
        return redirect("achievement_test", version.id)
    if request.method == "POST":
        require(actor, "tests.edit")
    elif new_answers(actor, _items(test_of(version))):
        return render(
            request,
            "guildmark/achievements/open_answers.html",
            {"version": version, "form": OpenAnswersForm()},
        )
    test = services.open_answer_key(actor=actor, version=version)
    is_draft = version.state == AchievementVersion.State.DRAFT
    may_edit = is_draft and allows(actor, "tests.edit")
    form = TestForm(posted(request), initial=_limits(test))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_test_limits(actor=actor, version=version, **form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("The test is kept."))
            return redirect("achievement_test", version.id)
    return render(
        request,
        "guildmark/achievements/test.html",
        {"version": version, "items": _items(test), "form": form, "may_edit": may_edit},
        status=422 if form.errors else 200,
    )


@member_page
def item_new(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """Add a question to the draft's test."""
    require(actor, "tests.edit")
    version = get_version(actor, version_id)
    form = ItemForm(posted(request), version=version)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_item(actor=actor, version=version, **form.values())
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("The question is in the test."))
            again = "item_new" if "another" in request.POST else "achievement_test"
            return redirect(again, version.id)
    return _item_page(request, {"version": version, "form": form})


@member_page
def item_edit(
    request: HttpRequest, actor: Actor, version_id: uuid.UUID, item_id: uuid.UUID
) -> HttpResponse:
    """Change a question: a new one takes its place in this draft."""
    require(actor, "tests.edit")
    version, item = get_version(actor, version_id), get_item(actor, item_id)
    if request.method != "POST" and new_answers(actor, [item]):
        return redirect("achievement_test", version.id)
    item = services.open_item(actor=actor, item_id=item_id)
    initial: dict[str, Any] = {
        "skill": item.skill_id,
        "kind": item.kind,
        "stem": item.stem,
        "number": item.number.normalize() if item.number is not None else None,
        "tolerance": item.tolerance.normalize() if item.tolerance is not None else None,
        "unit": item.unit,
    }
    for n, option in enumerate(item.options.all(), start=1):
        initial[f"option_{n}"], initial[f"right_{n}"] = option.text, option.is_right
    form = ItemForm(posted(request), version=version, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_item(actor=actor, version=version, item=item, **form.values())
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("The question is changed in this draft."))
            return redirect("achievement_test", version.id)
    return _item_page(request, {"version": version, "form": form, "item": item})


def _item_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "guildmark/achievements/item.html", context, status=status)


@require_POST
@member_page
def item_remove(
    request: HttpRequest, actor: Actor, version_id: uuid.UUID, item_id: uuid.UUID
) -> HttpResponse:
    """Take a question out of the draft's test; the question itself is kept."""
    version, item = get_version(actor, version_id), get_item(actor, item_id)
    services.remove_item(actor=actor, version=version, item=item)
    messages.success(request, _("The question is no longer in the test."))
    return redirect("achievement_test", version.id)


@require_POST
@member_page
def item_move(
    request: HttpRequest, actor: Actor, version_id: uuid.UUID, item_id: uuid.UUID
) -> HttpResponse:
    """Move a question of the draft's test one place up or down."""
    version, item = get_version(actor, version_id), get_item(actor, item_id)
    services.move_item(actor=actor, version=version, item=item, up="up" in request.POST)
    return redirect("achievement_test", version.id)


@member_page
def achievement_rubric(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """The rubric of the practical assessment; a draft's can be changed."""
    require(actor, "tests.view_items")
    version = get_version(actor, version_id)
    rubric = rubric_of(version)
    is_draft = version.state == AchievementVersion.State.DRAFT
    may_edit = is_draft and allows(actor, "tests.edit")
    criteria = list(rubric.criteria.all()) if rubric else []
    form = RubricForm(
        posted(request),
        initial={"task": rubric.task, "min_points": rubric.min_points} if rubric else None,
    )
    rows = CriterionFormSet(
        posted(request),
        prefix="criteria",
        # What was sent is all there is: a row like one kept before is no empty row.
        initial=None
        if request.method == "POST"
        else [{"statement": c.statement, "is_critical": c.is_critical} for c in criteria],
    )
    if request.method == "POST":
        require(actor, "tests.edit")
        if form.is_valid() and rows.is_valid():
            pairs = [
                (row.cleaned_data["statement"], row.cleaned_data["is_critical"])
                for row in rows
                if row.cleaned_data.get("statement")
            ]
            try:
                services.set_rubric(
                    actor=actor, version=version, criteria=pairs, **form.cleaned_data
                )
            except InvalidError as error:
                show_problems(form, error)
            else:
                messages.success(request, _("The rubric is kept."))
                return redirect("achievement", version.id)
    return render(
        request,
        "guildmark/achievements/rubric.html",
        {
            "version": version,
            "rubric": rubric,
            "criteria": criteria,
            "form": form,
            "rows": rows,
            "may_edit": may_edit,
        },
        status=422 if form.errors or not _all_fine(rows) else 200,
    )


def _all_fine(rows: Any) -> bool:
    return not rows.is_bound or rows.is_valid()
