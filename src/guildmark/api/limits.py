"""How much may be sent at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildmark.api.problems import too_large
from guildmark.api.shapes import MAX_BODY
from guildmark.assessment.evidence_store import MAX_BYTES

MAX_UPLOAD = MAX_BYTES + 64 * 1024
"""The largest file with what multipart puts around it; the import of people takes no larger one."""


def bounded(operation: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a body that says it is too large before any of it is read.

    One that does not say its length is read as empty by WSGI, so this bounds them all.
    """

    @functools.wraps(operation)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_file = request.content_type == "multipart/form-data"
        if _length(request) > (MAX_UPLOAD if is_file else MAX_BODY):
            # Here, outside of the operation, no handler would hear an error.
            return too_large(MAX_BYTES if is_file else MAX_BODY)
        return operation(request, *args, **kwargs)

    return wrapped


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
