"""What went wrong, told as problem documents (RFC 9457)."""

from __future__ import annotations

import http
import json
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from guildmark.api.wording import sentence
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError

logger = logging.getLogger(__name__)
STATUS = {NotFoundError: 404, NotAllowedError: 403, ConflictError: 409}
MEDIA_TYPE = "application/problem+json"
CODES = {
    400: "not_readable",
    401: "not_authenticated",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many",
}
_SOURCES = {"body", "query", "path", "form", "file", "header"}


def problem(
    status: int, code: str, detail: str, problems: list[dict[str, str]] | None = None
) -> HttpResponse:
    """A problem document; `problems` names each field, value and mend."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if problems is not None:
        body["problems"] = problems
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def nothing_here(_request: HttpRequest, _error: Any = None) -> HttpResponse:
    """The answer for an address that no operation has."""
    return problem(404, "not_found", _("There is nothing at this address."))


def tell_problems(api: NinjaAPI) -> None:
    """Have the API answer every error with a problem document."""
    api.add_exception_handler(AuthenticationError, _not_authenticated)
    api.add_exception_handler(ValidationError, _not_of_the_form)
    api.add_exception_handler(InvalidError, _invalid)
    for kind in STATUS:
        api.add_exception_handler(kind, _refused)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(Http404, nothing_here)
    api.add_exception_handler(Exception, _broken)


def _not_authenticated(_request: HttpRequest, _error: Any) -> HttpResponse:
    answer = problem(401, CODES[401], _("Send a valid token: Authorization: Bearer TOKEN."))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _not_of_the_form(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [
        {
            "field": _field(one["loc"]),
            "value": _value(one),
            "message": sentence(
                one["type"], _field(one["loc"]), one.get("input"), one.get("ctx", {})
            ),
        }
        for one in error.errors
    ]
    return problem(422, "invalid", _("Some values are not of the form they need."), problems)


def _field(loc: tuple[Any, ...]) -> str:
    # The first part says where it came from; a body's second is our own name for the whole.
    parts = [str(part) for part in loc]
    if parts and parts[0] in _SOURCES:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in {"body", "form", "paging"}:
        parts = parts[1:]
    return ".".join(parts)


def _value(one: dict[str, Any]) -> str:
    # Of a missing member, pydantic gives all that stands around it.
    if one.get("type") == "missing":
        return ""
    value = one.get("input", "")
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text[:200].encode("utf-8", "replace").decode()


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [
        {"field": one.field, "value": one.value, "message": str(one.message)}
        for one in error.problems
    ]
    return problem(422, error.code, _("Some values are not acceptable."), problems)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return problem(status, error.code, str(error))


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    status = error.status_code
    detail = _("The body cannot be read. Send JSON in UTF-8.") if status == 400 else str(error)
    return problem(status, CODES.get(status, "error"), detail)


def too_large(limit: int) -> HttpResponse:
    """The answer for a body over the limit, in bytes."""
    detail = _("The body is too large. Send at most %(limit)d MB.") % {"limit": limit // 2**20}
    return problem(413, CODES[413], detail)


def _too_large(_request: HttpRequest, _error: Any) -> HttpResponse:
    return too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    # What broke is for the operator's log and never for who asks.
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "broken", _("Something broke on the server; it has been logged."))
