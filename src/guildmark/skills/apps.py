"""The application of this room."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    """See README.md beside this file."""

    name = "guildmark.skills"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.skills import rules  # noqa: F401 - models come first
