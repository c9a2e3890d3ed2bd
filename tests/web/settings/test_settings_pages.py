"""Accounts, tokens and the organization in the browser."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from guildmark.errors import InvalidError
from guildmark.organizations import services
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Account, ApiToken, Membership, Organization, Role
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Organization:
    return factories.organization()


@pytest.fixture
def admin(works: Organization) -> Client:
    return browser(factories.actor(works, Role.ADMINISTRATOR))


def test_an_account_is_made_and_signs_in(works: Organization, admin: Client) -> None:
    person = factories.person(works)
    page = text(admin.get("/settings/accounts/new/"))
    password = re.search(r'name="password" value="([^"]+)"', page)
    assert password is not None
    response = admin.post(
        "/settings/accounts/new/",
        {
            "username": "zoe",
            "name": "Zoë Maj",
            "email": "",
            "roles": ["worker", "trainer"],
            "person": person.number,
            "password": password[1],
        },
    )
    assert response.status_code == 302
    membership = Membership.objects.get(account__username="zoe")
    assert (membership.person, membership.roles) == (person, ["worker", "trainer"])
    assert "Zoë Maj" in text(admin.get("/settings/accounts/"))
    stranger = Client()
    response = stranger.post("/sign-in/", {"login": "ZOE", "password": password[1]})
    assert response.status_code == 302
    assert stranger.get("/").status_code == 200


def test_a_failed_account_leaves_nothing_behind(works: Organization, admin: Client) -> None:
    taken = factories.member(works, Role.WORKER)
    assert taken.person is not None
    form = {"username": "zoe", "name": "Z", "roles": ["worker"], "password": "a long enough one"}
    response = admin.post("/settings/accounts/new/", form | {"person": taken.person.number})
    assert response.status_code == 422
    assert "This person has an account already" in text(response)
    assert not Account.objects.filter(username="zoe").exists()
    response = admin.post("/settings/accounts/new/", form | {"password": "short"})
    assert "at least 10 characters" in text(response)
    response = admin.post("/settings/accounts/new/", form | {"roles": ["emperor"]})
    assert response.status_code == 422
    assert not Account.objects.filter(username="zoe").exists()


def test_roles_are_changed_and_an_account_deactivated(works: Organization, admin: Client) -> None:
    membership = factories.member(works, Role.WORKER)
    here = f"/settings/accounts/{membership.id}/"
    assert membership.person is not None
    response = admin.post(
        here, {"name": "New Name", "roles": ["manager"], "person": membership.person.number}
    )
    assert response.status_code == 302
    membership.refresh_from_db()
    assert (membership.roles, membership.account.name) == (["manager"], "New Name")
    session = browser(membership.account)
    assert session.get("/").status_code == 200
    admin.post(here + "deactivate/")
    assert session.get("/").status_code == 302
    admin.post(here + "activate/")
    assert Account.objects.get(id=membership.account_id).is_active
    admin.post(here + "password/", {"password": "another long phrase"})
    assert Account.objects.get(id=membership.account_id).check_password("another long phrase")


def test_the_only_administrator_is_told(works: Organization) -> None:
    mine = factories.member(works, Role.ADMINISTRATOR, person=None)
    client = browser(mine.account)
    response = client.post(
        f"/settings/accounts/{mine.id}/", {"name": mine.account.name, "roles": ["worker"]}
    )
    assert response.status_code == 422
    assert "only administrator" in text(response)
    response = client.post(f"/settings/accounts/{mine.id}/deactivate/", follow=True)
    assert "cannot deactivate your own account" in text(response)


def test_an_auditor_reads_and_changes_nothing(works: Organization) -> None:
    client = browser(factories.actor(works, Role.AUDITOR))
    membership = factories.member(works, Role.WORKER)
    here = f"/settings/accounts/{membership.id}/"
    assert client.get("/settings/accounts/").status_code == 200
    page = text(client.get(here))
    assert "disabled" in page
    assert "Save" not in page
    assert client.post(here, {"name": "X", "roles": ["administrator"]}).status_code == 403
    for path in (here + "password/", here + "deactivate/", "/settings/accounts/new/"):
        assert client.post(path, {}).status_code == 403
    assert client.get("/settings/organization/").status_code == 200
    assert client.post("/settings/organization/", {"name": "X"}).status_code == 403
    membership.refresh_from_db()
    assert membership.roles == ["worker"]


def test_another_organization_s_account_is_not_there(admin: Client) -> None:
    foreign = factories.member(factories.organization(), Role.WORKER)
    for path in ("", "password/", "deactivate/", "activate/"):
        response = admin.post(f"/settings/accounts/{foreign.id}/{path}", {"password": "x" * 20})
        assert response.status_code == 404


def test_a_token_s_secret_is_shown_once(works: Organization) -> None:
    membership = factories.member(works, Role.WORKER)
    client = browser(membership.account)
    assert "No tokens yet" in text(client.get("/settings/tokens/"))
    day = timezone.localdate() + dt.timedelta(days=30)
    response = client.post("/settings/tokens/", {"name": "HR", "expires_at": day.isoformat()})
    secret = re.search(r"gmk_[\w-]+", text(response))
    assert secret is not None
    assert response["Cache-Control"] == "no-store"
    actor = services.actor_for_token(secret[0], None)
    assert actor is not None
    assert actor.account == membership.account
    assert secret[0] not in text(client.get("/settings/tokens/"))
    client.post(f"/settings/tokens/{ApiToken.objects.get().id}/revoke/")
    assert services.actor_for_token(secret[0], None) is None


@pytest.mark.parametrize("day", ["", "yesterday", "2020-01-01", "9999-12-31", "2999-02-30"])
def test_a_token_s_bad_day_is_named(works: Organization, day: str) -> None:
    client = browser(factories.actor(works, Role.WORKER))
    response = client.post("/settings/tokens/", {"name": "HR", "expires_at": day})
    assert response.status_code == 422
    assert 'value="HR"' in text(response)
    assert not ApiToken.objects.exists()


def test_the_organization_is_edited(works: Organization, admin: Client) -> None:
    response = admin.post(
        "/settings/organization/",
        {"name": "Nåva", "country": "SE", "language": "de", "time_zone": "UTC"},
    )
    assert response.status_code == 302
    works.refresh_from_db()
    assert (works.name, works.country) == ("Nåva", "SE")
    response = admin.post(
        "/settings/organization/",
        {"name": "Nåva", "country": "ZZ", "language": "xx", "time_zone": "UTC"},
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"country", "language"}
    with pytest.raises(InvalidError, match="no country code"):
        services.edit_organization(
            actor=operator_of(works), name="Nåva", country="ZZ", language="de", time_zone="UTC"
        )


@pytest.mark.parametrize("is_set", [True, False])
def test_administrators_are_warned_of_links_that_lead_nowhere(
    works: Organization, admin: Client, is_set: bool
) -> None:
    worker = browser(factories.actor(works, Role.WORKER))
    with override_settings(PUBLIC_URL_IS_SET=is_set):
        assert ("GUILDMARK_PUBLIC_URL" in text(admin.get("/"))) is not is_set
        assert "GUILDMARK_PUBLIC_URL" not in text(worker.get("/"))
        assert "GUILDMARK_PUBLIC_URL" not in text(Client().get("/verify/"))
