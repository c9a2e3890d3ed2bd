"""The application of this room."""

from django.apps import AppConfig


class WalletConfig(AppConfig):
    """See README.md beside this file."""

    name = "guildmark.wallet"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.wallet import rules  # noqa: F401 - models come first
