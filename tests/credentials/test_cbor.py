"""CBOR: the examples of RFC 8949, what is written is read back, and nothing else is read."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import UnreadableError, cbor

# RFC 8949, appendix A, the rows of the types that are read here.
EXAMPLES: list[tuple[Any, str]] = [
    (0, "00"),
    (1, "01"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (cbor.Tagged(1, 1363896240), "c11a514b67b0"),
    (cbor.Tagged(23, b"\1\2\3\4"), "d74401020304"),
    (
        cbor.Tagged(32, "http://www.example.com"),
        "d82076687474703a2f2f7777772e6578616d706c652e636f6d",
    ),
    (b"", "40"),
    (b"\1\2\3\4", "4401020304"),
    ("", "60"),
    ("IETF", "6449455446"),
    ('"\\', "62225c"),
    ("\u00fc", "62c3bc"),
    ("\u6c34", "63e6b0b4"),
    ("\U00010151", "64f0908591"),
    ([], "80"),
    ([1, 2, 3], "83010203"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (["a", {"b": "c"}], "826161a161626163"),
    (
        {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"},
        "a56161614161626142616361436164614461656145",
    ),
]

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=30)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(-1000, 1000) | st.text("abcü", max_size=4), inner, max_size=5)
        | st.builds(cbor.Tagged, st.integers(0, 2**64 - 1), inner)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(("value", "encoded"), EXAMPLES)
def test_the_examples_of_the_specification(value: Any, encoded: str) -> None:
    assert cbor.encode(value).hex() == encoded
    assert cbor.decode(bytes.fromhex(encoded)) == value


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert cbor.decode(cbor.encode(value)) == value


@given(st.binary(max_size=200))
def test_reading_ends_in_a_value_that_writes_itself_or_its_own_error(data: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        value = cbor.decode(data)
        assert cbor.decode(cbor.encode(value)) == value
        assert len(cbor.encode(value)) == len(data)


def test_keys_are_written_in_the_order_of_their_bytes() -> None:
    # RFC 8949, section 4.2.1, of its example the keys that are read here.
    made = cbor.encode({"aa": 1, "z": 2, -1: 3, 100: 4, 10: 5})
    assert list(cbor.decode(made)) == [10, 100, -1, "z", "aa"]


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "1800",
        "1817",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "5801",
        "9f01ff",
        "bf01ff",
        "5f4101ff",
        "f7",
        "f97c00",
        "fb7ff0000000000000",
        "f818",
        "1c",
        "61ff",
        "a201020103",
        "a1f401",
        "a1400",
        "0000",
        "9b7fffffffffffffff",
        "5b7fffffffffffffff",
        "81" * 18 + "00",
    ],
)
def test_what_is_not_strict_is_refused(encoded: str) -> None:
    with pytest.raises(UnreadableError):
        cbor.decode(bytes.fromhex(encoded + "0" * (len(encoded) % 2)))


def test_bounds() -> None:
    with pytest.raises(UnreadableError, match="at most"):
        cbor.decode(bytes(cbor.MAX_BYTES + 1))
    with pytest.raises(UnreadableError, match="over 100000 items"):
        cbor.decode(b"\x9a" + cbor.MAX_ITEMS.to_bytes(4) + bytes(cbor.MAX_ITEMS))


@pytest.mark.parametrize(
    "value", [1.5, 2**64, -(2**64) - 1, {1.5: 1}, {True: 1}, "\ud800", object()]
)
def test_what_has_no_form_is_not_written(value: Any) -> None:
    with pytest.raises(UnreadableError):
        cbor.encode(value)
