"""The cryptosuite eddsa-2022, for verifying only.

What eddsa-rdfc-2022 was called in its drafts up to 2023, and in the Open Badges 3.0 of that time.
"""

from __future__ import annotations

from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.hashing import hash_statements
from guildmark.credentials.proofs.proof_value import check_value, options_of, require_key
from guildmark.credentials.proofs.unsecured import Unsecured

NAME = "eddsa-2022"


def check(unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
    """Return where the proof is right for the document; raise ProofError where it is not. Whose
    key it is, is for the caller to have settled."""
    require_key(key, (KeyType.ED25519,), NAME)
    check_value(proof, hash_statements(unsecured, options_of(proof), key.type), key)
