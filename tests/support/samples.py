"""One of everything in an organization, for the tables of who may do what.

`tests/permission_urls.py` has the pages' table, `tests/api/operations.py` the API's. Nothing here
depends on who asks.
"""

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
from guildmark.awards.models import Award, StatusList
from guildmark.organizations.actor import Actor, actor_of
from guildmark.organizations.models import (
    ApiToken,
    Employment,
    Organization,
    PeopleUpload,
    Person,
    Position,
    Role,
    Shift,
    Unit,
)
from guildmark.skills.models import JobRole, Skill
from guildmark.wallet.models import ShareLink
from tests.support import assessment as assessments
from tests.support import awards, factories, skills

Arguments = dict[str, Any]


class Samples:
    """An organization; what belongs to nobody in it is made when first asked for."""

    def __init__(self, organization: Organization | None = None) -> None:
        self.organization = organization or factories.organization()
        awards.issuer(self.organization)
        self._awards: dict[uuid.UUID, Award] = {}

    @cached_property
    def lead(self) -> Actor:
        """A training lead who is nobody of the matrix."""
        return factories.actor(self.organization, Role.PROGRAMME_OWNER)

    @cached_property
    def assessor(self) -> Actor:
        """An assessor who is nobody of the matrix."""
        return factories.actor(self.organization, Role.ASSESSOR)

    @cached_property
    def somebody(self) -> Person:
        """A worker with an account, in a unit that nobody of the matrix manages."""
        return self.worker(self.unit)

    @cached_property
    def unit(self) -> Unit:
        """A unit without a manager."""
        return factories.unit(self.organization)

    @cached_property
    def skill(self) -> Skill:
        """A skill of the own framework."""
        return factories.skill(self.organization)

    @cached_property
    def position(self) -> Position:
        """A position that no job role describes."""
        return factories.position(self.organization)

    @cached_property
    def shift(self) -> Shift:
        """A shift."""
        return Shift.objects.create(
            organization=self.organization,
            code="EARLY",
            name="Early",
            starts_at=dt.time(6),
            ends_at=dt.time(14),
        )

    @cached_property
    def without_account(self) -> Person:
        """A person who does not sign in."""
        return factories.person(self.organization)

    @property
    def assessor_person(self) -> Person:
        """The assessor as a person."""
        assert self.assessor.person is not None
        return self.assessor.person

    @cached_property
    def job_role(self) -> JobRole:
        """A job role with one requirement."""
        return skills.job_role(self.organization, {self.skill: 2}).job_role

    @cached_property
    def draft(self) -> AchievementVersion:
        """A draft with a test and a rubric."""
        return self.new_draft()

    @cached_property
    def published(self) -> AchievementVersion:
        """A published version whose test has questions."""
        return achievements.publish_version(actor=self.lead, version=self.new_draft())

    @cached_property
    def once_more(self) -> AchievementVersion:
        """Another one."""
        return achievements.publish_version(actor=self.lead, version=self.new_draft())

    @cached_property
    def attested(self) -> AchievementVersion:
        """A published version that awards are granted for."""
        return awards.version(self.organization)

    def new_draft(self) -> AchievementVersion:
        """One more draft."""
        skill = factories.skill(self.organization)
        return assessments.draft(self.lead, skill, code=skill.code)

    def worker(self, unit: Unit) -> Person:
        """A worker with an account, employed in the unit."""
        someone = factories.person(self.organization, in_unit=unit)
        factories.member(self.organization, Role.WORKER, person=someone)
        return someone

    def authorize(self, who: Person | None, skill_id: uuid.UUID) -> AssessorAuthorization:
        """Whoever it is may assess the skill."""
        assert who is not None
        return AssessorAuthorization.objects.create(
            organization=self.organization,
            person=who,
            skill_id=skill_id,
            valid_from=timezone.localdate(),
        )

    def practical(
        self, *, of: Person | None = None, by: Person | None = None
    ) -> PracticalAssessment:
        """An assessment under way; its assessor is authorized, whatever role they have."""
        assessor = by or self.assessor_person
        found = PracticalAssessment.objects.filter(person=of, assessor=assessor).first()
        if found is not None:
            return found
        self.authorize(assessor, self.published.skills.get().skill_id)
        return PracticalAssessment.objects.create(
            organization=self.organization,
            rubric=self.published.rubric,
            person=of or factories.person(self.organization),
            assessor=assessor,
            started_at=timezone.now(),
        )

    def award_of(self, person: Person) -> Award:
        """The person's award, granted by the lead, its credential signed."""
        if person.id not in self._awards:
            awards.passed(self.attested, person)
            decision = deciding.decide_award(
                actor=self.lead, version=self.attested, person=person, outcome="granted"
            )
            assert decision.award is not None
            deciding.sign_award(decision.award.id)
            self._awards[person.id] = decision.award
        return self._awards[person.id]


Sample = Callable[[Samples, Person], Arguments]
"""Makes an object of the person (or one that is nobody's) and says the address's arguments."""


# People, places and accounts


def person(_samples: Samples, of: Person) -> Arguments:
    return {"person_id": of.id}


def _employment(samples: Samples, of: Person) -> Employment:
    return of.employments.first() or of.employments.create(
        unit=samples.unit, starts_on=dt.date(2020, 1, 1)
    )


def employment(samples: Samples, of: Person) -> Arguments:
    return {"employment_id": _employment(samples, of).id}


def unit(samples: Samples, of: Person) -> Arguments:
    """The unit the person works in."""
    return {"unit_id": _employment(samples, of).unit_id}


def membership(_samples: Samples, of: Person) -> Arguments:
    return {"membership_id": of.membership.id}


def token(_samples: Samples, of: Person) -> Arguments:
    made = ApiToken.objects.create(
        membership=of.membership,
        name="x",
        token_hash=secrets.token_bytes(32),
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    return {"token_id": made.id}


def upload(_samples: Samples, of: Person) -> Arguments:
    made = PeopleUpload.objects.create(
        organization=of.organization,
        account=of.membership.account,
        file_name="hr.csv",
        data=b"number,family_name\n1,A\n",
        created_at=timezone.now(),
    )
    return {"upload_id": made.id}


# Skills and job roles


def framework(samples: Samples, _of: Person) -> Arguments:
    return {"framework_id": samples.skill.framework_id}


def skill(samples: Samples, _of: Person) -> Arguments:
    return {"skill_id": samples.skill.id}


def job_role(samples: Samples, _of: Person) -> Arguments:
    return {"role_id": samples.job_role.id}


def occupation(_samples: Samples, _of: Person) -> Arguments:
    """A public one: it belongs to no organization."""
    return {"role_id": skills.occupation({"Reading": (3, "3.5")}).id}


def requirement(samples: Samples, _of: Person) -> Arguments:
    return {"requirement_id": samples.job_role.requirements.get().id}


def required_skill(samples: Samples, _of: Person) -> Arguments:
    """The same, named by role and skill."""
    return {"role_id": samples.job_role.id, "skill_id": samples.skill.id}


# Achievements, tests, practical assessments


def draft(samples: Samples, _of: Person) -> Arguments:
    return {"version_id": samples.draft.id}


def published(samples: Samples, _of: Person) -> Arguments:
    return {"version_id": samples.published.id}


def question(samples: Samples, _of: Person) -> Arguments:
    first = samples.draft.test.test_items.first()
    assert first is not None
    return {"version_id": samples.draft.id, "item_id": first.item_id}


def _start(version: AchievementVersion, of: Person) -> tuple[Actor, Attempt]:
    actor = actor_of(of.membership, source="web")
    return actor, assessment.start_attempt(actor=actor, version=version)


def attempt(samples: Samples, of: Person) -> Arguments:
    """A test under way."""
    _actor, started = _start(samples.published, of)
    return {"attempt_id": started.id}


def attempt_handed_in(samples: Samples, of: Person) -> Arguments:
    actor, started = _start(samples.once_more, of)
    assessment.submit_attempt(actor=actor, attempt=started)
    return {"attempt_id": started.id}


def answer(samples: Samples, of: Person) -> Arguments:
    """A question of a test under way."""
    _actor, started = _start(samples.published, of)
    first = started.responses.first()
    assert first is not None
    return {"attempt_id": started.id, "item_id": first.item_id}


def authorization(samples: Samples, of: Person) -> Arguments:
    return {"authorization_id": samples.authorize(of, samples.skill.id).id}


def practical_of(samples: Samples, of: Person) -> Arguments:
    """The person is assessed."""
    return {"practical_id": samples.practical(of=of).id}


def practical_by(samples: Samples, by: Person) -> Arguments:
    """The person assesses."""
    return {"practical_id": samples.practical(by=by).id}


def criterion_by(samples: Samples, by: Person) -> Arguments:
    """A criterion that the person scores."""
    first = samples.published.rubric.criteria.first()
    assert first is not None
    return practical_by(samples, by) | {"criterion_id": first.id}


def evidence(samples: Samples, of: Person) -> Arguments:
    """A file added when the person was assessed."""
    file = assessment.add_evidence(
        actor=samples.assessor,
        practical=samples.practical(of=of),
        name="gate.png",
        data=assessments.PNG,
    )
    return {"file_id": file.id}


# Awards, wallets and what strangers may see


def waiting(samples: Samples, of: Person) -> Arguments:
    """Passed results that wait for a decision."""
    version = awards.version(samples.organization)
    awards.passed(version, of)
    return {"version_id": version.id, "person_id": of.id}


def award(samples: Samples, of: Person) -> Arguments:
    return {"award_id": samples.award_of(of).id}


def credential(samples: Samples, of: Person) -> Arguments:
    return {"identifier": samples.award_of(of).credential.id}


def _link(samples: Samples, of: Person, **values: Any) -> ShareLink:
    return ShareLink.objects.create(
        credential=samples.award_of(of).credential, token=secrets.token_urlsafe(32), **values
    )


def link(samples: Samples, of: Person) -> Arguments:
    return {"link_id": _link(samples, of).id}


def shared(samples: Samples, of: Person) -> Arguments:
    return {"token": _link(samples, of).token}


def issuer(samples: Samples, _of: Person) -> Arguments:
    return {"slug": samples.organization.slug}


def status_list(samples: Samples, of: Person) -> Arguments:
    samples.award_of(of)
    found = StatusList.objects.filter(profile__organization=samples.organization).first()
    assert found is not None
    return {"list_id": found.id}
