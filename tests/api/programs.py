"""Programs that use the API with a token."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import ApiToken, Membership
from guildmark.organizations.services import issue_api_token


def token_of(actor: Actor, **days: float) -> tuple[ApiToken, str]:
    """A token of the actor, valid for a day unless said otherwise."""
    membership = Membership.objects.get(account=actor.account, organization=actor.organization)
    return issue_api_token(
        actor=actor,
        membership=membership,
        name="test",
        expires_at=timezone.now() + dt.timedelta(days=days.get("days", 1)),
    )


class Program:
    """A client that sends the token and JSON."""

    def __init__(self, actor: Actor | None = None, *, secret: str = "") -> None:
        self.secret = token_of(actor)[1] if actor is not None else secret
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """Call an operation and return the answer's JSON; the status must be the expected one."""
        data = {} if body is None else {"data": json.dumps(body)}
        response = self.client.generic(
            method,
            f"/api/v1{path}",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}"},
            **data,
        )
        assert response.status_code == expect, (method, path, response.content[:500])
        return response.json()

    def upload(self, path: str, name: str, data: bytes, *, expect: int = 201) -> Any:
        """Send a file."""
        response = self.client.post(
            f"/api/v1{path}",
            {"file": SimpleUploadedFile(name, data)},
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        assert response.status_code == expect, response.content[:500]
        return response.json()
