"""People who have passed, and awards decided through the service."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from guildmark.achievements.models import (
    Achievement,
    AchievementVersion,
    AssessmentType,
    AttestedSkill,
)
from guildmark.assessment.models import (
    Attempt,
    CriterionScore,
    PracticalAssessment,
    Rubric,
    RubricCriterion,
    Test,
)
from guildmark.awards import services
from guildmark.awards.models import Award, Credential, Decision, IssuerProfile
from guildmark.organizations.actor import Actor, operator_of
from guildmark.organizations.models import Organization, Person, Role
from guildmark.skills.models import SkillAlignment
from tests.support import factories

_numbers = itertools.count(1)


def issuer(owner: Organization) -> IssuerProfile:
    """The organization's issuer profile, made when there is none."""
    found = IssuerProfile.objects.filter(organization=owner).first()
    return found or services.create_issuer_profile(
        actor=operator_of(owner), name=owner.name, url="https://works.example"
    )


def version(owner: Organization, **values: Any) -> AchievementVersion:
    """A published version with a test, a rubric and one attested skill."""
    n = next(_numbers)
    achievement = values.pop("achievement", None) or Achievement.objects.create(
        organization=owner, code=f"ACH-{n}"
    )
    made = AchievementVersion.objects.create(
        **{
            "achievement": achievement,
            "number": 1,
            "name": f"Robot cell restart {n}",
            "description": "Enters and restarts a robot cell safely.",
            "criteria": "Locks out, checks, restarts without help.",
            "assessment_type": AssessmentType.TEST_AND_PRACTICAL,
            "validity_months": 24,
        }
        | values
    )
    skill = factories.skill(owner)
    SkillAlignment.objects.create(
        skill=skill,
        match="close",
        target_identifier=f"https://frameworks.example/{n}",
        target_label="Operate industrial robots",
        target_framework="Public framework",
    )
    AttestedSkill.objects.create(version=made, skill=skill, level=factories.iluo()[3])
    Test.objects.create(version=made)
    rubric = Rubric.objects.create(version=made, task="Restart the cell.", min_points=3)
    for position, statement in enumerate(["Locks out", "Restarts"]):
        RubricCriterion.objects.create(
            rubric=rubric, position=position, statement=statement, is_critical=position == 0
        )
    made.state = AchievementVersion.State.PUBLISHED
    made.published_at = timezone.now()
    made.save(update_fields=["state", "published_at"])
    return made


def passed(
    of: AchievementVersion,
    person: Person,
    *,
    assessor: Person | None = None,
    at: dt.datetime | None = None,
) -> tuple[Attempt, PracticalAssessment]:
    """A passed test and a passed practical of the person."""
    owner = person.organization
    moment = at or timezone.now()
    attempt = Attempt.objects.create(
        organization=owner,
        test=of.test,
        person=person,
        state=Attempt.State.SUBMITTED,
        started_at=moment,
        due_at=moment,
        submitted_at=moment,
        points=8,
        max_points=10,
        passed=True,
    )
    practical = PracticalAssessment.objects.create(
        organization=owner,
        rubric=of.rubric,
        person=person,
        assessor=assessor or factories.person(owner),
        started_at=moment,
    )
    for criterion in of.rubric.criteria.all():
        CriterionScore.objects.create(assessment=practical, criterion=criterion, score=2)
    practical.state = PracticalAssessment.State.SUBMITTED
    practical.submitted_at = moment
    practical.points = practical.max_points = 4
    practical.passed = True
    practical.save()
    return attempt, practical


@dataclass(frozen=True, kw_only=True)
class World:
    """A company where one worker has passed and a training lead may decide."""

    organization: Organization
    lead: Actor
    worker: Actor
    version: AchievementVersion

    @property
    def person(self) -> Person:
        """The worker as a person."""
        assert self.worker.person is not None
        return self.worker.person

    def decide(self, outcome: str = "granted", **values: Any) -> Decision:
        """The lead's decision on the worker's results."""
        return services.decide_award(
            **{
                "actor": self.lead,
                "version": self.version,
                "person": self.person,
                "outcome": outcome,
            }
            | values
        )

    def grant(self) -> Award:
        """An award whose credential waits for being signed."""
        award = self.decide().award
        assert award is not None
        return award

    def credential(self) -> Credential:
        """A granted and signed credential."""
        return services.sign_award(self.grant().id)


def world(**values: Any) -> World:
    """A company with an issuer profile, a lead, a worker, an achievement, and passed results."""
    owner = factories.organization(**values)
    issuer(owner)
    made = World(
        organization=owner,
        lead=factories.actor(owner, Role.PROGRAMME_OWNER),
        worker=factories.actor(owner, Role.WORKER),
        version=version(owner),
    )
    passed(made.version, made.person)
    return made
