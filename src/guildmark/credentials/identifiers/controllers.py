"""Verification methods in the documents of their controllers.

Controlled Identifiers 1.0 (https://www.w3.org/TR/cid-1.0/), sections 2 and 3.3; the same members
stand in DID documents (https://www.w3.org/TR/did-1.0/). A document is read as JSON: whether it
has a `@context` does not matter.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.identifiers.did import VerificationMethod
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment

RELATIONSHIPS = (
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)
_MAX_METHODS = 1_000
_MULTIBASE_TYPES = ("Multikey", "Ed25519VerificationKey2020")
_JWK_TYPES = ("JsonWebKey", "JsonWebKey2020")


def find_method(
    document: Any, method_id: str, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """The verification method of a controller document that may be used for `purpose`.

    Section 3.3 (retrieve verification method). Identifiers within the document may be relative to
    its own. Raises IdentifierError where the document does not list the method for that purpose,
    describes it twice, or gives its key in a form that is not used here.
    """
    if not isinstance(document, dict):
        raise IdentifierError("the controller document is not an object")
    base = document.get("id")
    listed = [
        entry.get("id") if isinstance(entry, dict) else entry
        for entry in _listed(document.get(purpose))
    ]
    if method_id not in [_absolute(base, entry) for entry in listed]:
        raise IdentifierError(
            f"{method_id[:160]!r} is not listed under {purpose} of its controller"
        )
    return _read_described(
        [entry for entry in _described(document) if _absolute(base, entry.get("id")) == method_id],
        method_id,
    )


def methods_for(document: Json, purpose: str = "assertionMethod") -> Iterator[VerificationMethod]:
    """The methods that a controller document lists for `purpose`, without those that cannot be
    used. Raises IdentifierError where it lists or describes too many."""
    base = document.get("id")
    listed = dict.fromkeys(
        _absolute(base, entry.get("id") if isinstance(entry, dict) else entry)
        for entry in _listed(document.get(purpose))
    )
    described: dict[str | None, list[Json]] = {}
    for entry in _described(document):
        described.setdefault(_absolute(base, entry.get("id")), []).append(entry)
    for named in listed:
        if named is not None:
            with contextlib.suppress(IdentifierError):
                yield _read_described(described.get(named, []), named)


def _described(document: Json) -> Iterator[Json]:
    """Every method of the document, wherever it stands."""
    for name in ("verificationMethod", *RELATIONSHIPS):
        for entry in _listed(document.get(name)):
            if isinstance(entry, dict):
                yield entry


def _listed(value: Any) -> list[Any]:
    entries = [] if value is None else value if isinstance(value, list) else [value]
    if len(entries) > _MAX_METHODS:
        raise IdentifierError(f"the controller document lists over {_MAX_METHODS} methods")
    return entries


def _absolute(base: Any, reference: Any) -> str | None:
    """The reference, after the document's own identifier where it is a fragment alone."""
    if not isinstance(reference, str):
        return None
    return f"{base}{reference}" if reference.startswith("#") else reference


def _read_described(found: list[Json], method_id: str) -> VerificationMethod:
    """The method that all these descriptions of it agree on."""
    if not found:
        raise IdentifierError(f"{method_id[:160]!r} is listed, but not described")
    if any(entry != found[0] for entry in found):
        raise IdentifierError(f"{method_id[:160]!r} is described twice, and differently")
    return _read_method(found[0], method_id)


def _read_method(entry: Json, method_id: str) -> VerificationMethod:
    controller = entry.get("controller")
    if not isinstance(controller, str):
        raise IdentifierError("the verification method names no controller")
    if "secretKeyMultibase" in entry or "secretKeyJwk" in entry:
        raise IdentifierError("the verification method shows its secret key")
    return VerificationMethod(
        id=method_id,
        controller=controller,
        public_key=_read_key(entry),
        expires=_time(entry, "expires"),
        revoked=_time(entry, "revoked"),
    )


def _read_key(entry: Json) -> PublicKey:
    kind = entry.get("type")
    if "publicKeyMultibase" in entry and "publicKeyJwk" in entry:
        raise IdentifierError("the verification method gives its key in two forms")
    if kind in _JWK_TYPES:
        return PublicKey.from_public_jwk(entry.get("publicKeyJwk"))
    if kind not in _MULTIBASE_TYPES:
        known = ", ".join((*_MULTIBASE_TYPES, *_JWK_TYPES))
        raise IdentifierError(
            f"the verification method is a {str(kind)[:60]!r}; {known} can be read"
        )
    key = PublicKey.from_multikey(entry.get("publicKeyMultibase", ""))
    if kind == "Ed25519VerificationKey2020" and key.type is not KeyType.ED25519:
        raise IdentifierError("the key of an Ed25519VerificationKey2020 is not an Ed25519 key")
    return key


def _time(entry: Json, name: str) -> dt.datetime | None:
    """A time that cannot be read is refused: the key could be over."""
    if name not in entry:
        return None
    time = moment(entry[name])
    if time is None:
        raise IdentifierError(f"{name} of the verification method is not a time with its zone")
    return time
