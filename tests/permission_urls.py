"""Who may open which address. Read by test_permission_matrix.py.

An entry says, for an address by its name, who may open it for an object that is somebody else's
(`roles`) and how to make such an object (`sample`). Where it matters whose it is, `own_roles` says
who may open their own and `managed_roles` who that of a person in a unit they manage. `writers`
are those who may send the page's form, where these are others than who may look. A name that is
missing fails the test.
"""

from __future__ import annotations

from dataclasses import dataclass

from guildmark.organizations.models import Role
from tests.permissions_table import AD, AS, AU, EVERYBODY, NOBODY, PO, QR, M
from tests.support import samples
from tests.support.samples import Sample

STAFF = frozenset({PO, QR, AD, AU})
PLACES = frozenset({AS, M, PO, QR, AD, AU})
IMPORTERS = frozenset({PO, AD})
ADMINISTRATOR = frozenset({AD})
ACCOUNTS = frozenset({AD, AU})
TRAINING_LEAD = frozenset({PO})
ASSESSOR = frozenset({AS})
SEES_ALL = frozenset({PO, QR, AU})
DECIDERS = frozenset({PO, QR})
MANAGER = frozenset({M})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Who may open an address; open means: neither 'not allowed' nor 'not found'."""

    roles: frozenset[Role]
    sample: Sample | None = None
    own_sample: Sample | None = None
    """How to make one's own, where it is not by being the person of `sample`."""
    own_roles: frozenset[Role] | None = None
    managed_roles: frozenset[Role] | None = None
    writers: frozenset[Role] | None = None
    method: str = "GET"
    address: str = ""
    """The name of the address, where the entry is named otherwise."""
    is_public: bool = False
    is_everyones: bool = False
    """Belongs to no organization, so no other organization's is hidden."""
    needs_person: bool = False
    """Closed to an account that is tied to no person."""


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
    "person": Place(
        roles=STAFF, sample=samples.person, own_roles=EVERYBODY, managed_roles=STAFF | MANAGER
    ),
    "person_new": Place(roles=IMPORTERS),
    "person_edit": Place(roles=IMPORTERS, sample=samples.person),
    "person_employ": Place(roles=IMPORTERS, sample=samples.person),
    "employment_end": Place(roles=IMPORTERS, sample=samples.employment),
    "people_import": Place(roles=IMPORTERS),
    "people_import_confirm": Place(roles=NOBODY, sample=samples.upload, own_roles=IMPORTERS),
    "people_import_discard": Place(
        roles=NOBODY, sample=samples.upload, own_roles=IMPORTERS, method="POST"
    ),
    "units": Place(roles=PLACES),
    "unit": Place(roles=PLACES, sample=samples.unit),
    "unit_new": Place(roles=ADMINISTRATOR),
    "unit_edit": Place(roles=ADMINISTRATOR, sample=samples.unit),
    "station_new": Place(roles=ADMINISTRATOR, sample=samples.unit),
    "site_new": Place(roles=ADMINISTRATOR),
    "shift_new": Place(roles=ADMINISTRATOR),
    # settings
    "accounts": Place(roles=ACCOUNTS),
    "account_new": Place(roles=ADMINISTRATOR),
    "account_edit": Place(roles=ACCOUNTS, sample=samples.membership, writers=ADMINISTRATOR),
    "account_password": Place(roles=ADMINISTRATOR, sample=samples.membership),
    "account_deactivate": Place(roles=ADMINISTRATOR, sample=samples.membership, method="POST"),
    "account_activate": Place(roles=ADMINISTRATOR, sample=samples.membership, method="POST"),
    "tokens": Place(roles=EVERYBODY),
    "token_revoke": Place(roles=NOBODY, sample=samples.token, own_roles=EVERYBODY, method="POST"),
    "organization_settings": Place(roles=EVERYBODY, writers=ADMINISTRATOR),
    "issuer": Place(roles=ADMINISTRATOR),
    "issuer_rotate": Place(roles=ADMINISTRATOR, method="POST"),
    # audit
    "audit": Place(roles=ACCOUNTS),
    # skills, job roles, gaps
    "frameworks": Place(roles=EVERYBODY),
    "framework": Place(roles=EVERYBODY, sample=samples.framework),
    "framework_export": Place(roles=EVERYBODY, sample=samples.framework),
    "skill": Place(roles=EVERYBODY, sample=samples.skill),
    "my_skills": Place(roles=EVERYBODY, needs_person=True),
    "job_roles": Place(roles=EVERYBODY),
    "job_role": Place(roles=EVERYBODY, sample=samples.job_role, writers=TRAINING_LEAD),
    "job_role, an occupation": Place(
        address="job_role",
        roles=EVERYBODY,
        sample=samples.occupation,
        writers=TRAINING_LEAD,
        is_everyones=True,
    ),
    "job_role_new": Place(roles=TRAINING_LEAD),
    "job_role_edit": Place(roles=TRAINING_LEAD, sample=samples.job_role),
    "job_role_edit, an occupation": Place(
        address="job_role_edit", roles=NOBODY, sample=samples.occupation
    ),
    "occupations": Place(roles=EVERYBODY),
    "job_role_adopt": Place(roles=TRAINING_LEAD, sample=samples.occupation, is_everyones=True),
    "job_role_adopt, one's own": Place(
        address="job_role_adopt", roles=NOBODY, sample=samples.job_role
    ),
    "requirement": Place(roles=TRAINING_LEAD, sample=samples.requirement),
    "requirement_remove": Place(roles=TRAINING_LEAD, sample=samples.requirement, method="POST"),
    "gaps": Place(roles=STAFF, managed_roles=STAFF | MANAGER),
    "people_gaps": Place(roles=STAFF, managed_roles=STAFF | MANAGER),
    "unit_gaps": Place(roles=STAFF, sample=samples.unit, managed_roles=STAFF | MANAGER),
    "person_gaps": Place(
        roles=STAFF,
        sample=samples.person,
        own_roles=EVERYBODY,
        managed_roles=STAFF | MANAGER,
        # What is seen of a person at work is noted by their manager alone.
        writers=NOBODY,
    ),
    # achievements, their tests and rubrics
    "achievements": Place(roles=EVERYBODY),
    "achievement": Place(roles=EVERYBODY, sample=samples.published),
    "achievement, a draft": Place(address="achievement", roles=SEES_ALL, sample=samples.draft),
    "achievement_new": Place(roles=TRAINING_LEAD),
    "achievement_edit": Place(roles=TRAINING_LEAD, sample=samples.draft),
    "achievement_publish": Place(roles=TRAINING_LEAD, sample=samples.draft),
    "achievement_withdraw": Place(roles=TRAINING_LEAD, sample=samples.published),
    "achievement_draft": Place(roles=TRAINING_LEAD, sample=samples.published, method="POST"),
    "achievement_test": Place(roles=SEES_ALL, sample=samples.published, writers=TRAINING_LEAD),
    "achievement_rubric": Place(roles=SEES_ALL, sample=samples.published, writers=TRAINING_LEAD),
    "item_new": Place(roles=TRAINING_LEAD, sample=samples.draft),
    "item_edit": Place(roles=TRAINING_LEAD, sample=samples.question),
    "item_remove": Place(roles=TRAINING_LEAD, sample=samples.question, method="POST"),
    "item_move": Place(roles=TRAINING_LEAD, sample=samples.question, method="POST"),
    # taking a test: one's own alone; a result is also for their manager and for who sees all
    "exam_start": Place(roles=EVERYBODY, sample=samples.published, needs_person=True),
    "exam_start, a draft": Place(
        address="exam_start", roles=SEES_ALL, sample=samples.draft, needs_person=True
    ),
    "exam": Place(roles=NOBODY, sample=samples.attempt, own_roles=EVERYBODY),
    "exam_save": Place(roles=NOBODY, sample=samples.attempt, own_roles=EVERYBODY, method="POST"),
    "exam_submit": Place(roles=NOBODY, sample=samples.attempt, own_roles=EVERYBODY),
    "exam_again": Place(
        roles=TRAINING_LEAD,
        sample=samples.attempt_handed_in,
        own_roles=NOBODY,
        method="POST",
    ),
    "exam_result": Place(
        roles=SEES_ALL,
        sample=samples.attempt_handed_in,
        own_roles=EVERYBODY,
        managed_roles=SEES_ALL | MANAGER,
    ),
    # practical assessments: seen by whom they are about, scored by their assessor alone
    "practicals": Place(roles=SEES_ALL | ASSESSOR),
    "practical_start": Place(roles=ASSESSOR, needs_person=True),
    "practical": Place(
        roles=SEES_ALL,
        sample=samples.practical_of,
        own_roles=EVERYBODY,
        managed_roles=SEES_ALL | MANAGER,
        writers=NOBODY,
    ),
    "practical_save": Place(
        roles=NOBODY,
        sample=samples.practical_of,
        own_sample=samples.practical_by,
        own_roles=ASSESSOR,
        method="POST",
    ),
    "practical_save, assessed oneself": Place(
        address="practical_save", roles=NOBODY, sample=samples.practical_of, method="POST"
    ),
    "practical_evidence": Place(
        roles=NOBODY,
        sample=samples.practical_of,
        own_sample=samples.practical_by,
        own_roles=ASSESSOR,
        method="POST",
    ),
    "practical_submit": Place(
        roles=NOBODY,
        sample=samples.practical_of,
        own_sample=samples.practical_by,
        own_roles=ASSESSOR,
        method="POST",
    ),
    "evidence": Place(
        roles=SEES_ALL,
        sample=samples.evidence,
        own_roles=EVERYBODY,
        managed_roles=SEES_ALL | MANAGER,
    ),
    "authorizations": Place(roles=SEES_ALL, writers=TRAINING_LEAD),
    "authorization_end": Place(roles=TRAINING_LEAD, sample=samples.authorization, method="POST"),
    # deciding awards and ending them; nobody gives back an award of their own
    "decisions": Place(roles=DECIDERS),
    "decide": Place(roles=DECIDERS, sample=samples.waiting),
    "awards": Place(roles=SEES_ALL | MANAGER),
    "award": Place(
        roles=SEES_ALL,
        sample=samples.award,
        own_roles=EVERYBODY,
        managed_roles=SEES_ALL | MANAGER,
    ),
    "award_revoke": Place(roles=DECIDERS, sample=samples.award),
    "award_suspend": Place(roles=DECIDERS, sample=samples.award),
    "award_reinstate": Place(roles=DECIDERS, sample=samples.award, own_roles=NOBODY),
    # a wallet: the holder's alone
    "wallet": Place(roles=EVERYBODY),
    "wallet_credential": Place(roles=NOBODY, sample=samples.credential, own_roles=EVERYBODY),
    "wallet_share": Place(
        roles=NOBODY, sample=samples.credential, own_roles=EVERYBODY, method="POST"
    ),
    "wallet_share_end": Place(
        roles=NOBODY, sample=samples.link, own_roles=EVERYBODY, method="POST"
    ),
    "wallet_download": Place(roles=NOBODY, sample=samples.credential, own_roles=EVERYBODY),
    # what strangers may see
    "verify": Place(roles=EVERYBODY, is_public=True),
    "shared": Place(roles=EVERYBODY, sample=samples.shared, is_public=True),
    "shared_json": Place(roles=EVERYBODY, sample=samples.shared, is_public=True),
    "shared_report": Place(roles=EVERYBODY, sample=samples.shared, is_public=True),
    "shared_qr": Place(roles=EVERYBODY, sample=samples.shared, is_public=True),
    "did_document": Place(roles=EVERYBODY, sample=samples.issuer, is_public=True),
    "status_list": Place(roles=EVERYBODY, sample=samples.status_list, is_public=True),
    "achievement_public": Place(roles=EVERYBODY, sample=samples.published, is_public=True),
    "achievement_public, a draft": Place(
        address="achievement_public", roles=NOBODY, sample=samples.draft, is_public=True
    ),
    "health": Place(roles=EVERYBODY, is_public=True),
    # invented content, for those who build pages
    "design": Place(roles=EVERYBODY),
}
