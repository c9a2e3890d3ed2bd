"""The issuer's private keys, encrypted at rest.

Each is sealed with AES-256-GCM. The sealing key comes from Django's SECRET_KEY through
HKDF-SHA256 with a label of its own, so that it serves nothing else; the key's row identifier is
bound as associated data, so that a sealed key moved to another row does not open.
"""

from __future__ import annotations

import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

_PURPOSE = b"guildmark issuer private keys, version 1"
_FORMAT = b"\x01"
_NONCE_BYTES = 12


class KeyUnreadableError(Exception):
    """A sealed key does not open: the installation's secret is not the one that sealed it."""


def seal(secret: bytes, *, key_id: uuid.UUID) -> bytes:
    """The secret, encrypted for the row `key_id`."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_sealing_key(settings.SECRET_KEY)).encrypt(nonce, secret, key_id.bytes)
    return _FORMAT + nonce + sealed


def unseal(sealed: bytes, *, key_id: uuid.UUID) -> bytes:
    """The secret that was sealed for the row `key_id`.

    Secrets in SECRET_KEY_FALLBACKS are tried too. Raises KeyUnreadableError.
    """
    if sealed[:1] != _FORMAT:
        raise KeyUnreadableError(f"issuer key {key_id}: unknown form of sealing")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    for installation_secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_sealing_key(installation_secret)).decrypt(nonce, body, key_id.bytes)
        except InvalidTag:
            continue
    raise KeyUnreadableError(
        f"issuer key {key_id} does not open: restore the GUILDMARK_SECRET_KEY it was made with"
    )


def _sealing_key(installation_secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return derived.derive(force_bytes(installation_secret))
