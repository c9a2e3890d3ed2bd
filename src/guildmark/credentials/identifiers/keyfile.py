"""Private keys in files: a Multikey document, a JWK, or PEM; each with or without a password.

Multikey: Controlled Identifiers 1.0, section 2.2.2, with `secretKeyMultibase` or, under a password,
`encryptedSecretKey`; an encrypted JWK is one as a whole (RFC 7517, section 7); PEM is PKCS#8.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from guildmark.credentials.errors import IdentifierError, UnreadableError
from guildmark.credentials.identifiers.did import MULTIKEY_CONTEXT
from guildmark.credentials.identifiers.keys import PrivateKey, PublicKey
from guildmark.credentials.identifiers.sealed import ITERATIONS, is_sealed, seal, unseal
from guildmark.credentials.identifiers.signer import LocalSigner
from guildmark.credentials.model.reading import Json, read_json

_MAX_BYTES = 50_000
# The second is how it was called before Multikey.
_SECRET_NAMES = ("secretKeyMultibase", "privateKeyMultibase")
_SEALED_NAME = "encryptedSecretKey"


def read_key_file(
    path: Path, *, password: bytes | None = None, verification_method: str | None = None
) -> LocalSigner:
    """A signer with the key of a file; see `read_key`. Raises OSError where there is no file."""
    if path.stat().st_size > _MAX_BYTES:
        raise IdentifierError(f"{path} is no key file: it has over {_MAX_BYTES} bytes")
    return read_key(path.read_bytes(), password=password, verification_method=verification_method)


def read_key(
    data: bytes, *, password: bytes | None = None, verification_method: str | None = None
) -> LocalSigner:
    """A signer with the key that the bytes hold.

    `verification_method` is the identifier of the public key; a Multikey document has its own in
    `id`, a JWK may have it in `kid`. Raises IdentifierError where the key cannot be read or opened,
    where the public key beside it is another's, and where nothing names it. Never repeats secrets.
    """
    if data.lstrip().startswith(b"-----BEGIN"):
        secret, named = PrivateKey.from_pem(data, password), None
    else:
        secret, named = _read_text(data, password)
    method = verification_method or named
    if not method or ":" not in method:
        raise IdentifierError(
            "nothing names the key: give the verification method, the URL of its public key"
        )
    return LocalSigner(secret, verification_method=method)


def multikey_text(
    secret: PrivateKey,
    *,
    method_id: str,
    controller: str,
    password: bytes | None = None,
    iterations: int = ITERATIONS,
) -> str:
    """The key as a Multikey document, a secret. Raises IdentifierError for an RSA key, which has
    no such form."""
    document: Json = {
        "@context": MULTIKEY_CONTEXT,
        "id": method_id,
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": secret.public.to_multikey(),
    }
    text = secret.to_multikey()
    if password is None:
        document["secretKeyMultibase"] = text
    else:
        document[_SEALED_NAME] = seal(
            text.encode(), password, content="multikey", iterations=iterations
        )
    return json.dumps(document, indent=2) + "\n"


def jwk_text(
    secret: PrivateKey,
    *,
    method_id: str,
    password: bytes | None = None,
    iterations: int = ITERATIONS,
) -> str:
    """The key as a JWK with its identifier as `kid`, a secret."""
    text = json.dumps({**secret.to_jwk(), "kid": method_id}, indent=2)
    if password is not None:
        text = seal(text.encode(), password, content="jwk+json", iterations=iterations)
    return text + "\n"


def write_multikey_file(
    path: Path,
    secret: PrivateKey,
    *,
    method_id: str,
    controller: str,
    password: bytes | None = None,
    iterations: int = ITERATIONS,
) -> None:
    """Write the key as a Multikey document that only its owner can read.

    Raises IdentifierError for an RSA key, which has no such form, and where the file is there.
    """
    text = multikey_text(
        secret,
        method_id=method_id,
        controller=controller,
        password=password,
        iterations=iterations,
    )
    _write(path, text.encode())


def write_jwk_file(
    path: Path,
    secret: PrivateKey,
    *,
    method_id: str,
    password: bytes | None = None,
    iterations: int = ITERATIONS,
) -> None:
    """Write the key as a JWK, with its identifier as `kid`, that only its owner can read.

    Raises IdentifierError where the file is there.
    """
    text = jwk_text(secret, method_id=method_id, password=password, iterations=iterations)
    _write(path, text.encode())


def write_pem_file(path: Path, secret: PrivateKey, *, password: bytes | None = None) -> None:
    """Write the key as PKCS#8 PEM, which names no identifier, that only its owner can read.

    Raises IdentifierError where the file is there.
    """
    _write(path, secret.to_pem(password))


def _read_text(data: bytes, password: bytes | None) -> tuple[PrivateKey, str | None]:
    text = data.decode("utf-8", "replace").strip()
    if is_sealed(text):
        data = _opened(text, password)
        password = None
    try:
        document = read_json(data)
    except UnreadableError as error:
        raise IdentifierError(
            f"this is no key file: {error}; give a Multikey document, a JWK, or PEM"
        ) from None
    if "kty" in document:
        _require_no_password(password)
        kid = document.get("kid")
        return PrivateKey.from_jwk(document), kid if isinstance(kid, str) else None
    return _read_multikey(document, password)


def _read_multikey(document: Json, password: bytes | None) -> tuple[PrivateKey, str | None]:
    given = [name for name in (*_SECRET_NAMES, _SEALED_NAME) if name in document]
    if len(given) != 1 or not isinstance(document[given[0]], str):
        raise IdentifierError(
            f"the document holds no secret key: it needs one of {', '.join(_SECRET_NAMES)} "
            f"and {_SEALED_NAME}, and only one"
        )
    text = document[given[0]]
    if given[0] == _SEALED_NAME:
        text = _opened(text, password).decode("utf-8", "replace")
    else:
        _require_no_password(password)
    secret = PrivateKey.from_multikey(text)
    public = document.get("publicKeyMultibase")
    if public is not None and PublicKey.from_multikey(public) != secret.public:
        raise IdentifierError("publicKeyMultibase does not belong to the secret key beside it")
    name, controller = document.get("id"), document.get("controller")
    if isinstance(name, str) and name.startswith("#") and isinstance(controller, str):
        name = controller + name
    return secret, name if isinstance(name, str) else None


def _opened(text: str, password: bytes | None) -> bytes:
    if password is None:
        raise IdentifierError("the key is under a password: give it")
    return unseal(text, password)


def _require_no_password(password: bytes | None) -> None:
    # Somebody believes the key to be safe on its disk, and it is not.
    if password is not None:
        raise IdentifierError("a password is given, but the key is not under one")


def _write(path: Path, data: bytes) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise IdentifierError(f"{path} is there already: a key is never written over") from None
    with os.fdopen(file, "wb") as stream:
        os.fchmod(file, 0o600)
        stream.write(data)
        stream.flush()
        os.fsync(file)
