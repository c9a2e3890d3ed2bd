"""The application of this room."""

from django.apps import AppConfig


class AchievementsConfig(AppConfig):
    """See README.md beside this file."""

    name = "guildmark.achievements"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.achievements import rules  # noqa: F401 - models come first
