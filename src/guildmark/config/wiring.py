"""Who hears which event, in which order. The only place where it is written."""

from __future__ import annotations

from guildmark import events


def connect() -> None:
    """Connect the rooms. Called once, when all applications have been loaded."""
    events.connect({})
