"""Who may assess which skill."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.assessment import services
from guildmark.assessment.selectors import list_authorizations
from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.web.formpage import posted
from guildmark.web.pages import member_page, page_of, show_problems
from guildmark.web.practical.forms import AuthorizationForm


@member_page
def authorizations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All authorizations; a training lead grants new ones."""
    found = list_authorizations(actor)
    may_edit = allows(actor, "authorizations.edit")
    form = AuthorizationForm(posted(request), actor=actor, initial={"valid_from": actor.today})
    if request.method == "POST":
        require(actor, "authorizations.edit")
        if form.is_valid():
            try:
                services.authorize_assessor(actor=actor, **form.cleaned_data)
            except InvalidError as error:
                show_problems(form, error)
            else:
                messages.success(request, _("The authorization is granted."))
                return redirect("authorizations")
    return render(
        request,
        "guildmark/practical/authorizations.html",
        {
            "page": page_of(request, found),
            "form": form,
            "may_edit": may_edit,
            "today": actor.today,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@member_page
def authorization_end(
    request: HttpRequest, actor: Actor, authorization_id: uuid.UUID
) -> HttpResponse:
    """End an authorization now."""
    require(actor, "authorizations.edit")
    found = list_authorizations(actor).filter(id=authorization_id).first()
    if found is None:
        raise NotFoundError(_("There is no such authorization here."))
    services.end_authorization(actor=actor, authorization=found)
    messages.success(request, _("The authorization has ended."))
    return redirect("authorizations")
