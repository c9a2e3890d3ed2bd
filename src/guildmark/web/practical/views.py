"""The practical assessment, beside the machine."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.achievements.selectors import get_version
from guildmark.assessment import services
from guildmark.assessment.evidence_store import MAX_BYTES, path_of
from guildmark.assessment.models import CriterionScore, PracticalAssessment, RubricCriterion
from guildmark.assessment.selectors import (
    assessable_versions,
    get_evidence,
    get_practical,
    list_practicals,
)
from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.web.answers import SentAnswer, save_sent
from guildmark.web.pages import member_page, page_of
from guildmark.web.practical.forms import EvidenceForm, StartForm


@member_page
def practicals(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The assessor's own assessments, or all for who sees all."""
    return render(
        request,
        "guildmark/practical/practicals.html",
        {
            "page": page_of(request, list_practicals(actor)),
            "may_start": allows(actor, "practicals.start"),
            "may_see_authorizations": allows(actor, "authorizations.view"),
        },
    )


@member_page
def practical_start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose whom to assess in what."""
    require(actor, "practicals.start")
    versions = assessable_versions(actor)
    form = StartForm(request.POST or None, actor=actor, versions=versions)
    if request.method == "POST" and form.is_valid():
        version = get_version(actor, uuid.UUID(form.cleaned_data["version"]))
        if actor.person is not None and form.cleaned_data["person"].id == actor.person.id:
            form.add_error("person", _("You cannot assess yourself. Ask another assessor."))
        else:
            made = services.start_practical(
                actor=actor, version=version, person=form.cleaned_data["person"]
            )
            return redirect("practical", made.id)
    people = Person.objects.filter(organization=actor.organization)
    return render(
        request,
        "guildmark/practical/start.html",
        {"form": form, "versions": versions, "people": people},
    )


@member_page
def practical(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """Scoring, or what was scored. Without script the form keeps all scores at once."""
    found = get_practical(actor, practical_id)
    may_score = found.state == PracticalAssessment.State.DRAFT and allows(
        actor, "practicals.score", found
    )
    if request.method == "POST":
        require(actor, "practicals.score", found)
        for criterion in found.rubric.criteria.all():
            _save_posted(request, actor, found, criterion)
        messages.success(request, _("The scores are saved."))
        return redirect("practical", found.id)
    scores = {score.criterion_id: score for score in found.scores.all()}
    return render(
        request,
        "guildmark/practical/practical.html",
        {
            "practical": found,
            "rows": [(c, scores.get(c.id)) for c in found.rubric.criteria.all()],
            "choices": CriterionScore.Score.choices,
            "may_score": may_score,
            "evidence_form": EvidenceForm(),
        },
    )


def _save_posted(
    request: HttpRequest,
    actor: Actor,
    found: PracticalAssessment,
    criterion: RubricCriterion,
) -> None:
    given = request.POST.get(f"score-{criterion.id}", "")
    if given.isdecimal():
        services.score_criterion(
            actor=actor,
            practical=found,
            criterion=criterion,
            score=int(given),
            note=request.POST.get(f"note-{criterion.id}", "")[:500],
        )


@require_POST
@member_page
def practical_save(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """One score, sent by the page's script."""
    found = get_practical(actor, practical_id)

    def save(sent: SentAnswer) -> None:
        criterion = next((c for c in found.rubric.criteria.all() if str(c.id) == sent.item), None)
        if criterion is None:
            raise NotFoundError(_("This criterion is not part of the rubric."))
        if sent.answer is None:
            # A note without a score yet: it comes along with the score.
            return
        score = int(sent.answer) if str(sent.answer).isdecimal() else -1
        services.score_criterion(
            actor=actor, practical=found, criterion=criterion, score=score, note=sent.note
        )

    return save_sent(request, save)


@require_POST
@member_page
def practical_evidence(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """Add a file as evidence."""
    found = get_practical(actor, practical_id)
    require(actor, "practicals.score", found)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.add_evidence(
                actor=actor,
                practical=found,
                name=file.name,
                # One byte more than allowed, so that the service sees that it is too much.
                data=file.read(MAX_BYTES + 1),
                caption=form.cleaned_data["caption"],
            )
        except InvalidError as error:
            messages.error(request, str(error.problems[0].message))
        else:
            messages.success(request, _("The file is kept as evidence."))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(one) for one in errors))
    return redirect("practical", found.id)


@require_POST
@member_page
def practical_submit(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """Hand the assessment in; scores of the form are kept first."""
    found = get_practical(actor, practical_id)
    require(actor, "practicals.score", found)
    if found.state == PracticalAssessment.State.DRAFT:
        for criterion in found.rubric.criteria.all():
            _save_posted(request, actor, found, criterion)
    try:
        services.submit_practical(
            actor=actor, practical=found, comment=request.POST.get("comment", "")
        )
    except InvalidError as error:
        for problem in error.problems:
            messages.error(request, str(problem.message))
    else:
        messages.success(request, _("The assessment is handed in."))
    return redirect("practical", found.id)


@member_page
def evidence(request: HttpRequest, actor: Actor, file_id: uuid.UUID) -> HttpResponse:
    """The file itself, for download only: nothing in it is ever run on this site."""
    found = get_evidence(actor, file_id)
    path = path_of(found.sha256)
    if not path.is_file():
        raise NotFoundError(_("The file is missing from the evidence folder."))
    response = HttpResponse(path.read_bytes(), content_type=found.media_type)
    disposition = content_disposition_header(as_attachment=True, filename=found.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
