"""What every page's view needs: the actor, paging, and the rooms' problems shown in a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildmark.errors import InvalidError
from guildmark.organizations.actor import Actor

Arguments = ParamSpec("Arguments")
PAGE_SIZE = 50


def member_page(
    view: Callable[Concatenate[HttpRequest, Actor, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A view for members of an organization; it gets the actor after the request.

    A stranger is sent to sign in and comes back; an account without an organization is told so.
    """

    @wraps(view)
    def wrapped(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        actor: Actor | None = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
        if actor is None:
            return render(request, "guildmark/errors/no_organization.html", status=403)
        return view(request, actor, *args, **kwargs)

    return wrapped


def page_of(
    request: HttpRequest, rows: Sequence[Any] | models.QuerySet[Any], *, size: int = PAGE_SIZE
) -> Page[Any]:
    """The page that `?page=` asks for; a number out of range gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def show_problems(form: BaseForm, error: InvalidError) -> None:
    """Put a service's problems beside the fields they are about."""
    for field, messages in error.by_field().items():
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
