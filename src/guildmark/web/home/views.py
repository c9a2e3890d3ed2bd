"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guildmark.organizations.actor import Actor
from guildmark.web.home.cards import cards
from guildmark.web.pages import member_page


@require_GET
@member_page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What this person has to do and what they will want to know."""
    return render(request, "guildmark/home/home.html", {"cards": cards(actor)})
