"""The cryptosuite ecdsa-jcs-2019 (Data Integrity ECDSA Cryptosuites 1.0, section 3.3)."""

from __future__ import annotations

from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.hashing import hash_json as hash_data
from guildmark.credentials.proofs.hashing import with_context
from guildmark.credentials.proofs.proof_value import (
    check_value,
    options_of,
    require_key,
    signed,
)
from guildmark.credentials.proofs.unsecured import Unsecured

NAME = "ecdsa-jcs-2019"
_KEYS = (KeyType.P256, KeyType.P384)


def create(unsecured: Unsecured, options: Json, signer: Signer) -> Json:
    """The proof with its value (section 3.3.1)."""
    require_key(signer.public_key, _KEYS, NAME)
    options = with_context(options, unsecured)
    return signed(options, hash_data(unsecured, options, signer.public_key.type), signer)


def check(unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
    """Return where the proof is right for the document (section 3.3.2); raise ProofError where
    it is not. Whose key it is, is for the caller to have settled."""
    require_key(key, _KEYS, NAME)
    check_value(proof, hash_data(unsecured, options_of(proof), key.type), key)
