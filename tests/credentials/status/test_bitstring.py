"""Status lists with bits: written, read back, and nothing else read."""

from __future__ import annotations

import base64
import gzip
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import StatusError
from guildmark.credentials.identifiers import multibase
from guildmark.credentials.status import bitstring, status_list_2021
from guildmark.credentials.status.bitstring import (
    MAX_BITS,
    MIN_LENGTH,
    StatusList,
    StatusListLengthError,
    StatusRangeError,
)

# The example of section 2.2, and of the draft's (there without the leading u).
EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


@given(st.sets(st.integers(0, MIN_LENGTH - 1), max_size=20))
def test_lists_round_trip(indexes: set[int]) -> None:
    values = StatusList.decode(bitstring.encode(indexes))
    probes = indexes | {0, 1, MIN_LENGTH - 1}
    assert {i for i in probes if values[i]} == indexes


@given(st.data(), st.integers(1, 12))
def test_entries_of_several_bits_round_trip(data: st.DataObject, size: int) -> None:
    expected = data.draw(
        st.dictionaries(
            st.integers(0, MIN_LENGTH - 1), st.integers(0, (1 << size) - 1), max_size=12
        )
    )
    values = StatusList(length=MIN_LENGTH, size=size)
    for index, status in expected.items():
        values[index] = status
    read = StatusList.decode(values.encode(), size=size)
    for index in expected:
        for near in {max(index - 1, 0), index, min(index + 1, MIN_LENGTH - 1)}:
            assert read[near] == expected.get(near, 0)


def test_the_first_bit_is_the_leftmost_and_counts_most() -> None:
    assert bitstring.decode_bits(bitstring.encode([0]))[0] == 0x80
    values = StatusList(length=MIN_LENGTH, size=2)
    values[0] = 2
    assert bitstring.decode_bits(values.encode())[0] == 0x80


def test_the_examples_of_the_specification_are_read() -> None:
    bits = bitstring.decode_bits(EXAMPLE)
    assert bits == bytes(MIN_LENGTH // 8)
    assert status_list_2021.decode_bits(EXAMPLE[1:]) == bits


def test_the_draft_is_read_in_both_alphabets() -> None:
    packed = gzip.compress(secrets.token_bytes(MIN_LENGTH // 8))
    texts = [base64.b64encode(packed).decode(), base64.urlsafe_b64encode(packed).decode()]
    expected = gzip.decompress(packed)
    assert all(status_list_2021.decode_bits(text) == expected for text in texts)
    assert status_list_2021.decode_bits(texts[1].rstrip("=")) == expected
    for bad in (None, "", "é", "a", "%%%%"):
        with pytest.raises(StatusError):
            status_list_2021.decode_bits(bad)


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        "",
        "u",
        "H4sIAAAAAAAA",
        multibase.encode_base64url(b"not gzip"),
        multibase.encode_base64url(gzip.compress(bytes(10))),
        multibase.encode_base64url(gzip.compress(bytes(MAX_BITS // 8 + 1))),
        multibase.encode_base64url(gzip.compress(bytes(MIN_LENGTH // 8))[:-12]),
        multibase.encode_base64url(gzip.compress(bytes(MIN_LENGTH // 8)) * 2),
    ],
    ids=["none", "empty", "nothing", "no letter", "not gzip", "short", "long", "cut off", "two"],
)
def test_bad_lists_are_refused(encoded: object) -> None:
    with pytest.raises(StatusError):
        StatusList.decode(encoded)


def test_a_bomb_is_not_inflated() -> None:
    bomb = multibase.encode_base64url(gzip.compress(bytes(60_000_000), compresslevel=1))
    with pytest.raises(StatusError, match="over"):
        StatusList.decode(bomb)


def test_places_and_values_outside_a_list_are_refused() -> None:
    values = StatusList(length=MIN_LENGTH)
    for index in (-1, MIN_LENGTH):
        with pytest.raises(StatusRangeError):
            values[index]
        with pytest.raises(StatusRangeError):
            values[index] = 1
        with pytest.raises(StatusRangeError):
            values.set_all([index])
    with pytest.raises(StatusError):
        values[0] = 2
    for bad in ({"length": MIN_LENGTH - 8}, {"length": MAX_BITS, "size": 2}, {"size": 0}):
        with pytest.raises(StatusError):
            StatusList(**bad)
    with pytest.raises(StatusListLengthError):
        StatusList.decode(bitstring.encode([]), size=2)


def test_writing_to_a_decoded_list_leaves_the_kept_bits_alone() -> None:
    kept = bitstring.decode_bits(bitstring.encode([7]))
    values = StatusList.of(kept)
    values[8] = 1
    assert (values[7], values[8]) == (1, 1)
    assert StatusList.of(kept)[8] == 0


def test_an_entry_with_messages() -> None:
    entry = bitstring.status_entry(
        list_url="https://works.example/status/8",
        purpose="message",
        index=3,
        messages=["pending", "accepted", "rejected", "undefined"],
        references=["https://works.example/status-words"],
    )
    assert entry["statusSize"] == 2
    assert entry["statusMessage"][2] == {"status": "0x2", "message": "rejected"}
    assert entry["statusReference"] == "https://works.example/status-words"
    for bad in ({"messages": ["a", "b", "c"]}, {"messages": ["a"]}, {}):
        with pytest.raises(StatusError):
            bitstring.status_entry(list_url="urn:x:1", purpose="message", index=1, **bad)
    with pytest.raises(StatusError):
        bitstring.status_entry(list_url="urn:x:1", purpose="revocation", index=-1)


def test_a_list_with_everything() -> None:
    document = bitstring.status_list_document(
        list_url="https://works.example/status/8",
        issuer="did:web:works.example",
        purpose=["revocation", "suspension"],
        encoded_list=EXAMPLE,
        valid_from="2026-01-01T00:00:00Z",
        valid_until="2026-01-02T00:00:00Z",
        ttl=300_000,
    )
    assert document["validUntil"] == "2026-01-02T00:00:00Z"
    assert document["credentialSubject"]["ttl"] == 300_000
    assert document["credentialSubject"]["statusPurpose"] == ["revocation", "suspension"]
    with pytest.raises(StatusError):
        bitstring.status_list_document(
            list_url="urn:x:1",
            issuer="did:web:works.example",
            purpose="revocation",
            encoded_list=EXAMPLE,
            valid_from="2026-01-01T00:00:00Z",
            ttl=0,
        )
