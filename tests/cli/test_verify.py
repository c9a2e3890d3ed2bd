"""`guildmark verify`: offline, without the database."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildmark.cli.verify import verify
from guildmark.credentials import (
    KeyType,
    LocalSigner,
    PrivateKey,
    VerificationMethod,
    add_proof,
    did_document,
)

DID = "did:web:works.example:o:works"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A signed credential and its issuer's DID document."""
    secret = PrivateKey.generate(KeyType.ED25519)
    method = f"{DID}#key"
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "urn:uuid:1c2a4a0e-7e55-4cfd-8a44-3a6ff1ef2c0a"},
    }
    signer = LocalSigner(secret, verification_method=method)
    signed = add_proof(document, signer=signer, created=dt.datetime.now(dt.UTC))
    key = VerificationMethod(id=method, controller=DID, public_key=secret.public)
    credential, did = tmp_path / "credential.json", tmp_path / "did.json"
    credential.write_text(json.dumps(signed))
    did.write_text(json.dumps(did_document(DID, [key])))
    return credential, did


def test_with_the_issuers_document_it_is_verified(files: tuple[Path, Path]) -> None:
    credential, did = files
    result = CliRunner().invoke(verify, [str(credential), "--known", str(did)])
    assert result.exit_code == 0
    assert result.output.startswith("Verified.")


def test_without_it_that_could_not_be_checked(files: tuple[Path, Path]) -> None:
    result = CliRunner().invoke(verify, ["-", "--json"], input=files[0].read_text())
    assert result.exit_code == 3
    assert json.loads(result.output)["verified"] is None


def test_a_changed_one_fails(files: tuple[Path, Path]) -> None:
    credential, did = files
    document = json.loads(credential.read_text()) | {"validUntil": "2999-01-01T00:00:00Z"}
    result = CliRunner().invoke(verify, ["-", "--known", str(did)], input=json.dumps(document))
    assert result.exit_code == 1


def test_what_is_no_document_is_told(files: tuple[Path, Path], tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.json"
    nothing.write_text("[]")
    result = CliRunner().invoke(verify, [str(files[0]), "--known", str(nothing)])
    assert result.exit_code == 2
    assert "nothing.json" in result.output
    assert CliRunner().invoke(verify, [str(nothing)]).exit_code == 1
