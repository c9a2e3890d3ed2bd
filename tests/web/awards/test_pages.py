"""The pages of deciding and of what becomes of awards."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.awards import selectors
from guildmark.awards.models import Award, Decision
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from guildmark.wallet.services import share_credential
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.account is not None
    client.force_login(actor.account)


def test_deciding_from_the_queue(client: Client) -> None:
    world = awards.world()
    sign_in(client, world.lead)
    page = f"/decisions/{world.version.id}/{world.person.id}/"
    assert page in client.get("/decisions/").content.decode()
    text = client.get(page).content.decode()
    for shown in ("8 of 10", "4 of 4", "Locks out", world.version.criteria, world.person.name):
        assert shown in text
    response = client.post(page, {"outcome": "granted"}, follow=True)
    assert "The credential is being signed" in response.content.decode()
    assert "Nothing waits for a decision" in response.content.decode()
    assert Award.objects.get().person == world.person
    assert Award.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "reason"), [("granted", ""), ("refused", "Once more, please.")]
)
def test_the_same_form_once_more_shows_what_was_decided(
    client: Client, outcome: str, reason: str
) -> None:
    world = awards.world()
    sign_in(client, world.lead)
    page = f"/decisions/{world.version.id}/{world.person.id}/"
    form = {"outcome": outcome, "reason": reason}
    client.post(page, form)
    # The answer was lost on the way, so the form is sent again.
    response = client.post(page, form, follow=True)
    text = response.content.decode()
    made = Decision.objects.get()
    assert f"granted to {world.person.name}" in text
    if made.award is not None:
        assert response.redirect_chain == [(f"/awards/{made.award.id}/", 302)]
    else:
        assert response.redirect_chain == [(page, 302)]
        assert reason in text
    shown = client.get(page)
    assert shown.status_code == 200
    assert "It has been decided" in shown.content.decode()
    other = {"granted": "refused", "refused": "granted"}[outcome]
    response = client.post(page, {"outcome": other, "reason": "Changed my mind."})
    assert response.status_code == 409
    assert "decided on already" in response.content.decode()
    assert "It has been decided" in response.content.decode()
    sign_in(client, factories.actor(world.organization, Role.QUALITY_REVIEWER))
    assert client.post(page, form).status_code == 409
    assert Decision.objects.get() == made


def test_revoking_once_more_shows_the_revoked_award(client: Client) -> None:
    world = awards.world()
    award = world.credential().award
    sign_in(client, world.lead)
    for _again in range(2):
        response = client.post(f"/awards/{award.id}/revoke/", {"reason": "Error."}, follow=True)
        assert "The award has been revoked." in response.content.decode()
    response = client.post(f"/awards/{award.id}/revoke/", {"reason": "Other."}, follow=True)
    assert "for this reason: Error." in response.content.decode()


def test_what_was_typed_is_kept_when_something_is_missing(client: Client) -> None:
    world = awards.world()
    sign_in(client, world.lead)
    page = f"/decisions/{world.version.id}/{world.person.id}/"
    response = client.post(page, {"outcome": "refused", "reason": " "})
    assert response.status_code == 422
    assert "Say why it is not granted" in response.content.decode()
    response = client.post(page, {"reason": "Half a sentence"})
    assert response.status_code == 422
    assert "Half a sentence" in response.content.decode()
    assert "Choose to grant or not to grant." in response.content.decode()
    assert not Decision.objects.exists()


def test_who_must_leave_it_to_a_colleague_sees_why(client: Client) -> None:
    world = awards.world()
    other = factories.person(world.organization)
    awards.passed(world.version, other, assessor=world.lead.person)
    sign_in(client, world.lead)
    page = f"/decisions/{world.version.id}/{other.id}/"
    text = client.get(page).content.decode()
    assert "You assessed this person yourself" in text
    assert 'name="outcome"' not in text
    assert client.post(page, {"outcome": "granted"}).status_code == 403


def test_others_see_no_queue(client: Client) -> None:
    world = awards.world()
    assert client.get("/decisions/").status_code == 302
    sign_in(client, world.worker)
    for path in (
        "/decisions/",
        f"/decisions/{world.version.id}/{world.person.id}/",
        "/awards/",
    ):
        assert client.get(path).status_code == 403
    sign_in(client, awards.world().lead)
    assert client.get(f"/decisions/{world.version.id}/{world.person.id}/").status_code == 404


def test_the_list_is_filtered_and_paged(client: Client) -> None:
    world = awards.world()
    sign_in(client, world.lead)
    assert "No awards yet" in client.get("/awards/").content.decode()
    world.grant()
    assert world.person.name in client.get("/awards/").content.decode()
    assert "No award fits" in client.get("/awards/?status=revoked").content.decode()
    assert world.person.name in client.get(f"/awards/?q={world.person.number}").content.decode()
    assert client.get("/awards/?status=nonsense&unit=x&page=9").status_code == 200

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/awards/")
        return len(captured)

    few = queries()
    for _ in range(5):
        other = factories.person(world.organization)
        awards.passed(world.version, other)
        world.decide(person=other)
    assert queries() == few


def test_an_award_is_revoked_with_a_reason(client: Client) -> None:
    world = awards.world()
    award = world.credential().award
    sign_in(client, world.lead)
    page = f"/awards/{award.id}/"
    text = client.get(page).content.decode()
    assert "Granted by" in text
    assert page + "revoke/" in text
    assert client.get(page + "revoke/").status_code == 200
    assert client.post(page + "revoke/", {"reason": ""}).status_code == 422
    text = client.post(page + "revoke/", {"reason": "Wrong person."}, follow=True).content.decode()
    assert "has been revoked" in text
    assert "Wrong person." in text
    assert page + "revoke/" not in text
    award.refresh_from_db()
    assert award.state == Award.State.REVOKED
    response = client.post(page + "reinstate/", follow=True)
    assert "earned anew" in response.content.decode()


def test_an_award_is_suspended_and_reinstated(client: Client) -> None:
    world = awards.world()
    award = world.credential().award
    sign_in(client, world.lead)
    page = f"/awards/{award.id}/"
    assert client.get(page + "suspend/").status_code == 200
    client.post(page + "suspend/", {"reason": "Under review."})
    assert "Under review." in client.get(page + "reinstate/").content.decode()
    client.post(page + "reinstate/")
    award.refresh_from_db()
    assert award.state == Award.State.ACTIVE


def test_sharing_is_the_holders_business(client: Client) -> None:
    world = awards.world()
    credential = world.credential()
    share_credential(actor=world.worker, credential=credential)
    events = selectors.award_events(world.lead, credential.award)
    assert [event.action for event in events] == ["awards.grant"]


def test_who_may_look_may_not_end(client: Client) -> None:
    world = awards.world()
    award = world.credential().award
    for role in (Role.AUDITOR, Role.WORKER):
        actor = factories.actor(world.organization, role)
        sign_in(client, actor)
        expected = 200 if role == Role.AUDITOR else 403
        response = client.get(f"/awards/{award.id}/")
        assert response.status_code == expected
        assert "revoke/" not in response.content.decode()
        assert client.post(f"/awards/{award.id}/revoke/", {"reason": "No."}).status_code == 403
    sign_in(client, world.worker)
    assert client.get(f"/awards/{award.id}/").status_code == 200
