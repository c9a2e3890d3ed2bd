"""Achievements defined, tested and assessed through the services."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guildmark.achievements import services as achievements
from guildmark.achievements.models import AchievementVersion, AssessmentType
from guildmark.assessment import services
from guildmark.assessment.models import Attempt, Item, PracticalAssessment
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization, Person, Role
from guildmark.skills.models import Skill
from tests.support import factories

# One grey pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True, kw_only=True)
class World:
    """A company with a draft or published achievement, a lead, a worker and an assessor."""

    organization: Organization
    lead: Actor
    worker: Actor
    assessor: Actor
    skill: Skill
    version: AchievementVersion

    @property
    def person(self) -> Person:
        """The worker as a person."""
        assert self.worker.person is not None
        return self.worker.person

    @property
    def items(self) -> list[Item]:
        """The questions of the test: single, multiple, numeric."""
        return [one.item for one in self.version.test.test_items.all()]

    def start(self) -> Attempt:
        """The worker starts the test."""
        return services.start_attempt(actor=self.worker, version=self.version)

    def answer(self, attempt: Attempt, *, right: int) -> None:
        """Answer the first `right` questions rightly, and no other."""
        for item in self.items[:right]:
            services.save_answer(
                actor=self.worker, attempt=attempt, item_id=item.id, answer=right_answer(item)
            )

    def begin(self) -> PracticalAssessment:
        """The assessor begins to assess the worker."""
        return services.start_practical(
            actor=self.assessor, version=self.version, person=self.person
        )

    def score(self, practical: PracticalAssessment, *scores: int) -> None:
        """Score the criteria in their order."""
        for criterion, score in zip(practical.rubric.criteria.all(), scores, strict=False):
            services.score_criterion(
                actor=self.assessor, practical=practical, criterion=criterion, score=score
            )


def right_answer(item: Item) -> Any:
    """The right answer as a page sends it."""
    right = [str(option.id) for option in item.options.all() if option.is_right]
    if item.kind == Item.Kind.NUMERIC:
        return str(item.number)
    return right[0] if item.kind == Item.Kind.SINGLE else right


def world(*, published: bool = True, **fields: Any) -> World:
    """A company whose lead has defined an achievement with test and rubric."""
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    assessor = factories.actor(owner, Role.ASSESSOR)
    skill = factories.skill(owner)
    version = draft(lead, skill, **fields)
    if published:
        version = achievements.publish_version(actor=lead, version=version)
    assert assessor.person is not None
    services.authorize_assessor(
        actor=lead,
        person=assessor.person,
        skill=skill,
        valid_from=timezone.localdate() - dt.timedelta(days=1),
    )
    return World(
        organization=owner,
        lead=lead,
        worker=factories.actor(owner, Role.WORKER),
        assessor=assessor,
        skill=skill,
        version=version,
    )


def draft(lead: Actor, skill: Skill, **fields: Any) -> AchievementVersion:
    """A draft with everything that publishing asks for."""
    version = achievements.create_achievement(
        actor=lead,
        **{
            "code": "AUT-CELL",
            "name": "Robot cell restart",
            "description": "Enters and restarts a robot cell safely.",
            "criteria": "Locks out, checks, restarts without help.",
            "area": "Automation",
            "assessment_type": AssessmentType.TEST_AND_PRACTICAL,
        }
        | fields,
    )
    achievements.set_attested_skills(
        actor=lead, version=version, skills=[(skill, factories.iluo()[2])]
    )
    items = [
        services.create_item(
            actor=lead,
            skill=skill,
            kind=Item.Kind.SINGLE,
            stem="What comes first?",
            options=[("Lock out", True), ("Enter", False), ("Restart", False)],
        ),
        services.create_item(
            actor=lead,
            skill=skill,
            kind=Item.Kind.MULTIPLE,
            stem="Which two are checked?",
            options=[("Gate", True), ("Light curtain", True), ("Lunch", False)],
        ),
        services.create_item(
            actor=lead,
            skill=skill,
            kind=Item.Kind.NUMERIC,
            stem="What pressure must the gauge show?",
            number=Decimal("6.5"),
            tolerance=Decimal("0.25"),
            unit="bar",
        ),
    ]
    services.set_test(
        actor=lead,
        version=version,
        items=items,
        time_limit_minutes=20,
        cut_score_percent=66,
        max_attempts=2,
    )
    services.set_rubric(
        actor=lead,
        version=version,
        task="Restart the cell.",
        min_points=3,
        criteria=[("Locks out", True), ("Restarts", False)],
    )
    return version
