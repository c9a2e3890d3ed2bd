"""How signing in works here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from guildmark.organizations import services
from guildmark.organizations.models import Account
from guildmark.web.middleware import client_address


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the base class names it
        """Never."""
        return False

    def set_password(self, user: Account, password: str) -> None:
        """Through the service, so that the audit trail hears of it."""
        services.change_own_password(
            account=user, password=password, address=client_address(self.request)
        )
