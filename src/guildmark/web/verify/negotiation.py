"""Which form of a public document the asker wants, and the headers it is sent with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

CREDENTIAL_MEDIA_TYPE = "application/vc"
JSON_TYPES = (
    "application/vc+ld+json",
    "application/vc",
    "application/ld+json",
    "application/json",
)


def wants_json(request: HttpRequest) -> bool:
    """Whether a JSON form is preferred over HTML; a browser and `*/*` get the page."""
    preferred = request.get_preferred_type(["text/html", *JSON_TYPES])
    return preferred in JSON_TYPES


def keep_private(response: HttpResponse) -> HttpResponse:
    """For what a secret address shows: not indexed, not cached, not leaked as a referrer.

    `same-origin` and not `no-referrer`, which would make browsers hide the origin of this page's
    own forms as well, and the forms be refused.
    """
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def readable_elsewhere(response: HttpResponse) -> HttpResponse:
    """For documents made for machines anywhere: any web page may read them."""
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    return response
