"""The published vector of eddsa-rdfc-2022 and the identity of the bundled contexts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from importlib.resources import files
from typing import Any

import pytest

from guildmark.credentials import KeyType, LocalSigner, PrivateKey, PublicKey, add_proof
from guildmark.credentials.jsonld import contexts
from guildmark.credentials.proofs import eddsa_rdfc_2022
from guildmark.credentials.proofs.unsecured import Unsecured

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"

# W3C, Data Integrity EdDSA Cryptosuites 1.0, appendix "Test Vectors", the alumni credential
# signed with eddsa-rdfc-2022.
ALUMNI: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
HASH_DATA = (
    "4c4d3890a157f8d611b13c265c2c22f39aa0a567c7c7dd9ba3e45cd579784eeb"
    "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
)
PROOF_VALUE = (
    "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9"
)


@pytest.fixture
def examples_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples context that the vector uses, which the library does not ship."""
    vocabulary = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    known = {**contexts.bundled(), EXAMPLES: vocabulary}
    monkeypatch.setattr(contexts, "bundled", lambda: known)


@pytest.mark.usefixtures("examples_context")
def test_the_published_vector() -> None:
    signer = LocalSigner(
        PrivateKey.from_multikey(SECRET),
        verification_method=f"https://vc.example/issuers/5678#{KEY}",
    )
    assert signer.public_key.to_multikey() == KEY
    created = dt.datetime(2023, 2, 24, 23, 36, 38, tzinfo=dt.UTC)
    made = add_proof(ALUMNI, signer=signer, created=created)
    options = {k: v for k, v in made["proof"].items() if k != "proofValue"}
    hashed = eddsa_rdfc_2022.hash_data(Unsecured(ALUMNI), options, KeyType.ED25519)
    assert hashed.hex() == HASH_DATA
    assert made["proof"]["proofValue"] == PROOF_VALUE
    eddsa_rdfc_2022.check(Unsecured.of(made), made["proof"], PublicKey.from_multikey(KEY))


DID_KEY_HASH_DATA = (
    "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
    "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
)
DID_KEY_PROOF_VALUE = (
    "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
)


@pytest.mark.usefixtures("examples_context")
def test_the_published_vector_with_a_did_key() -> None:
    # The same appendix in the working group's repository, where the signer is a did:key.
    signer = LocalSigner(
        PrivateKey.from_multikey(SECRET), verification_method=f"did:key:{KEY}#{KEY}"
    )
    created = dt.datetime(2023, 2, 24, 23, 36, 38, tzinfo=dt.UTC)
    made = add_proof(ALUMNI, signer=signer, created=created)
    options = {k: v for k, v in made["proof"].items() if k != "proofValue"}
    hashed = eddsa_rdfc_2022.hash_data(Unsecured(ALUMNI), options, KeyType.ED25519)
    assert hashed.hex() == DID_KEY_HASH_DATA
    assert made["proof"]["proofValue"] == DID_KEY_PROOF_VALUE


def test_every_context_says_where_it_is_from() -> None:
    sources = json.loads((files("guildmark.credentials.jsonld") / "data/sources.json").read_text())
    for source in sources.values():
        assert source.keys() - {"published"} == {"url", "source", "licence", "sha256"}
        assert all(source.values())


def test_the_bundled_contexts_are_the_recorded_ones() -> None:
    folder = files("guildmark.credentials.jsonld") / "data"
    sources = json.loads((folder / "sources.json").read_text())
    assert {p.name for p in folder.iterdir()} == {*sources, "sources.json"}
    for name, source in sources.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == source["sha256"]
