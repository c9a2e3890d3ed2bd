"""News from the achievements room."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from guildmark.events import Event


@dataclass(frozen=True, kw_only=True)
class DraftCopied(Event):
    """A new draft starts as a copy; rooms that keep a part of a version copy theirs."""

    from_version_id: uuid.UUID
    to_version_id: uuid.UUID
