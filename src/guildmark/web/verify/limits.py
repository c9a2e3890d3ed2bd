"""How often one network address may have foreign documents checked."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest

from guildmark.web.middleware import client_address

CHECKS_PER_MINUTE = 20
_WINDOW_SECONDS = 60


def current_minute() -> int:
    """The clock minute, as a number."""
    return int(time.time()) // _WINDOW_SECONDS


def is_over_limit(request: HttpRequest) -> bool:
    """Count this request; whether its address has asked too often in this minute.

    Counted per clock minute in the shared cache. Two requests at the same instant may be counted
    as one: it bounds load and is no security boundary.
    """
    key = f"verify:{client_address(request) or 'unknown'}:{current_minute()}"
    if cache.add(key, 1, timeout=2 * _WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > CHECKS_PER_MINUTE
    except ValueError:
        # It ran out between the two calls.
        return False
