"""What the organization says about itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guildmark.organizations import services
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.names import NamesakeError
from guildmark.web.formpage import form_page, posted
from guildmark.web.pages import member_page
from guildmark.web.settings.forms import OrganizationForm


@require_http_methods(["GET", "POST"])
@member_page
def organization_settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody may look, the administrator may change."""
    organization = actor.organization
    may_edit = allows(actor, "organization.edit", organization)
    if request.method == "POST":
        require(actor, "organization.edit", organization)

    def save(form: OrganizationForm) -> str:
        try:
            services.edit_organization(actor=actor, **form.cleaned_data)
        except NamesakeError:
            form.ask_confirmation()
            raise
        return reverse("organization_settings")

    names = ("name", "country", "language", "time_zone")
    initial = {name: getattr(organization, name) for name in names}
    return form_page(
        request,
        OrganizationForm(posted(request), initial=initial, may_edit=may_edit),
        title=_("Organization"),
        submit=_("Save"),
        cancel=reverse("home"),
        save=save,
        done=_("Saved."),
        more={"may_edit": may_edit},
    )
