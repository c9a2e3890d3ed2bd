"""Who signs: one interface for a key in memory, a key service or a device."""

from __future__ import annotations

from typing import Protocol

from guildmark.credentials.identifiers.did import did_key
from guildmark.credentials.identifiers.keys import PrivateKey, PublicKey


class Signer(Protocol):
    """Signs bytes with the key that `verification_method` names."""

    @property
    def verification_method(self) -> str:
        """The identifier of the public key, a URL."""

    @property
    def public_key(self) -> PublicKey:
        """The public key; its type decides which cryptosuites and algorithms can be used."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature over `data`, in the form that `PublicKey.verify` takes."""


class LocalSigner:
    """A key held in this process."""

    def __init__(self, key: PrivateKey, *, verification_method: str) -> None:
        self._key = key
        self._verification_method = verification_method

    @classmethod
    def did_key(cls, key: PrivateKey) -> LocalSigner:
        """Signs as the did:key of the key itself (https://w3c-ccg.github.io/did-key-spec/)."""
        return cls(key, verification_method=f"{did_key(key.public)}#{key.public.to_multikey()}")

    @property
    def controller(self) -> str:
        """Who signs: the identifier whose document lists the key."""
        return self._verification_method.partition("#")[0]

    @property
    def verification_method(self) -> str:
        """The identifier of the public key."""
        return self._verification_method

    @property
    def public_key(self) -> PublicKey:
        """The public key."""
        return self._key.public

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`."""
        return self._key.sign(data)
