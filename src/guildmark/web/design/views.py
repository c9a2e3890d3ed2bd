"""The parts of pages, for those who build pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from guildmark.organizations.actor import Actor
from guildmark.web.pages import member_page


@require_GET
@member_page
def design(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """Every part in each of its states, with invented content, for any member; in English only."""
    with translation.override("en"):
        return render(request, "guildmark/design/design.html")
