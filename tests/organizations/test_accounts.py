"""Accounts, roles and tokens: who may, what stays impossible, what the trail says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations import selectors, services
from guildmark.organizations.actor import actor_of, operator_of
from guildmark.organizations.models import ApiToken, Membership, Organization, Role
from tests.support import factories

pytestmark = pytest.mark.django_db
GOOD = "a long enough phrase"


@pytest.fixture
def works() -> Organization:
    return factories.organization()


def fields(error: pytest.ExceptionInfo[InvalidError]) -> list[str]:
    return [problem.field for problem in error.value.problems]


def test_an_administrator_makes_an_account_with_roles_and_person(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR)
    person = factories.person(works)
    account = services.create_account(
        actor=admin, username="asha", name="Asha Nowak", password=GOOD
    )
    membership = services.add_membership(
        actor=admin, account=account, person=person, roles=[Role.MANAGER, Role.WORKER]
    )
    assert account.check_password(GOOD)
    assert membership.roles == ["worker", "manager"]
    actions = list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions == ["account.create", "account.join"]
    assert GOOD not in str(AuditEvent.objects.values_list("details", flat=True))


def test_every_problem_of_an_account_is_named_at_once(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR)
    with pytest.raises(InvalidError) as raised:
        services.create_account(
            actor=admin, username="a b", name=" ", email="no", password="short", language="english!"
        )
    assert fields(raised) == ["name", "email", "language", "username", "password"]
    assert raised.value.problems[-1].value == ""


def test_names_and_emails_are_unique_without_regard_to_case(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR, username="Boss", email="b@example.com")
    with pytest.raises(InvalidError) as raised:
        services.create_account(actor=admin, username="bOSS", name="X", password=GOOD)
    assert fields(raised) == ["username"]
    with pytest.raises(InvalidError) as raised:
        services.create_account(
            actor=admin, username="x", name="X", email="B@example.com", password=GOOD
        )
    assert fields(raised) == ["email"]


def test_an_account_of_another_organization_cannot_be_taken_over(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR)
    foreign = factories.member(factories.organization(), Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        services.add_membership(actor=admin, account=foreign.account, roles=[Role.WORKER])
    # The operator may add it; even then its password and name are not this administrator's.
    here = services.add_membership(
        actor=operator_of(works), account=foreign.account, roles=[Role.WORKER]
    )
    for change in (
        lambda: services.set_password(actor=admin, membership=here, password=GOOD),
        lambda: services.deactivate_account(actor=admin, membership=here),
        lambda: services.edit_account(actor=admin, membership=here, name="Mine now"),
    ):
        with pytest.raises(NotAllowedError):
            change()
    services.set_roles(actor=admin, membership=here, roles=[Role.TRAINER])
    with pytest.raises(NotFoundError):
        services.set_roles(actor=admin, membership=foreign, roles=[Role.WORKER])


def test_the_last_administrator_stays(works: Organization) -> None:
    mine = factories.member(works, Role.ADMINISTRATOR)
    admin = actor_of(mine, source="web")
    with pytest.raises(ConflictError):
        services.set_roles(actor=admin, membership=mine, roles=[Role.WORKER])
    with pytest.raises(ConflictError):
        services.deactivate_account(actor=operator_of(works), membership=mine)
    other = factories.member(works, Role.ADMINISTRATOR)
    services.deactivate_account(actor=admin, membership=other)
    with pytest.raises(ConflictError):
        services.set_roles(actor=admin, membership=mine, roles=[Role.WORKER])
    services.activate_account(actor=admin, membership=other)
    services.set_roles(actor=admin, membership=mine, roles=[Role.WORKER])


def test_nobody_deactivates_themself(works: Organization) -> None:
    mine = factories.member(works, Role.ADMINISTRATOR)
    factories.member(works, Role.ADMINISTRATOR)
    with pytest.raises(ConflictError):
        services.deactivate_account(actor=actor_of(mine, source="web"), membership=mine)


def test_a_person_has_one_account(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR)
    taken = factories.member(works, Role.WORKER)
    other = factories.member(works, Role.WORKER)
    with pytest.raises(InvalidError) as raised:
        services.link_person(actor=admin, membership=other, person=taken.person)
    assert fields(raised) == ["person"]
    foreign = factories.person(factories.organization())
    with pytest.raises(NotFoundError):
        services.link_person(actor=admin, membership=other, person=foreign)


def test_roles_that_are_none_are_refused_by_the_database_as_well(works: Organization) -> None:
    membership = factories.member(works, Role.WORKER)
    with pytest.raises(InvalidError):
        services.set_roles(
            actor=factories.actor(works, Role.ADMINISTRATOR), membership=membership, roles=[]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(id=membership.id).update(roles=["emperor"])


def test_a_token_s_secret_is_not_kept_and_acts_as_its_membership(works: Organization) -> None:
    membership = factories.member(works, Role.TRAINER)
    actor = actor_of(membership, source="web")
    soon = timezone.now() + dt.timedelta(days=30)
    token, secret = services.issue_api_token(
        actor=actor, membership=membership, name="HR", expires_at=soon
    )
    assert secret.encode() not in bytes(ApiToken.objects.get().token_hash)
    found = services.actor_for_token(secret, "192.0.2.1")
    assert found is not None
    assert (found.account, found.source, found.address) == (
        membership.account,
        "api",
        "192.0.2.1",
    )
    assert found.roles == {Role.TRAINER}
    assert services.actor_for_token(secret[:-1], None) is None
    assert services.actor_for_token("\ud800", None) is None
    # With a token one gets no further token.
    with pytest.raises(NotAllowedError):
        services.issue_api_token(actor=found, membership=membership, name="x", expires_at=soon)
    services.revoke_api_token(actor=actor, token=token)
    assert services.actor_for_token(secret, None) is None


def test_a_token_ends_with_its_day_and_with_its_account(works: Organization) -> None:
    membership = factories.member(works, Role.WORKER)
    actor = actor_of(membership, source="web")
    token, secret = services.issue_api_token(
        actor=actor,
        membership=membership,
        name="x",
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    services.deactivate_account(actor=operator_of(works), membership=membership)
    assert services.actor_for_token(secret, None) is None
    services.activate_account(actor=operator_of(works), membership=membership)
    assert services.actor_for_token(secret, None) is not None
    ApiToken.objects.filter(id=token.id).update(expires_at=timezone.now())
    assert services.actor_for_token(secret, None) is None


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_token_s_end_is_ahead_and_within_a_year(works: Organization, days: int) -> None:
    membership = factories.member(works, Role.WORKER)
    with pytest.raises(InvalidError) as raised:
        services.issue_api_token(
            actor=actor_of(membership, source="web"),
            membership=membership,
            name="x",
            expires_at=timezone.now() + dt.timedelta(days=days),
        )
    assert fields(raised) == ["expires_at"]


def test_tokens_are_one_s_own(works: Organization) -> None:
    mine = factories.member(works, Role.ADMINISTRATOR)
    other = factories.member(works, Role.WORKER)
    soon = timezone.now() + dt.timedelta(days=1)
    with pytest.raises(NotAllowedError):
        services.issue_api_token(
            actor=actor_of(mine, source="web"), membership=other, name="x", expires_at=soon
        )
    theirs, _secret = services.issue_api_token(
        actor=actor_of(other, source="web"), membership=other, name="x", expires_at=soon
    )
    with pytest.raises(NotFoundError):
        selectors.get_api_token(actor_of(mine, source="web"), theirs.id)
    # An administrator may end anybody's, a colleague may not.
    with pytest.raises(NotAllowedError):
        services.revoke_api_token(actor=factories.actor(works, Role.WORKER), token=theirs)
    services.revoke_api_token(actor=actor_of(mine, source="web"), token=theirs)
