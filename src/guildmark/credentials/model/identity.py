"""Who the recipient is: Open Badges 3.0, IdentityObject and IdentityHash.

Open Badges 3.0 (https://www.imsglobal.org/spec/ob/v3p0/), appendix B.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildmark.credentials.model.part import Part
from guildmark.credentials.model.vocabularies import IDENTITY_TYPES


@dataclass(frozen=True, kw_only=True)
class IdentityObject(Part):
    """IdentityObject (Open Badges 3.0, appendix B): who the recipient is, plain or as a salted
    hash."""

    TYPE = "IdentityObject"
    ONE_TYPE = True
    REQUIRED = ("identity_hash", "identity_type")

    hashed: bool
    identity_hash: str
    identity_type: str
    salt: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("identity_type", IDENTITY_TYPES)

    @classmethod
    def plain(cls, *, identity_type: str, value: str) -> IdentityObject:
        """An identity that everybody who sees the badge can read."""
        return cls(hashed=False, identity_hash=value, identity_type=identity_type)

    @classmethod
    def hidden(cls, *, identity_type: str, value: str, salt: str | None = None) -> IdentityObject:
        """An identity that only who knows it can confirm.

        The salt is random unless one is given. It hides the value from a table made in advance,
        not from guessing: there are few plausible email addresses of a person.
        """
        salt = secrets.token_hex(16) if salt is None else salt
        return cls(
            hashed=True,
            identity_hash=identity_hash(value, salt),
            identity_type=identity_type,
            salt=salt,
        )


def identity_hash(value: str, salt: str = "") -> str:
    """IdentityHash: `sha256$` and the SHA-256 of the value followed by the salt, in hexadecimal."""
    return "sha256$" + hashlib.sha256((value + salt).encode()).hexdigest()


def identity_matches(identity: Mapping[str, Any], value: str) -> bool:
    """Whether an identity object of a document is this value (Open Badges 3.0, section
    "Verify the Recipient Using an Identifier").

    MD5, which the specification allows too, is never a match: two values can be made with one.
    """
    written = identity.get("identityHash")
    if not isinstance(written, str):
        return False
    if identity.get("hashed") is not True:
        return hmac.compare_digest(written.encode(), value.encode())
    salt = identity.get("salt", "")
    if not isinstance(salt, str):
        return False
    return hmac.compare_digest(written.lower().encode(), identity_hash(value, salt).encode())
