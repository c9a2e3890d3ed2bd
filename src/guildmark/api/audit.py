"""The audit trail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from guildmark.api.shapes import Day, Listing, Paging, Search, actor_of, answers, paged
from guildmark.audit.models import AuditEvent
from guildmark.audit.selectors import audit_events

router = Router(tags=["audit"])


class EventOut(Schema):
    """Who did what to what, when, from where."""

    sequence: int = Field(description="Without gaps in an organization, from 1.")
    occurred_at: dt.datetime
    actor: str
    actor_id: uuid.UUID | None
    action: str = Field(description="The room and the verb, such as `awards.grant`.")
    object_type: str
    object_id: uuid.UUID | None
    object: str
    details: dict[str, Any]
    source: str = Field(description="The door: `web`, `api`, `cli` or `job`.")
    address: str | None
    previous_hash: str
    hash: str = Field(description="SHA-256 over the event and the one before, in hex.")


def _event(event: AuditEvent) -> EventOut:
    return EventOut(
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        actor=event.actor_name,
        actor_id=event.actor_id,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        object=event.object_name,
        details=event.details,
        source=event.source,
        address=event.address,
        previous_hash=bytes(event.previous_hash).hex(),
        hash=bytes(event.hash).hex(),
    )


@router.get("/audit", response=answers(Listing[EventOut]), summary="The audit trail")
def list_events(
    request: HttpRequest,
    paging: Query[Paging],
    action: Search = "",
    object_id: uuid.UUID | None = None,
    person: Search = "",
    since: Day | None = None,
    until: Day | None = None,
) -> Any:
    """Events, newest first.

    `action` is a whole action or, with a dot at its end, all of a room; `person` a part of the
    name of who acted; `since` and `until` are days, both included.
    """
    found = audit_events(
        actor_of(request),
        action=action,
        object_id=object_id,
        person=person,
        since=since,
        until=until,
    )
    return paged(found, paging, _event)
