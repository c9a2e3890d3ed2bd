"""Pages for deciding awards and for what becomes of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.assessment.models import CriterionScore
from guildmark.awards import selectors, services
from guildmark.awards.models import Award, Decision
from guildmark.errors import ConflictError, InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.web.awards.forms import AwardFilterForm, DecisionForm, ReasonForm
from guildmark.web.formpage import posted
from guildmark.web.pages import PAGE_SIZE, member_page, page_of, show_problems


@require_GET
@member_page
def decisions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The queue: who has passed everything and waits."""
    waiting = Paginator(selectors.decisions_waiting(actor), PAGE_SIZE)
    page = waiting.get_page(request.GET.get("page"))
    return render(
        request,
        "guildmark/awards/decisions.html",
        {"page": page, "profile": selectors.issuer_profile(actor)},
    )


@require_http_methods(["GET", "POST"])
@member_page
def decide(
    request: HttpRequest, actor: Actor, version_id: uuid.UUID, person_id: uuid.UUID
) -> HttpResponse:
    """The results side by side, and the decision; once it is made, what was decided."""
    try:
        waiting = selectors.get_waiting(actor, version_id, person_id)
    except NotFoundError:
        made = selectors.get_decision(actor, version_id, person_id)
        return _decide_again(request, actor, made)
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            decision = services.decide_award(
                actor=actor,
                version=waiting.version,
                person=waiting.person,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
            )
        except InvalidError as error:
            show_problems(form, error)
        except ConflictError as error:
            messages.error(request, str(error))
            return redirect("decide", version_id, person_id)
        else:
            messages.success(request, _decided(decision))
            return redirect("decisions")
    context = {
        "waiting": waiting,
        "form": form,
        "hindrance": waiting.hindrance(actor),
        **_practical_results(waiting),
    }
    status = 422 if form.errors else 200
    return render(request, "guildmark/awards/decide.html", context, status=status)


def _decide_again(request: HttpRequest, actor: Actor, made: Decision) -> HttpResponse:
    """What was decided, where nothing waits any more.

    The form may come twice when its answer got lost on the way: the same is not done twice, and
    something else is told to be too late.
    """
    form = DecisionForm(posted(request))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_award(
                actor=actor, version=made.version, person=made.person, **form.cleaned_data
            )
        except (ConflictError, InvalidError) as error:
            conflict = str(error)
        else:
            messages.success(request, _decided(made))
            if made.award is not None:
                return redirect("award", made.award.id)
            return redirect("decide", made.version_id, made.person_id)
    context = {"decision": made, "conflict": conflict}
    status = 409 if conflict else 200
    return render(request, "guildmark/awards/decided.html", context, status=status)


@require_GET
@member_page
def awards(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All awards the actor may see."""
    require(actor, "awards.list")
    form = AwardFilterForm(request.GET, actor=actor)
    form.is_valid()
    chosen = form.cleaned_data
    achievement, unit = chosen.get("achievement"), chosen.get("unit")
    rows = selectors.list_awards(
        actor,
        status=chosen.get("status", ""),
        achievement=achievement.id if achievement else None,
        unit=unit.id if unit else None,
        search=chosen.get("q", ""),
    )
    return render(
        request,
        "guildmark/awards/awards.html",
        {
            "page": page_of(request, rows),
            "form": form,
            "is_filtered": any(chosen.values()),
        },
    )


@require_GET
@member_page
def award(request: HttpRequest, actor: Actor, award_id: uuid.UUID) -> HttpResponse:
    """One award: status, decision, results, what has happened, and what may be done."""
    shown = selectors.get_award(actor, award_id)
    state = shown.state
    return render(
        request,
        "guildmark/awards/award.html",
        {
            "award": shown,
            "timeline": selectors.award_events(actor, shown),
            "may_revoke": state != Award.State.REVOKED and allows(actor, "awards.revoke", shown),
            "may_suspend": state == Award.State.ACTIVE and allows(actor, "awards.suspend", shown),
            "may_reinstate": state == Award.State.SUSPENDED
            and allows(actor, "awards.reinstate", shown),
        },
    )


@require_http_methods(["GET", "POST"])
@member_page
def award_revoke(request: HttpRequest, actor: Actor, award_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason, then revoke."""
    return _end(
        request,
        actor,
        award_id,
        action="awards.revoke",
        end=services.revoke_award,
        template="guildmark/awards/revoke.html",
        done=_("The award has been revoked. Its credential says so from now on."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def award_suspend(request: HttpRequest, actor: Actor, award_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason, then suspend."""
    return _end(
        request,
        actor,
        award_id,
        action="awards.suspend",
        end=services.suspend_award,
        template="guildmark/awards/suspend.html",
        done=_("The award has been suspended. Its credential says so from now on."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def award_reinstate(request: HttpRequest, actor: Actor, award_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then let the award count again."""
    shown = selectors.get_award(actor, award_id)
    require(actor, "awards.reinstate", shown)
    if request.method == "POST":
        try:
            services.reinstate_award(actor=actor, award=shown)
        except ConflictError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The award counts again."))
        return redirect("award", award_id=shown.id)
    return render(request, "guildmark/awards/reinstate.html", {"award": shown})


def _end(
    request: HttpRequest,
    actor: Actor,
    award_id: uuid.UUID,
    *,
    action: str,
    end: Callable[..., Award],
    template: str,
    done: str,
) -> HttpResponse:
    shown = selectors.get_award(actor, award_id)
    require(actor, action, shown)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end(actor=actor, award=shown, reason=form.cleaned_data["reason"])
        except InvalidError as error:
            show_problems(form, error)
        except ConflictError as error:
            messages.error(request, str(error))
            return redirect("award", award_id=shown.id)
        else:
            messages.success(request, done)
            return redirect("award", award_id=shown.id)
    context = {"award": shown, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _practical_results(waiting: selectors.Waiting) -> dict[str, Any]:
    if waiting.practical is None:
        return {"scores": [], "evidence_files": []}
    scores = CriterionScore.objects.filter(assessment=waiting.practical)
    return {
        "scores": scores.select_related("criterion").order_by("criterion__position"),
        "evidence_files": waiting.practical.evidence_files.all(),
    }


def _decided(decision: Decision) -> str:
    names = {"person": decision.person.name, "achievement": decision.version.name}
    if decision.outcome == Decision.Outcome.GRANTED:
        return (
            _("%(achievement)s has been granted to %(person)s. The credential is being signed.")
            % names
        )
    return _("%(achievement)s has not been granted to %(person)s.") % names
