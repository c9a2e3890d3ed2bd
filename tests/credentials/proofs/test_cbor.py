"""CBOR: what is written is read back, and nothing else is read."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import ProofError
from guildmark.credentials.proofs import cbor

LEAVES = st.integers(0, 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=30)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=30) | st.dictionaries(st.integers(0, 2**20), inner, max_size=30)
    ),
    max_leaves=8,
).filter(lambda value: depth(value) <= 4)


def depth(value: Any) -> int:
    """How many lists and maps stand in each other."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES)
def test_round_trip(value: Any) -> None:
    assert cbor.decode(cbor.encode(value)) == value


@given(st.binary(max_size=60))
def test_only_the_one_form_is_read(data: bytes) -> None:
    with contextlib.suppress(ProofError):
        assert sorted(cbor.encode(cbor.decode(data))) == sorted(data)


# RFC 8949, appendix A, those of the forms that are used here.
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1903e8", 1000),
        ("1a000f4240", 1_000_000),
        ("1bffffffffffffffff", 2**64 - 1),
        ("4401020304", bytes([1, 2, 3, 4])),
        ("6449455446", "IETF"),
        ("62c3bc", "ü"),
        ("83010203", [1, 2, 3]),
        ("8301820203820405", [1, [2, 3], [4, 5]]),
        ("a201020304", {1: 2, 3: 4}),
    ],
)
def test_published_examples(text: str, value: Any) -> None:
    assert cbor.encode(value).hex() == text
    assert cbor.decode(bytes.fromhex(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000",
        "1817",
        "190017",
        "20",
        "c100",
        "f5",
        "f97e00",
        "5f42010243030405ff",
        "9f01ff",
        "bf01ff",
        "1c",
        "62c328",
        "a201020102",
        "a1616101",
        "9affffffff",
        "bbffffffffffffffff",
        "5bffffffffffffffff00",
        "818181818181",
        "81" * 5_000,
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ProofError):
        cbor.decode(bytes.fromhex(text))


def test_size_is_bounded() -> None:
    with pytest.raises(ProofError):
        cbor.decode(bytes(cbor.MAX_BYTES + 1))
    many = cbor.encode([0] * 60_000)
    with pytest.raises(ProofError):
        cbor.decode(many)


@pytest.mark.parametrize("value", [-1, 2**64, 1.5, None, object()])
def test_other_values_are_not_written(value: Any) -> None:
    with pytest.raises(ProofError):
        cbor.encode([value])
