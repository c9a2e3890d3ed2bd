"""The application of this room."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """See README.md beside this file."""

    name = "guildmark.assessment"

    def ready(self) -> None:
        """Let the room's rules be declared."""
        from guildmark.assessment import rules  # noqa: F401 - models come first
