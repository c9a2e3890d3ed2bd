"""Writing the audit trail: called by services, inside the transaction of the change."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.utils import timezone

from guildmark.audit.models import AuditChain, AuditEvent
from guildmark.organizations.actor import Actor


def record(
    *,
    actor: Actor,
    action: str,
    target: models.Model,
    target_name: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append an event to the chain of the actor's organization.

    `action` is a dotted name (awards.revoke); `details` holds plain JSON values. Raises
    RuntimeError outside a transaction: a change and its event stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{action} was recorded outside the transaction of its change")
    AuditChain.objects.get_or_create(organization=actor.organization)
    chain = AuditChain.objects.select_for_update().get(organization=actor.organization)
    key = target.pk if isinstance(target.pk, uuid.UUID) else None
    event = AuditEvent(
        organization=actor.organization,
        sequence=chain.last_sequence + 1,
        occurred_at=timezone.now(),
        actor_id=actor.account.id if actor.account else None,
        actor_name=actor.name,
        action=action,
        object_type=target._meta.label_lower,
        object_id=key,
        object_name=(target_name or str(target))[:300],
        details=dict(details or {}),
        source=actor.source,
        address=actor.address,
        previous_hash=bytes(chain.last_hash),
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    chain.last_sequence = event.sequence
    chain.last_hash = event.hash
    chain.save(update_fields=["last_sequence", "last_hash"])
    return event


def digest(event: AuditEvent) -> bytes:
    """SHA-256 over everything the event says and the hash of the one before it."""
    content = {
        "organization": str(event.organization_id),
        "sequence": event.sequence,
        "occurred_at": event.occurred_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor_id": str(event.actor_id) if event.actor_id else None,
        "actor_name": event.actor_name,
        "action": event.action,
        "object_type": event.object_type,
        "object_id": str(event.object_id) if event.object_id else None,
        "object_name": event.object_name,
        "details": event.details,
        "source": event.source,
        "address": event.address,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes(event.previous_hash) + canonical.encode()).digest()
