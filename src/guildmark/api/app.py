"""The REST API: who asks, and how what went wrong is told.

Version 1 stands under /api/v1/. A program sends `Authorization: Bearer TOKEN`; the session of the
pages does not count here, so no form on another site can act through it.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from guildmark.api import (
    achievements,
    assessment,
    audit,
    awards,
    people,
    skills,
)
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.organizations.services import actor_for_token

STATUS = {NotFoundError: 404, NotAllowedError: 403, ConflictError: 409}


class TokenAuth(HttpBearer):
    """The token of a membership."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token; None, and so 401, for a wrong, old or revoked one."""
        try:
            address = str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
        except ValueError:
            address = None
        return actor_for_token(token, address)


class Me(Schema):
    """Who acts."""

    name: str
    organization: str
    roles: list[str]
    person_id: str | None


api = NinjaAPI(
    title="Guildmark",
    version="1",
    description="Define, earn, issue and verify micro-credentials.",
    auth=TokenAuth(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", people.router)
api.add_router("", skills.router)
api.add_router("", achievements.router)
api.add_router("", assessment.router)
api.add_router("", awards.router)
api.add_router("", audit.router)


@api.get("/me", response=Me, tags=["me"], summary="Who acts with this token")
def me(request: HttpRequest) -> Any:
    """The account, organization, roles and person behind the token."""
    actor = people.actor_of(request)
    return Me(
        name=actor.name,
        organization=actor.organization.slug,
        roles=sorted(actor.roles),
        person_id=str(actor.person.id) if actor.person else None,
    )


def problem(
    status: int, code: str, detail: str, problems: list[dict[str, str]] | None = None
) -> HttpResponse:
    """A problem document (RFC 9457); `problems` names each field, value and mend."""
    body: dict[str, Any] = {"type": "about:blank", "status": status, "code": code}
    body["detail"] = detail
    if problems is not None:
        body["problems"] = problems
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(AuthenticationError)
def _not_authenticated(_request: HttpRequest, _error: Any) -> HttpResponse:
    answer = problem(401, "not_authenticated", "Send a valid token: Authorization: Bearer TOKEN.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def _not_of_the_form(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [
        {
            "field": ".".join(str(part) for part in one["loc"][1:] if part != "data"),
            "value": str(one.get("input", ""))[:200],
            "message": str(one["msg"]),
        }
        for one in error.errors
    ]
    return problem(422, "invalid", "Some values are not of the form they need.", problems)


@api.exception_handler(InvalidError)
def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [
        {"field": one.field, "value": one.value, "message": str(one.message)}
        for one in error.problems
    ]
    return problem(422, error.code, "Some values are not acceptable.", problems)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return problem(status, error.code, str(error))


for kind in STATUS:
    api.add_exception_handler(kind, _refused)
