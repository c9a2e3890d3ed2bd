"""The document that a proof is made over, without its proofs, and its forms, each made once."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from guildmark.credentials.jsonld import shapes
from guildmark.credentials.jsonld.canonical import canonical_of
from guildmark.credentials.jsonld.labelling import canonicalize_with
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jcs import canonical_json


class Unsecured:
    """An unsecured data document (Data Integrity 1.0, section 1.2) for any number of proofs."""

    def __init__(self, document: Json) -> None:
        self.document = document

    @classmethod
    def of(cls, secured: Json) -> Unsecured:
        """The document without its proofs."""
        return cls({key: value for key, value in secured.items() if key != "proof"})

    def glance(self) -> shapes.Shaped | None:
        """As `shaped`, where documents of its shape were met lately. Any document may be asked
        about, also one that is not yet known to be within bounds."""
        found = shapes.glance(self.document)
        if found is not None:
            self.__dict__["shaped"] = found
        return found

    def with_proofs(self, proofs: Sequence[Json]) -> Unsecured:
        """The document with the proofs that a further one of a chain is made over as well
        (section 4.3, step 6)."""
        return Unsecured({**self.document, "proof": list(proofs)})

    @functools.cached_property
    def shaped(self) -> shapes.Shaped | None:
        """The document by its shape; None where it has none that can be kept."""
        return shapes.read(self.document)

    @functools.cached_property
    def canonical(self) -> str:
        """The canonical N-Quads (RDFC-1.0); raises JsonLdError where there are none."""
        return canonical_of(self.document, self.shaped)

    @functools.cached_property
    def canonical_sha384(self) -> str:
        """The same, labelled with SHA-384, for keys on P-384."""
        return canonicalize_with(self.document, "sha384")

    @functools.cached_property
    def canonical_json(self) -> bytes:
        """The canonical JSON (RFC 8785); raises ProofError where there is none."""
        return canonical_json(self.document)
