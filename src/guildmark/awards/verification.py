"""Checking any credential with what this installation knows, without asking the network.

The credential library does the checking, on the document itself and on every request; here it
gets its resolver and its time. The DIDs and status lists of this installation's issuers come
from the database. A foreign did:web or status list is not fetched in this version: a server that
fetches what a stranger names can be sent anywhere. Such a check ends as "could not be checked".
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from guildmark.awards.documents import did_document
from guildmark.awards.models import IssuerProfile, StatusList
from guildmark.credentials import (
    NotAvailableError,
    Report,
    verify,
)
from guildmark.credentials.model.reading import Json


class LocalResolver:
    """Resolves the DIDs and status lists of this installation, each once; nothing else."""

    def __init__(self) -> None:
        self._known: dict[str, Json | None] = {}

    def resolve(self, identifier: str) -> Json:
        """The document with this identifier. Raises NotAvailableError for a foreign one."""
        if identifier not in self._known:
            self._known[identifier] = _find(identifier)
        found = self._known[identifier]
        if found is None:
            raise NotAvailableError(
                f"{identifier[:200]!r} is elsewhere, and this server asks no other server"
            )
        return found

    def knows(self, identifier: str | None) -> bool:
        """Whether the identifier has been resolved here."""
        return identifier is not None and self._known.get(identifier) is not None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """A report, the document it is about (empty when unreadable), and when it was made."""

    report: Report
    document: Json
    checked_at: dt.datetime
    issuer_is_local: bool = field(default=False)
    """The issuer is an organization of this installation, so its name is known to be right."""

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values; the codes are stable, the messages are English."""
        return {
            **self.report.as_json(),
            "checkedAt": self.checked_at.isoformat(timespec="seconds"),
            "issuerIsLocal": self.issuer_is_local,
        }


def verify_text(text: str) -> Verification:
    """Check a credential as text. Never raises for what the text holds."""
    now = timezone.now()
    resolver = LocalResolver()
    report = verify(text, resolver=resolver, now=now)
    return Verification(
        report=report,
        document=report.document,
        checked_at=now,
        issuer_is_local=resolver.knows(report.issuer),
    )


def _find(identifier: str) -> Json | None:
    if len(identifier) > 400:
        return None
    if identifier.startswith("did:"):
        profile = IssuerProfile.objects.filter(did=identifier).first()
        return did_document(profile) if profile is not None else None
    listed = StatusList.objects.filter(url=identifier).exclude(document="").first()
    if listed is None:
        return None
    document: Json = json.loads(listed.document)
    return document
