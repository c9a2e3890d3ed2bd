"""A worker's own credentials on a phone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.awards import tasks
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from guildmark.wallet.models import ShareLink
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.account is not None
    client.force_login(actor.account)


def test_an_empty_wallet(client: Client) -> None:
    world = awards.world()
    sign_in(client, world.worker)
    assert "No credentials yet" in client.get("/wallet/").content.decode()


def test_a_credential_being_signed(client: Client) -> None:
    world = awards.world()
    award = world.grant()
    sign_in(client, world.worker)
    for path in ("/wallet/", f"/wallet/{award.id}/"):
        assert "being signed" in client.get(path).content.decode()
    assert client.post(f"/wallet/{award.id}/share/").status_code == 404
    assert client.get(f"/wallet/{award.id}/download/").status_code == 404


def test_sharing_and_ending(client: Client) -> None:
    world = awards.world()
    award = world.credential().award
    sign_in(client, world.worker)
    page = f"/wallet/{award.id}/"
    assert client.get(page).status_code == 200
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    response = client.post(page + "share/", {"expires_on": tomorrow.isoformat()}, follow=True)
    link = ShareLink.objects.get()
    assert link.expires_at is not None
    assert timezone.localdate(link.expires_at) == tomorrow + dt.timedelta(days=1)
    text = response.content.decode()
    assert f"/s/{link.token}" in text
    assert "<svg" in text
    assert "style=" not in text
    response = client.post(f"/wallet/links/{link.id}/end/", follow=True)
    assert "no longer opens" in response.content.decode()
    assert client.get(f"/s/{link.token}").status_code == 410


@pytest.mark.parametrize("day", ["2020-01-01", "soon"])
def test_a_day_that_cannot_be(client: Client, day: str) -> None:
    world = awards.world()
    award = world.credential().award
    sign_in(client, world.worker)
    response = client.post(f"/wallet/{award.id}/share/", {"expires_on": day})
    assert response.status_code == 422
    assert not ShareLink.objects.exists()


def test_the_file_is_the_document_as_signed(client: Client) -> None:
    world = awards.world(slug="taken-along")
    credential = world.credential()
    sign_in(client, world.worker)
    response = client.get(f"/wallet/{credential.id}/download/")
    assert response.content.decode() == credential.document
    assert response["Content-Type"] == "application/vc"
    assert response["Content-Disposition"].startswith('attachment; filename="robot-cell-restart')


def test_nobody_else_gets_there(client: Client) -> None:
    world = awards.world()
    award = world.credential().award
    assert client.get(f"/wallet/{award.id}/").status_code == 302
    for actor in (
        world.lead,
        awards.world().worker,
        factories.actor(world.organization, Role.ADMINISTRATOR, person=None),
    ):
        sign_in(client, actor)
        for path in (f"/wallet/{award.id}/", f"/wallet/{award.id}/download/"):
            assert client.get(path).status_code == 404
        assert client.post(f"/wallet/{award.id}/share/").status_code == 404
        assert client.get("/wallet/").status_code == 200


def test_many_credentials_take_no_more_queries(client: Client) -> None:
    world = awards.world()
    world.credential()
    sign_in(client, world.worker)
    client.get("/wallet/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/wallet/")
        return len(captured)

    few = queries()
    for _ in range(6):
        more = awards.version(world.organization)
        awards.passed(more, world.person)
        award = world.decide(version=more).award
        assert award is not None
        tasks.sign_award(award.id)
    assert queries() == few
