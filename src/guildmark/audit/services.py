"""Writing the audit trail: called by services, inside the transaction of the change."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guildmark.audit.actions import Action
from guildmark.audit.models import AuditChain, AuditEvent
from guildmark.errors import ConflictError
from guildmark.organizations.actor import Actor

_EXACT = 1e15
"""Below it PostgreSQL's jsonb gives a float back exactly as Python writes it."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one event is to say; see `record`."""

    action: Action
    target: models.Model
    target_name: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    actor: Actor,
    action: Action,
    target: models.Model,
    target_name: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append an event to the chain of the actor's organization.

    `action` is one of `actions.Action` (awards.revoke); `details` holds plain JSON values. Raises
    RuntimeError outside a transaction: a change and its event stand or fall together; and
    TypeError or ValueError for details that would not come back from the database as given.
    """
    entry = Entry(action=action, target=target, target_name=target_name, details=details or {})
    return record_many(actor=actor, entries=[entry])[0]


def record_many(*, actor: Actor, entries: Iterable[Entry]) -> list[AuditEvent]:
    """Append several events in their order, with one lock of the chain and bulk inserts.

    For changes of many rows at once, such as an import. Raises as `record` does, and
    ConflictError when the chain has events but no head: somebody has tampered with it.
    """
    entries = list(entries)
    if not connection.in_atomic_block:
        names = sorted({entry.action for entry in entries})
        raise RuntimeError(f"{names} was recorded outside the transaction of its change")
    _made, is_new = AuditChain.objects.get_or_create(organization=actor.organization)
    if is_new and AuditEvent.objects.filter(organization=actor.organization).exists():
        # A new head would start at 1 again, beside the events that are there.
        raise ConflictError(
            _(
                "The head of this organization's audit chain is missing, so nothing can be changed "
                "here. Run 'guildmark audit verify' and restore the database from a backup."
            ),
            code="audit_head_missing",
        )
    chain = AuditChain.objects.select_for_update().get(organization=actor.organization)
    now, address = timezone.now(), _plain_address(actor.address)
    events: list[AuditEvent] = []
    for entry in entries:
        target = entry.target
        event = AuditEvent(
            organization=actor.organization,
            sequence=chain.last_sequence + 1,
            occurred_at=now,
            actor_id=actor.account.id if actor.account else None,
            actor_name=actor.name[:200],
            action=entry.action,
            object_type=target._meta.label_lower,
            object_id=target.pk if isinstance(target.pk, uuid.UUID) else None,
            object_name=(entry.target_name or str(target))[:300],
            details=_plain(entry.details),
            source=actor.source,
            address=address,
            previous_hash=bytes(chain.last_hash),
        )
        event.hash = digest(event)
        chain.last_sequence, chain.last_hash = event.sequence, event.hash
        events.append(event)
    AuditEvent.objects.bulk_create(events, batch_size=2000)
    chain.save(update_fields=["last_sequence", "last_hash"])
    return events


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


def _plain(value: Any) -> Any:
    """The value as the database will give it back, so that its hash can be computed again."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | Promise):
        return str(value)
    if isinstance(value, float):
        if not abs(value) < _EXACT:  # also not-a-number
            raise ValueError(f"{value!r} cannot be kept exactly in an audit event")
        return value or 0.0
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} is no plain value for an audit event")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r} is no text and so no name in an audit event")
    return str(key)


def _plain_address(address: str | None) -> str | None:
    """One way to write each address; IPv4 seen through an IPv6 socket is IPv4."""
    if address is None:
        return None
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
