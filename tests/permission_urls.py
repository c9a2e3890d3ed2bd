"""Who may open which address. Read by test_permission_matrix.py.

An entry names, for an address by its name: who may open it for an object of the organization
that is not their own (`roles`), how to make such an object (`target`), and, where being one's own
matters, how to make that one (`own`, `own_roles`). A name that is missing fails the test.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from guildmark.achievements import services as achievements
from guildmark.achievements.models import AchievementVersion
from guildmark.assessment import services as assessment
from guildmark.assessment.models import AssessorAuthorization, Attempt, PracticalAssessment
from guildmark.awards import services as deciding
from guildmark.awards.models import Award, StatusList
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import (
    ApiToken,
    Membership,
    Organization,
    PeopleUpload,
    Person,
    Role,
)
from guildmark.wallet.models import ShareLink
from tests.permissions_table import AD, AS, AU, EVERYBODY, NOBODY, PO, QR, M
from tests.support import assessment as assessments
from tests.support import awards, factories, skills

Arguments = dict[str, Any]
STAFF = frozenset({PO, QR, AD, AU})
PLACES = frozenset({AS, M, PO, QR, AD, AU})
IMPORTERS = frozenset({PO, AD})
ADMINISTRATOR = frozenset({AD})
ACCOUNTS = frozenset({AD, AU})
TRAINING_LEAD = frozenset({PO})
ASSESSOR = frozenset({AS})
SEES_ALL = frozenset({PO, QR, AU})
DECIDERS = frozenset({PO, QR})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Who may open an address; open means: neither 'not allowed' nor 'not found'."""

    roles: frozenset[Role]
    target: Callable[[Organization], Arguments] | None = None
    own: Callable[[Actor], Arguments] | None = None
    own_roles: frozenset[Role] = EVERYBODY
    method: str = "GET"
    data: Arguments = field(default_factory=dict)
    is_public: bool = False


def person(owner: Organization) -> Arguments:
    return {"person_id": factories.person(owner, in_unit=factories.unit(owner)).id}


def oneself(actor: Actor) -> Arguments:
    assert actor.person is not None
    return {"person_id": actor.person.id}


def employment(owner: Organization) -> Arguments:
    someone = factories.person(owner, in_unit=factories.unit(owner))
    return {"employment_id": someone.employments.get().id}


def unit(owner: Organization) -> Arguments:
    return {"unit_id": factories.unit(owner).id}


def membership(owner: Organization) -> Arguments:
    return {"membership_id": factories.member(owner, Role.WORKER).id}


def _own_membership(actor: Actor) -> Membership:
    return Membership.objects.get(account=actor.account, organization=actor.organization)


def _token(of: Membership) -> Arguments:
    token = ApiToken.objects.create(
        membership=of,
        name="x",
        token_hash=of.id.bytes * 2,
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    return {"token_id": token.id}


def token(owner: Organization) -> Arguments:
    return _token(factories.member(owner, Role.WORKER))


def own_token(actor: Actor) -> Arguments:
    return _token(_own_membership(actor))


def _upload(of: Membership) -> Arguments:
    made = PeopleUpload.objects.create(
        organization=of.organization,
        account=of.account,
        file_name="hr.csv",
        data=b"number,family_name\n1,A\n",
        created_at=timezone.now(),
    )
    return {"upload_id": made.id}


def upload(owner: Organization) -> Arguments:
    return _upload(factories.member(owner, Role.ADMINISTRATOR))


def own_upload(actor: Actor) -> Arguments:
    return _upload(_own_membership(actor))


def framework(owner: Organization) -> Arguments:
    return {"framework_id": factories.skill(owner).framework_id}


def skill(owner: Organization) -> Arguments:
    return {"skill_id": factories.skill(owner).id}


def job_role(owner: Organization) -> Arguments:
    position = skills.job_role(owner, {factories.skill(owner): 2})
    return {"role_id": position.job_role.id}


def requirement(owner: Organization) -> Arguments:
    position = skills.job_role(owner, {factories.skill(owner): 2})
    return {"requirement_id": position.job_role.requirements.get().id}


def _draft(owner: Organization) -> AchievementVersion:
    lead, skill = factories.actor(owner, PO), factories.skill(owner)
    return assessments.draft(lead, skill, code=skill.code)


def _published(owner: Organization) -> AchievementVersion:
    lead = factories.actor(owner, PO)
    return achievements.publish_version(actor=lead, version=_draft(owner))


def draft_version(owner: Organization) -> Arguments:
    return {"version_id": _draft(owner).id}


def published_version(owner: Organization) -> Arguments:
    return {"version_id": _published(owner).id}


def question(owner: Organization) -> Arguments:
    version = _draft(owner)
    test_item = version.test.test_items.first()
    assert test_item is not None
    return {"version_id": version.id, "item_id": test_item.item_id}


def own_attempt(actor: Actor) -> Arguments:
    version = _published(actor.organization)
    return {"attempt_id": assessment.start_attempt(actor=actor, version=version).id}


def attempt(owner: Organization) -> Arguments:
    return own_attempt(factories.actor(owner))


def _handed_in(actor: Actor) -> Arguments:
    arguments = own_attempt(actor)
    assessment.submit_attempt(actor=actor, attempt=Attempt.objects.get(id=arguments["attempt_id"]))
    return arguments


def attempt_handed_in(owner: Organization) -> Arguments:
    return _handed_in(factories.actor(owner))


def _authorize(owner: Organization, who: Person, skill_id: uuid.UUID) -> AssessorAuthorization:
    return AssessorAuthorization.objects.create(
        organization=owner, person=who, skill_id=skill_id, valid_from=timezone.localdate()
    )


def _practical(
    owner: Organization, *, of: Person | None = None, by: Person | None = None
) -> PracticalAssessment:
    """An assessment under way; its assessor is authorized, whatever role they have."""
    version = _published(owner)
    assessor = by or factories.person(owner)
    _authorize(owner, assessor, version.skills.get().skill_id)
    return PracticalAssessment.objects.create(
        organization=owner,
        rubric=version.rubric,
        person=of or factories.person(owner),
        assessor=assessor,
        started_at=timezone.now(),
    )


def practical(owner: Organization) -> Arguments:
    return {"practical_id": _practical(owner).id}


def practical_of_oneself(actor: Actor) -> Arguments:
    return {"practical_id": _practical(actor.organization, of=actor.person).id}


def practical_by_oneself(actor: Actor) -> Arguments:
    return {"practical_id": _practical(actor.organization, by=actor.person).id}


def _evidence(owner: Organization, of: Person | None = None) -> Arguments:
    assessor = factories.actor(owner, AS)
    file = assessment.add_evidence(
        actor=assessor,
        practical=_practical(owner, of=of, by=assessor.person),
        name="gate.png",
        data=assessments.PNG,
    )
    return {"file_id": file.id}


def evidence(owner: Organization) -> Arguments:
    return _evidence(owner)


def evidence_of_oneself(actor: Actor) -> Arguments:
    return _evidence(actor.organization, actor.person)


def authorization(owner: Organization) -> Arguments:
    granted = _authorize(owner, factories.person(owner), factories.skill(owner).id)
    return {"authorization_id": granted.id}


def _waiting(owner: Organization, of: Person | None = None) -> Arguments:
    """Passed results that wait for a decision."""
    version, someone = awards.version(owner), of or factories.person(owner)
    awards.passed(version, someone)
    return {"version_id": version.id, "person_id": someone.id}


def waiting(owner: Organization) -> Arguments:
    return _waiting(owner)


def waiting_oneself(actor: Actor) -> Arguments:
    return _waiting(actor.organization, actor.person)


def _granted(owner: Organization, of: Person | None = None) -> Award:
    """An award granted by a training lead, with its credential signed."""
    awards.issuer(owner)
    version, someone = awards.version(owner), of or factories.person(owner)
    awards.passed(version, someone)
    decision = deciding.decide_award(
        actor=factories.actor(owner, PO), version=version, person=someone, outcome="granted"
    )
    assert decision.award is not None
    deciding.sign_award(decision.award.id)
    return decision.award


def award(owner: Organization) -> Arguments:
    return {"award_id": _granted(owner).id}


def own_award(actor: Actor) -> Arguments:
    return {"award_id": _granted(actor.organization, actor.person).id}


def credential(owner: Organization) -> Arguments:
    return {"identifier": _granted(owner).credential.id}


def own_credential(actor: Actor) -> Arguments:
    return {"identifier": _granted(actor.organization, actor.person).credential.id}


def _link(award: Award) -> ShareLink:
    return ShareLink.objects.create(credential=award.credential, token=secrets.token_urlsafe(32))


def link(owner: Organization) -> Arguments:
    return {"link_id": _link(_granted(owner)).id}


def own_link(actor: Actor) -> Arguments:
    return {"link_id": _link(_granted(actor.organization, actor.person)).id}


def shared(owner: Organization) -> Arguments:
    return {"token": _link(_granted(owner)).token}


def issuer(owner: Organization) -> Arguments:
    awards.issuer(owner)
    return {"slug": owner.slug}


def status_list(owner: Organization) -> Arguments:
    _granted(owner)
    found = StatusList.objects.filter(profile__organization=owner).first()
    assert found is not None
    return {"list_id": found.id}


URLS: dict[str, Place] = {
    # home and account
    "home": Place(roles=EVERYBODY),
    "account_login": Place(roles=EVERYBODY, is_public=True),
    "account_logout": Place(roles=EVERYBODY, is_public=True),
    "account_change_password": Place(roles=EVERYBODY),
    "set_language": Place(roles=EVERYBODY, method="POST", is_public=True),
    # One's own organizations only: without one named there is none.
    "switch_organization": Place(roles=NOBODY, method="POST"),
    # people
    "people": Place(roles=PLACES),
    "person": Place(roles=STAFF, target=person, own=oneself),
    "person_new": Place(roles=IMPORTERS),
    "person_edit": Place(roles=IMPORTERS, target=person, own=oneself, own_roles=IMPORTERS),
    "person_employ": Place(roles=IMPORTERS, target=person, own=oneself, own_roles=IMPORTERS),
    "employment_end": Place(roles=IMPORTERS, target=employment),
    "people_import": Place(roles=IMPORTERS),
    "people_import_confirm": Place(
        roles=NOBODY, target=upload, own=own_upload, own_roles=IMPORTERS
    ),
    "people_import_discard": Place(
        roles=NOBODY, target=upload, own=own_upload, own_roles=IMPORTERS, method="POST"
    ),
    "units": Place(roles=PLACES),
    "unit": Place(roles=PLACES, target=unit),
    "unit_new": Place(roles=ADMINISTRATOR),
    "unit_edit": Place(roles=ADMINISTRATOR, target=unit),
    "station_new": Place(roles=ADMINISTRATOR, target=unit),
    "site_new": Place(roles=ADMINISTRATOR),
    "shift_new": Place(roles=ADMINISTRATOR),
    # settings
    "accounts": Place(roles=ACCOUNTS),
    "account_new": Place(roles=ADMINISTRATOR),
    "account_edit": Place(roles=ACCOUNTS, target=membership),
    "account_password": Place(roles=ADMINISTRATOR, target=membership),
    "account_deactivate": Place(roles=ADMINISTRATOR, target=membership, method="POST"),
    "account_activate": Place(roles=ADMINISTRATOR, target=membership, method="POST"),
    "tokens": Place(roles=EVERYBODY),
    "token_revoke": Place(roles=NOBODY, target=token, own=own_token, method="POST"),
    "organization_settings": Place(roles=EVERYBODY),
    "issuer": Place(roles=ADMINISTRATOR),
    "issuer_rotate": Place(roles=ADMINISTRATOR, method="POST"),
    # audit
    "audit": Place(roles=ACCOUNTS),
    # skills, job roles, gaps
    "frameworks": Place(roles=EVERYBODY),
    "framework": Place(roles=EVERYBODY, target=framework),
    "skill": Place(roles=EVERYBODY, target=skill),
    "my_skills": Place(roles=EVERYBODY),
    "job_roles": Place(roles=EVERYBODY),
    "job_role": Place(roles=EVERYBODY, target=job_role),
    "job_role_new": Place(roles=TRAINING_LEAD),
    "job_role_edit": Place(roles=TRAINING_LEAD, target=job_role),
    "occupations": Place(roles=EVERYBODY),
    # Only what belongs to no organization is adopted; tests/web/roles does.
    "job_role_adopt": Place(roles=NOBODY, target=job_role),
    "requirement": Place(roles=TRAINING_LEAD, target=requirement),
    "requirement_remove": Place(roles=TRAINING_LEAD, target=requirement, method="POST"),
    "gaps": Place(roles=STAFF),
    "unit_gaps": Place(roles=STAFF, target=unit),
    "person_gaps": Place(roles=STAFF, target=person, own=oneself),
    # achievements, their tests and rubrics
    "achievements": Place(roles=EVERYBODY),
    "achievement": Place(roles=EVERYBODY, target=published_version),
    "achievement_new": Place(roles=TRAINING_LEAD),
    "achievement_edit": Place(roles=TRAINING_LEAD, target=draft_version),
    "achievement_publish": Place(roles=TRAINING_LEAD, target=draft_version),
    "achievement_withdraw": Place(roles=TRAINING_LEAD, target=published_version),
    "achievement_draft": Place(roles=TRAINING_LEAD, target=published_version, method="POST"),
    "achievement_test": Place(roles=SEES_ALL, target=published_version),
    "achievement_rubric": Place(roles=SEES_ALL, target=published_version),
    "item_new": Place(roles=TRAINING_LEAD, target=draft_version),
    "item_edit": Place(roles=TRAINING_LEAD, target=question),
    "item_remove": Place(roles=TRAINING_LEAD, target=question, method="POST"),
    "item_move": Place(roles=TRAINING_LEAD, target=question, method="POST"),
    # taking a test: one's own alone; a result is also for who sees all
    "exam_start": Place(roles=EVERYBODY, target=published_version),
    "exam": Place(roles=NOBODY, target=attempt, own=own_attempt),
    "exam_save": Place(roles=NOBODY, target=attempt, own=own_attempt, method="POST"),
    "exam_submit": Place(roles=NOBODY, target=attempt, own=own_attempt, method="POST"),
    "exam_result": Place(roles=SEES_ALL, target=attempt_handed_in, own=_handed_in),
    # practical assessments: seen by whom they are about, scored by their assessor alone
    "practicals": Place(roles=SEES_ALL | ASSESSOR),
    "practical_start": Place(roles=ASSESSOR),
    "practical": Place(roles=SEES_ALL, target=practical, own=practical_of_oneself),
    "practical_save": Place(
        roles=NOBODY,
        target=practical,
        own=practical_by_oneself,
        own_roles=ASSESSOR,
        method="POST",
    ),
    "practical_evidence": Place(
        roles=NOBODY,
        target=practical,
        own=practical_by_oneself,
        own_roles=ASSESSOR,
        method="POST",
    ),
    "practical_submit": Place(
        roles=NOBODY,
        target=practical,
        own=practical_by_oneself,
        own_roles=ASSESSOR,
        method="POST",
    ),
    "evidence": Place(roles=SEES_ALL, target=evidence, own=evidence_of_oneself),
    "authorizations": Place(roles=SEES_ALL),
    "authorization_end": Place(roles=TRAINING_LEAD, target=authorization, method="POST"),
    # deciding awards and ending them; nobody gives back an award of their own
    "decisions": Place(roles=DECIDERS),
    "decide": Place(roles=DECIDERS, target=waiting, own=waiting_oneself, own_roles=DECIDERS),
    "awards": Place(roles=SEES_ALL | {M}),
    "award": Place(roles=SEES_ALL, target=award, own=own_award),
    "award_revoke": Place(roles=DECIDERS, target=award, own=own_award, own_roles=DECIDERS),
    "award_suspend": Place(roles=DECIDERS, target=award, own=own_award, own_roles=DECIDERS),
    "award_reinstate": Place(roles=DECIDERS, target=award, own=own_award, own_roles=NOBODY),
    # a wallet: the holder's alone
    "wallet": Place(roles=EVERYBODY),
    "wallet_credential": Place(roles=NOBODY, target=credential, own=own_credential),
    "wallet_share": Place(roles=NOBODY, target=credential, own=own_credential, method="POST"),
    "wallet_share_end": Place(roles=NOBODY, target=link, own=own_link, method="POST"),
    "wallet_download": Place(roles=NOBODY, target=credential, own=own_credential),
    # what strangers may see
    "verify": Place(roles=EVERYBODY, is_public=True),
    "shared": Place(roles=EVERYBODY, target=shared, is_public=True),
    "shared_json": Place(roles=EVERYBODY, target=shared, is_public=True),
    "shared_report": Place(roles=EVERYBODY, target=shared, is_public=True),
    "shared_qr": Place(roles=EVERYBODY, target=shared, is_public=True),
    "did_document": Place(roles=EVERYBODY, target=issuer, is_public=True),
    "status_list": Place(roles=EVERYBODY, target=status_list, is_public=True),
    "achievement_public": Place(roles=EVERYBODY, target=published_version, is_public=True),
    "health": Place(roles=EVERYBODY, is_public=True),
}
