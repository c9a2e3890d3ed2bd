"""Proofs of the years before: read, never made."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from guildmark.credentials import PrivateKey, ProofError, PublicKey, add_proof, canonicalize
from guildmark.credentials.proofs.registry import SUITES, suite_of
from guildmark.credentials.proofs.unsecured import Unsecured
from tests.credentials.builders import NOW, badge, signer

DATA = Path(__file__).parent / "data"
# Made by 1EdTech's own tools for the tests of its validator.
OTHERS = json.loads((DATA / "1edtech.json").read_text("utf-8"))


@pytest.mark.parametrize("name", OTHERS)
def test_badges_made_by_others(name: str) -> None:
    document = OTHERS[name]
    (proof,) = document["proof"]
    key = PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2])
    suite = suite_of(proof)
    assert suite is not None
    suite.check(Unsecured.of(document), proof, key)
    with pytest.raises(ProofError):
        suite.check(Unsecured.of({**document, "name": "Another"}), proof, key)


@pytest.mark.usefixtures("vector_contexts")
def test_the_vector_of_ed25519_signature_2020() -> None:
    vector = json.loads((DATA / "eddsa.json").read_text("utf-8"))["Ed25519Signature2020"]
    document, options = canonicalize(vector["document"]), canonicalize(vector["options"])
    assert document == vector["canonical_document"]
    assert options == vector["canonical_options"]
    hashes = [hashlib.sha256(part.encode()).hexdigest() for part in (options, document)]
    assert hashes == [vector["options_hash"], vector["document_hash"]]
    proof = vector["signed"]["proof"]
    suite = suite_of(proof)
    assert suite is not None
    suite.check(
        Unsecured.of(vector["signed"]), proof, PrivateKey.from_multikey(vector["secret"]).public
    )


@pytest.mark.parametrize("name", ["eddsa-2022", "Ed25519Signature2020"])
def test_nothing_is_signed_with_them(name: str) -> None:
    assert name not in SUITES
    with pytest.raises(ProofError, match="give one of"):
        add_proof(badge(), signer=signer(), created=NOW, suite=name)


def test_a_newer_proof_does_not_pass_as_an_older_one() -> None:
    signed: Any = add_proof(badge(), signer=signer(), created=NOW)
    renamed = {**signed["proof"], "cryptosuite": "eddsa-2022"}
    suite = suite_of(renamed)
    assert suite is not None
    with pytest.raises(ProofError):
        suite.check(Unsecured.of(signed), renamed, signer().public_key)
