"""Keys, and tokens made by hand as an attacker makes them."""

from __future__ import annotations

import base64
import json
from typing import Any

from guildmark.credentials import KeyType, LocalSigner, PrivateKey
from tests.credentials.builders import DID

KEYS = {kind: PrivateKey.generate(kind) for kind in KeyType}


def signer(kind: KeyType = KeyType.ED25519) -> LocalSigner:
    """A signer whose method is `#key` of the issuer."""
    return LocalSigner(KEYS[kind], verification_method=f"{DID}#key")


def b64(data: bytes | str) -> str:
    """Unpadded base64url."""
    raw = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def token(header: Any, payload: Any, kind: KeyType = KeyType.ED25519) -> str:
    """A token with any header over any payload, truly signed."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, payload)]
    signed = ".".join(b64(part) for part in parts)
    return f"{signed}.{b64(KEYS[kind].sign(signed.encode()))}"


def payload_of(text: str) -> Any:
    """The payload of a token as JSON."""
    return json.loads(unb64(text.split(".")[1]))


def header_of(text: str) -> Any:
    """The header of a token as JSON."""
    return json.loads(unb64(text.split(".", maxsplit=1)[0]))
