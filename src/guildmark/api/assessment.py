"""Taking tests and assessing in practice."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from guildmark.achievements.selectors import get_version
from guildmark.api.shapes import (
    Body,
    Listing,
    Paging,
    Shown,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.assessment import selectors, services
from guildmark.assessment.evidence_store import MAX_BYTES
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.errors import NotFoundError
from guildmark.organizations.selectors import get_person
from guildmark.skills.selectors import get_skill

router = Router(tags=["assessment"])


class AnswerIn(Body):
    """An option's id, a list of them, or a number as text; null clears it."""

    answer: str | list[str] | None = None


class PracticalIn(Body):
    """Whom to assess in what."""

    version: uuid.UUID
    person: uuid.UUID


class ScoreIn(Body):
    """0 not shown, 1 shown with help, 2 shown."""

    score: int
    note: str = ""


class SubmitIn(Body):
    """A closing comment."""

    comment: str = ""


class AuthorizationIn(Body):
    """Who may assess which skill, both days included."""

    person: uuid.UUID
    skill: uuid.UUID
    valid_from: dt.date
    valid_until: dt.date | None = None


def show_attempt(attempt: Attempt) -> Shown:
    """An attempt with its result, once it has one."""
    return {
        "id": str(attempt.id),
        "version": str(attempt.test.version_id),
        "person": str(attempt.person_id),
        "state": attempt.state,
        "due_at": attempt.due_at.isoformat(),
        "points": float(attempt.points) if attempt.points is not None else None,
        "max_points": float(attempt.max_points) if attempt.max_points is not None else None,
        "passed": attempt.passed,
    }


def show_practical(practical: PracticalAssessment) -> Shown:
    """A practical assessment with its scores."""
    return {
        "id": str(practical.id),
        "version": str(practical.rubric.version_id),
        "person": ref(practical.person, practical.person.name),
        "assessor": ref(practical.assessor, practical.assessor.name),
        "state": practical.state,
        "points": practical.points,
        "passed": practical.passed,
    }


@router.post(
    "/achievements/{uuid:version_id}/attempts", response=answers(Shown, 201), summary="Start a test"
)
def start(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Start the test for the actor's person, or go on with the open attempt."""
    actor = actor_of(request)
    attempt = services.start_attempt(actor=actor, version=get_version(actor, version_id))
    return Status(201, show_attempt(attempt))


@router.get("/attempts/{uuid:attempt_id}", response=answers(Shown), summary="An attempt")
def get_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Any:
    """An attempt with its questions and the answers given; right answers are never told."""
    attempt = selectors.get_attempt(actor_of(request), attempt_id)
    questions = []
    for response in selectors.responses_of(attempt):
        texts = {str(option.id): option.text for option in response.item.options.all()}
        questions.append(
            {
                "item": str(response.item_id),
                "kind": response.item.kind,
                "stem": response.item.stem,
                "unit": response.item.unit,
                "options": [{"id": one, "text": texts[one]} for one in response.option_order],
                "answer": response.answer,
            }
        )
    return {**show_attempt(attempt), "questions": questions}


@router.put(
    "/attempts/{uuid:attempt_id}/answers/{uuid:item_id}",
    response=answers(Shown),
    summary="Keep an answer",
)
def answer(request: HttpRequest, attempt_id: uuid.UUID, item_id: uuid.UUID, body: AnswerIn) -> Any:
    """Keep an answer as given."""
    actor = actor_of(request)
    kept = services.save_answer(
        actor=actor,
        attempt=selectors.own_attempt(actor, attempt_id),
        item_id=item_id,
        answer=body.answer,
    )
    return {"answer": kept.answer}


@router.post("/attempts/{uuid:attempt_id}/submit", response=answers(Shown), summary="Hand in")
def submit(request: HttpRequest, attempt_id: uuid.UUID) -> Any:
    """Hand the attempt in; handed in again, it stays as it was."""
    actor = actor_of(request)
    attempt = selectors.own_attempt(actor, attempt_id)
    return show_attempt(services.submit_attempt(actor=actor, attempt=attempt))


@router.get("/practicals", response=answers(Listing), summary="Practical assessments")
def list_practicals(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The own ones of an assessor, or all for who sees all."""
    return paged(selectors.list_practicals(actor_of(request)), paging, show_practical)


@router.post("/practicals", response=answers(Shown, 201), summary="Begin to assess")
def start_practical(request: HttpRequest, body: PracticalIn) -> Any:
    """Begin to assess a person by the version's rubric."""
    actor = actor_of(request)
    made = services.start_practical(
        actor=actor,
        version=get_version(actor, body.version),
        person=get_person(actor, body.person),
    )
    return Status(201, show_practical(selectors.get_practical(actor, made.id)))


@router.get(
    "/practicals/{uuid:practical_id}", response=answers(Shown), summary="A practical assessment"
)
def get_practical(request: HttpRequest, practical_id: uuid.UUID) -> Any:
    """A practical assessment with criteria, scores and evidence."""
    found = selectors.get_practical(actor_of(request), practical_id)
    scores = {one.criterion_id: one for one in found.scores.all()}
    return {
        **show_practical(found),
        "criteria": [
            {
                "id": str(one.id),
                "statement": one.statement,
                "critical": one.is_critical,
                "score": scores[one.id].score if one.id in scores else None,
                "note": scores[one.id].note if one.id in scores else "",
            }
            for one in found.rubric.criteria.all()
        ],
        "evidence": [
            {"id": str(file.id), "name": file.name, "sha256": file.sha256, "size": file.size}
            for file in found.evidence_files.all()
        ],
    }


@router.put(
    "/practicals/{uuid:practical_id}/scores/{uuid:criterion_id}",
    response=answers(Shown),
    summary="Score a criterion",
)
def score(
    request: HttpRequest, practical_id: uuid.UUID, criterion_id: uuid.UUID, body: ScoreIn
) -> Any:
    """Keep how a criterion was met."""
    actor = actor_of(request)
    found = selectors.get_practical(actor, practical_id)
    criterion = found.rubric.criteria.filter(id=criterion_id).first()
    if criterion is None:
        raise NotFoundError("This criterion is not part of the rubric.")
    kept = services.score_criterion(
        actor=actor, practical=found, criterion=criterion, score=body.score, note=body.note
    )
    return {"score": kept.score, "note": kept.note}


@router.post(
    "/practicals/{uuid:practical_id}/evidence", response=answers(Shown, 201), summary="Add evidence"
)
def add_evidence(
    request: HttpRequest,
    practical_id: uuid.UUID,
    file: File[UploadedFile],
    caption: Form[str] = "",
) -> Any:
    """Add a picture, a PDF or a text file of up to 10 MB."""
    actor = actor_of(request)
    kept = services.add_evidence(
        actor=actor,
        practical=selectors.get_practical(actor, practical_id),
        name=file.name or "evidence",
        data=file.read(MAX_BYTES + 1),
        caption=caption,
    )
    return Status(201, {"id": str(kept.id), "sha256": kept.sha256, "media_type": kept.media_type})


@router.post("/practicals/{uuid:practical_id}/submit", response=answers(Shown), summary="Hand in")
def submit_practical(request: HttpRequest, practical_id: uuid.UUID, body: SubmitIn) -> Any:
    """Hand the assessment in."""
    actor = actor_of(request)
    found = selectors.get_practical(actor, practical_id)
    services.submit_practical(actor=actor, practical=found, comment=body.comment)
    return show_practical(selectors.get_practical(actor, practical_id))


@router.post("/authorizations", response=answers(Shown, 201), summary="Authorize an assessor")
def authorize(request: HttpRequest, body: AuthorizationIn) -> Any:
    """Let a person assess a skill."""
    actor = actor_of(request)
    made = services.authorize_assessor(
        actor=actor,
        person=get_person(actor, body.person),
        skill=get_skill(actor, body.skill),
        valid_from=body.valid_from,
        valid_until=body.valid_until,
    )
    return Status(201, {"id": str(made.id)})
