"""The errors of this library, under one base."""

from __future__ import annotations

from typing import Any


class CredentialError(Exception):
    """Base of all errors here. The message says what is wrong, with which value, and the mend."""


class ModelError(CredentialError, ValueError):
    """A value cannot stand in a badge. Says which field, which value, and what mends it; where a
    document was read, also the place in it (`path`, a JSON Pointer, RFC 6901)."""

    def __init__(
        self, *, kind: str, field: str, value: Any, mend: str, path: str | None = None
    ) -> None:
        place = f" at {path[:200] or '/'}" if path is not None else ""
        super().__init__(f"{kind}.{field}{place} is {str(value)[:120]!r}: {mend}")
        self.kind = kind
        self.field = field
        self.value = value
        self.mend = mend
        self.path = path


class UnreadableError(CredentialError):
    """The bytes are not a JSON document within the bounds."""


class JsonLdError(CredentialError):
    """The document cannot be interpreted safely: an unknown context, an undefined term, a
    relative identifier, or a graph too symmetric to be put in canonical form in bounded time."""


class UnknownContextError(JsonLdError):
    """A context is not one of the bundled ones, so what the document means cannot be known."""


class IdentifierError(CredentialError, ValueError):
    """A key or an identifier does not have the form it needs."""


class ProofError(CredentialError):
    """A proof does not verify, or is not of a form that can be checked."""


class StatusError(CredentialError):
    """A status list or a place in it cannot be read."""


class CarrierError(CredentialError, ValueError):
    """A file carries no credential, several, or none that can be read or written within bounds."""


class NotAvailableError(CredentialError):
    """A resolver has no answer for this address; raised by the caller's resolver."""
