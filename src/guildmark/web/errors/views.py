"""The pages for what went wrong. Django names the arguments it calls these with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def no_permission(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403, also for a form whose secret token is missing or old."""
    return render(request, "guildmark/errors/no_permission.html", {"error": None}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    return render(request, "guildmark/errors/not_found.html", {"error": None}, status=404)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500; rendered without the request, since whatever broke may break the shell again."""
    return HttpResponseServerError(render_to_string("guildmark/errors/broken.html"))
