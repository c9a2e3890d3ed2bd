"""Anyone pastes or uploads anything."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from guildmark.config import clients
from guildmark.credentials import KeyType, LocalSigner, PrivateKey, add_proof
from tests.support import awards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def foreign(**changes: Any) -> str:
    """A credential of somebody with a did:key."""
    secret = PrivateKey.generate(KeyType.ED25519)
    key = secret.public.to_multikey()
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": f"did:key:{key}",
        "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:1c2a4a0e-7e55-4cfd-8a44-3a6ff1ef2c0a"},
    } | changes
    signer = LocalSigner(secret, verification_method=f"did:key:{key}#{key}")
    return json.dumps(add_proof(document, signer=signer, created=dt.datetime.now(dt.UTC)))


def paste(client: Client, text: str) -> tuple[HttpResponse, str]:
    response = client.post("/verify/", {"text": text})
    return response, response.content.decode()


def test_the_empty_page_and_an_empty_form(client: Client) -> None:
    response = client.get("/verify/")
    assert response.status_code == 200
    assert "asks no other server" in response.content.decode()
    response, text = paste(client, "")
    assert response.status_code == 422
    assert "Paste a credential or choose a file." in text


def test_an_own_credential_pasted_or_uploaded(client: Client) -> None:
    document = awards.world().credential().document
    response, text = paste(client, document)
    assert "Genuine and valid" in text
    assert "not an organization on this server" not in text
    assert "sessionid" not in response.cookies
    upload = SimpleUploadedFile("badge.json", b"\xef\xbb\xbf" + document.encode())
    assert "Genuine and valid" in client.post("/verify/", {"file": upload}).content.decode()


def test_a_did_key_needs_nobody_else(client: Client) -> None:
    _, text = paste(client, foreign())
    assert "Unchanged, but the issuer is unknown here" in text
    assert "not an organization on this server" in text


def test_a_foreign_status_list_is_not_fetched(client: Client) -> None:
    _, text = paste(
        client,
        foreign(
            credentialStatus={
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "7",
                "statusListCredential": "https://issuer.example/status/1",
            }
        ),
    )
    assert "Could not be checked completely" in text
    assert 'data-code="status.unavailable"' in text


def test_a_foreign_did_web_is_not_fetched(client: Client) -> None:
    document = json.loads(foreign())
    document["issuer"] = "did:web:issuer.example"
    document["proof"]["verificationMethod"] = "did:web:issuer.example#key"
    _, text = paste(client, json.dumps(document))
    assert "Could not be checked completely" in text
    assert 'data-code="proof.key_unavailable"' in text


def test_forged_and_expired_and_unsigned(client: Client) -> None:
    document = json.loads(foreign())
    document["validFrom"] = "2023-01-01T00:00:00Z"
    assert "Do not rely on this" in paste(client, json.dumps(document))[1]
    assert 'data-kind="expired"' in paste(client, foreign(validUntil="2024-02-01T00:00:00Z"))[1]
    del document["proof"]
    assert 'data-code="proof.missing"' in paste(client, json.dumps(document))[1]


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[]",
        "{}",
        "[" * 5000,
        '{"a":' * 500 + "1" + "}" * 500,
        '{"a": 1, "a": 2}',
        "\x00",
        '{"@context": {"@vocab": "https://x.example/"}, "type": 4}',
        "<script>alert(1)</script>",
    ],
)
def test_whatever_is_pasted_gets_an_answer(client: Client, text: str) -> None:
    response, page = paste(client, text)
    assert response.status_code in {200, 422}
    assert "<script>alert" not in page
    if response.status_code == 200:
        assert "This is not a credential" in page


def test_a_document_with_hostile_texts_is_shown_as_text(client: Client) -> None:
    _, text = paste(
        client,
        foreign(name="<img src=x onerror=alert(1)>", description="<script>alert(1)</script>"),
    )
    assert "<img src=x" not in text
    assert "<script>alert" not in text


def test_too_large_and_not_text(client: Client) -> None:
    large = SimpleUploadedFile("large.json", b" " * 1_000_001)
    assert client.post("/verify/", {"file": large}).status_code == 413
    binary = SimpleUploadedFile("x.json", gzip.compress(b"{}"))
    response = client.post("/verify/", {"file": binary})
    assert response.status_code == 422
    assert "not a text file" in response.content.decode()


def test_an_address_that_asks_too_often_is_told_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "CHECKS_PER_MINUTE", 2)
    monkeypatch.setattr(clients.time, "time", lambda: 1_800_000_000.0)
    assert paste(client, "x")[0].status_code == 200
    assert paste(client, "x")[0].status_code == 200
    response, text = paste(client, "x")
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "Wait a minute" in text


def test_machines_get_the_report(client: Client) -> None:
    response = client.post("/verify/", {"text": foreign()}, headers={"accept": "application/json"})
    assert response.json()["verified"] is True
