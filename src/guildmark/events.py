"""News from a lower room to a higher one.

A room declares what can happen in it as a frozen dataclass derived from `Event` and publishes
it inside the transaction of the change. Who listens, and in which order, is written down once,
in `guildmark.config.wiring`. A listener runs in the same transaction: when it fails, the change
fails. What may wait, or must survive a dying process, the listener puts in the job queue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened, as a value: identifiers and plain data, no model objects."""


Listener = Callable[[Any], None]
_listeners: dict[type[Event], tuple[Listener, ...]] = {}


def connect(table: Mapping[type[Event], Sequence[Listener]]) -> None:
    """Set who hears which event, replacing what was set before. Called by the wiring alone."""
    _listeners.clear()
    _listeners.update({event: tuple(listeners) for event, listeners in table.items()})


def publish(event: Event) -> None:
    """Tell everyone who listens, in the wired order.

    Raises RuntimeError outside a transaction: news of a change that could still be lost, or
    that has been committed without its consequences, is a defect of the caller.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} was published outside a transaction")
    for listener in _listeners.get(type(event), ()):
        listener(event)
