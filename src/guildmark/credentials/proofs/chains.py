"""Proof sets and chains (Verifiable Credential Data Integrity 1.0, sections 2.1.1 and 2.1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guildmark.credentials.errors import ProofError
from guildmark.credentials.model.reading import Json

MAX_PROOFS = 8


def proofs_of(document: Json) -> list[Any]:
    """The document's proofs, none where it has none."""
    proof = document.get("proof", [])
    return list(proof) if isinstance(proof, list) else [proof]


def previous_proofs(proof: Json, proofs: Sequence[Any]) -> list[Json]:
    """The proofs that `proof` names in `previousProof`, which it is made over as well, in the
    order of `proofs` (section 4.3, steps 4 and 5; section 4.5, steps 3.2 and 3.3).

    Raises ProofError where one is missing or its identifier is not its own, and where the names
    are no identifiers.
    """
    if "previousProof" not in proof:
        return []
    named = proof["previousProof"]
    names = named if isinstance(named, list) else [named]
    if not 0 < len(names) <= MAX_PROOFS or not all(isinstance(name, str) for name in names):
        raise ProofError(f"previousProof does not name 1 to {MAX_PROOFS} proofs")
    if len(set(names)) != len(names):
        raise ProofError("previousProof names a proof twice")
    found = [other for other in proofs if isinstance(other, dict) and other.get("id") in names]
    identifiers = [other["id"] for other in found]
    for name in names:
        if identifiers.count(name) != 1:
            problem = "is missing" if name not in identifiers else "is there more than once"
            raise ProofError(f"previousProof names {name[:160]!r}, which {problem}")
    return found


def require_no_circle(proofs: Sequence[Json]) -> None:
    """Raise ProofError where a proof comes before itself, and as `previous_proofs` does."""
    before = {
        index: [proofs.index(other) for other in previous_proofs(proof, proofs)]
        for index, proof in enumerate(proofs)
    }
    # Each round takes out the proofs that nothing is before any more.
    while before:
        free = [index for index, names in before.items() if not any(n in before for n in names)]
        if not free:
            raise ProofError("the proofs name each other in a circle")
        for index in free:
            del before[index]
