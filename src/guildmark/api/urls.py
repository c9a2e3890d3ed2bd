"""Addresses of the REST API."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from guildmark.api.app import api
from guildmark.api.problems import nothing_here

urlpatterns = [
    path("v1/", api.urls),
    # Not the page of the website: whoever asks here is a program.
    re_path(r"^", csrf_exempt(nothing_here), name="api_nothing_here"),
]
