"""Checking a credential, for anyone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from guildmark.api.problems import CODES, problem
from guildmark.api.shapes import answers
from guildmark.awards.verification import verify_text
from guildmark.config.clients import has_checked_too_often

router = Router(tags=["verify"])
MAX_DOCUMENT = 1_000_000


class CheckOut(Schema):
    """One check and how it ended."""

    check: str
    outcome: str = Field(
        description="`passed`, `failed`, `could_not_be_checked` or `not_applicable`."
    )
    code: str = Field(description="Stable, for programs.")
    message: str
    data: dict[str, Any]


class ReportOut(Schema):
    """All checks of a credential, in order."""

    verified: bool | None = Field(description="Null: a check could not be made.")
    format: str = Field(
        description="`open-badges-3.0`, `clr-2.0`, `open-badges-2.0`, `verifiable-credential`, "
        "`sd-jwt-vc` or `unknown`."
    )
    securedBy: str | None = Field(  # noqa: N815
        description="`data-integrity`, or a token's format such as `vc-jwt`; null: by nothing."
    )
    carrier: str = Field(description="`json`, `jwt`, `sd-jwt`, or the kind of file.")
    checkedAt: dt.datetime  # noqa: N815  # as the page's JSON has it
    issuer: str | None
    issuerIsLocal: bool = Field(  # noqa: N815
        description="The issuer is an organization of this installation."
    )
    name: str | None
    validFrom: str | None  # noqa: N815
    validUntil: str | None  # noqa: N815
    checks: list[CheckOut]


@router.post(
    "/verify",
    response=answers(ReportOut, public=True),
    summary="Verify a credential",
    auth=None,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
def verify(request: HttpRequest) -> Any:
    """Check the credential in the body, of any issuer, with what this installation knows.

    Needs no token; up to a megabyte, 20 a minute from one address. Nothing of it is kept.
    """
    if has_checked_too_often(request):
        return _asked_too_often()
    body = request.body
    if len(body) > MAX_DOCUMENT:
        raise HttpError(413, "The credential is larger than one megabyte.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HttpError(400, "not UTF-8") from error
    return verify_text(text).as_json()


def _asked_too_often() -> HttpResponse:
    answer = problem(429, CODES[429], "Too many checks from this address. Wait a minute.")
    answer["Retry-After"] = "60"
    return answer
