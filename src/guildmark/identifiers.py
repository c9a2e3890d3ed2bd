"""Identifiers of the rows that people and programs point to."""

from __future__ import annotations

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562, section 5.7): Unix milliseconds, then 74 random bits.

    The time first keeps new rows together in an index; the random bits keep an identifier from
    being guessed from its neighbour.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62
    return uuid.UUID(int=value | random & (1 << 62) - 1)
