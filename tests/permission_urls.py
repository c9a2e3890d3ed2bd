"""Who may open which address. Read by test_permission_matrix.py.

An entry names, for an address by its name: who may open it for an object of the organization
that is not their own (`roles`), how to make such an object (`target`), and, where being one's own
matters, how to make that one (`own`, `own_roles`). A name that is missing fails the test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import ApiToken, Membership, Organization, PeopleUpload, Role
from tests.permissions_table import AD, AS, AU, EVERYBODY, NOBODY, PO, QR, M
from tests.support import factories, skills

Arguments = dict[str, Any]
STAFF = frozenset({PO, QR, AD, AU})
PLACES = frozenset({AS, M, PO, QR, AD, AU})
IMPORTERS = frozenset({PO, AD})
ADMINISTRATOR = frozenset({AD})
ACCOUNTS = frozenset({AD, AU})
TRAINING_LEAD = frozenset({PO})


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
}
