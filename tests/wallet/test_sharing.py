"""Share links: whose they are, how long they open."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from guildmark.wallet import selectors, services
from guildmark.wallet.errors import ShareEndedError
from guildmark.wallet.models import ShareLink
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def test_the_holder_shares_and_ends() -> None:
    world = awards.world()
    link = services.share_credential(actor=world.worker, credential=world.credential())
    assert len(link.token) == 43
    assert selectors.open_share(link.token) == link
    services.end_share(actor=world.worker, link=link)
    services.end_share(actor=world.worker, link=link)
    with pytest.raises(ShareEndedError):
        selectors.open_share(link.token)
    with pytest.raises(NotFoundError):
        selectors.open_share("x" * 43)
    actions = list(AuditEvent.objects.filter(action__startswith="wallet.").order_by("sequence"))
    assert [event.action for event in actions] == ["wallet.share", "wallet.end_share"]


def test_a_link_runs_out() -> None:
    world = awards.world()
    credential = world.credential()
    soon = timezone.now() + dt.timedelta(days=1)
    link = services.share_credential(actor=world.worker, credential=credential, expires_at=soon)
    assert list(selectors.open_links(credential)) == [link]
    ShareLink.objects.filter(id=link.id).update(expires_at=timezone.now())
    assert list(selectors.open_links(credential)) == []
    with pytest.raises(ShareEndedError):
        selectors.open_share(link.token)
    with pytest.raises(InvalidError):
        services.share_credential(
            actor=world.worker, credential=credential, expires_at=timezone.now()
        )


def test_nobody_else_shares_or_sees_it_in_a_wallet() -> None:
    world = awards.world()
    credential = world.credential()
    link = services.share_credential(actor=world.worker, credential=credential)
    others = [world.lead, factories.actor(world.organization, Role.ADMINISTRATOR)]
    for actor in [*others, factories.actor(world.organization, Role.MANAGER, person=None)]:
        with pytest.raises(NotAllowedError):
            services.share_credential(actor=actor, credential=credential)
        with pytest.raises(NotAllowedError):
            services.end_share(actor=actor, link=link)
        with pytest.raises(NotFoundError):
            selectors.get_own_credential(actor, credential.id)
        with pytest.raises(NotFoundError):
            selectors.get_own_link(actor, link.id)
        assert not selectors.own_awards(actor).exists()


def test_there_is_an_end_to_links() -> None:
    world = awards.world()
    credential = world.credential()
    for _ in range(services.MAX_OPEN_LINKS):
        link = services.share_credential(actor=world.worker, credential=credential)
    with pytest.raises(ConflictError):
        services.share_credential(actor=world.worker, credential=credential)
    services.end_share(actor=world.worker, link=link)
    services.share_credential(actor=world.worker, credential=credential)
