"""Assessing in practice: assessments, evidence, and who may assess."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from guildmark.achievements.selectors import get_version
from guildmark.api.shapes import (
    Body,
    Day,
    Line,
    Listing,
    Long,
    Paging,
    Problem,
    Ref,
    Text,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.assessment import selectors, services
from guildmark.assessment.evidence_store import MAX_BYTES, headers, path_of
from guildmark.assessment.models import AssessorAuthorization, EvidenceFile, PracticalAssessment
from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.selectors import get_person
from guildmark.skills.selectors import get_skill

router = Router(tags=["practical assessments"])


class PracticalIn(Body):
    """Whom to assess in what."""

    version: uuid.UUID
    person: uuid.UUID


class ScoreIn(Body):
    """How a criterion was met."""

    score: int = Field(description="0 not shown, 1 shown with help, 2 shown.")
    note: Line = ""


class SubmitIn(Body):
    """A closing comment."""

    comment: Long = ""


class EvidenceIn(Body):
    """What is said of a file."""

    caption: Text = Field("", description="What it shows; up to 300 characters.")


class AuthorizationIn(Body):
    """Who may assess which skill, both days included."""

    person: uuid.UUID
    skill: uuid.UUID
    valid_from: Day
    valid_until: Day | None = Field(None, description="Left out: until it is ended.")


class PracticalOut(Schema):
    """A practical assessment; `points` and `passed` are null until it is handed in."""

    id: uuid.UUID
    version: Ref
    person: Ref
    assessor: Ref
    state: str = Field(description="`draft` or `submitted`.")
    started_at: dt.datetime
    submitted_at: dt.datetime | None
    points: int | None
    max_points: int | None
    passed: bool | None


class ScoreOut(Schema):
    """A score as kept."""

    score: int
    note: str


class ScoredOut(Schema):
    """A criterion with its score, null until there is one."""

    id: uuid.UUID
    statement: str
    critical: bool
    score: int | None
    note: str


class EvidenceOut(Schema):
    """A file that shows what was done."""

    id: uuid.UUID
    name: str
    caption: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="Of the bytes, in hex.")


class FullPracticalOut(PracticalOut):
    """A practical assessment with all there is to it."""

    task: str
    min_points: int
    comment: str
    criteria: list[ScoredOut]
    evidence: list[EvidenceOut]


class AuthorizationOut(Schema):
    """A person may assess a skill, both days included."""

    id: uuid.UUID
    person: Ref
    skill: Ref
    valid_from: dt.date
    valid_until: dt.date | None


def _values(practical: PracticalAssessment) -> dict[str, Any]:
    own = set(PracticalOut.model_fields) - {"version", "person", "assessor"}
    version = practical.rubric.version
    return {
        **{name: getattr(practical, name) for name in own},
        "version": ref(version, version.name),
        "person": ref(practical.person, practical.person.name),
        "assessor": ref(practical.assessor, practical.assessor.name),
    }


def _practical(practical: PracticalAssessment) -> PracticalOut:
    return PracticalOut(**_values(practical))


def _full(practical: PracticalAssessment) -> FullPracticalOut:
    scores = {one.criterion_id: one for one in practical.scores.all()}
    return FullPracticalOut(
        **_values(practical),
        task=practical.rubric.task,
        min_points=practical.rubric.min_points,
        comment=practical.comment,
        criteria=[
            ScoredOut(
                id=one.id,
                statement=one.statement,
                critical=one.is_critical,
                score=scores[one.id].score if one.id in scores else None,
                note=scores[one.id].note if one.id in scores else "",
            )
            for one in practical.rubric.criteria.all()
        ],
        evidence=[_evidence(file) for file in practical.evidence_files.all()],
    )


def _evidence(file: EvidenceFile) -> EvidenceOut:
    return EvidenceOut(**{name: getattr(file, name) for name in EvidenceOut.model_fields})


def _authorization(one: AssessorAuthorization) -> AuthorizationOut:
    return AuthorizationOut(
        id=one.id,
        person=ref(one.person, one.person.name),
        skill=ref(one.skill, one.skill.label),
        valid_from=one.valid_from,
        valid_until=one.valid_until,
    )


@router.get("/practicals", response=answers(Listing[PracticalOut]), summary="Assessments")
def list_practicals(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The own ones of an assessor, or all for who sees all."""
    return paged(selectors.list_practicals(actor_of(request)), paging, _practical)


@router.post("/practicals", response=answers(PracticalOut, 201), summary="Begin to assess")
def start_practical(request: HttpRequest, body: PracticalIn) -> Any:
    """Begin to assess a person by the version's rubric, or go on with the own begun one."""
    actor = actor_of(request)
    made = services.start_practical(
        actor=actor,
        version=get_version(actor, body.version),
        person=get_person(actor, body.person),
    )
    return Status(201, _practical(selectors.get_practical(actor, made.id)))


@router.get(
    "/practicals/{uuid:practical_id}", response=answers(FullPracticalOut), summary="An assessment"
)
def get_practical(request: HttpRequest, practical_id: uuid.UUID) -> Any:
    """A practical assessment with task, criteria, scores and evidence."""
    return _full(selectors.get_practical(actor_of(request), practical_id))


@router.put(
    "/practicals/{uuid:practical_id}/scores/{uuid:criterion_id}",
    response=answers(ScoreOut),
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
    return ScoreOut(score=kept.score, note=kept.note)


@router.post(
    "/practicals/{uuid:practical_id}/evidence",
    response=answers(EvidenceOut, 201),
    summary="Add evidence",
)
def add_evidence(
    request: HttpRequest,
    practical_id: uuid.UUID,
    file: File[UploadedFile],
    form: Form[EvidenceIn],
) -> Any:
    """Add a JPEG, PNG or WebP picture, a PDF, text or CSV file of up to 10 MB."""
    actor = actor_of(request)
    kept = services.add_evidence(
        actor=actor,
        practical=selectors.get_practical(actor, practical_id),
        name=file.name or "evidence",
        data=file.read(MAX_BYTES + 1),
        caption=form.caption,
    )
    return Status(201, _evidence(kept))


@router.get(
    "/evidence/{uuid:file_id}",
    response={401: Problem, 404: Problem, 413: Problem},
    summary="Download evidence",
    openapi_extra={
        "responses": {200: {"description": "The file's bytes.", "content": {"*/*": {"schema": {}}}}}
    },
)
def download(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """The file itself; nothing in it is ever run on this site."""
    found = selectors.get_evidence(actor_of(request), file_id)
    path = path_of(found.sha256)
    if not path.is_file():
        raise NotFoundError("The file is missing from the evidence folder.")
    return HttpResponse(path.read_bytes(), headers=headers(found.media_type, found.name))


@router.post(
    "/practicals/{uuid:practical_id}/submit", response=answers(FullPracticalOut), summary="Hand in"
)
def submit_practical(request: HttpRequest, practical_id: uuid.UUID, body: SubmitIn) -> Any:
    """Hand the assessment in; handed in again, it stays as it was. Another comment is 409."""
    actor = actor_of(request)
    found = selectors.get_practical(actor, practical_id)
    services.submit_practical(actor=actor, practical=found, comment=body.comment)
    return _full(selectors.get_practical(actor, practical_id))


@router.get(
    "/authorizations",
    response=answers(Listing[AuthorizationOut]),
    summary="Who may assess",
    tags=["authorizations"],
)
def list_authorizations(request: HttpRequest, paging: Query[Paging]) -> Any:
    """All authorizations, also those that have ended."""
    return paged(selectors.list_authorizations(actor_of(request)), paging, _authorization)


@router.post(
    "/authorizations",
    response=answers(AuthorizationOut, 201),
    summary="Authorize an assessor",
    tags=["authorizations"],
)
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
    return Status(201, _authorization(made))


@router.post(
    "/authorizations/{uuid:authorization_id}/end",
    response=answers(AuthorizationOut),
    summary="End an authorization",
    tags=["authorizations"],
)
def end_authorization(request: HttpRequest, authorization_id: uuid.UUID) -> Any:
    """End an authorization: yesterday was its last day."""
    actor = actor_of(request)
    require(actor, "authorizations.edit")
    rows = selectors.list_authorizations(actor).filter(id=authorization_id)
    found = rows.first()
    if found is None:
        raise NotFoundError("There is no such authorization here.")
    services.end_authorization(actor=actor, authorization=found)
    return _authorization(rows.get())
