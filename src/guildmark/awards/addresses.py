"""The public addresses that end up inside signed documents.

They are made once, from GUILDMARK_PUBLIC_URL at that moment, and stored with what they name:
a signed document cannot follow a server that moves.
"""

from __future__ import annotations

import uuid

from django.conf import settings

from guildmark.credentials import did_web


def issuer_did(slug: str) -> str:
    """The did:web of an organization; it resolves to `/o/<slug>/did.json` on this server."""
    return did_web(settings.PUBLIC_URL, "o", slug)


def achievement_url(version_id: uuid.UUID) -> str:
    """The public page, and the identifier, of an achievement version."""
    return f"{settings.PUBLIC_URL}/a/{version_id}"


def status_list_url(list_id: uuid.UUID) -> str:
    """Where a status list is served."""
    return f"{settings.PUBLIC_URL}/status/{list_id}"


def credential_urn(credential_id: uuid.UUID) -> str:
    """The identifier of a credential: a name, not an address, so nobody can be tracked by it."""
    return f"urn:uuid:{credential_id}"
