"""The document that a proof is made over, without its proofs, and its forms, each made once."""

from __future__ import annotations

import functools

from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.model.reading import Json


class Unsecured:
    """An unsecured data document (Data Integrity 1.0, section 1.2) for any number of proofs."""

    def __init__(self, document: Json) -> None:
        self.document = document

    @classmethod
    def of(cls, secured: Json) -> Unsecured:
        """The document without its proofs."""
        return cls({key: value for key, value in secured.items() if key != "proof"})

    @functools.cached_property
    def canonical(self) -> str:
        """The canonical N-Quads (RDFC-1.0); raises JsonLdError where there are none."""
        return canonicalize(self.document)
