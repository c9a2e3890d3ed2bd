"""The pages for what went wrong. Django names the arguments it calls these with."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from guildmark.web.limits import MAX_FILE, UploadTooLargeError


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for what is more than is taken at once; neither repeats what was sent."""
    too_much = _too_much(exception)
    if too_much is None:
        return render(request, "guildmark/errors/unreadable.html", status=400)
    kind, limit = too_much
    context = {"kind": kind, "limit": limit}
    return render(request, "guildmark/errors/too_large.html", context, status=413)


def _too_much(exception: Exception) -> tuple[str, int | None] | None:
    if isinstance(exception, UploadTooLargeError):
        return "upload", MAX_FILE // 2**20
    if isinstance(exception, RequestDataTooBig):
        return "text", (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20
    if isinstance(exception, TooManyFieldsSent):
        return "fields", settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if isinstance(exception, TooManyFilesSent):
        return "files", settings.DATA_UPLOAD_MAX_NUMBER_FILES
    return None


def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 for a form whose secret token is missing or old; the log has the reason."""
    return render(request, "guildmark/errors/old_form.html", status=403)


def only_by_form(request: HttpRequest) -> HttpResponse:
    """405 for somebody who looks at what only takes forms, as after signing in anew."""
    return render(request, "guildmark/errors/only_by_form.html", status=405)


def no_permission(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403."""
    return render(request, "guildmark/errors/no_permission.html", {"error": None}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    return render(request, "guildmark/errors/not_found.html", {"error": None}, status=404)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500; rendered without the request, since whatever broke may break the shell again."""
    return HttpResponseServerError(render_to_string("guildmark/errors/broken.html"))
