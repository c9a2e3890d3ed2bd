"""The last application to start: it wires who hears which event."""

from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """Composition of the rooms below; has no models."""

    name = "guildmark.config"
    label = "composition"

    def ready(self) -> None:
        """Connect the events of the lower rooms to those that act upon them."""
        from guildmark.config import wiring

        wiring.connect()
