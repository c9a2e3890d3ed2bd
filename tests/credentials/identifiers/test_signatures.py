"""Signatures that are none: libsodium and OpenSSL do not refuse the same ones."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import KeyType, PrivateKey, ProofError, PublicKey

ORDER = 2**252 + 27742317777372353535851937790883648493
SECRET = PrivateKey.from_seed(bytes(range(32)))
DATA = b"what was signed"
# RFC 8032, 5.1: the neutral element; with it as key and R, and S = 0, any text is "signed".
NEUTRAL = (1).to_bytes(32, "little")


def verify(signature: bytes, *, key: PublicKey = SECRET.public, data: bytes = DATA) -> None:
    """Check with the library."""
    key.verify(signature, data)


def test_a_signature_holds() -> None:
    verify(SECRET.sign(DATA))


@given(st.binary(max_size=80))
def test_other_bytes_do_not(signature: bytes) -> None:
    with pytest.raises(ProofError):
        verify(signature)


@pytest.mark.parametrize("shift", [-32, -1, 1, 32])
def test_no_byte_passes_between_signature_data_and_key(shift: int) -> None:
    signed, key = SECRET.sign(DATA * 10) + DATA * 10, SECRET.public.data
    with pytest.raises(ProofError):
        verify(signed[: 64 + shift], data=signed[64 + shift :])
    for data in (key[:shift] if shift < 0 else key + bytes(shift), b""):
        with pytest.raises(ProofError):
            verify(signed[:64], data=signed[64:], key=PublicKey(KeyType.ED25519, data))


def test_an_s_that_is_not_reduced_is_refused() -> None:
    # RFC 8032, 5.1.7: else a second signature of the same text could be made from the first.
    signature = SECRET.sign(DATA)
    s = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(ProofError):
        verify(signature[:32] + s.to_bytes(32, "little"))


def test_a_key_of_small_order_is_refused() -> None:
    forged = NEUTRAL + bytes(32)
    Ed25519PublicKey.from_public_bytes(NEUTRAL).verify(forged, b"any text at all")
    with pytest.raises(ProofError):
        verify(forged, key=PublicKey(KeyType.ED25519, NEUTRAL), data=b"any text at all")


@pytest.mark.parametrize("data", [b"", SECRET.public.data[:31], SECRET.public.data + b"\0"])
def test_a_key_of_another_length_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        verify(SECRET.sign(DATA), key=PublicKey(KeyType.ED25519, data))


@pytest.mark.parametrize("length", [0, 63, 65, 70])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    # Where the two meet must not matter to libsodium, which gets them joined.
    signed = SECRET.sign(DATA) + DATA
    with pytest.raises(ProofError):
        verify(signed[:length], data=signed[length:])
