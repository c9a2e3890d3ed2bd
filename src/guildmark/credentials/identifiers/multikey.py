"""Ed25519 keys as Multikey text (Controlled Identifiers 1.0, section 2.2.2)."""

from __future__ import annotations

from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.identifiers.multibase import decode_base58btc, encode_base58btc

_PUBLIC = bytes.fromhex("ed01")
_SECRET = bytes.fromhex("8026")


def encode_public(key: bytes) -> str:
    """`z6Mk…` of a 32-byte Ed25519 public key."""
    return encode_base58btc(_PUBLIC + _of_32(key))


def encode_secret(seed: bytes) -> str:
    """`z3u2…` of a 32-byte Ed25519 seed."""
    return encode_base58btc(_SECRET + _of_32(seed))


def decode_public(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key. Raises IdentifierError for any other key."""
    return _decode(text, _PUBLIC, "an Ed25519 public key (z6Mk…)")


def decode_secret(text: str) -> bytes:
    """The 32-byte seed of an Ed25519 secret key. The error never repeats the text."""
    try:
        return _decode(text, _SECRET, "")
    except IdentifierError:
        raise IdentifierError("the text is not an Ed25519 secret key (z3u2…)") from None


def _of_32(key: bytes) -> bytes:
    if len(key) != 32:
        raise IdentifierError(f"an Ed25519 key has 32 bytes, not {len(key)}")
    return key


def _decode(text: str, prefix: bytes, what: str) -> bytes:
    data = decode_base58btc(text)
    if len(data) != 34 or not data.startswith(prefix):
        raise IdentifierError(f"{text[:60]!r} is not {what}")
    return data[2:]
