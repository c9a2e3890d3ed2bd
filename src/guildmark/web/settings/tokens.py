"""One's own API tokens."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guildmark.errors import InvalidError
from guildmark.organizations import selectors, services
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.web.formpage import posted
from guildmark.web.pages import member_page, show_problems
from guildmark.web.settings.forms import TokenForm


@require_http_methods(["GET", "POST"])
@member_page
def tokens(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tokens, and a form for a new one.

    A new token's secret is in the answer to its POST itself, because it is kept nowhere from
    which a next page could show it.
    """
    require(actor, "tokens.edit")
    form = TokenForm(posted(request))
    secret, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _token, secret = services.issue_api_token(
                    actor=actor,
                    membership=selectors.own_membership(actor),
                    name=form.cleaned_data["name"],
                    expires_at=form.end(),
                )
            except InvalidError as error:
                show_problems(form, error)
            else:
                form, status = TokenForm(), 200
    context = {
        "form": form,
        "secret": secret,
        "tokens": selectors.api_tokens(actor),
        "now": timezone.now(),
    }
    response = render(request, "guildmark/settings/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member_page
def token_revoke(request: HttpRequest, actor: Actor, token_id: uuid.UUID) -> HttpResponse:
    """End a token at once."""
    token = selectors.get_api_token(actor, token_id)
    services.revoke_api_token(actor=actor, token=token)
    messages.success(request, _("The token no longer works."))
    return redirect("tokens")
