"""The ground: who and where."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Organizations, people, accounts and the gate that every service passes."""

    name = "guildmark.organizations"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.organizations import rules  # noqa: F401 - models come first
