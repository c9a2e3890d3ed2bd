"""Token Status List: the draft's own examples, and every list read as it was written."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import StatusError
from guildmark.credentials.proofs.jose import segments
from guildmark.credentials.status.bitstring import MAX_BITS, StatusRangeError
from guildmark.credentials.status.token_status_list import SIZES, TokenStatusList, status_list


def all_of(value: object) -> list[int]:
    """Every status in the list."""
    read = TokenStatusList.read(value)
    return [read[index] for index in range(len(read))]


def packed(data: bytes) -> str:
    """The `lst` of these bytes."""
    return segments.encode(zlib.compress(data)).decode()


def test_the_drafts_example_of_one_bit() -> None:
    # draft-ietf-oauth-status-list, sections 4.1 and 4.2.
    statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    made = status_list(dict(enumerate(statuses)), length=16)
    assert made == {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}
    assert all_of(made) == statuses


def test_the_drafts_example_of_two_bits() -> None:
    statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    made = status_list(dict(enumerate(statuses)), length=12, bits=2)
    assert made == {"bits": 2, "lst": "eNo76fITAAPfAgc"}
    assert all_of(made) == statuses
    in_cbor = {"bits": 2, "lst": bytes.fromhex("78da3be9f2130003df0207")}
    assert all_of(in_cbor) == statuses


@given(st.data(), st.sampled_from(SIZES), st.integers(1, 200))
def test_every_list_reads_back(data: st.DataObject, bits: int, length: int) -> None:
    places = st.dictionaries(
        st.integers(0, length - 1), st.integers(0, (1 << bits) - 1), max_size=20
    )
    statuses = data.draw(places)
    read = TokenStatusList.read(status_list(statuses, length=length, bits=bits))
    assert length <= len(read) < length + 8
    assert [read[index] for index in range(length)] == [
        statuses.get(index, 0) for index in range(length)
    ]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"bits": 1},
        {"bits": 1, "lst": 5},
        {"bits": 1, "lst": "!!"},
        {"bits": 1, "lst": "ü"},
        {"bits": 1, "lst": "AAAA"},
        {"bits": 3, "lst": packed(b"\0")},
        {"bits": True, "lst": packed(b"\0")},
        {"bits": "1", "lst": packed(b"\0")},
        {"lst": packed(b"\0")},
        {"bits": 1, "lst": packed(b"\0")[:-2]},
        {"bits": 1, "lst": segments.encode(zlib.compress(b"\0") + b"x").decode()},
        {"bits": 1, "lst": packed(bytes(MAX_BITS // 8 + 1))},
    ],
)
def test_what_is_no_list_is_refused(value: object) -> None:
    with pytest.raises(StatusError):
        TokenStatusList.read(value)


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(StatusError):
        status_list({}, length=8, bits=3)
    with pytest.raises(StatusError):
        status_list({0: 2}, length=8)
    with pytest.raises(StatusError):
        status_list({}, length=0)
    with pytest.raises(StatusRangeError):
        status_list({8: 1}, length=8)
    with pytest.raises(StatusRangeError):
        TokenStatusList.read(status_list({}, length=8))[8]
