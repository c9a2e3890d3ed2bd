"""Whether this process can do its work, for `guildmark run` and for an operator's monitor."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse


def health(_request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the database answers; otherwise the error page with status 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
