"""Answers to programs that no operation gives."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from guildmark.api.problems import CODES, nothing_here, problem

_API = "/api/"


class ProblemMiddleware:
    """Tells as problem documents what ends before an operation begins."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_API):
            return self.get_response(request)
        if "\0" in request.path:
            # No address of ours holds a zero byte, and the database could not look for one.
            return nothing_here(request)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = ", ".join(sorted(response["Allow"].split(", ")))
            detail = _("%(method)s does nothing at this address. It takes: %(allowed)s.") % {
                "method": request.method,
                "allowed": allowed,
            }
            response = problem(405, CODES[405], detail)
            response["Allow"] = allowed
        return response
