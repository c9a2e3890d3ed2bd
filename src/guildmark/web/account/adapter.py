"""How signing in works here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from guildmark.config.clients import client_address, counted_address
from guildmark.organizations import services
from guildmark.organizations.models import Account


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the base class names it
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that failed sign-ins are counted by."""
        return counted_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By name and address: by the name alone, anybody could keep its owner out from afar.
        login = credentials.get("email") or credentials.get("username") or ""
        return f"{login.strip().lower()}|{counted_address(request)}"

    def set_password(self, user: Account, password: str) -> None:
        """Through the service, so that the audit trail hears of it."""
        services.change_own_password(
            account=user, password=password, address=client_address(self.request)
        )
