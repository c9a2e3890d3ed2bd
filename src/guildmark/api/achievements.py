"""Achievements from draft to publication, with their tests and rubrics."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildmark.achievements import selectors, services
from guildmark.achievements.models import AchievementVersion
from guildmark.api.shapes import (
    Body,
    Line,
    Listing,
    Long,
    Paging,
    Ref,
    Search,
    actor_of,
    answers,
    one_of,
    paged,
    ref,
)
from guildmark.api.skills import LEVEL, level_of
from guildmark.assessment import selectors as assessment_selectors
from guildmark.assessment import services as assessment
from guildmark.assessment.models import Item, Rubric, Test
from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.skills.selectors import get_skill

router = Router(tags=["achievements"])
TESTS = ["tests and rubrics"]


class AttestedIn(Body):
    """A skill with its level."""

    skill: uuid.UUID
    level: Line = Field(description=LEVEL)


class VersionIn(Body):
    """What a version says; members left out stay as they are."""

    name: Line = ""
    description: Long = ""
    criteria: Long = Field("", description="What a person must show to earn it.")
    area: Line = ""
    language: Line = "en"
    workload_hours: Decimal | None = Field(None, description="Above 0, up to 2,000.")
    eqf_level: int | None = Field(None, ge=1, le=8, description="EQF level.")
    assessment_type: Line = Field(
        "test_and_practical", description="`test`, `practical` or `test_and_practical`."
    )
    participation: Line = Field(
        "on_the_job", description="`on_the_job`, `online`, `classroom` or `blended`."
    )
    quality_assurance: Long = ""
    validity_months: int | None = Field(
        None, ge=1, le=1200, description="Null: it does not expire."
    )
    skills: list[AttestedIn] = Field(
        [], max_length=30, description="Exactly what the version attests, when given."
    )


class AchievementIn(VersionIn):
    """A new achievement."""

    code: Line
    name: Line


class OptionIn(Body):
    """An offered answer."""

    text: Line
    right: bool = False


class ItemIn(Body):
    """A question."""

    skill: uuid.UUID
    kind: Line = Field(description="`single`, `multiple` or `numeric`.")
    stem: Long = Field(description="The question.")
    options: list[OptionIn] = Field([], max_length=20)
    number: Decimal | None = Field(None, description="The right number, of a numeric one.")
    tolerance: Decimal | None = Field(None, description="How far an answer may be off.")
    unit: Line = Field("", description="Of the number, such as `bar`.")


class TestIn(Body):
    """The whole test of a draft: first the questions that exist, then the new ones."""

    __test__ = False

    time_limit_minutes: int = Field(20, description="1 to 480.")
    cut_score_percent: int = Field(70, description="The pass mark, 1 to 100.")
    max_attempts: int = Field(3, description="1 to 20.")
    item_ids: list[uuid.UUID] = Field([], max_length=100)
    items: list[ItemIn] = Field([], max_length=100)


class CriterionIn(Body):
    """Something to observe."""

    statement: Line
    critical: bool = Field(False, description="Not shown without help, it fails the whole.")


class RubricIn(Body):
    """The rubric of a draft."""

    task: Long
    min_points: int = Field(ge=0, le=1000, description="To pass; a criterion gives up to 2.")
    criteria: list[CriterionIn] = Field(max_length=50)


class AttestedOut(Schema):
    """A skill with the level attested."""

    skill: Ref
    level: str = Field(description=LEVEL)


class VersionOut(Schema):
    """A version of an achievement."""

    id: uuid.UUID
    achievement: uuid.UUID
    code: str
    number: int
    state: str = Field(description="`draft`, `published` or `withdrawn`.")
    name: str
    description: str
    criteria: str
    area: str
    language: str
    workload_hours: float | None
    eqf_level: int | None
    assessment_type: str
    participation: str
    quality_assurance: str
    validity_months: int | None
    published_at: dt.datetime | None
    skills: list[AttestedOut]


class OptionOut(Schema):
    """An offered answer, with whether it is right."""

    id: uuid.UUID
    text: str
    right: bool


class ItemOut(Schema):
    """A question with its right answer."""

    id: uuid.UUID
    skill: Ref
    kind: str
    stem: str
    options: list[OptionOut]
    number: float | None
    tolerance: float | None
    unit: str


class TestOut(Schema):
    """A version's test with the right answers."""

    __test__ = False

    time_limit_minutes: int
    cut_score_percent: int
    max_attempts: int
    items: list[ItemOut]


class CriterionOut(Schema):
    """Something to observe."""

    id: uuid.UUID
    statement: str
    critical: bool


class RubricOut(Schema):
    """A version's rubric."""

    task: str
    min_points: int
    criteria: list[CriterionOut]


def _version(version: AchievementVersion) -> VersionOut:
    own = set(VersionOut.model_fields) - {"achievement", "code", "workload_hours", "skills"}
    hours = version.workload_hours
    return VersionOut(
        **{name: getattr(version, name) for name in own},
        achievement=version.achievement_id,
        code=version.achievement.code,
        workload_hours=float(hours) if hours is not None else None,
        skills=[
            AttestedOut(skill=ref(one.skill, one.skill.label), level=one.level.code)
            for one in version.skills.all()
        ],
    )


def _item(item: Item) -> ItemOut:
    return ItemOut(
        id=item.id,
        skill=ref(item.skill, item.skill.label),
        kind=item.kind,
        stem=item.stem,
        options=[
            OptionOut(id=one.id, text=one.text, right=one.is_right) for one in item.options.all()
        ],
        number=float(item.number) if item.number is not None else None,
        tolerance=float(item.tolerance) if item.tolerance is not None else None,
        unit=item.unit,
    )


def _test(test: Test | None) -> TestOut:
    if test is None:
        raise NotFoundError("This version has no test.")
    return TestOut(
        time_limit_minutes=test.time_limit_minutes,
        cut_score_percent=test.cut_score_percent,
        max_attempts=test.max_attempts,
        items=[_item(one.item) for one in test.test_items.all()],
    )


def _rubric(rubric: Rubric | None) -> RubricOut:
    if rubric is None:
        raise NotFoundError("This version has no rubric.")
    return RubricOut(
        task=rubric.task,
        min_points=rubric.min_points,
        criteria=[
            CriterionOut(id=one.id, statement=one.statement, critical=one.is_critical)
            for one in rubric.criteria.all()
        ],
    )


def _attest(actor: Actor, version: AchievementVersion, body: VersionIn) -> None:
    if "skills" in body.model_fields_set:
        pairs = [(get_skill(actor, one.skill), level_of(one.level)) for one in body.skills]
        services.set_attested_skills(actor=actor, version=version, skills=pairs)


def _make_item(actor: Actor, body: ItemIn) -> Item:
    return assessment.create_item(
        actor=actor,
        skill=get_skill(actor, body.skill),
        kind=body.kind,
        stem=body.stem,
        options=[(option.text, option.right) for option in body.options],
        number=body.number,
        tolerance=body.tolerance,
        unit=body.unit,
    )


def _make_items(actor: Actor, bodies: list[ItemIn]) -> list[Item]:
    made = []
    for place, body in enumerate(bodies):
        try:
            made.append(_make_item(actor, body))
        except InvalidError as error:
            # Which of the questions it is, the room cannot know.
            raise InvalidError(
                [replace(one, field=f"items.{place}.{one.field}") for one in error.problems]
            ) from error
    return made


@router.get("/achievements", response=answers(Listing[VersionOut]), summary="Achievements")
def list_versions(
    request: HttpRequest,
    paging: Query[Paging],
    q: Search = "",
    area: Search = "",
    state: Search = "",
) -> Any:
    """Published versions, and drafts for who may see them; `state` narrows it to one."""
    actor = actor_of(request)
    one_of("state", state, AchievementVersion.State.values)
    found = selectors.list_versions(actor, text=q, area=area, state=state)
    return paged(found, paging, _version)


@router.post("/achievements", response=answers(VersionOut, 201), summary="Define an achievement")
def create(request: HttpRequest, body: AchievementIn) -> Any:
    """A new achievement with its first draft."""
    actor = actor_of(request)
    fields = body.dict(exclude={"skills", "code"}, exclude_unset=True)
    with transaction.atomic():
        version = services.create_achievement(actor=actor, code=body.code, **fields)
        _attest(actor, version, body)
    return Status(201, _version(selectors.get_version(actor, version.id)))


@router.get("/achievements/{uuid:version_id}", response=answers(VersionOut), summary="A version")
def get(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """A version the actor may see."""
    return _version(selectors.get_version(actor_of(request), version_id))


@router.patch(
    "/achievements/{uuid:version_id}", response=answers(VersionOut), summary="Edit a draft"
)
def edit(request: HttpRequest, version_id: uuid.UUID, body: VersionIn) -> Any:
    """Change members of a draft."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    fields = body.dict(exclude={"skills"}, exclude_unset=True)
    with transaction.atomic():
        services.edit_draft(actor=actor, version=version, **fields)
        _attest(actor, version, body)
    return _version(selectors.get_version(actor, version_id))


@router.post("/items", response=answers(ItemOut, 201), summary="Make a question", tags=TESTS)
def create_item(request: HttpRequest, body: ItemIn) -> Any:
    """A question for tests to choose; it never changes once it has been asked."""
    actor = actor_of(request)
    made = _make_item(actor, body)
    return Status(201, _item(assessment.open_item(actor=actor, item_id=made.id)))


@router.get("/items/{uuid:item_id}", response=answers(ItemOut), summary="A question", tags=TESTS)
def get_item(request: HttpRequest, item_id: uuid.UUID) -> Any:
    """A question with its right answer, for who keeps or reviews tests.

    Whoever has seen it can no longer take a test with this question; that is kept.
    """
    return _item(assessment.open_item(actor=actor_of(request), item_id=item_id))


@router.get(
    "/achievements/{uuid:version_id}/test",
    response=answers(TestOut),
    summary="A version's test",
    tags=TESTS,
)
def get_test(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """The test with the right answers, for who keeps or reviews tests.

    Whoever has seen them can no longer take this test; that is kept.
    """
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    return _test(assessment.open_answer_key(actor=actor, version=version))


@router.put(
    "/achievements/{uuid:version_id}/test",
    response=answers(TestOut),
    summary="Set the test",
    tags=TESTS,
)
def set_test(request: HttpRequest, version_id: uuid.UUID, body: TestIn) -> Any:
    """The draft's test: exactly these questions, `item_ids` first."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    with transaction.atomic():
        require(actor, "tests.edit", version.achievement)
        known = [assessment.open_item(actor=actor, item_id=one) for one in body.item_ids]
        assessment.set_test(
            actor=actor,
            version=version,
            items=[*known, *_make_items(actor, body.items)],
            time_limit_minutes=body.time_limit_minutes,
            cut_score_percent=body.cut_score_percent,
            max_attempts=body.max_attempts,
        )
    return _test(assessment.open_answer_key(actor=actor, version=version))


@router.get(
    "/achievements/{uuid:version_id}/rubric",
    response=answers(RubricOut),
    summary="A version's rubric",
    tags=TESTS,
)
def get_rubric(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """The rubric, for who keeps or reviews tests; an assessor reads it with the assessment."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    require(actor, "tests.view_items", version.achievement)
    return _rubric(assessment_selectors.rubric_of(version))


@router.put(
    "/achievements/{uuid:version_id}/rubric",
    response=answers(RubricOut),
    summary="Set the rubric",
    tags=TESTS,
)
def set_rubric(request: HttpRequest, version_id: uuid.UUID, body: RubricIn) -> Any:
    """The draft's rubric."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    assessment.set_rubric(
        actor=actor,
        version=version,
        task=body.task,
        min_points=body.min_points,
        criteria=[(one.statement, one.critical) for one in body.criteria],
    )
    return _rubric(assessment_selectors.rubric_of(version))


@router.post(
    "/achievements/{uuid:version_id}/publish", response=answers(VersionOut), summary="Publish"
)
def publish(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Publish a draft; from then on it never changes."""
    actor = actor_of(request)
    services.publish_version(actor=actor, version=selectors.get_version(actor, version_id))
    return _version(selectors.get_version(actor, version_id))


@router.post(
    "/achievements/{uuid:version_id}/withdraw", response=answers(VersionOut), summary="Withdraw"
)
def withdraw(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Nobody earns it any more; what was earned stays."""
    actor = actor_of(request)
    services.withdraw_version(actor=actor, version=selectors.get_version(actor, version_id))
    return _version(selectors.get_version(actor, version_id))


@router.post(
    "/achievements/{uuid:version_id}/draft", response=answers(VersionOut, 201), summary="New draft"
)
def new_draft(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """A draft that copies the newest version."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    draft = services.new_draft(actor=actor, achievement=version.achievement)
    return Status(201, _version(selectors.get_version(actor, draft.id)))
