"""Addresses of the REST API."""

from django.urls import path

from guildmark.api.app import api

urlpatterns = [path("v1/", api.urls)]
