"""A worker's own credentials: looking at them, showing them, taking them along."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildmark.errors import ConflictError, InvalidError
from guildmark.organizations.actor import Actor
from guildmark.wallet import selectors, services
from guildmark.web.pages import member_page, page_of
from guildmark.web.verify.links import share_url
from guildmark.web.verify.negotiation import CREDENTIAL_MEDIA_TYPE
from guildmark.web.verify.qr import qr_svg
from guildmark.web.wallet.forms import ShareForm


@require_GET
@member_page
def wallet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A card for each own credential."""
    page = page_of(request, selectors.own_awards(actor))
    return render(request, "guildmark/wallet/wallet.html", {"page": page})


@require_GET
@member_page
def credential(request: HttpRequest, actor: Actor, identifier: uuid.UUID) -> HttpResponse:
    """What one credential says, and the links under which it can be seen."""
    return _show(request, actor, identifier, ShareForm())


@require_http_methods(["POST"])
@member_page
def share(request: HttpRequest, actor: Actor, identifier: uuid.UUID) -> HttpResponse:
    """Make a new link and show it."""
    own = selectors.get_own_credential(actor, identifier)
    form = ShareForm(request.POST)
    if form.is_valid():
        try:
            services.share_credential(actor=actor, credential=own, expires_at=form.expires_at())
        except InvalidError as error:
            for problem in error.problems:
                form.add_error("expires_on", str(problem.message))
        except ConflictError as error:
            messages.error(request, str(error))
            return redirect("wallet_credential", identifier=own.award_id)
        else:
            messages.success(
                request, _("The link is ready. Whoever has it can see and check this.")
            )
            return redirect("wallet_credential", identifier=own.award_id)
    return _show(request, actor, identifier, form, status=422)


@require_POST
@member_page
def share_end(request: HttpRequest, actor: Actor, link_id: uuid.UUID) -> HttpResponse:
    """Close a link."""
    link = selectors.get_own_link(actor, link_id)
    services.end_share(actor=actor, link=link)
    messages.success(request, _("The link no longer opens."))
    return redirect("wallet_credential", identifier=link.credential.award_id)


@require_GET
@member_page
def download(_request: HttpRequest, actor: Actor, identifier: uuid.UUID) -> HttpResponse:
    """The signed document, exactly as signed."""
    own = selectors.get_own_credential(actor, identifier)
    response = HttpResponse(own.document, content_type=CREDENTIAL_MEDIA_TYPE)
    name = slugify(own.award.version.name) or "credential"
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def _show(
    request: HttpRequest, actor: Actor, identifier: uuid.UUID, form: ShareForm, *, status: int = 200
) -> HttpResponse:
    award = selectors.get_own_award(actor, identifier)
    signed = getattr(award, "credential", None)
    links = [
        {"link": link, "url": share_url(link), "qr": qr_svg(share_url(link))}
        for link in (selectors.open_links(signed) if signed is not None else ())
    ]
    context = {
        "award": award,
        "credential": signed,
        "profile": award.organization.issuer_profile,
        "links": links,
        "form": form,
    }
    return render(request, "guildmark/wallet/credential.html", context, status=status)
