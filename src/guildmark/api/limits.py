"""How much may be sent at once, and how often a stranger may ask."""

from __future__ import annotations

import functools
import ipaddress
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from guildmark.api.problems import CODES, problem
from guildmark.api.shapes import MAX_BODY
from guildmark.assessment.evidence_store import MAX_BYTES

CHECKS_PER_MINUTE = 20
MAX_UPLOAD = MAX_BYTES + 64 * 1024
"""The largest file with what multipart puts around it; the import of people takes no larger one."""
_WINDOW_SECONDS = 60


def address_of(request: HttpRequest) -> str | None:
    """The network address the request came from, when it is one."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def bounded(operation: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a body that says it is too large before any of it is read.

    One that does not say its length is read as empty by WSGI, so this bounds them all.
    """

    @functools.wraps(operation)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_file = request.content_type == "multipart/form-data"
        if _length(request) > (MAX_UPLOAD if is_file else MAX_BODY):
            # Here, outside of the operation, no handler would hear an error.
            return problem(413, CODES[413], "The body is too large.")
        return operation(request, *args, **kwargs)

    return wrapped


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def is_over_limit(request: HttpRequest) -> bool:
    """Count this check; whether its address has asked too often in this minute.

    The count is the one of the verify page (same key, same cache), so that going through another
    door gives no second allowance. It bounds load and is no security boundary.
    """
    minute = int(time.time()) // _WINDOW_SECONDS
    key = f"verify:{address_of(request) or 'unknown'}:{minute}"
    if cache.add(key, 1, timeout=2 * _WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > CHECKS_PER_MINUTE
    except ValueError:
        # It ran out between the two calls.
        return False
