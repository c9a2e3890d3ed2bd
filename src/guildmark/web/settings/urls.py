"""Addresses of these pages."""

from django.urls import path

from guildmark.web.settings import accounts, issuer, organization, tokens

urlpatterns = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<uuid:membership_id>/", accounts.account_edit, name="account_edit"),
    path(
        "accounts/<uuid:membership_id>/password/",
        accounts.account_password,
        name="account_password",
    ),
    path(
        "accounts/<uuid:membership_id>/deactivate/",
        accounts.account_deactivate,
        name="account_deactivate",
    ),
    path(
        "accounts/<uuid:membership_id>/activate/",
        accounts.account_activate,
        name="account_activate",
    ),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("organization/", organization.organization_settings, name="organization_settings"),
    path("issuer/", issuer.issuer, name="issuer"),
    path("issuer/new-key/", issuer.issuer_rotate, name="issuer_rotate"),
]
