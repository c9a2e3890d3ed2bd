"""Taking tests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildmark.achievements.selectors import get_version
from guildmark.api.shapes import (
    Body,
    Listing,
    Paging,
    Ref,
    Text,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.assessment import selectors, services
from guildmark.assessment.models import Attempt
from guildmark.errors import NotFoundError

router = Router(tags=["taking tests"])


class AnswerIn(Body):
    """An answer."""

    answer: Text | list[Text] | None = Field(
        None, description="An option's id, a list of them, or a number as text; null clears it."
    )


class AnswerOut(Schema):
    """The answer as kept."""

    answer: str | list[str] | None


class AttemptOut(Schema):
    """A test taken once; `points` and `passed` are null until it is handed in."""

    id: uuid.UUID
    version: uuid.UUID
    person: uuid.UUID
    state: str = Field(description="`open` or `submitted`.")
    started_at: dt.datetime
    due_at: dt.datetime = Field(description="The server's clock rules.")
    submitted_at: dt.datetime | None
    points: float | None
    max_points: float | None
    passed: bool | None


class ScoreOut(Schema):
    """How one question went; neither it nor the answer is told."""

    skill: Ref
    points: float
    answered: bool


class ResultOut(AttemptOut):
    """A result; `questions` in the order they were asked, empty in one's own."""

    questions: list[ScoreOut]


class OfferedOut(Schema):
    """An offered answer; whether it is right is never told."""

    id: uuid.UUID
    text: str


class QuestionOut(Schema):
    """A question as it was drawn, with the answer given."""

    item: uuid.UUID
    kind: str = Field(description="`single`, `multiple` or `numeric`.")
    stem: str
    unit: str
    options: list[OfferedOut]
    answer: str | list[str] | None


class OpenAttemptOut(AttemptOut):
    """An attempt with its questions."""

    questions: list[QuestionOut]


def _values(attempt: Attempt) -> dict[str, Any]:
    own = set(AttemptOut.model_fields) - {"version", "person", "points", "max_points"}
    return {
        **{name: getattr(attempt, name) for name in own},
        "version": attempt.test.version_id,
        "person": attempt.person_id,
        "points": float(attempt.points) if attempt.points is not None else None,
        "max_points": float(attempt.max_points) if attempt.max_points is not None else None,
    }


def _attempt(attempt: Attempt) -> AttemptOut:
    return AttemptOut(**_values(attempt))


def _questions(attempt: Attempt) -> list[QuestionOut]:
    questions = []
    for response in selectors.responses_of(attempt):
        texts = {str(option.id): option.text for option in response.item.options.all()}
        questions.append(
            QuestionOut(
                item=response.item_id,
                kind=response.item.kind,
                stem=response.item.stem,
                unit=response.item.unit,
                options=[
                    OfferedOut(id=uuid.UUID(one), text=texts[one]) for one in response.option_order
                ],
                answer=response.answer,
            )
        )
    return questions


@router.post(
    "/achievements/{uuid:version_id}/attempts",
    response=answers(AttemptOut, 201),
    summary="Start a test",
)
def start(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Start the test for the actor's person, or go on with the open attempt.

    Whoever has written or opened right answers of the test may not: 403, `knows_answers`.
    """
    actor = actor_of(request)
    attempt = services.start_attempt(actor=actor, version=get_version(actor, version_id))
    return Status(201, _attempt(attempt))


@router.get("/attempts", response=answers(Listing[AttemptOut]), summary="One's own attempts")
def list_attempts(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The attempts of the actor's person, newest first."""
    actor = actor_of(request)
    if actor.person is None:
        raise NotFoundError("Your account is not tied to a person. Ask your administrator.")
    return paged(selectors.attempts_of(actor, actor.person), paging, _attempt)


@router.get(
    "/attempts/{uuid:attempt_id}", response=answers(OpenAttemptOut), summary="One's own attempt"
)
def get_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Any:
    """The own attempt with its questions and answers; right answers are never told."""
    attempt = selectors.own_attempt(actor_of(request), attempt_id)
    return OpenAttemptOut(**_values(attempt), questions=_questions(attempt))


@router.get("/attempts/{uuid:attempt_id}/result", response=answers(ResultOut), summary="A result")
def result(request: HttpRequest, attempt_id: uuid.UUID) -> Any:
    """The result of one's own attempt, of a person one manages, or of anybody for who sees all."""
    actor = actor_of(request)
    attempt = selectors.get_attempt(actor, attempt_id)
    is_own = actor.person is not None and attempt.person_id == actor.person.id
    scores = [] if is_own else selectors.scores_of(attempt)
    return ResultOut(
        **_values(attempt),
        questions=[
            ScoreOut(
                skill=ref(one.item.skill, one.item.skill.label),
                points=float(one.points or 0),
                answered=one.answer is not None,
            )
            for one in scores
        ],
    )


@router.put(
    "/attempts/{uuid:attempt_id}/answers/{uuid:item_id}",
    response=answers(AnswerOut),
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
    return AnswerOut(answer=kept.answer)


@router.post("/attempts/{uuid:attempt_id}/submit", response=answers(AttemptOut), summary="Hand in")
def submit(request: HttpRequest, attempt_id: uuid.UUID) -> Any:
    """Hand the attempt in; handed in again, it stays as it was."""
    actor = actor_of(request)
    attempt = selectors.own_attempt(actor, attempt_id)
    return _attempt(services.submit_attempt(actor=actor, attempt=attempt))
