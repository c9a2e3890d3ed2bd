"""did:key and did:web.

did:key: https://w3c-ccg.github.io/did-key-spec/; did:web: https://w3c-ccg.github.io/did-method-web/.
The library fetches nothing: a resolver that the caller hands in returns did:web documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.identifiers.keys import PublicKey
from guildmark.credentials.model.reading import Json

_SEGMENT = re.compile(r"^[A-Za-z0-9._~-]+$")
_HOST = re.compile(r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"


@dataclass(frozen=True, kw_only=True)
class VerificationMethod:
    """A public key with its identifier and the identifier of who controls it."""

    id: str
    controller: str
    public_key: PublicKey


def did_web(base_url: str, *path: str) -> str:
    """The did:web of a path below an address: `did:web:example.com%3A8443:o:works`.

    Raises IdentifierError for a host or a path segment that did:web cannot carry.
    """
    host = urlsplit(base_url).netloc
    if not _HOST.match(host):
        raise IdentifierError(f"{base_url!r} has no host that did:web can carry")
    for segment in path:
        if not _SEGMENT.match(segment):
            raise IdentifierError(f"{segment!r} cannot stand in a did:web")
    return ":".join(["did:web", quote(host, safe=".-"), *path])


def did_web_url(did: str) -> str:
    """The https address of a did:web's document (did:web, section 2.5.2)."""
    parts = did.split(":")
    if len(parts) < 3 or parts[:2] != ["did", "web"]:
        raise IdentifierError(f"{did[:120]!r} is not a did:web")
    host, path = unquote(parts[2]), [unquote(part) for part in parts[3:]]
    if not _HOST.match(host) or not all(_SEGMENT.match(part) for part in path):
        raise IdentifierError(f"{did[:120]!r} does not name a host and plain path segments")
    return f"https://{host}/" + "/".join([*(path or [".well-known"]), "did.json"])


def did_document(did: str, methods: Iterable[VerificationMethod]) -> Json:
    """The DID document of an issuer: each key a verification method for assertions."""
    keys = list(methods)
    return {
        "@context": [DID_CONTEXT, MULTIKEY_CONTEXT],
        "id": did,
        "verificationMethod": [
            {
                "id": key.id,
                "type": "Multikey",
                "controller": key.controller,
                "publicKeyMultibase": key.public_key.to_multikey(),
            }
            for key in keys
        ],
        "assertionMethod": [key.id for key in keys],
    }


def did_key_method(identifier: str) -> VerificationMethod:
    """The verification method of a did:key, from the identifier alone.

    Takes the DID or its only method `did:key:z6Mk…#z6Mk…`.
    """
    did, _, fragment = identifier.partition("#")
    key = did.removeprefix("did:key:")
    if key == did or (fragment and fragment != key):
        raise IdentifierError(f"{identifier[:120]!r} is not a did:key or its own key")
    return VerificationMethod(
        id=f"{did}#{key}", controller=did, public_key=PublicKey.from_multikey(key)
    )


def find_method(
    document: Any, method_id: str, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """The verification method of a controller document that may be used for `purpose`.

    Controlled Identifiers 1.0, section 3.3 (retrieve verification method). Raises
    IdentifierError where the document does not list the method for that purpose.
    """
    if not isinstance(document, dict):
        raise IdentifierError("the controller document is not an object")
    listed = document.get(purpose)
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict) and entry.get("id") == method_id:
            return _read_method(entry)
        if entry == method_id:
            methods = document.get("verificationMethod")
            for method in methods if isinstance(methods, list) else []:
                if isinstance(method, dict) and method.get("id") == method_id:
                    return _read_method(method)
    raise IdentifierError(f"{method_id[:160]!r} is not listed under {purpose} of its controller")


def _read_method(entry: Json) -> VerificationMethod:
    fields = [entry.get(key) for key in ("id", "controller", "publicKeyMultibase")]
    if entry.get("type") != "Multikey" or not all(isinstance(field, str) for field in fields):
        raise IdentifierError("the verification method is not a Multikey with its key in multibase")
    id_, controller, key = (str(field) for field in fields)
    return VerificationMethod(
        id=id_, controller=controller, public_key=PublicKey.from_multikey(key)
    )
