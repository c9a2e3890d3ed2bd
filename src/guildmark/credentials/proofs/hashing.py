"""What a suite signs: the hash of the proof's options, then that of the document.

The same in Data Integrity EdDSA Cryptosuites 1.0 (sections 3.2.4 and 3.3.4) and Data Integrity
ECDSA Cryptosuites 1.0 (sections 3.2.4 and 3.3.4), but for the hash: SHA-384 with P-384, else
SHA-256.
"""

from __future__ import annotations

import functools
import hashlib

import orjson

from guildmark.credentials.errors import ProofError
from guildmark.credentials.identifiers.keys import KeyType
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.jsonld.labelling import canonicalize_with
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jcs import canonical_json
from guildmark.credentials.proofs.unsecured import Unsecured

_LONGEST_KEPT = 4_000


def hash_statements(unsecured: Unsecured, options: Json, kind: KeyType) -> bytes:
    """Over the canonical statements (RDFC-1.0) of both; raises JsonLdError where there are none."""
    configuration = {**options, "@context": unsecured.document.get("@context")}
    if kind is KeyType.P384:
        return b"".join(
            hashlib.sha384(canonical.encode()).digest()
            for canonical in (
                canonicalize_with(configuration, "sha384"),
                unsecured.canonical_sha384,
            )
        )
    statements = hashlib.sha256(unsecured.canonical.encode()).digest()
    return _hash_options(configuration) + statements


def _hash_options(configuration: Json) -> bytes:
    try:
        written = orjson.dumps(configuration)
    except orjson.JSONEncodeError:
        written = None  # a number that is too long for this writer, and for all that follows
    if written is None or len(written) > _LONGEST_KEPT:
        return hashlib.sha256(canonicalize(configuration).encode()).digest()
    return _kept_hash(written)


# What is issued together has the same options, and is often verified together.
@functools.lru_cache(maxsize=512)
def _kept_hash(written: bytes) -> bytes:
    return hashlib.sha256(canonicalize(orjson.loads(written)).encode()).digest()


def hash_json(unsecured: Unsecured, options: Json, kind: KeyType) -> bytes:
    """Over the canonical JSON (RFC 8785) of both.

    Options with a `@context` are for a document that begins with the same contexts; further ones
    may have been added to it since, and are not signed. Raises ProofError where the contexts
    differ, and for a document without canonical JSON.
    """
    document = unsecured.canonical_json
    if "@context" in options:
        signed, present = options["@context"], unsecured.document.get("@context")
        if signed != present:
            parts = _as_list(signed)
            if _as_list(present)[: len(parts)] != parts:
                raise ProofError("the document does not begin with the contexts of its proof")
            document = canonical_json({**unsecured.document, "@context": signed})
    hashed = hashlib.sha384 if kind is KeyType.P384 else hashlib.sha256
    return b"".join(hashed(part).digest() for part in (canonical_json(options), document))


def with_context(options: Json, unsecured: Unsecured) -> Json:
    """The options with the document's context, as the suites on JSON sign them (step 2 of their
    section "create proof")."""
    if "@context" not in unsecured.document:
        return options
    return {**options, "@context": unsecured.document["@context"]}


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
