"""The audit trail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from guildmark.api.shapes import Listing, Paging, actor_of, answers, paged
from guildmark.audit.models import AuditEvent
from guildmark.audit.selectors import audit_events

router = Router(tags=["audit"])


def _show(event: AuditEvent) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "occurred_at": event.occurred_at.isoformat(),
        "actor": event.actor_name,
        "action": event.action,
        "object": event.object_name,
        "object_id": str(event.object_id) if event.object_id else None,
        "details": event.details,
        "source": event.source,
        "hash": bytes(event.hash).hex(),
    }


@router.get("/audit", response=answers(Listing), summary="The audit trail")
def list_events(request: HttpRequest, paging: Query[Paging], action: str = "") -> Any:
    """Events, newest first."""
    return paged(audit_events(actor_of(request), action=action[:80]), paging, _show)
