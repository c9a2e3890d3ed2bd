"""The VC-API of the W3C Credentials Community Group, for programs with a token.

Its members and statuses are that specification's, `guildmark.vc_api` has them; what is wrong is
told as everywhere in this API, with the specification's `problemDetails` beside it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Router

from guildmark.api.problems import CODES, MEDIA_TYPE
from guildmark.api.shapes import actor_of, answers
from guildmark.awards import selectors, services
from guildmark.awards.verification import LocalResolver
from guildmark.credentials import UnreadableError, read_json
from guildmark.errors import ConflictError, NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.vc_api import operations
from guildmark.vc_api.problems import PARSING, RefusedError

router = Router(tags=["vc-api"])
REASON = "Set by a program through the VC-API."
_URN = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.post(
    "/vc-api/credentials/issue",
    response=answers(dict[str, Any], 201),
    summary="Sign a credential",
    openapi_extra=_BODY,
)
def issue(request: HttpRequest) -> HttpResponse:
    """Sign a credential in the organization's name. It is no award; the audit trail has it."""
    actor = actor_of(request)
    return _answer(lambda: services.issue_credential(actor=actor, request=_read(request)))


@router.post(
    "/vc-api/credentials/verify",
    response=answers(dict[str, Any]),
    summary="Verify a credential",
    openapi_extra=_BODY,
)
def verify_credential(request: HttpRequest) -> HttpResponse:
    """Check a credential with what this installation knows: 400 where it does not verify."""
    return _answer(
        lambda: operations.verify_credential(
            _read(request), resolver=LocalResolver(), now=timezone.now()
        )
    )


@router.post(
    "/vc-api/credentials/derive",
    response=answers(dict[str, Any], 201),
    summary="Disclose part of a credential",
    openapi_extra=_BODY,
)
def derive(request: HttpRequest) -> HttpResponse:
    """Disclose part of a credential that was signed with ecdsa-sd-2023."""
    return _answer(lambda: operations.derive(_read(request)))


@router.post(
    "/vc-api/credentials/status",
    response=answers(dict[str, Any]),
    summary="Set the status of an award's credential",
    openapi_extra=_BODY,
)
def update_status(request: HttpRequest) -> HttpResponse:
    """Revoke, suspend or reinstate the award whose credential `credentialId` names."""
    actor = actor_of(request)
    lists = _Awards(actor)
    return _answer(lambda: operations.update_status(_read(request), lists=lists))


@router.post(
    "/vc-api/presentations/verify",
    response=answers(dict[str, Any]),
    summary="Verify a presentation",
    openapi_extra=_BODY,
)
def verify_presentation(request: HttpRequest) -> HttpResponse:
    """Check a presentation and all its credentials: 400 where one does not verify."""
    return _answer(
        lambda: operations.verify_presentation(
            _read(request), resolver=LocalResolver(), now=timezone.now()
        )
    )


class _Awards:
    """The awards of the actor's organization as what has a status."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def set(self, credential_id: str, purpose: str, *, to: bool) -> None:
        """Revoke, suspend or reinstate. Raises what the services raise, and RefusedError."""
        found = _URN.fullmatch(credential_id)
        if found is None:
            raise NotFoundError("There is no such award here.")
        award = selectors.award_of_credential(self._actor, uuid.UUID(found[1]))
        if purpose == "revocation" and to:
            services.revoke_award(actor=self._actor, award=award, reason=REASON)
        elif purpose == "revocation":
            raise ConflictError("A revoked award is earned anew; it is never reinstated.")
        elif purpose == "suspension" and to:
            services.suspend_award(actor=self._actor, award=award, reason=REASON)
        elif purpose == "suspension":
            services.reinstate_award(actor=self._actor, award=award)
        else:
            raise RefusedError(f"statusPurpose is {purpose[:60]!r}: give revocation or suspension")


def _read(request: HttpRequest) -> Any:
    try:
        return read_json(request.body)
    except UnreadableError as error:
        raise RefusedError(f"the body cannot be read: {error}", kind=PARSING) from error


def _answer(make: Callable[[], operations.Answer]) -> HttpResponse:
    try:
        status, body = make()
    except RefusedError as error:
        status, body = operations.refusal(error)
    if status < 400:
        return JsonResponse(body, status=status)
    problems = body["problemDetails"]
    code = "not_verified" if status == 400 and "detail" not in body else CODES[status]
    detail = body.get("detail") or (problems[0]["detail"] if problems else "It does not verify.")
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JsonResponse({**body, **told}, status=status, content_type=MEDIA_TYPE)
