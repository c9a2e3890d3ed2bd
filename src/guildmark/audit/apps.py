"""The application of this room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See README.md beside this file."""

    name = "guildmark.audit"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.audit import rules  # noqa: F401 - models come first
