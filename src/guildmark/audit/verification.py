"""Checking that nobody has tampered with the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guildmark.audit.models import AuditChain, AuditEvent
from guildmark.audit.services import digest
from guildmark.organizations.models import Organization


@dataclass(frozen=True, kw_only=True)
class ChainFault:
    """Where a chain does not hold; `sequence` is the first event concerned."""

    organization: str
    sequence: int
    what: str


@dataclass(frozen=True, kw_only=True)
class ChainReport:
    """What a walk over one organization's chain found."""

    organization: str
    events: int
    last_hash: str
    """In hexadecimal digits; kept elsewhere it proves later that nothing before it changed."""
    faults: tuple[ChainFault, ...]


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A number and hash that an earlier walk printed and somebody kept."""

    sequence: int
    hash: str


def verify_chain(
    organization: Organization,
    *,
    noted: Noted | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> ChainReport:
    """Walk the chain from its first event and compare every hash, link and number.

    Finds a changed, removed, added or reordered row, and a cut-off end as far as the chain's
    head still stands; with `noted`, also a chain rewritten together with its head. At most 100
    faults are listed. Memory does not grow with the number of events.
    """
    faults: list[ChainFault] = []
    name = organization.slug

    def fault(sequence: int, what: str) -> None:
        if len(faults) < 100:
            faults.append(ChainFault(organization=name, sequence=sequence, what=what))

    previous_hash, previous_sequence, count = bytes(32), 0, 0
    events = AuditEvent.objects.filter(organization=organization).order_by("sequence")
    for event in events.iterator(chunk_size=2000):
        count += 1
        if event.sequence != previous_sequence + 1:
            fault(event.sequence, f"events after {previous_sequence} are missing")
        if bytes(event.previous_hash) != previous_hash:
            fault(event.sequence, "does not follow from the event before it")
        if digest(event) != bytes(event.hash):
            fault(event.sequence, "was changed after it was written")
        if noted is not None and event.sequence == noted.sequence:
            if bytes(event.hash).hex() != noted.hash.lower():
                fault(event.sequence, "is not the event that was noted")
            noted = None
        previous_hash, previous_sequence = bytes(event.hash), event.sequence
        if on_progress is not None and count % 2000 == 0:
            on_progress(count)
    if noted is not None:
        fault(noted.sequence, "was noted and is missing")
    if not count:
        fault(0, "there are no events, though making the organization writes one")
    head = AuditChain.objects.filter(organization=organization).first()
    if head is None and count:
        fault(previous_sequence, "the head of the chain is missing")
    if head is not None and (
        head.last_sequence != previous_sequence or bytes(head.last_hash) != previous_hash
    ):
        fault(previous_sequence, "the end of the chain is not where its head says")
    return ChainReport(
        organization=name, events=count, last_hash=previous_hash.hex(), faults=tuple(faults)
    )
