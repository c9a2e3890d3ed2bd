"""The practical assessment, beside the machine."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildmark.achievements.selectors import get_version
from guildmark.assessment import services
from guildmark.assessment.evidence_store import MAX_BYTES, headers, path_of
from guildmark.assessment.models import CriterionScore, PracticalAssessment, RubricCriterion
from guildmark.assessment.selectors import (
    assessable_versions,
    get_evidence,
    get_practical,
    list_practicals,
)
from guildmark.errors import ConflictError, InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.organizations.selectors import get_person, list_people
from guildmark.web.answers import SentAnswer, save_sent
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.practical.forms import EvidenceForm, StartForm

SHOWN = 20
"""People of a search on one page."""


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


@require_http_methods(["GET", "POST"])
@member_page
def practical_start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose whom to assess in what: look for the person, then begin."""
    require(actor, "practicals.start")
    versions = assessable_versions(actor)
    asked = request.POST if request.method == "POST" else request.GET
    form = StartForm(asked or None, versions=versions)
    chosen = form.is_valid()
    problem = ""
    if request.method == "POST" and chosen:
        try:
            made = services.start_practical(
                actor=actor,
                version=get_version(actor, uuid.UUID(form.cleaned_data["version"])),
                person=get_person(actor, _identifier(request.POST.get("person", ""))),
            )
        except ConflictError as error:
            problem = str(error)
        else:
            return redirect("practical", made.id)
    people = list_people(actor, search=form.cleaned_data["q"]) if chosen else Person.objects.none()
    if actor.person is not None:
        people = people.exclude(id=actor.person.id)
    found = list(people[: SHOWN + 1])
    return render(
        request,
        "guildmark/practical/start.html",
        {
            "form": form,
            "versions": versions,
            "chosen": chosen,
            "people": found[:SHOWN],
            "has_more": len(found) > SHOWN,
            "problem": problem,
        },
        status=409 if problem else 200,
    )


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFoundError(_("There is no such person here.")) from None


@never_cache
@require_http_methods(["GET", "POST"])
@member_page
def practical(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """Scoring, or what was scored. Without script the form keeps all scores at once."""
    found = get_practical(actor, practical_id)
    if request.method == "POST":
        require(actor, "practicals.score", found)
        problems = _save_posted(request, actor, found)
        if problems:
            return _scoring_page(request, actor, found, problems=problems)
        messages.success(request, _("The scores are saved."))
        return redirect("practical", found.id)
    return _scoring_page(request, actor, found)


def _scoring_page(
    request: HttpRequest,
    actor: Actor,
    found: PracticalAssessment,
    *,
    problems: dict[str, str] | None = None,
    evidence_form: EvidenceForm | None = None,
) -> HttpResponse:
    """The page; with problems, what was typed stands in it again."""
    found = get_practical(actor, found.id)
    problems = problems or {}
    scores = {score.criterion_id: score for score in found.scores.all()}
    rows = []
    for criterion in found.rubric.criteria.all():
        score = scores.get(criterion.id)
        note = request.POST.get(f"note-{criterion.id}", score.note if score else "")
        rows.append((criterion, score, note, problems.get(str(criterion.id), "")))
    is_wrong = bool(problems) or (evidence_form is not None and bool(evidence_form.errors))
    return render(
        request,
        "guildmark/practical/practical.html",
        {
            "practical": found,
            "may_list": allows(actor, "practicals.list"),
            "rows": rows,
            "choices": CriterionScore.Score.choices,
            "may_score": found.state == PracticalAssessment.State.DRAFT
            and allows(actor, "practicals.score", found),
            "not_authorized": services.missing_authorizations(
                actor.person, found.rubric.version, on=actor.today
            )
            if actor.person is not None and found.assessor_id == actor.person.id
            else [],
            "problem_count": len(problems),
            "comment": request.POST.get("comment", ""),
            "comment_problem": problems.get("comment", ""),
            "evidence_form": evidence_form or EvidenceForm(),
            "now": int(timezone.now().timestamp() * 1000),
        },
        status=422 if is_wrong else 200,
    )


def _save_posted(request: HttpRequest, actor: Actor, found: PracticalAssessment) -> dict[str, str]:
    """Save the scores and notes of the form; what is wrong, by criterion."""
    problems = {}
    for criterion in found.rubric.criteria.all():
        score = request.POST.get(f"score-{criterion.id}", "")
        note = request.POST.get(f"note-{criterion.id}", "")
        if not score and not note.strip():
            continue
        try:
            _save_score(actor, found, criterion, score, note)
        except InvalidError as error:
            problems[str(criterion.id)] = str(error.problems[0].message)
    return problems


def _save_score(
    actor: Actor, found: PracticalAssessment, criterion: RubricCriterion, score: str, note: str
) -> None:
    if not score:
        raise InvalidError.of(
            "note", note, _("Choose how it was shown; the note is saved together with it.")
        )
    services.score_criterion(
        actor=actor,
        practical=found,
        criterion=criterion,
        score=int(score) if score.isascii() and score.isdecimal() and len(score) < 3 else -1,
        note=note,
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
        score = "" if sent.answer is None else str(sent.answer)
        _save_score(actor, found, criterion, score, sent.note)

    return save_sent(request, save, may=lambda: require(actor, "practicals.score", found))


@require_POST
@member_page
def practical_evidence(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """Add a file as evidence; scores of the form are kept first."""
    found = get_practical(actor, practical_id)
    require(actor, "practicals.score", found)
    problems = _save_posted(request, actor, found)
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
            show_problems(form, error)
    if form.errors or problems:
        return _scoring_page(
            request,
            actor,
            found,
            problems=problems,
            evidence_form=form if form.errors else None,
        )
    messages.success(request, _("The file is kept as evidence."))
    return redirect("practical", found.id)


@require_POST
@member_page
def practical_submit(request: HttpRequest, actor: Actor, practical_id: uuid.UUID) -> HttpResponse:
    """Hand the assessment in; scores of the form are kept first."""
    found = get_practical(actor, practical_id)
    require(actor, "practicals.score", found)
    problems = {}
    try:
        if found.state == PracticalAssessment.State.DRAFT or _differs(request, found):
            problems = _save_posted(request, actor, found)
        if not problems:
            services.submit_practical(
                actor=actor, practical=found, comment=request.POST.get("comment", "")
            )
    except InvalidError as error:
        problems = {problem.field: str(problem.message) for problem in error.problems}
    except ConflictError as error:
        # Handed in already, and otherwise than it is sent now.
        messages.error(request, str(error))
        return redirect("practical", found.id)
    if problems:
        return _scoring_page(request, actor, found, problems=problems)
    messages.success(request, _("The assessment is handed in."))
    return redirect("practical", found.id)


def _differs(request: HttpRequest, found: PracticalAssessment) -> bool:
    """Whether the form says anything else than what is kept."""
    return any(
        request.POST.get(f"score-{kept.criterion_id}", str(kept.score)) != str(kept.score)
        or request.POST.get(f"note-{kept.criterion_id}", kept.note).strip() != kept.note
        for kept in found.scores.all()
    )


@require_GET
@member_page
def evidence(_request: HttpRequest, actor: Actor, file_id: uuid.UUID) -> HttpResponse:
    """The file itself; nothing in it is ever run on this site."""
    found = get_evidence(actor, file_id)
    path = path_of(found.sha256)
    if not path.is_file():
        raise NotFoundError(_("The file is missing from the evidence folder."))
    return HttpResponse(path.read_bytes(), headers=headers(found.media_type, found.name))
