"""News from the awards room."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from guildmark.events import Event


@dataclass(frozen=True, kw_only=True)
class AwardGranted(Event):
    """An award has been decided; its credential is being signed."""

    organization_id: uuid.UUID
    award_id: uuid.UUID
    person_id: uuid.UUID
    version_id: uuid.UUID
    awarded_on: dt.date
    valid_until: dt.date | None
    skill_levels: tuple[tuple[uuid.UUID, uuid.UUID], ...]
    """Pairs of skill and level identifiers that the award attests."""


@dataclass(frozen=True, kw_only=True)
class AwardEnded(Event):
    """An award counts no longer: it was revoked, suspended or superseded."""

    organization_id: uuid.UUID
    award_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class AwardReinstated(Event):
    """A suspended award counts again."""

    organization_id: uuid.UUID
    award_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class EarnedNot(Event):
    """What a person handed in earns nothing after all: the award was revoked, or refused."""

    organization_id: uuid.UUID
    person_id: uuid.UUID
    version_id: uuid.UUID
    reason: str
