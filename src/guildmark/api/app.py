"""The REST API: who asks, and what it is made of.

Version 1 stands under /api/v1/. A program sends `Authorization: Bearer TOKEN`; the session of the
pages does not count here, so no form on another site can act through it.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer

from guildmark.api import (
    achievements,
    assessment,
    audit,
    awards,
    me,
    people,
    practicals,
    skills,
    vc_api,
    verify,
    wallet,
)
from guildmark.api.limits import bounded
from guildmark.api.problems import MEDIA_TYPE, tell_problems
from guildmark.api.queries import known_alone
from guildmark.config.clients import client_address
from guildmark.organizations.actor import Actor
from guildmark.organizations.services import actor_for_token


class TokenAuth(HttpBearer):
    """The token of a membership."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token; None, and so 401, for a wrong, old or revoked one."""
        actor = actor_for_token(token, client_address(request))
        if actor is not None:
            # Until the request ends: the middleware puts back what was before.
            timezone.activate(actor.organization.zone)
        return actor


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


class StrictParser(Parser):
    """Reads JSON as RFC 8259 has it: without NaN and infinities."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises ValueError."""
        return json.loads(request.body, parse_constant=_no_number)


class GuildmarkAPI(NinjaAPI):
    """Names wrong values, and describes its problems by their own media type."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """What pydantic found, each with its `input`: who sent a value is told which is wrong."""
        error = super().validation_error_from_error_contexts(error_contexts)
        found = [
            one["input"]
            for context in error_contexts
            for one in context.pydantic_validation_error.errors(include_url=False)
        ]
        for one, value in zip(error.errors, found, strict=True):
            one["input"] = value
        return error

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: Any = None
    ) -> OpenAPISchema:
        """The OpenAPI document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
                        answer["description"] = _MEANINGS[int(status)]
        return document


_MEANINGS = {
    400: "The body cannot be read.",
    401: "No valid token.",
    403: "The role does not allow it.",
    404: "Not there; another organization's object neither.",
    409: "Not in a state in which this can be done.",
    413: "The body is too large.",
    422: "Some values are not acceptable; `problems` names each.",
    429: "Asked too often; `Retry-After` says in how many seconds to ask again.",
}


api = GuildmarkAPI(
    title="Guildmark",
    version="1",
    description="Define, earn, issue and verify micro-credentials.",
    auth=TokenAuth(),
    parser=StrictParser(),
    docs_url=None,
    urls_namespace="api",
)
tell_problems(api)
api.add_decorator(bounded, mode="view")
api.add_decorator(known_alone, mode="operation")
for room in (
    me,
    people,
    skills,
    achievements,
    assessment,
    practicals,
    awards,
    wallet,
    verify,
    vc_api,
    audit,
):
    api.add_router("", room.router)
