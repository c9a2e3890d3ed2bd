"""The specifications' own vectors, step by step and byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from guildmark.credentials import KeyType, LocalSigner, PrivateKey, ProofError, add_proof
from guildmark.credentials.identifiers.multibase import decode_base58btc
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.jsonld.labelling import canonicalize_with
from guildmark.credentials.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from guildmark.credentials.proofs.jcs import canonical_json
from guildmark.credentials.proofs.unsecured import Unsecured

DATA = Path(__file__).parent / "data"
MODULES: dict[str, ModuleType] = {
    module.NAME: module
    for module in (eddsa_rdfc_2022, eddsa_jcs_2022, ecdsa_rdfc_2019, ecdsa_jcs_2019)
}


def read(name: str) -> dict[str, Any]:
    """A file of vectors."""
    data: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    return data


VECTORS = {
    name: vector
    for file in ("eddsa.json", "ecdsa.json")
    for name, vector in read(file).items()
    if name.split()[0] in MODULES
}


@pytest.fixture(params=VECTORS, ids=lambda name: name.replace(" ", "-"))
def vector(request: pytest.FixtureRequest, vector_contexts: None) -> dict[str, Any]:
    """One vector after the other."""
    return {**VECTORS[request.param], "module": MODULES[request.param.split()[0]]}


def test_canonical_forms_and_hashes(vector: dict[str, Any]) -> None:
    kind = PrivateKey.from_multikey(vector["secret"]).type
    digest = "sha384" if kind is KeyType.P384 else "sha256"
    if "jcs" in vector["module"].NAME:
        document, options = (
            canonical_json(vector[part]).decode() for part in ("document", "options")
        )
    elif digest == "sha256":
        document, options = (canonicalize(vector[part]) for part in ("document", "options"))
    else:
        document, options = (
            canonicalize_with(vector[part], digest) for part in ("document", "options")
        )
    assert document == vector["canonical_document"]
    assert options == vector["canonical_options"]
    assert hashlib.new(digest, document.encode()).hexdigest() == vector["document_hash"]
    assert hashlib.new(digest, options.encode()).hexdigest() == vector["options_hash"]
    given = vector["options"]
    if "rdfc" in vector["module"].NAME:
        given = {name: part for name, part in given.items() if name != "@context"}
    made = vector["module"].hash_data(Unsecured(vector["document"]), given, kind)
    assert made.hex() == vector["hash_data"] == vector["options_hash"] + vector["document_hash"]


def test_the_signature(vector: dict[str, Any]) -> None:
    secret = PrivateKey.from_multikey(vector["secret"])
    signed, proof = vector["signed"], vector["signed"]["proof"]
    assert decode_base58btc(vector["proof_value"]).hex() == vector["signature"]
    assert proof["proofValue"] == vector["proof_value"]
    vector["module"].check(Unsecured.of(signed), proof, secret.public)
    changed = Unsecured.of({**signed, "name": "Another"})
    with pytest.raises(ProofError):
        vector["module"].check(changed, proof, secret.public)
    made = add_proof(
        vector["document"],
        signer=LocalSigner(secret, verification_method=proof["verificationMethod"]),
        created=dt.datetime.fromisoformat(proof["created"]),
        suite=vector["module"].NAME,
    )
    # ECDSA's too, as both sides sign deterministically (RFC 6979).
    assert made == signed


def test_the_files_are_the_recorded_ones() -> None:
    sources = read("sources.json")
    assert {path.name for path in DATA.iterdir()} == {*sources, "sources.json"}
    for name, source in sources.items():
        assert source.keys() == {"url", "source", "licence", "sha256"}
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == source["sha256"]
