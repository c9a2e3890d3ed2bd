"""Walking over pages as somebody."""

from __future__ import annotations

from typing import Any

from django.test import Client

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Account


def browser(who: Actor | Account) -> Client:
    """A client signed in as the actor's account."""
    account = who.account if isinstance(who, Actor) else who
    assert account is not None
    client = Client()
    client.force_login(account)
    return client


def text(response: Any) -> str:
    """What the page says."""
    content: bytes = response.content
    return content.decode()
