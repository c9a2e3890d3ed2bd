"""A secret under a password, in a form that other tools open too.

JWE compact serialization (RFC 7516) with PBES2-HS512+A256KW (RFC 7518, section 4.8) and A256GCM;
a JWK in it is an encrypted JWK (RFC 7517, section 7).
"""

from __future__ import annotations

import base64
import json
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from guildmark.credentials.errors import IdentifierError, UnreadableError
from guildmark.credentials.identifiers.multibase import decode_base64url
from guildmark.credentials.model.reading import read_json

ITERATIONS = 600_000
# Below, a password is guessed too soon; above, a file from outside would take minutes to open.
_FEWEST, _MOST = 1_000, 5_000_000
_ALG, _ENC = "PBES2-HS512+A256KW", "A256GCM"
_COMPACT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}", re.ASCII)
_MAX_LENGTH = 20_000


def is_sealed(text: str) -> bool:
    """Whether the text has the form of a JWE in compact serialization."""
    return len(text) <= _MAX_LENGTH and _COMPACT.fullmatch(text) is not None


def seal(secret: bytes, password: bytes, *, content: str, iterations: int = ITERATIONS) -> str:
    """The secret under the password; `content` says what it is (`cty`)."""
    salt, key, nonce = (secrets.token_bytes(size) for size in (16, 32, 12))
    header = {
        "alg": _ALG,
        "enc": _ENC,
        "cty": content,
        "p2s": _b64(salt),
        "p2c": iterations,
    }
    protected = _b64(json.dumps(header, separators=(",", ":")).encode())
    sealed = AESGCM(key).encrypt(nonce, secret, protected.encode())
    wrapped = aes_key_wrap(_password_key(password, salt, iterations), key)
    parts = (wrapped, nonce, sealed[:-16], sealed[-16:])
    return ".".join([protected, *map(_b64, parts)])


def unseal(text: str, password: bytes) -> bytes:
    """The secret. Raises IdentifierError for another form, another password, or changed text."""
    if not is_sealed(text):
        raise IdentifierError("the secret is not a JWE in compact serialization")
    protected, *rest = text.split(".")
    try:
        wrapped, nonce, body, tag = (decode_base64url(f"u{part}") for part in rest)
        header = read_json(decode_base64url(f"u{protected}"))
        salt, iterations = decode_base64url(f"u{header.get('p2s')}"), header.get("p2c")
    except (IdentifierError, UnreadableError) as error:
        raise IdentifierError(f"the sealed secret cannot be read: {error}") from error
    if header.get("alg") != _ALG or header.get("enc") != _ENC or "crit" in header:
        raise IdentifierError(f"the secret is not sealed with {_ALG} and {_ENC}")
    if type(iterations) is not int or not _FEWEST <= iterations <= _MOST:
        raise IdentifierError(f"p2c of the sealed secret is not between {_FEWEST} and {_MOST}")
    if len(salt) < 8 or len(nonce) != 12 or len(tag) != 16:
        raise IdentifierError("a part of the sealed secret has a wrong length")
    try:
        key = aes_key_unwrap(_password_key(password, salt, iterations), wrapped)
        return AESGCM(key).decrypt(nonce, body + tag, protected.encode())
    except (InvalidUnwrap, InvalidTag, ValueError):
        raise IdentifierError("the password does not open the secret, or it was changed") from None


def _password_key(password: bytes, salt: bytes, iterations: int) -> bytes:
    derivation = PBKDF2HMAC(
        algorithm=hashes.SHA512(),
        length=32,
        salt=_ALG.encode() + b"\0" + salt,
        iterations=iterations,
    )
    return derivation.derive(password)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
