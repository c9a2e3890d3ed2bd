"""Signing in and out, passwords, languages, organizations."""

from __future__ import annotations

import pytest
from django.test import Client

from guildmark.audit.models import AuditEvent
from guildmark.organizations.models import Membership, Organization, Role
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Organization:
    return factories.organization()


def test_a_stranger_is_sent_to_sign_in_and_comes_back(works: Organization) -> None:
    member = factories.member(works, Role.ADMINISTRATOR)
    client = Client()
    response = client.get("/people/?q=x")
    assert response["Location"] == "/sign-in/?next=/people/%3Fq%3Dx"
    page = text(client.get(response["Location"]))
    assert 'value="/people/?q=x"' in page
    response = client.post(
        "/sign-in/",
        {"login": member.account.username, "password": factories.PASSWORD, "next": "/people/?q=x"},
    )
    assert response["Location"] == "/people/?q=x"
    assert 'class="messages"' not in text(client.get(response["Location"]))
    # A place elsewhere is not gone to.
    response = Client().post(
        "/sign-in/",
        {
            "login": member.account.username,
            "password": factories.PASSWORD,
            "next": "https://evil.example/",
        },
    )
    assert response["Location"] == "/"


def test_a_wrong_password_says_so_and_many_are_stopped(works: Organization) -> None:
    member = factories.member(works, Role.WORKER)
    client = Client()
    sent = {"login": member.account.username, "password": "wrong"}
    response = client.post("/sign-in/", sent)
    assert response.status_code == 200
    assert f'value="{member.account.username}"' in text(response)
    for _n in range(5):
        client.post("/sign-in/", sent)
    # Another process sees the same count: it is kept in the database.
    response = Client().post("/sign-in/", sent | {"password": factories.PASSWORD})
    assert response.status_code == 200
    assert Client().get("/").status_code == 302


def test_signing_out(works: Organization) -> None:
    client = browser(factories.actor(works, Role.WORKER))
    assert "Sign out on this device?" in text(client.get("/sign-out/"))
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_one_s_own_password_is_changed_with_a_trail(works: Organization) -> None:
    member = factories.member(works, Role.WORKER)
    client = browser(member.account)
    fields = {"oldpassword": factories.PASSWORD, "password1": "x", "password2": "x"}
    response = client.post("/password/", fields)
    assert "at least 10 characters" in text(response)
    fields |= {"password1": "a new long phrase", "password2": "a new long phrase"}
    assert client.post("/password/", fields).status_code == 302
    member.account.refresh_from_db()
    assert member.account.check_password("a new long phrase")
    event = AuditEvent.objects.get()
    assert (event.action, event.address) == ("account.password", "127.0.0.1")
    assert client.get("/").status_code == 200


def test_an_account_acts_in_the_organization_it_chooses(works: Organization) -> None:
    member = factories.member(works, Role.WORKER)
    other = factories.organization(name="Zzz Other Works")
    foreign = factories.organization()
    Membership.objects.create(
        account=member.account, organization=other, roles=[Role.ADMINISTRATOR]
    )
    client = browser(member.account)
    assert client.get("/people/").status_code == 403
    response = client.post("/organization/", {"organization": str(other.id)}, follow=True)
    assert "You now act in Zzz Other Works." in text(response)
    assert client.get("/people/").status_code == 200
    for wrong in (str(foreign.id), "x", ""):
        assert client.post("/organization/", {"organization": wrong}).status_code == 404
    assert client.get("/people/").status_code == 200


def test_an_account_without_an_organization_is_told() -> None:
    assert browser(factories.account()).get("/").status_code == 403


def test_nobody_signs_up() -> None:
    for path in ("/signup/", "/sign-up/", "/accounts/signup/"):
        assert Client().get(path).status_code == 404


def test_pages_speak_german(works: Organization) -> None:
    client = browser(factories.actor(works, Role.WORKER))
    client.post("/language/", {"language": "de", "next": "/"})
    assert '<html lang="de"' in text(client.get("/"))
