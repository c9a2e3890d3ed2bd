"""Finds out who acts, and turns the rooms' errors into pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone

from guildmark.config.clients import client_address
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.actor import Actor, actor_of
from guildmark.organizations.models import Membership
from guildmark.web.errors.views import only_by_form
from guildmark.web.limits import refuse_oversized

_API = "/api/"
SESSION_ORGANIZATION = "organization"


def find_actor(request: HttpRequest) -> Actor | None:
    """The membership chosen in the session, else the account's first."""
    if not request.user.is_authenticated:
        return None
    memberships = Membership.objects.filter(account=request.user).select_related(
        "account", "organization", "person"
    )
    chosen = request.session.get(SESSION_ORGANIZATION)
    found = list(memberships.order_by("organization__name"))
    membership = next((m for m in found if str(m.organization_id) == chosen), None)
    membership = membership or (found[0] if found else None)
    if membership is None:
        return None
    return actor_of(membership, source="web", address=client_address(request))


class ActorMiddleware:
    """Sets `request.actor` (None for a stranger) and answers the rooms' errors.

    A member's pages tell their organization's time, a stranger's UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            # No address of ours holds a zero byte, and the database could not look for one.
            raise Http404
        actor = find_actor(request)
        request.actor = actor  # type: ignore[attr-defined]  # set here for all
        with timezone.override(actor.organization.zone if actor else None):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_API):
            # It has limits and answers of its own.
            return self.get_response(request)
        refuse_oversized(request)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            allowed, response = response["Allow"], only_by_form(request)
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for each of the rooms' errors; everything else stays an error."""
        if isinstance(error, NotFoundError):
            return render(request, "guildmark/errors/not_found.html", {"error": error}, status=404)
        if isinstance(error, NotAllowedError):
            return render(
                request, "guildmark/errors/no_permission.html", {"error": error}, status=403
            )
        if isinstance(error, ConflictError | InvalidError):
            return render(request, "guildmark/errors/conflict.html", {"error": error}, status=409)
        return None
