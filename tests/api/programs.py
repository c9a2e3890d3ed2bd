"""Programs that use the API with a token."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import ApiToken, Membership
from guildmark.organizations.services import issue_api_token


def described() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return document


def token_of(actor: Actor, *, days: float = 1) -> tuple[ApiToken, str]:
    """A token of the actor, valid for so many days."""
    membership = Membership.objects.get(account=actor.account, organization=actor.organization)
    return issue_api_token(
        actor=actor,
        membership=membership,
        name="test",
        expires_at=timezone.now() + dt.timedelta(days=days),
    )


class Program:
    """A client that sends the token and JSON; forgeries are checked as they are for browsers."""

    def __init__(self, actor: Actor | None = None, *, secret: str = "") -> None:
        self.secret = token_of(actor)[1] if actor is not None else secret
        self.client = Client(enforce_csrf_checks=True)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Call an operation and return the whole response."""
        return self.client.generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else DjangoJSONEncoder().encode(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}"},
        )

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """Call an operation and return the answer's JSON; the status must be the expected one."""
        response = self.send(method, path, body)
        assert response.status_code == expect, (method, path, response.content[:500])
        return response.json()

    def upload(self, path: str, name: str, data: bytes, *, expect: int = 201, **fields: str) -> Any:
        """Send a file."""
        response = self.client.post(
            f"/api/v1{path}",
            {"file": SimpleUploadedFile(name, data), **fields},
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        assert response.status_code == expect, response.content[:500]
        return response.json()
