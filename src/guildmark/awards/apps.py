"""The application of this room."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    """See README.md beside this file."""

    name = "guildmark.awards"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.awards import rules  # noqa: F401 - models come first
