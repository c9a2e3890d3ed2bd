"""Walking over pages as somebody."""

from __future__ import annotations

from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Account, Membership, Role
from tests.support.servers import Server


def browser(who: Actor | Account) -> Client:
    """A client signed in as the actor's account."""
    account = who.account if isinstance(who, Actor) else who
    assert account is not None
    client = Client()
    client.force_login(account)
    return client


def sign_in(context: BrowserContext, server: Server, role: Role) -> Membership:
    """Sign a real browser in as a member of the example company who has this role."""
    with server.database():
        found = Membership.objects.filter(roles__contains=[role], person__isnull=False)
        member = found.select_related("account").order_by("account__username")[0]
        session = browser(member.account).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    return member


def text(response: Any) -> str:
    """What the page says."""
    content: bytes = response.content
    return content.decode()
