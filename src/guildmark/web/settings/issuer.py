"""The organization as an issuer: what its credentials carry, and its keys."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guildmark.awards import selectors, services
from guildmark.errors import ConflictError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.names import NamesakeError
from guildmark.web.formpage import form_page, posted
from guildmark.web.pages import member_page
from guildmark.web.settings.forms import NamesakeForm


class IssuerForm(NamesakeForm):
    """How the issuer presents itself from now on."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    url = forms.CharField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Starts with https://. It stands in every credential."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
    )


@require_http_methods(["GET", "POST"])
@member_page
def issuer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Become an issuer, or change how it presents itself."""
    require(actor, "issuer.edit")
    profile = selectors.issuer_profile(actor)
    initial = {"name": actor.organization.name}
    if profile is not None:
        initial = {
            "name": profile.name,
            "url": profile.url,
            "description": profile.description,
        }

    def save(form: IssuerForm) -> str:
        try:
            if profile is None:
                services.create_issuer_profile(actor=actor, **form.cleaned_data)
            else:
                services.edit_issuer_profile(actor=actor, profile=profile, **form.cleaned_data)
        except NamesakeError:
            form.ask_confirmation()
            raise
        return reverse("issuer")

    return form_page(
        request,
        IssuerForm(posted(request), initial=initial),
        title=_("Issuer of credentials"),
        lead=_("Credentials carry this name. What has been signed before stays as it was."),
        submit=_("Save") if profile else _("Become an issuer"),
        cancel=reverse("home"),
        save=save,
        done=_("Saved."),
        template="guildmark/settings/issuer.html",
        more={"profile": profile, "keys": profile.keys.all() if profile else []},
    )


@require_POST
@member_page
def issuer_rotate(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new signing key; the old one still proves what it signed."""
    require(actor, "issuer.edit")
    profile = selectors.issuer_profile(actor)
    if profile is None:
        raise ConflictError(_("The organization is not an issuer yet."))
    services.rotate_key(actor=actor, profile=profile)
    messages.success(request, _("A new key signs from now on."))
    return redirect("issuer")
