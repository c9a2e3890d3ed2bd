"""Whether bytes are those that a digest in a credential names."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.identifiers.multibase import decode_base58btc, decode_base64url

_MAX_TEXT: Final = 2_000
_SRI: Final = ("sha256", "sha384", "sha512")  # from weak to strong
# Controlled Identifiers 1.0, section 2.5 (Multihash): the hash by its header.
_MULTIHASH: Final = {0x12: "sha256", 0x20: "sha384", 0x13: "sha512", 0x16: "sha3_256"}
_MULTIHASH_LENGTHS: Final = {"sha256": 32, "sha384": 48, "sha512": 64, "sha3_256": 32}


def matches_sri(expressions: object, data: bytes) -> bool:
    """Whether the bytes have one of these digests by the strongest hash that is named.

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
    digest = hashlib.new(strongest, data).digest()
    return any(hmac.compare_digest(_from_base64(text), digest) for text in found[strongest])


def matches_multibase(text: object, data: bytes) -> bool:
    """Whether the bytes have this `digestMultibase`: a Multihash in base58btc or base64url.

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
    return hmac.compare_digest(multihash[2:], hashlib.new(name, data).digest())


def _from_base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
