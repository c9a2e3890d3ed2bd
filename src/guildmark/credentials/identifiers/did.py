"""did:key, did:jwk and did:web.

did:key: https://w3c-ccg.github.io/did-key-spec/; did:jwk: https://github.com/quartzjer/did-jwk;
did:web: https://w3c-ccg.github.io/did-method-web/. The first two hold their key themselves. The
library fetches nothing: a resolver that the caller hands in returns did:web documents.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from guildmark.credentials.errors import IdentifierError, ProofError, UnreadableError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.identifiers.multibase import (
    decode_base58btc,
    decode_base64url,
    encode_base58btc,
)
from guildmark.credentials.model.reading import Json, read_json

_SEGMENT = re.compile(r"^[A-Za-z0-9._~-]+$")
_HOST = re.compile(r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
_RSA_CODEC = bytes.fromhex("8524")
_LONGEST_MULTIKEY = 100
_MAX_DID = 4_000


@dataclass(frozen=True, kw_only=True)
class VerificationMethod:
    """A public key with its identifier, that of who controls it, and how long it is good.

    `expires` and `revoked` as in Controlled Identifiers 1.0, section 2.2.
    """

    id: str
    controller: str
    public_key: PublicKey
    expires: dt.datetime | None = None
    revoked: dt.datetime | None = None

    def require_valid(self, created: dt.datetime | None, now: dt.datetime) -> None:
        """Raise ProofError where a proof that says it was made at `created` is not to be taken.

        A key that has run out still proves what was made in its time, so that keys can be
        rotated; without `created`, that time is now. A revoked key proves nothing any more:
        whoever got hold of it writes the `created` that fits (section 5.5.1).
        """
        made = now if created is None else created
        if self.expires is not None and made >= self.expires:
            raise ProofError(f"the key was good until {self.expires.isoformat()} only")
        if self.revoked is not None and now >= self.revoked:
            raise ProofError(f"the key was revoked at {self.revoked.isoformat()}")

    def as_json(self) -> Json:
        """The method as a Multikey, or as a JsonWebKey where the key has no such form."""
        form: Json = {"id": self.id, "type": "Multikey", "controller": self.controller}
        for name, time in (("expires", self.expires), ("revoked", self.revoked)):
            if time is not None:
                form[name] = time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.public_key.type is KeyType.RSA:
            return {**form, "type": "JsonWebKey", "publicKeyJwk": self.public_key.to_jwk()}
        return {**form, "publicKeyMultibase": self.public_key.to_multikey()}


def did_web(base_url: str, *path: str) -> str:
    """The did:web of a path below an address: `did:web:example.com%3A8443:o:works`
    (https://w3c-ccg.github.io/did-method-web/, section 2).

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
    """The DID document of an issuer (Controlled Identifiers 1.0, section 2): each key a
    verification method for assertions."""
    keys = list(methods)
    contexts = [MULTIKEY_CONTEXT]
    if any(key.public_key.type is KeyType.RSA for key in keys):
        contexts.append(JWK_CONTEXT)
    return {
        "@context": [DID_CONTEXT, *contexts],
        "id": did,
        "verificationMethod": [key.as_json() for key in keys],
        "assertionMethod": [key.id for key in keys],
    }


def did_key(key: PublicKey) -> str:
    """The did:key of a public key; an RSA key in it is PKCS#1 (did:key, section 3.1.2)."""
    if key.type is KeyType.RSA:
        return f"did:key:{encode_base58btc(_RSA_CODEC + key.to_pkcs1())}"
    return f"did:key:{key.to_multikey()}"


def did_jwk(key: PublicKey) -> str:
    """The did:jwk of a public key (https://github.com/quartzjer/did-jwk)."""
    text = json.dumps(key.to_jwk(), separators=(",", ":"))
    return f"did:jwk:{base64.urlsafe_b64encode(text.encode()).rstrip(b'=').decode()}"


def method_within(identifier: str, purpose: str = "assertionMethod") -> VerificationMethod | None:
    """The method that the identifier itself holds, of a did:key or a did:jwk; None for others.

    Takes the DID or its only method. Raises IdentifierError where the key cannot be read, or is
    not for that purpose.
    """
    if identifier.startswith("did:key:"):
        return did_key_method(identifier)
    if identifier.startswith("did:jwk:"):
        return did_jwk_method(identifier, purpose)
    return None


def did_key_method(identifier: str) -> VerificationMethod:
    """The verification method of a did:key, from the identifier alone.

    Takes the DID or its only method `did:key:z6Mk…#z6Mk…`.
    """
    return _did_key_method(identifier)


# An issuer's key is read with each of its credentials.
@functools.lru_cache(maxsize=1_024)
def _did_key_method(identifier: str) -> VerificationMethod:
    did, _, fragment = identifier.partition("#")
    key = did.removeprefix("did:key:")
    if key == did or (fragment and fragment != key):
        raise IdentifierError(f"{identifier[:120]!r} is not a did:key or its own key")
    if len(key) > _LONGEST_MULTIKEY and (data := decode_base58btc(key)).startswith(_RSA_CODEC):
        public = PublicKey.from_der(data[len(_RSA_CODEC) :])
    else:
        public = PublicKey.from_multikey(key)
    return VerificationMethod(id=f"{did}#{key}", controller=did, public_key=public)


def did_jwk_method(identifier: str, purpose: str = "assertionMethod") -> VerificationMethod:
    """The verification method `did:jwk:…#0` of a did:jwk, from the identifier alone.

    Raises IdentifierError for a private key, which must never stand there, and one that is for
    encryption only.
    """
    did, _, fragment = identifier.partition("#")
    text = did.removeprefix("did:jwk:")
    if text == did or fragment not in ("", "0") or len(did) > _MAX_DID:
        raise IdentifierError(f"{identifier[:120]!r} is not a did:jwk or its own key")
    try:
        jwk = read_json(decode_base64url(f"u{text}"))
    except UnreadableError as error:
        raise IdentifierError(f"the key of {did[:120]!r} cannot be read: {error}") from error
    if jwk.get("use", "sig") != "sig" and purpose != "keyAgreement":
        raise IdentifierError(f"the key of {did[:120]!r} is not for signatures")
    return VerificationMethod(
        id=f"{did}#0", controller=did, public_key=PublicKey.from_public_jwk(jwk)
    )
