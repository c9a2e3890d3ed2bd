"""Whose key a signature was made with: where keys are found, and what ties one to an issuer.

A key is somebody's where a document under their identifier lists it. One that the signature brings
along itself, in a header or in the fragment of an identifier, is nobody's until such a document is
found: anybody can bring one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from guildmark.credentials.errors import (
    CredentialError,
    IdentifierError,
    NotAvailableError,
    ProofError,
)
from guildmark.credentials.identifiers.controllers import (
    RELATIONSHIPS,
    find_method,
    methods_for,
)
from guildmark.credentials.identifiers.did import VerificationMethod, method_within
from guildmark.credentials.identifiers.keys import PublicKey
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.proofs.jose.secured import SecuredToken, TokenFormat
from guildmark.credentials.verification.resolver import Resolver

NOBODY = ""
"""The controller of a key that the signature brought along itself."""
_MAX_KEYS = 200


def find_signing_method(
    method_id: str, resolver: Resolver, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """Controlled Identifiers 1.0, section 3.3 (retrieve verification method).

    Raises IdentifierError where the controller's document does not have it for that purpose, and
    what the resolver raises. Whether it was valid at a time is asked from the method.
    """
    within = method_within(method_id, purpose)
    if within is not None:
        return within
    controller = method_id.partition("#")[0]
    document = resolver.resolve(controller)
    check_bounds(document)
    if document.get("id") != controller:
        raise IdentifierError(f"the document of {controller[:160]!r} is about another identifier")
    if not controller.startswith("did:") and not _lists_keys(document):
        # An issuer's profile on the web is often about other things than keys.
        raise NotAvailableError(f"the document of {controller[:160]!r} lists no keys")
    method = find_method(document, method_id, purpose)
    # Anybody can publish a document that names somebody else as the controller of a key.
    if method.controller != controller:
        raise IdentifierError(
            f"{method_id[:160]!r} says that {method.controller[:160]!r} controls it, "
            "but it stands in another's document"
        )
    return method


def find_key(
    method_id: str, resolver: Resolver, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """As `find_signing_method`; where the controller's document is not to be had, a key that
    stands in the identifier's fragment is taken, as NOBODY's."""
    try:
        return find_signing_method(method_id, resolver, purpose)
    except NotAvailableError:
        fragment = method_id.partition("#")[2]
        if not fragment.startswith("z"):
            raise
        try:
            key = PublicKey.from_multikey(fragment)
        except IdentifierError:
            key = None
        if key is None:
            raise
        return _brought(key, method_id)


def find_token_key(
    token: SecuredToken, resolver: Resolver, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """The key of a token, by its `kid`, its `jwk`, or its issuer alone.

    `kid` is a DID URL (VC-JOSE-COSE, section 4.1) or the address of a JWK or of a set of them
    (Open Badges 3.0, section 8.5). Raises NotAvailableError where the document is not to be had,
    IdentifierError where it does not hold the key, ProofError where `jwk` is another one.
    """
    named, own = token.verification_method, token.own_key
    if named is None:
        return _brought(own) if own is not None else _only_method(token.issuer, resolver, purpose)
    try:
        if named.startswith("https:"):
            method = _find_at_address(named, token, resolver, purpose)
        else:
            method = find_key(named, resolver, purpose)
    except NotAvailableError:
        if own is None:
            raise
        return _brought(own, named)
    if own is not None and own != method.public_key:
        raise ProofError("the key in the header is not the one that its kid names")
    return method


def is_key_of(
    method: VerificationMethod,
    issuer: str,
    resolver: Resolver,
    created: dt.datetime | None,
    now: dt.datetime,
    purpose: str = "assertionMethod",
) -> bool | None:
    """Whether a document under the issuer's identifier lists this key; None where there is none
    that lists any. Asked are the controller document, and for issuers on the web the set of keys
    at `/.well-known/jwks.json` (Open Badges 3.0, Implementation Guide, "External proof")."""
    found = None
    for key in _keys_of(issuer, resolver, created, now, purpose):
        if key == method.public_key:
            return True
        found = False
    return found


def _keys_of(
    issuer: str,
    resolver: Resolver,
    created: dt.datetime | None,
    now: dt.datetime,
    purpose: str,
) -> Iterator[PublicKey]:
    try:
        within = method_within(issuer, purpose)
    except IdentifierError:
        return
    if within is not None:
        yield within.public_key
        return
    document = _asked(issuer, resolver)
    if document is not None and document.get("id") == issuer:
        try:
            methods = list(methods_for(document, purpose))
        except IdentifierError:
            methods = []
        for method in methods:
            try:
                method.require_valid(created, now)
            except ProofError:
                continue
            if method.controller == issuer:
                yield method.public_key
    origin = _origin(issuer)
    if origin is not None:
        document = _asked(f"https://{origin[1]}/.well-known/jwks.json", resolver)
        for jwk in _set_of(document or {}):
            if jwk.get("iss", issuer) == issuer:
                try:
                    yield PublicKey.from_public_jwk(jwk)
                except IdentifierError:
                    continue


def _asked(address: str, resolver: Resolver) -> Json | None:
    try:
        document = resolver.resolve(address)
        check_bounds(document)
    except CredentialError:
        return None
    return document


def _find_at_address(
    named: str, token: SecuredToken, resolver: Resolver, purpose: str
) -> VerificationMethod:
    issuer = token.issuer or ""
    if token.format is TokenFormat.SD_JWT_VC and ":" not in (token.key_id or ""):
        # SD-JWT VC, section 5 (JWT VC Issuer Metadata): between the host and the path.
        origin = _origin(issuer)
        if origin is None:
            raise IdentifierError(f"{issuer[:160]!r} is not the https address of an issuer")
        path = urlsplit(issuer).path.rstrip("/")
        address = f"https://{origin[1]}/.well-known/jwt-vc-issuer{path}"
        document = resolver.resolve(address)
        check_bounds(document)
        if document.get("issuer") != issuer:
            raise IdentifierError(f"what stands at {address[:160]!r} is about another issuer")
        jwk = _jwk_in(document.get("jwks", {}), token.key_id or "", token.key_id or "")
    else:
        address, _, fragment = named.partition("#")
        document = resolver.resolve(address)
        check_bounds(document)
        if "kty" not in document and "keys" not in document:
            return find_key(named, resolver, purpose)
        jwk = _jwk_in(document, named, fragment)
    if jwk.get("use", "sig") != "sig":
        raise IdentifierError(f"the key {named[:160]!r} is not for signatures")
    # Open Badges 3.0 lets the key stand anywhere. What stands at the issuer's own host is the
    # issuer's, as with hosted badges of 2.0; a DID's keys are those in its document.
    is_theirs = _origin(address) == _origin(issuer) and jwk.get("iss", issuer) == issuer
    return VerificationMethod(
        id=named,
        controller=issuer if is_theirs else NOBODY,
        public_key=PublicKey.from_public_jwk(jwk),
    )


def _jwk_in(document: Any, kid: str, fragment: str) -> Json:
    if isinstance(document, dict) and "kty" in document:
        return document
    keys = list(_set_of(document))
    found = [key for key in keys if key.get("kid") in (kid, fragment or kid)]
    if not found and not fragment and len(keys) == 1:
        found = keys
    if len(found) != 1:
        raise IdentifierError(f"the set of keys does not hold {kid[:160]!r} once")
    return found[0]


def _set_of(document: Any) -> Iterator[Json]:
    """The members of a JWK Set (RFC 7517, section 5)."""
    keys = document.get("keys") if isinstance(document, dict) else None
    for key in keys[:_MAX_KEYS] if isinstance(keys, list) else ():
        if isinstance(key, dict):
            yield key


def _only_method(issuer: str | None, resolver: Resolver, purpose: str) -> VerificationMethod:
    """The one method of an issuer, for a token that names none."""
    if issuer is None:
        raise NotAvailableError("the token names neither a key nor an issuer")
    within = method_within(issuer, purpose)
    if within is not None:
        return within
    document = resolver.resolve(issuer)
    check_bounds(document)
    methods = list(methods_for(document, purpose)) if document.get("id") == issuer else []
    if len(methods) != 1 or methods[0].controller != issuer:
        raise NotAvailableError("the token names no key, and its issuer has none or several")
    return methods[0]


def _brought(key: PublicKey, named: str = "") -> VerificationMethod:
    return VerificationMethod(id=named, controller=NOBODY, public_key=key)


def _lists_keys(document: Json) -> bool:
    return not document.keys().isdisjoint(("verificationMethod", *RELATIONSHIPS))


def _origin(address: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.netloc.lower().removesuffix(":443")
