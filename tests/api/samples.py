"""One of everything in an organization, made when first asked for, for the table of operations."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils import timezone

from guildmark.achievements import services as achievements
from guildmark.achievements.models import AchievementVersion
from guildmark.assessment import services as assessment
from guildmark.assessment.models import AssessorAuthorization, Attempt, PracticalAssessment
from guildmark.awards import services as deciding
from guildmark.awards.models import Award
from guildmark.organizations.actor import Actor, actor_of
from guildmark.organizations.models import Organization, Person, Role
from guildmark.skills.models import JobRole
from guildmark.wallet.models import ShareLink
from tests.support import assessment as assessments
from tests.support import awards, factories, skills

Arguments = dict[str, Any]


class Samples:
    """An organization with somebody in it whom nobody of the matrix knows."""

    def __init__(self) -> None:
        self.organization: Organization = factories.organization()
        self.lead: Actor = factories.actor(self.organization, Role.PROGRAMME_OWNER)
        self.somebody: Person = factories.person(self.organization)
        factories.member(self.organization, person=self.somebody)

    @cached_property
    def assessor(self) -> Actor:
        """An assessor."""
        return factories.actor(self.organization, Role.ASSESSOR)

    @cached_property
    def job_role(self) -> JobRole:
        """A job role with one requirement."""
        position = skills.job_role(self.organization, {factories.skill(self.organization): 2})
        return position.job_role

    @cached_property
    def draft(self) -> AchievementVersion:
        """A draft with a test and a rubric."""
        skill = factories.skill(self.organization)
        return assessments.draft(self.lead, skill, code=skill.code)

    @cached_property
    def published(self) -> AchievementVersion:
        """A published version with a test and a rubric."""
        skill = factories.skill(self.organization)
        draft = assessments.draft(self.lead, skill, code=skill.code)
        return achievements.publish_version(actor=self.lead, version=draft)

    def authorize(self, who: Person | None, skill: uuid.UUID) -> AssessorAuthorization:
        """Whoever it is may assess the skill."""
        assert who is not None
        return AssessorAuthorization.objects.create(
            organization=self.organization,
            person=who,
            skill_id=skill,
            valid_from=timezone.localdate(),
        )

    def practical(self, *, of: Person, by: Person | None) -> PracticalAssessment:
        """An assessment under way; its assessor is authorized, whatever role they have."""
        assert by is not None
        self.authorize(by, self.published.skills.get().skill_id)
        return PracticalAssessment.objects.create(
            organization=self.organization,
            rubric=self.published.rubric,
            person=of,
            assessor=by,
            started_at=timezone.now(),
        )

    def award_of(self, person: Person) -> Award:
        """An award granted by the lead, its credential signed."""
        awards.issuer(self.organization)
        version = awards.version(self.organization)
        awards.passed(version, person)
        decision = deciding.decide_award(
            actor=self.lead, version=version, person=person, outcome="granted"
        )
        assert decision.award is not None
        deciding.sign_award(decision.award.id)
        return decision.award


Sample = Callable[[Samples, Person], Arguments]
"""Makes an object of the person, or one that is nobody's, and says the path's arguments."""


def person(_samples: Samples, of: Person) -> Arguments:
    return {"person_id": of.id}


def employment(samples: Samples, of: Person) -> Arguments:
    unit = factories.unit(samples.organization)
    return {"employment_id": of.employments.create(unit=unit, starts_on=dt.date(2020, 1, 1)).id}


def unit(samples: Samples, _of: Person) -> Arguments:
    return {"unit_id": factories.unit(samples.organization).id}


def skill(samples: Samples, _of: Person) -> Arguments:
    return {"skill_id": factories.skill(samples.organization).id}


def job_role(samples: Samples, _of: Person) -> Arguments:
    return {"role_id": samples.job_role.id}


def requirement(samples: Samples, _of: Person) -> Arguments:
    required = samples.job_role.requirements.get()
    return {"role_id": required.job_role_id, "skill_id": required.skill_id}


def occupation(_samples: Samples, _of: Person) -> Arguments:
    """A public one: it belongs to no organization."""
    return {"role_id": skills.occupation({"Repairing": (3, "4.0")}).id}


def draft(samples: Samples, _of: Person) -> Arguments:
    return {"version_id": samples.draft.id}


def published(samples: Samples, _of: Person) -> Arguments:
    return {"version_id": samples.published.id}


def item(samples: Samples, _of: Person) -> Arguments:
    return {"item_id": samples.draft.test.test_items.all()[0].item_id}


def _start(samples: Samples, of: Person) -> Attempt:
    actor = actor_of(of.membership, source="web")
    return assessment.start_attempt(actor=actor, version=samples.published)


def attempt(samples: Samples, of: Person) -> Arguments:
    return {"attempt_id": _start(samples, of).id}


def answer(samples: Samples, of: Person) -> Arguments:
    started = _start(samples, of)
    return {"attempt_id": started.id, "item_id": started.responses.all()[0].item_id}


def practical_of(samples: Samples, of: Person) -> Arguments:
    """The person is assessed."""
    return {"practical_id": samples.practical(of=of, by=samples.assessor.person).id}


def practical_by(samples: Samples, by: Person) -> Arguments:
    """The person assesses."""
    of = factories.person(samples.organization)
    return {"practical_id": samples.practical(of=of, by=by).id}


def criterion_by(samples: Samples, by: Person) -> Arguments:
    criterion = samples.published.rubric.criteria.all()[0]
    return practical_by(samples, by) | {"criterion_id": criterion.id}


def evidence(samples: Samples, of: Person) -> Arguments:
    """A file added when the person was assessed."""
    kept = assessment.add_evidence(
        actor=samples.assessor,
        practical=samples.practical(of=of, by=samples.assessor.person),
        name="gate.png",
        data=assessments.PNG,
    )
    return {"file_id": kept.id}


def authorization(samples: Samples, of: Person) -> Arguments:
    granted = samples.authorize(of, factories.skill(samples.organization).id)
    return {"authorization_id": granted.id}


def award(samples: Samples, of: Person) -> Arguments:
    return {"award_id": samples.award_of(of).id}


def link(samples: Samples, of: Person) -> Arguments:
    credential = samples.award_of(of).credential
    made = ShareLink.objects.create(credential=credential, token=secrets.token_urlsafe(32))
    return {"link_id": made.id}
