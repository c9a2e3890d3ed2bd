"""Achievements from draft to publication, with their tests and rubrics."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from guildmark.achievements import selectors, services
from guildmark.achievements.models import AchievementVersion
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
from guildmark.api.skills import level_of
from guildmark.assessment import services as assessment
from guildmark.organizations.actor import Actor
from guildmark.skills.selectors import get_skill

router = Router(tags=["achievements"])


class AttestedIn(Body):
    """A skill with the ILUO letter of its level."""

    skill: uuid.UUID
    level: str


class VersionIn(Body):
    """What a version says; members left out stay as they are."""

    name: str | None = None
    description: str | None = None
    criteria: str | None = None
    area: str | None = None
    language: str | None = None
    workload_hours: Decimal | None = None
    eqf_level: int | None = None
    assessment_type: str | None = None
    participation: str | None = None
    quality_assurance: str | None = None
    validity_months: int | None = None
    skills: list[AttestedIn] | None = Field(None, max_length=30)


class AchievementIn(VersionIn):
    """A new achievement."""

    code: str
    name: str


class OptionIn(Body):
    """An offered answer."""

    text: str
    right: bool = False


class ItemIn(Body):
    """A question: single, multiple or numeric."""

    skill: uuid.UUID
    kind: str
    stem: str
    options: list[OptionIn] = Field(default_factory=list, max_length=20)
    number: Decimal | None = None
    tolerance: Decimal | None = None
    unit: str = ""


class TestIn(Body):
    """The whole test of a draft."""

    __test__ = False

    time_limit_minutes: int = 20
    cut_score_percent: int = 70
    max_attempts: int = 3
    items: list[ItemIn] = Field(max_length=100)


class CriterionIn(Body):
    """Something to observe."""

    statement: str
    critical: bool = False


class RubricIn(Body):
    """The rubric of a draft."""

    task: str
    min_points: int
    criteria: list[CriterionIn] = Field(max_length=50)


def show_version(version: AchievementVersion) -> Shown:
    """A version in an answer."""
    return {
        "id": str(version.id),
        "achievement": str(version.achievement_id),
        "code": version.achievement.code,
        "number": version.number,
        "state": version.state,
        "name": version.name,
        "description": version.description,
        "criteria": version.criteria,
        "area": version.area,
        "assessment_type": version.assessment_type,
        "workload_hours": float(version.workload_hours) if version.workload_hours else None,
        "eqf_level": version.eqf_level,
        "validity_months": version.validity_months,
        "skills": [
            {"skill": ref(one.skill, one.skill.label), "level": one.level.code}
            for one in version.skills.all()
        ],
    }


def _attest(actor: Actor, version: AchievementVersion, skills: list[AttestedIn] | None) -> None:
    if skills is not None:
        pairs = [(get_skill(actor, one.skill), level_of(one.level)) for one in skills]
        services.set_attested_skills(actor=actor, version=version, skills=pairs)


@router.get("/achievements", response=answers(Listing), summary="Achievements")
def list_versions(
    request: HttpRequest, paging: Query[Paging], q: str = "", area: str = "", state: str = ""
) -> Any:
    """Published versions, and drafts for who may see them."""
    found = selectors.list_versions(actor_of(request), text=q[:200], area=area, state=state)
    return paged(found, paging, show_version)


@router.post("/achievements", response=answers(Shown, 201), summary="Define an achievement")
def create(request: HttpRequest, body: AchievementIn) -> Any:
    """A new achievement with its first draft."""
    actor = actor_of(request)
    fields = body.dict(exclude={"skills", "code"}, exclude_unset=True)
    with transaction.atomic():
        version = services.create_achievement(actor=actor, code=body.code, **fields)
        _attest(actor, version, body.skills)
    return Status(201, show_version(selectors.get_version(actor, version.id)))


@router.get("/achievements/{uuid:version_id}", response=answers(Shown), summary="A version")
def get(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """A version the actor may see."""
    return show_version(selectors.get_version(actor_of(request), version_id))


@router.patch("/achievements/{uuid:version_id}", response=answers(Shown), summary="Edit a draft")
def edit(request: HttpRequest, version_id: uuid.UUID, body: VersionIn) -> Any:
    """Change members of a draft."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    fields = body.dict(exclude={"skills"}, exclude_unset=True)
    with transaction.atomic():
        services.edit_draft(actor=actor, version=version, **fields)
        _attest(actor, version, body.skills)
    return show_version(selectors.get_version(actor, version_id))


@router.put("/achievements/{uuid:version_id}/test", response=answers(Shown), summary="Set the test")
def set_test(request: HttpRequest, version_id: uuid.UUID, body: TestIn) -> Any:
    """The draft's test: exactly these questions."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    with transaction.atomic():
        items = [
            assessment.create_item(
                actor=actor,
                skill=get_skill(actor, one.skill),
                kind=one.kind,
                stem=one.stem,
                options=[(option.text, option.right) for option in one.options],
                number=one.number,
                tolerance=one.tolerance,
                unit=one.unit,
            )
            for one in body.items
        ]
        assessment.set_test(
            actor=actor,
            version=version,
            items=items,
            time_limit_minutes=body.time_limit_minutes,
            cut_score_percent=body.cut_score_percent,
            max_attempts=body.max_attempts,
        )
    return {"items": [str(item.id) for item in items]}


@router.put(
    "/achievements/{uuid:version_id}/rubric", response=answers(Shown), summary="Set the rubric"
)
def set_rubric(request: HttpRequest, version_id: uuid.UUID, body: RubricIn) -> Any:
    """The draft's rubric."""
    actor = actor_of(request)
    rubric = assessment.set_rubric(
        actor=actor,
        version=selectors.get_version(actor, version_id),
        task=body.task,
        min_points=body.min_points,
        criteria=[(one.statement, one.critical) for one in body.criteria],
    )
    return {"criteria": [ref(one, one.statement) for one in rubric.criteria.all()]}


@router.post("/achievements/{uuid:version_id}/publish", response=answers(Shown), summary="Publish")
def publish(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Publish a draft; from then on it never changes."""
    actor = actor_of(request)
    services.publish_version(actor=actor, version=selectors.get_version(actor, version_id))
    return show_version(selectors.get_version(actor, version_id))


@router.post(
    "/achievements/{uuid:version_id}/withdraw", response=answers(Shown), summary="Withdraw"
)
def withdraw(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Nobody earns it any more; what was earned stays."""
    actor = actor_of(request)
    services.withdraw_version(actor=actor, version=selectors.get_version(actor, version_id))
    return show_version(selectors.get_version(actor, version_id))


@router.post(
    "/achievements/{uuid:version_id}/draft", response=answers(Shown, 201), summary="New draft"
)
def new_draft(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """A draft that copies the newest version."""
    actor = actor_of(request)
    version = selectors.get_version(actor, version_id)
    draft = services.new_draft(actor=actor, achievement=version.achievement)
    return Status(201, show_version(selectors.get_version(actor, draft.id)))
