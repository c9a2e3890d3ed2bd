"""Reading the audit trail of one's organization."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from guildmark.audit.models import AuditEvent
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor


def audit_events(
    actor: Actor,
    *,
    action: str = "",
    object_text: str = "",
    object_id: uuid.UUID | None = None,
    person: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[AuditEvent]:
    """The events, newest first, that fit all given filters.

    `action` is a whole action or, with a dot at its end, all of a room; `person` and
    `object_text` are parts of names; `since` and `until` are the organization's days, both
    included.
    """
    require(actor, "audit.view")
    events = AuditEvent.objects.filter(organization=actor.organization)
    if action.endswith("."):
        events = events.filter(action__startswith=action)
    elif action:
        events = events.filter(action=action)
    if object_id is not None:
        events = events.filter(object_id=object_id)
    if object_text:
        events = events.filter(
            Q(object_name__icontains=object_text) | Q(object_type__icontains=object_text)
        )
    if person:
        events = events.filter(actor_name__icontains=person)
    if since is not None:
        events = events.filter(occurred_at__gte=actor.organization.start_of(since))
    if until is not None and until < dt.date.max:
        after = actor.organization.start_of(until + dt.timedelta(days=1))
        events = events.filter(occurred_at__lt=after)
    return events.order_by("-sequence")


def actions_seen(actor: Actor) -> list[str]:
    """The actions that occur in the trail, by name."""
    require(actor, "audit.view")
    events = AuditEvent.objects.filter(organization=actor.organization)
    return list(events.order_by("action").values_list("action", flat=True).distinct())
