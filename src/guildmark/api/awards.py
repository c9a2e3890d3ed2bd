"""Decisions and awards."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildmark.achievements.selectors import get_version
from guildmark.api.shapes import (
    Body,
    Line,
    Listing,
    Long,
    Paging,
    Ref,
    Search,
    actor_of,
    answers,
    one_of,
    paged,
    ref,
)
from guildmark.awards import selectors, services
from guildmark.awards.models import Award, AwardStatus
from guildmark.awards.selectors import Waiting
from guildmark.errors import NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.organizations.selectors import get_person

router = Router(tags=["awards"])
STATUS = "`active`, `expired`, `suspended`, `revoked` or `superseded`."


class DecisionIn(Body):
    """Granted or not, on the recorded results."""

    version: uuid.UUID
    person: uuid.UUID
    outcome: Line = Field(description="`granted` or `refused`.")
    reason: Long = Field("", description="A refusal needs it.")


class ReasonIn(Body):
    """Why."""

    reason: Long = Field(description="It is kept, and the holder can read it.")


class WaitingOut(Schema):
    """Passed results that wait for a decision."""

    version: Ref
    person: Ref
    since: dt.datetime | None
    attempt: uuid.UUID | None
    practical: uuid.UUID | None
    hindrance: str = Field(description="Why it must be a colleague who decides; else empty.")


class DecisionOut(Schema):
    """A decision; `award` is null where none was granted."""

    id: uuid.UUID
    outcome: str
    reason: str
    decided_at: dt.datetime
    award: uuid.UUID | None


class AwardOut(Schema):
    """An achievement credited to a person."""

    id: uuid.UUID
    version: Ref
    person: Ref
    status: str = Field(description=STATUS)
    reason: str = Field(description="Of the suspension or revocation.")
    awarded_at: dt.datetime
    valid_until: dt.datetime | None = Field(description="Null: it does not expire.")
    is_signed: bool = Field(description="Signing follows the decision within moments.")


def show_award(award: Award) -> AwardOut:
    """An award in an answer."""
    return AwardOut(
        id=award.id,
        version=ref(award.version, award.version.name),
        person=ref(award.person, award.person.name),
        status=str(award.status_now),
        reason=award.state_reason,
        awarded_at=award.awarded_at,
        valid_until=award.valid_until,
        is_signed=hasattr(award, "credential"),
    )


def _waiting(actor: Actor, one: Waiting) -> WaitingOut:
    return WaitingOut(
        version=ref(one.version, one.version.name),
        person=ref(one.person, one.person.name),
        since=one.since,
        attempt=one.attempt.id if one.attempt else None,
        practical=one.practical.id if one.practical else None,
        hindrance=one.hindrance(actor),
    )


@router.get("/decisions", response=answers(Listing[WaitingOut]), summary="What waits")
def waiting(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Who has passed everything and has not been decided on, the longest waiting first."""
    actor = actor_of(request)
    return paged(selectors.decisions_waiting(actor), paging, lambda one: _waiting(actor, one))


@router.post("/decisions", response=answers(DecisionOut, 201), summary="Decide on an award")
def decide(request: HttpRequest, body: DecisionIn) -> Any:
    """Grant or refuse, on the recorded results.

    Sent once more, the same decision is answered with the one made; another one is 409.
    Nobody decides on themself or on what they have assessed: 403.
    """
    actor = actor_of(request)
    decision = services.decide_award(
        actor=actor,
        version=get_version(actor, body.version),
        person=get_person(actor, body.person),
        outcome=body.outcome,
        reason=body.reason,
    )
    own = set(DecisionOut.model_fields) - {"award"}
    values = {name: getattr(decision, name) for name in own}
    return Status(201, DecisionOut(**values, award=decision.award_id))


@router.get("/awards", response=answers(Listing[AwardOut]), summary="Awards")
def list_awards(
    request: HttpRequest,
    paging: Query[Paging],
    status: Search = "",
    q: Search = "",
    unit: uuid.UUID | None = None,
    achievement: uuid.UUID | None = None,
) -> Any:
    """Visible awards, newest first.

    `status` is one an award has, or `signing`; `q` looks at names, number and achievement; `unit`
    is where the person works today.
    """
    actor = actor_of(request)
    one_of("status", status, [*AwardStatus.values, "signing"])
    found = selectors.list_awards(
        actor, status=status, search=q, unit=unit, achievement=achievement
    )
    return paged(found, paging, show_award)


@router.get("/awards/{uuid:award_id}", response=answers(AwardOut), summary="An award")
def get_award(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """An award the actor may see."""
    return show_award(selectors.get_award(actor_of(request), award_id))


@router.get(
    "/awards/{uuid:award_id}/credential",
    response=answers(dict[str, Any]),
    summary="The signed document",
)
def credential(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """The Open Badges 3.0 credential of an award the actor may see; 404 until it is signed."""
    award = selectors.get_award(actor_of(request), award_id)
    signed = getattr(award, "credential", None)
    if signed is None:
        raise NotFoundError("This award is still being signed.")
    return json.loads(signed.document)


@router.post("/awards/{uuid:award_id}/revoke", response=answers(AwardOut), summary="Revoke")
def revoke(request: HttpRequest, award_id: uuid.UUID, body: ReasonIn) -> Any:
    """End an award for good. Sent once more with the same reason, it stays so."""
    actor = actor_of(request)
    award = selectors.get_award(actor, award_id)
    services.revoke_award(actor=actor, award=award, reason=body.reason)
    return show_award(selectors.get_award(actor, award_id))


@router.post("/awards/{uuid:award_id}/suspend", response=answers(AwardOut), summary="Suspend")
def suspend(request: HttpRequest, award_id: uuid.UUID, body: ReasonIn) -> Any:
    """End an award for the time being. Sent once more with the same reason, it stays so."""
    actor = actor_of(request)
    award = selectors.get_award(actor, award_id)
    services.suspend_award(actor=actor, award=award, reason=body.reason)
    return show_award(selectors.get_award(actor, award_id))


@router.post("/awards/{uuid:award_id}/reinstate", response=answers(AwardOut), summary="Reinstate")
def reinstate(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """Let a suspended award count again."""
    actor = actor_of(request)
    services.reinstate_award(actor=actor, award=selectors.get_award(actor, award_id))
    return show_award(selectors.get_award(actor, award_id))
