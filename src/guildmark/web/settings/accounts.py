"""Accounts: who may sign in, and what they may be."""

from __future__ import annotations

import secrets
import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildmark.errors import ConflictError
from guildmark.organizations import selectors, services
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.web.formpage import form_page, posted
from guildmark.web.pages import member_page, page_of
from guildmark.web.people.forms import find_by_number
from guildmark.web.settings.forms import AccountForm, NewAccountForm, PasswordForm


@require_GET
@member_page
def accounts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The accounts of the organization."""
    search = request.GET.get("q", "")[:200]
    context = {
        "page": page_of(request, selectors.memberships(actor, search=search)),
        "search": search,
        "may_edit": allows(actor, "accounts.edit"),
    }
    return render(request, "guildmark/settings/accounts.html", context)


@require_http_methods(["GET", "POST"])
@member_page
def account_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make an account with its roles."""
    require(actor, "accounts.edit")

    def save(form: NewAccountForm) -> str:
        values = form.cleaned_data
        person = find_by_number(actor, form, "person")
        if not form.is_valid():
            return ""
        with transaction.atomic():
            account = services.create_account(
                actor=actor,
                username=values["username"],
                name=values["name"],
                email=values["email"],
                password=values["password"],
            )
            services.add_membership(
                actor=actor, account=account, person=person, roles=form.chosen_roles()
            )
        return reverse("accounts")

    initial = {"password": secrets.token_urlsafe(9), "roles": ["worker"]}
    return form_page(
        request,
        NewAccountForm(posted(request), initial=initial),
        title=_("New account"),
        submit=_("Add"),
        cancel=reverse("accounts"),
        save=save,
        done=_("The account has been added. Hand over the sign-in name and the password."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def account_edit(request: HttpRequest, actor: Actor, membership_id: uuid.UUID) -> HttpResponse:
    """Change an account's roles, its person, and what it is called."""
    membership = selectors.get_membership(actor, membership_id)
    account = membership.account
    may_edit = allows(actor, "accounts.edit", membership)
    initial = {
        "name": account.name,
        "email": account.email,
        "roles": membership.roles,
        "person": membership.person.number if membership.person else "",
    }
    form = AccountForm(posted(request), initial=initial)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True

    def save(form: AccountForm) -> str:
        require(actor, "accounts.edit", membership)
        values = form.cleaned_data
        person = find_by_number(actor, form, "person")
        if not form.is_valid():
            return ""
        with transaction.atomic():
            services.edit_account(
                actor=actor,
                membership=membership,
                name=values["name"],
                email=values["email"],
                language=account.language,
            )
            services.set_roles(actor=actor, membership=membership, roles=form.chosen_roles())
            services.link_person(actor=actor, membership=membership, person=person)
        return reverse("accounts")

    return form_page(
        request,
        form,
        title=account.name,
        submit=_("Save"),
        cancel=reverse("accounts"),
        save=save,
        done=_("Saved."),
        template="guildmark/settings/account.html",
        more={"membership": membership, "may_edit": may_edit, "is_own": account == actor.account},
    )


@require_http_methods(["GET", "POST"])
@member_page
def account_password(request: HttpRequest, actor: Actor, membership_id: uuid.UUID) -> HttpResponse:
    """Give an account a new password."""
    require(actor, "accounts.edit")
    membership = selectors.get_membership(actor, membership_id)
    here = reverse("account_edit", args=[membership.id])

    def save(form: PasswordForm) -> str:
        services.set_password(
            actor=actor, membership=membership, password=form.cleaned_data["password"]
        )
        return here

    return form_page(
        request,
        PasswordForm(posted(request), initial={"password": secrets.token_urlsafe(9)}),
        title=_("New password for %(name)s") % {"name": membership.account.name},
        submit=_("Set it"),
        cancel=here,
        save=save,
        done=_("The password has been set. Hand it over."),
    )


@require_POST
@member_page
def account_deactivate(
    request: HttpRequest, actor: Actor, membership_id: uuid.UUID
) -> HttpResponse:
    """Stop an account from signing in."""
    require(actor, "accounts.edit")
    membership = selectors.get_membership(actor, membership_id)
    try:
        services.deactivate_account(actor=actor, membership=membership)
    except ConflictError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The account can no longer sign in."))
    return redirect("account_edit", membership_id=membership.id)


@require_POST
@member_page
def account_activate(request: HttpRequest, actor: Actor, membership_id: uuid.UUID) -> HttpResponse:
    """Let an account sign in again."""
    require(actor, "accounts.edit")
    membership = selectors.get_membership(actor, membership_id)
    services.activate_account(actor=actor, membership=membership)
    messages.success(request, _("The account can sign in again."))
    return redirect("account_edit", membership_id=membership.id)
