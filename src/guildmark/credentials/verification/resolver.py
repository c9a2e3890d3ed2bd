"""Where other people's documents come from: the caller's decision."""

from __future__ import annotations

from collections.abc import Iterable
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


class KnownResolver:
    """Knows the documents it was given, each by its `id`, and nothing else."""

    def __init__(self, documents: Iterable[Json] = ()) -> None:
        self._known = {document["id"]: document for document in documents}

    def resolve(self, identifier: str) -> Json:
        """The document with this `id`. Raises NotAvailableError for any other."""
        try:
            return self._known[identifier]
        except KeyError:
            raise NotAvailableError(f"{identifier[:200]!r} was not given") from None


NO_DOCUMENTS = KnownResolver()
"""Enough where every identifier holds its key itself, as did:key does."""


def read_bytes(resolver: Resolver, address: str) -> bytes:
    """The bytes at an address, by a resolver that has bytes. Raises NotAvailableError."""
    if not isinstance(resolver, ByteResolver):
        raise NotAvailableError(f"there are no bytes of {address[:200]!r} to be had here")
    return resolver.read(address)
