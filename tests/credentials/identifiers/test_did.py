"""Identifiers that hold their key: did:key and did:jwk."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import IdentifierError, KeyType, PrivateKey
from guildmark.credentials.identifiers.did import (
    did_jwk,
    did_jwk_method,
    did_key,
    did_key_method,
    method_within,
)

# did:key, section 5 (test vectors), https://w3c-ccg.github.io/did-key-spec/; the RSA key from its
# former test vectors, as many implementations carry them.
PUBLISHED_KEYS = {
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK": KeyType.ED25519,
    "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv": KeyType.P256,
    "did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54": KeyType.P384,
    "did:key:z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9vPmT5dbkm9qsZsuVNjq8HCu"
    "W1w24nhBFGkRE4cd2Uf2tfrB3N7h4mnyPp1BF3ZttHTYv3DLUPi1zMdkULiow3M1GfXkoC6DoxDUm1jmN6GBj22SjVsr6d"
    "xezRVQc7aj9TxE7JLbMH1wh5X3kA58H3DFW8rnYMakFGbca5CB2Jf6CnGQZmL7o5uJAdTwXfy2iiiyPxXEGerMhHwhjTA1"
    "mKYobyk2CpeEcmvynADfNZ5MBvcCS7m3XkFCMNUYBS9NQ3fze6vMSUPsNa6GVYmKx2x6JrdEjCk3qRMMmyjnjCMfR4pXbR"
    "MZa3i": KeyType.RSA,
}
# did:jwk, section "Examples", https://github.com/quartzjer/did-jwk/blob/main/spec.md.
PUBLISHED_P256 = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6O"
    "TFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)
PUBLISHED_X25519 = (
    "did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUT"
    "FOei1EUThoYmVHZE5yZngtRkctSUswOCJ9"
)


def as_jwk_did(jwk: Any) -> str:
    """A did:jwk of anything."""
    return f"did:jwk:{base64.urlsafe_b64encode(json.dumps(jwk).encode()).rstrip(b'=').decode()}"


@pytest.mark.parametrize(("did", "kind"), PUBLISHED_KEYS.items(), ids=lambda part: str(part)[:20])
def test_published_did_keys(did: str, kind: KeyType) -> None:
    method = did_key_method(did)
    assert method.public_key.type is kind
    assert method.controller == did == did_key(method.public_key)
    assert method.id == f"{did}#{did.removeprefix('did:key:')}"
    assert did_key_method(method.id) == method


def test_the_published_did_jwk() -> None:
    method = did_jwk_method(f"{PUBLISHED_P256}#0")
    assert method.public_key.to_jwk() == {
        "crv": "P-256",
        "kty": "EC",
        "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
        "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
    }
    assert did_jwk(method.public_key) == method.controller == PUBLISHED_P256
    with pytest.raises(IdentifierError, match="not for signatures"):
        did_jwk_method(PUBLISHED_X25519)


@pytest.mark.parametrize("kind", list(KeyType))
def test_every_kind_of_key_has_both_forms(kind: KeyType) -> None:
    key = PrivateKey.generate(kind).public
    for did in (did_key(key), did_jwk(key)):
        method = method_within(did)
        assert method is not None
        assert method.public_key == key
        assert method.controller == did


def test_a_private_key_in_a_did_jwk_is_refused() -> None:
    secret = PrivateKey.generate(KeyType.P256).to_jwk()
    with pytest.raises(IdentifierError, match="private member 'd'") as caught:
        did_jwk_method(as_jwk_did(secret))
    assert secret["d"] not in str(caught.value)


@pytest.mark.parametrize(
    "identifier",
    [
        "did:key:",
        "did:key:z6Mk",
        "did:key:zzzz#zzzz",
        f"{next(iter(PUBLISHED_KEYS))}#other",
        "did:key:z" + "1" * 300,
        "did:key:z" + "9" * 5_000,
        "did:jwk:",
        "did:jwk:e30",
        "did:jwk:e30=",
        "did:jwk:bm90IGpzb24",
        "did:jwk:" + "e" * 5_000,
        f"{PUBLISHED_P256}#1",
        as_jwk_did([]),
        as_jwk_did({"kty": "OKP", "crv": "Ed448", "x": ""}),
        as_jwk_did({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
    ],
)
def test_others_are_refused(identifier: str) -> None:
    with pytest.raises(IdentifierError):
        method_within(identifier)


@given(st.text(max_size=80))
def test_any_text_ends_in_an_identifier_error(text: str) -> None:
    for scheme in ("did:key:", "did:jwk:"):
        with pytest.raises(IdentifierError):
            method_within(scheme + text)
    assert method_within(f"did:web:{text}") is None
