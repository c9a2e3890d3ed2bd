"""The REST API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API door; has no models."""

    name = "guildmark.api"
