"""The proof type Ed25519Signature2020, for verifying only.

The predecessor of eddsa-rdfc-2022, with its own context (Data Integrity EdDSA Cryptosuites 1.0,
section "Test Vectors"; https://w3c-ccg.github.io/di-eddsa-2020/). Open Badges 3.0 used it at first.
"""

from __future__ import annotations

from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.hashing import hash_statements
from guildmark.credentials.proofs.proof_value import check_value, options_of, require_key
from guildmark.credentials.proofs.unsecured import Unsecured

NAME = "Ed25519Signature2020"


def check(unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
    """Return where the proof is right for the document; raise ProofError where it is not. Whose
    key it is, is for the caller to have settled."""
    require_key(key, (KeyType.ED25519,), NAME)
    check_value(proof, hash_statements(unsecured, options_of(proof), key.type), key)
