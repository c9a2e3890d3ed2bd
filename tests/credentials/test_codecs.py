"""Codecs: what is written is read back, and nothing else is read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import (
    IdentifierError,
    KeyType,
    PrivateKey,
    ProofError,
    PublicKey,
    UnreadableError,
    did_web,
    did_web_url,
    read_json,
)
from guildmark.credentials.identifiers import multibase


@given(st.binary(max_size=80))
def test_multibase_round_trips(data: bytes) -> None:
    assert multibase.decode_base58btc(multibase.encode_base58btc(data)) == data
    assert multibase.decode_base64url(multibase.encode_base64url(data)) == data


@given(st.text(max_size=60))
def test_multibase_reads_nothing_else(text: str) -> None:
    for decode, encode in (
        (multibase.decode_base58btc, multibase.encode_base58btc),
        (multibase.decode_base64url, multibase.encode_base64url),
    ):
        try:
            data = decode(text)
        except IdentifierError:
            continue
        assert decode(encode(data)) == data


@given(st.binary(min_size=32, max_size=32))
def test_multikey_round_trips(seed: bytes) -> None:
    secret = PrivateKey.from_seed(seed)
    assert PublicKey.from_multikey(secret.public.to_multikey()) == secret.public
    assert PrivateKey.from_multikey(secret.to_multikey()).to_seed() == seed
    with pytest.raises(IdentifierError):
        PublicKey.from_multikey(secret.to_multikey())


@pytest.mark.parametrize("kind", list(KeyType))
def test_every_kind_of_key_round_trips_and_signs(kind: KeyType) -> None:
    secret = PrivateKey.generate(kind)
    assert PublicKey.from_jwk(secret.public.to_jwk()) == secret.public
    forms = [PrivateKey.from_jwk(secret.to_jwk()), PrivateKey.from_pem(secret.to_pem(b"x"), b"x")]
    if kind is not KeyType.RSA:
        assert PublicKey.from_multikey(secret.public.to_multikey()) == secret.public
        forms.append(PrivateKey.from_multikey(secret.to_multikey()))
    for form in forms:
        secret.public.verify(form.sign(b"data"), b"data")
        with pytest.raises(ProofError):
            secret.public.verify(form.sign(b"data"), b"date")


def test_a_secret_key_never_shows_in_an_error() -> None:
    with pytest.raises(IdentifierError) as caught:
        PrivateKey.from_multikey("z3u2secretsecret")
    assert "secretsecret" not in str(caught.value)


def test_did_web_and_its_address() -> None:
    did = did_web("http://localhost:8000", "o", "norvale")
    assert did == "did:web:localhost%3A8000:o:norvale"
    assert did_web_url(did) == "https://localhost:8000/o/norvale/did.json"
    assert did_web_url("did:web:works.example") == "https://works.example/.well-known/did.json"
    for bad in ("did:web:", "did:key:z6Mk", "did:web:a%2Fb", "did:web:host:..%2F..", "web"):
        with pytest.raises(IdentifierError):
            did_web_url(bad)


@given(st.binary(max_size=300))
def test_reading_ends_in_a_document_or_its_own_error(data: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        assert isinstance(read_json(data), dict)
