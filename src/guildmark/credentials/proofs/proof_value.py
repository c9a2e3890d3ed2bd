"""A signature as the `proofValue` of a proof (Data Integrity 1.0, section 2.1)."""

from __future__ import annotations

from collections.abc import Collection

from guildmark.credentials.errors import IdentifierError, ProofError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.identifiers.multibase import decode_base58btc, encode_base58btc
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json

_SIGNATURE_BYTES = {KeyType.ED25519: 64, KeyType.P256: 64, KeyType.P384: 96}


def require_key(key: PublicKey, kinds: Collection[KeyType], suite: str) -> None:
    """Raise ProofError for a key of another type than the suite uses."""
    if key.type not in kinds:
        raise ProofError(
            f"{suite} is for {' and '.join(kinds)} keys, and this is a {key.type.value} key"
        )


def signed(options: Json, data: bytes, signer: Signer) -> Json:
    """The proof: the options with the signature over `data` in base58btc."""
    signature = signer.sign(data)
    _require_length(signature, signer.public_key.type, "the signer gave")
    return {**options, "proofValue": encode_base58btc(signature)}


def options_of(proof: Json) -> Json:
    """The proof without its value: the options that it was made with."""
    return {name: part for name, part in proof.items() if name != "proofValue"}


def check_value(proof: Json, data: bytes, key: PublicKey) -> None:
    """Raise ProofError where the proof's value is not the key's signature over `data`."""
    value = proof.get("proofValue")
    try:
        signature = decode_base58btc(value if isinstance(value, str) else "")
    except IdentifierError as error:
        raise ProofError(f"proofValue cannot be read: {error}") from error
    _require_length(signature, key.type, "proofValue has")
    key.verify(signature, data)


def _require_length(signature: bytes, kind: KeyType, who: str) -> None:
    length = _SIGNATURE_BYTES[kind]
    if len(signature) != length:
        raise ProofError(
            f"{who} {len(signature)} bytes; a signature by a key of {kind.value} has {length}"
        )
