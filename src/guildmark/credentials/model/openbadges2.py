"""Open Badges 2.0, for reading: its objects as typed values, and its rules as plain functions.

Open Badges 2.0 (https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html),
sections Assertion to CryptographicKey and Verification. Nothing is fetched here: whoever asks
hands in the documents.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from guildmark.credentials.errors import IdentifierError, ModelError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.model.data_model import is_url, version_of
from guildmark.credentials.model.identity import identity_hash
from guildmark.credentials.model.reading import Json

CONTEXT = "https://w3id.org/openbadges/v2"
HOSTED = frozenset({"HostedBadge", "hosted"})
SIGNED = frozenset({"SignedBadge", "signed"})
# RFC 7518, section 3.1, and RFC 8037: the key decides what algorithm a signature may name.
ALGORITHMS = {
    KeyType.RSA: "RS256",
    KeyType.P256: "ES256",
    KeyType.P384: "ES384",
    KeyType.ED25519: "EdDSA",
}
_MAX_ENTRIES = 20_000


@dataclass(frozen=True, kw_only=True)
class Identity:
    """IdentityObject: the recipient, by a property of theirs such as `email`."""

    type: str
    identity: str
    hashed: bool
    salt: str

    def matches(self, value: str) -> bool:
        """Whether this is the recipient. MD5, which 2.0 allows too, is never a match: two values
        can be made with one."""
        if not self.hashed:
            return hmac.compare_digest(self.identity.encode(), value.encode())
        hashed = identity_hash(value, self.salt)
        return hmac.compare_digest(self.identity.lower().encode(), hashed.encode())


@dataclass(frozen=True, kw_only=True)
class Verification:
    """VerificationObject: of an assertion its kind and key, of a profile where its assertions may
    stand; None where the profile leaves that to the rule."""

    types: Sequence[str] = ()
    creator: str | None = None
    starts_with: Sequence[str] | None = None
    allowed_origins: Sequence[str] | None = None

    @property
    def is_hosted(self) -> bool:
        """Whether the assertion's address is its proof."""
        return bool(HOSTED & set(self.types))

    @property
    def is_signed(self) -> bool:
        """Whether the assertion is the payload of a JWS."""
        return bool(SIGNED & set(self.types))


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Profile: an issuer. `public_keys` are documents or addresses of CryptographicKeys."""

    id: str
    name: str
    url: str
    email: str
    public_keys: Sequence[Json | str]
    verification: Verification | None
    revocation_list: str | None
    document: Json


@dataclass(frozen=True, kw_only=True)
class BadgeClass:
    """BadgeClass: what was achieved; `issuer` is the profile's id."""

    id: str
    name: str
    description: str
    image: str | None
    issuer: str
    document: Json


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """Assertion: that the recipient has earned the badge; `badge` is its address or the class
    itself. Of a revoked one only `id` is certain (`recipient` and what follows are None)."""

    id: str
    revoked: bool
    recipient: Identity | None
    badge: Json | str | None
    verification: Verification | None
    issued_on: str | None
    expires: str | None
    document: Json

    @property
    def badge_id(self) -> str | None:
        """The id of the class."""
        value = self.badge.get("id") if isinstance(self.badge, dict) else self.badge
        return value if isinstance(value, str) else None


def is_open_badge_2(document: Json) -> bool:
    """Whether the document is an assertion under the context of 2.0."""
    return _has_context(document) and "Assertion" in _names(document.get("type"))


def is_of_open_badges_2(document: Json) -> bool:
    """Whether the document is of Open Badges 2.0, an assertion or something else of theirs."""
    return _has_context(document) and version_of(document) is None


def _has_context(document: Json) -> bool:
    context = document.get("@context")
    return CONTEXT in (context if isinstance(context, list) else [context])


def read_assertion(document: Json) -> Assertion:
    """The assertion, with what 2.0 requires of it. Raises ModelError that names what is missing."""
    if not is_open_badge_2(document):
        raise _wrong("Assertion", "type", document.get("type"), f"an Assertion under {CONTEXT}")
    identifier = _address("Assertion", document, "id")
    if document.get("revoked") is True:
        return Assertion(
            id=identifier,
            revoked=True,
            recipient=None,
            badge=None,
            verification=None,
            issued_on=None,
            expires=None,
            document=document,
        )
    if document.get("revoked", False) is not False:
        raise _wrong("Assertion", "revoked", document["revoked"], "true or false")
    badge = document.get("badge")
    if not isinstance(badge, dict) and not is_url(badge):
        raise _wrong("Assertion", "badge", badge, "an address or a BadgeClass")
    # `verify` is the name of 1.x, which the context of 2.0 still reads as `verification`.
    if "verification" in document and "verify" in document:
        raise _wrong("Assertion", "verify", document["verify"], "only verification beside it")
    how = document.get("verification", document.get("verify"))
    return Assertion(
        id=identifier,
        revoked=False,
        recipient=_identity(document.get("recipient")),
        badge=badge,
        verification=_verification(how, "Assertion"),
        issued_on=_text("Assertion", document, "issuedOn"),
        expires=_text("Assertion", document, "expires") if "expires" in document else None,
        document=document,
    )


def read_badge_class(document: Json) -> BadgeClass:
    """The badge class, with what 2.0 requires of it. Raises ModelError."""
    _require_type("BadgeClass", document, {"BadgeClass"})
    issuer = document.get("issuer")
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not is_url(issuer):
        raise _wrong("BadgeClass", "issuer", issuer, "an address or a Profile with an id")
    for name in ("image", "criteria"):
        if not isinstance(document.get(name), str | dict) or not document[name]:
            raise _wrong("BadgeClass", name, document.get(name), "an address or an object")
    image = document["image"]
    image = image.get("id") if isinstance(image, dict) else image
    return BadgeClass(
        id=_address("BadgeClass", document, "id"),
        name=_text("BadgeClass", document, "name"),
        description=_text("BadgeClass", document, "description"),
        image=image if isinstance(image, str) else None,
        issuer=str(issuer),
        document=document,
    )


def read_profile(document: Json) -> Profile:
    """The issuer's profile, with what 2.0 requires of an issuer. Raises ModelError."""
    _require_type("Profile", document, {"Profile", "Issuer"})
    keys = document.get("publicKey", [])
    keys = keys if isinstance(keys, list) else [keys]
    if not all(isinstance(key, dict) or is_url(key) for key in keys):
        raise _wrong("Profile", "publicKey", keys, "addresses or CryptographicKeys")
    listed = document.get("revocationList")
    if listed is not None and not is_url(listed):
        raise _wrong("Profile", "revocationList", listed, "an address")
    how = document.get("verification")
    return Profile(
        id=_address("Profile", document, "id"),
        name=_text("Profile", document, "name"),
        url=_address("Profile", document, "url"),
        email=_text("Profile", document, "email"),
        public_keys=keys,
        verification=None if how is None else _verification(how, "Profile"),
        revocation_list=listed,
        document=document,
    )


def is_in_scope(identifier: str, profile: Profile) -> bool:
    """Whether an assertion hosted at this address may be of this issuer: HostedBadge Verification.

    Each of `startsWith` and `allowedOrigins` that the profile declares must allow it; where it
    declares neither, the origin must be that of the profile's id.
    """
    place = _place(identifier)
    if place is None:
        return False
    rule = profile.verification or Verification()
    if rule.starts_with is None and rule.allowed_origins is None:
        return place == _place(profile.id)
    if rule.starts_with is not None and not any(
        # The place is compared too: works.example.evil.example begins with works.example.
        identifier.startswith(prefix) and _place(prefix) == place
        for prefix in rule.starts_with
    ):
        return False
    return rule.allowed_origins is None or bool(
        {place[1], f"{place[1]}:{place[2]}"} & {origin.lower() for origin in rule.allowed_origins}
    )


def signing_keys(assertion: Assertion, profile: Profile) -> list[Json | str]:
    """The keys that may have signed this: SignedBadge Verification, step 4.

    Only keys that the profile names; of those only `creator`, where the assertion names one.
    """
    creator = assertion.verification.creator if assertion.verification else None
    return [
        key
        for key in profile.public_keys
        if creator is None or creator == (key.get("id") if isinstance(key, dict) else key)
    ]


def read_key(document: Json, profile: Profile) -> PublicKey:
    """The key of a CryptographicKey, which must name the profile as its owner.

    Raises ModelError where it does not, IdentifierError where the key cannot be read.
    """
    if document.get("owner") != profile.id:
        raise _wrong("CryptographicKey", "owner", document.get("owner"), f"{profile.id}")
    pem = document.get("publicKeyPem")
    if not isinstance(pem, str) or not pem.isascii():
        raise IdentifierError("publicKeyPem is missing or is not text")
    return PublicKey.from_pem(pem.encode())


def is_listed_as_revoked(assertion: Assertion, listed: Json, profile: Profile) -> bool:
    """Whether the issuer's RevocationList holds the assertion, by its id or by the `uid` of 1.x.

    Raises ModelError where the list is not a list of this issuer's.
    """
    _require_type("RevocationList", listed, {"RevocationList"})
    issuer = listed.get("issuer", profile.id)
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    if issuer != profile.id:
        raise _wrong("RevocationList", "issuer", issuer, profile.id)
    entries = listed.get("revokedAssertions")
    if not isinstance(entries, list) or len(entries) > _MAX_ENTRIES:
        raise _wrong("RevocationList", "revokedAssertions", type(entries).__name__, "a list")
    uid = assertion.document.get("uid")
    for entry in entries:
        if isinstance(entry, str):
            if entry == assertion.id:
                return True
        elif not isinstance(entry, dict):
            raise _wrong("RevocationList", "revokedAssertions", entry, "ids or objects with one")
        elif entry.get("revoked", True) is not False and (
            entry.get("id") == assertion.id or (uid is not None and entry.get("uid") == uid)
        ):
            return True
    return False


def moment(text: str | None) -> dt.datetime | None:
    """A DateTime of 2.0: ISO 8601 with its zone; None for anything else."""
    if text is None or not text.isascii() or "T" not in text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _place(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what no server can host, or that climbs in its path."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    climbs = {"..", "%2e%2e", ".%2e", "%2e."} & set(parts.path.lower().split("/"))
    if standard is None or not parts.hostname or climbs or "\\" in address:
        return None
    return parts.scheme, parts.hostname, port or standard


def _identity(value: Any) -> Identity:
    if not isinstance(value, dict):
        raise _wrong("Assertion", "recipient", value, "an IdentityObject")
    hashed = value.get("hashed")
    if not isinstance(hashed, bool):
        raise _wrong("IdentityObject", "hashed", hashed, "true or false")
    salt = value.get("salt", "")
    if not isinstance(salt, str):
        raise _wrong("IdentityObject", "salt", salt, "text")
    return Identity(
        type=_text("IdentityObject", value, "type"),
        identity=_text("IdentityObject", value, "identity"),
        hashed=hashed,
        salt=salt,
    )


def _verification(value: Any, kind: str) -> Verification:
    if not isinstance(value, dict):
        raise _wrong(kind, "verification", value, "a VerificationObject")
    types = _names(value.get("type"))
    if kind == "Assertion" and len((HOSTED | SIGNED) & set(types)) != 1:
        raise _wrong("VerificationObject", "type", value.get("type"), "HostedBadge or SignedBadge")
    if value.get("verificationProperty", "id") not in ("id", "@id"):
        raise _wrong(
            "VerificationObject", "verificationProperty", value["verificationProperty"], "id"
        )
    creator = value.get("creator")
    creator = creator.get("id") if isinstance(creator, dict) else creator
    if "creator" in value and not is_url(creator):
        raise _wrong("VerificationObject", "creator", creator, "the address of a key")
    return Verification(
        types=types,
        creator=creator,
        starts_with=_texts_of(value, "startsWith"),
        allowed_origins=_texts_of(value, "allowedOrigins"),
    )


def _texts_of(value: Mapping[str, Any], name: str) -> list[str] | None:
    if name not in value:
        return None
    texts = value[name] if isinstance(value[name], list) else [value[name]]
    if not all(isinstance(text, str) and text for text in texts):
        raise _wrong("VerificationObject", name, value[name], "text or a list of texts")
    return texts


def _names(value: Any) -> list[str]:
    return [name for name in (value if isinstance(value, list) else [value]) if _is_text(name)]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _require_type(kind: str, document: Json, allowed: set[str]) -> None:
    if not allowed & set(_names(document.get("type"))):
        raise _wrong(kind, "type", document.get("type"), " or ".join(sorted(allowed)))


def _text(kind: str, document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not _is_text(value):
        raise _wrong(kind, name, value, "a text that is not empty")
    return str(value)


def _address(kind: str, document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not is_url(value):
        raise _wrong(kind, name, value, "a full address")
    return str(value)


def _wrong(kind: str, field: str, value: Any, wanted: str) -> ModelError:
    return ModelError(kind=kind, field=field, value=value, mend=f"Open Badges 2.0 wants {wanted}")
