"""Whether what stands somewhere is what a digest in a credential names."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.identifiers.multibase import decode_base58btc, decode_base64url

_MAX_TEXT: Final = 2_000
_SRI: Final = ("sha256", "sha384", "sha512")  # from weak to strong
# Controlled Identifiers 1.0, section 2.5 (Multihash): the hash by its header.
_MULTIHASH: Final = {0x12: "sha256", 0x20: "sha384", 0x13: "sha512", 0x16: "sha3_256"}
_MULTIHASH_LENGTHS: Final = {"sha256": 32, "sha384": 48, "sha512": 64, "sha3_256": 32}


DigestOf = Callable[[str], bytes | None]
"""The digest by the hash of this name of `hashlib`, where it can be had."""


def of_bytes(data: bytes) -> DigestOf:
    """The digests of these bytes."""
    return lambda name: hashlib.new(name, data).digest()


def matches_sri(expressions: object, digest_of: DigestOf) -> bool | None:
    """Whether one of these digests fits, by the strongest hash that is named; None where that one
    could not be had.

    Subresource Integrity (https://www.w3.org/TR/SRI/), section 3; a text without any digest that
    is known here matches nothing.
    """
    if not isinstance(expressions, str) or len(expressions) > _MAX_TEXT:
        return False
    found: dict[str, list[str]] = {}
    for expression in expressions.split():
        name, _, rest = expression.partition("-")
        found.setdefault(name, []).append(rest.partition("?")[0])
    strongest = next((name for name in reversed(_SRI) if name in found), None)
    if strongest is None:
        return False
    digest = digest_of(strongest)
    if digest is None:
        return None
    return any(hmac.compare_digest(_from_base64(text), digest) for text in found[strongest])


def matches_multibase(text: object, digest_of: DigestOf) -> bool | None:
    """Whether this `digestMultibase` fits: a Multihash in base58btc or base64url; None where the
    digest could not be had.

    Verifiable Credential Data Integrity 1.0 (https://www.w3.org/TR/vc-data-integrity/), section
    2.6; a hash that is not known here matches nothing.
    """
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        return False
    try:
        multihash = decode_base64url(text) if text[:1] == "u" else decode_base58btc(text)
    except IdentifierError:
        return False
    name = _MULTIHASH.get(multihash[0]) if len(multihash) > 2 else None
    if name is None or multihash[1] != _MULTIHASH_LENGTHS[name]:
        return False
    digest = digest_of(name)
    return None if digest is None else hmac.compare_digest(multihash[2:], digest)


def _from_base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
