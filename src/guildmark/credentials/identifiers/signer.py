"""Who signs: one interface for a key in memory, a key service or a device."""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from guildmark.credentials.errors import ProofError
from guildmark.credentials.identifiers import multikey


class Signer(Protocol):
    """Signs bytes with the key that `verification_method` names."""

    @property
    def verification_method(self) -> str:
        """The identifier of the public key, a URL."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature over `data`."""


class LocalEd25519Signer:
    """An Ed25519 key held in this process."""

    def __init__(self, *, seed: bytes, verification_method: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._verification_method = verification_method

    @property
    def verification_method(self) -> str:
        """The identifier of the public key."""
        return self._verification_method

    @property
    def public_key_multibase(self) -> str:
        """The public key as Multikey text."""
        return multikey.encode_public(self._key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """The 64-byte Ed25519 signature (RFC 8032)."""
        return self._key.sign(data)


def new_seed() -> bytes:
    """A fresh random 32-byte Ed25519 seed."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(seed: bytes) -> str:
    """The Multikey text of the public key that belongs to a seed."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return multikey.encode_public(public.public_bytes_raw())


def verify_ed25519(*, public_key_multibase: str, signature: bytes, data: bytes) -> None:
    """Return where the signature is right; raise ProofError where it is not (RFC 8032, 5.1.7).

    libsodium also refuses keys and points of small order, with which one signature fits many
    texts, and an S that is not reduced; OpenSSL takes the former.
    """
    try:
        VerifyKey(multikey.decode_public(public_key_multibase)).verify(data, signature)
    except (BadSignatureError, ValueError):
        raise ProofError("the signature does not fit the content and the key") from None
