"""The cryptosuite eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites 1.0, section 3.2)."""

from __future__ import annotations

import hashlib

from guildmark.credentials.errors import IdentifierError, ProofError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.identifiers.multibase import decode_base58btc, encode_base58btc
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.unsecured import Unsecured

NAME = "eddsa-rdfc-2022"
_SIGNATURE_BYTES = 64


def create(unsecured: Unsecured, options: Json, signer: Signer) -> Json:
    """The proof with its value (section 3.2.1)."""
    _require_key(signer.public_key)
    signature = signer.sign(hash_data(unsecured, options))
    if len(signature) != _SIGNATURE_BYTES:
        raise ProofError(
            f"the signer gave {len(signature)} bytes; an Ed25519 signature has {_SIGNATURE_BYTES}"
        )
    return {**options, "proofValue": encode_base58btc(signature)}


def check(unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
    """Return where the proof is right for the document (section 3.2.2); raise ProofError where
    it is not. Whose key it is, is for the caller to have settled."""
    _require_key(key)
    value = proof.get("proofValue")
    try:
        signature = decode_base58btc(value if isinstance(value, str) else "")
    except IdentifierError as error:
        raise ProofError(f"proofValue cannot be read: {error}") from error
    if len(signature) != _SIGNATURE_BYTES:
        raise ProofError(
            f"proofValue has {len(signature)} bytes; an Ed25519 signature has {_SIGNATURE_BYTES}"
        )
    options = {name: part for name, part in proof.items() if name != "proofValue"}
    key.verify(signature, hash_data(unsecured, options))


def hash_data(unsecured: Unsecured, options: Json) -> bytes:
    """SHA-256 of the canonical proof options, then of the document (sections 3.2.4 and 3.2.5)."""
    configuration = {**options, "@context": unsecured.document.get("@context")}
    return b"".join(
        hashlib.sha256(canonical.encode()).digest()
        for canonical in (canonicalize(configuration), unsecured.canonical)
    )


def _require_key(key: PublicKey) -> None:
    if key.type is not KeyType.ED25519:
        raise ProofError(f"{NAME} is for Ed25519 keys, and this is a {key.type.value} key")
