"""The pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web door; has no models."""

    name = "guildmark.web"
