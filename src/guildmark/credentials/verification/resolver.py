"""Where other people's documents come from: the caller's decision."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from guildmark.credentials.errors import NotAvailableError
from guildmark.credentials.model.reading import Json


class Resolver(Protocol):
    """Where DID documents and status list credentials come from."""

    def resolve(self, identifier: str) -> Json:
        """The document of a DID, or the credential at a URL.

        Raises NotAvailableError where the caller has none or will not fetch it.
        """


@runtime_checkable
class ByteResolver(Protocol):
    """What a resolver may offer besides: the very bytes that stand at an address.

    They are needed where a document is not JSON (a status list token) or is known by its digest.
    What only bytes can tell could not be checked with a resolver that has no `read`.
    """

    def read(self, address: str) -> bytes:
        """The bytes at a URL, of a size that the caller bounds.

        Raises NotAvailableError where the caller has none or will not fetch them.
        """


def read_bytes(resolver: Resolver, address: str) -> bytes:
    """The bytes at an address, by a resolver that has bytes. Raises NotAvailableError."""
    if not isinstance(resolver, ByteResolver):
        raise NotAvailableError(f"there are no bytes of {address[:200]!r} to be had here")
    return resolver.read(address)
