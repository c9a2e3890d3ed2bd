"""Choosing the organization to act in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.errors import NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Membership
from guildmark.web.middleware import SESSION_ORGANIZATION
from guildmark.web.pages import member_page


@require_POST
@member_page
def switch_organization(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Act in another of one's organizations from now on."""
    try:
        chosen = uuid.UUID(request.POST.get("organization", ""))
    except ValueError:
        raise NotFoundError(_("There is no such organization for your account.")) from None
    membership = (
        Membership.objects.filter(account=actor.account, organization_id=chosen)
        .select_related("organization")
        .first()
    )
    if membership is None:
        raise NotFoundError(_("There is no such organization for your account."))
    request.session[SESSION_ORGANIZATION] = str(chosen)
    messages.success(
        request, _("You now act in %(name)s.") % {"name": membership.organization.name}
    )
    return redirect("home")
