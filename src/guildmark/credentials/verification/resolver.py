"""Where other people's documents come from: the caller's decision."""

from __future__ import annotations

from typing import Protocol

from guildmark.credentials.model.reading import Json


class Resolver(Protocol):
    """Where DID documents and status list credentials come from."""

    def resolve(self, identifier: str) -> Json:
        """The document of a DID, or the credential at a URL.

        Raises NotAvailableError where the caller has none or will not fetch it.
        """
