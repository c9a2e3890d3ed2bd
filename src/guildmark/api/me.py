"""Who acts."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guildmark.api.shapes import actor_of, answers

router = Router(tags=["me"])


class MeOut(Schema):
    """The account behind the token and what it is here."""

    name: str
    organization: str = Field(description="The organization's short name.")
    time_zone: str = Field(description="In which the organization's days begin and end; IANA.")
    today: dt.date = Field(description="The day it is there.")
    roles: list[str]
    person_id: uuid.UUID | None = Field(description="The person the account acts as.")


@router.get("/me", response=answers(MeOut), summary="Who acts with this token")
def me(request: HttpRequest) -> MeOut:
    """The account, organization, roles and person behind the token."""
    actor = actor_of(request)
    return MeOut(
        name=actor.name,
        organization=actor.organization.slug,
        time_zone=actor.organization.time_zone,
        today=actor.today,
        roles=sorted(actor.roles),
        person_id=actor.person.id if actor.person else None,
    )
