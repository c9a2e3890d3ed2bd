"""What follows from the shape of a document alone, and so is found once for all of that shape."""

from __future__ import annotations

from guildmark.credentials.jsonld.shapes import Form
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.unsecured import Unsecured

_OF_A_PROOF = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)


def form_of(document: Json, unsecured: Unsecured) -> Form | None:
    """What all documents of this one's shape have in common; None where that is not known, or
    where its proof, which no shape covers, has more to it than every proof has."""
    is_covered = "proof" not in document or has_plain_proof(document)
    shaped = unsecured.shaped if is_covered else None
    return shaped.form if shaped is not None else None


def has_plain_proof(document: Json) -> bool:
    """Whether the one proof is an object of texts under the members that every proof has."""
    proof = document.get("proof")
    return (
        proof.__class__ is dict
        and proof.keys() <= _OF_A_PROOF
        and proof.get("type") == "DataIntegrityProof"
        and {str}.issuperset(map(type, proof.values()))
    )
