"""Places in a list: each once, at random, to the last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import StatusError
from guildmark.credentials.status.allocation import IndexAllocator
from guildmark.credentials.status.bitstring import StatusRangeError


@given(st.integers(1, 600), st.data())
def test_every_free_place_comes_once(length: int, data: st.DataObject) -> None:
    used = data.draw(st.sets(st.integers(0, length - 1)))
    places = IndexAllocator(length=length, used=[*used, *used])
    assert places.free == length - len(used)
    drawn = [places.take() for _ in range(places.free)]
    assert sorted([*drawn, *used]) == list(range(length))
    with pytest.raises(StatusError, match="begin a new list"):
        places.take()


def test_the_last_place_of_a_long_list_is_found() -> None:
    length = 1 << 20
    places = IndexAllocator(length=length, used=(i for i in range(length) if i != 777_777))
    assert places.take() == 777_777


def test_places_are_spread_also_where_few_are_left() -> None:
    # Four free places beside each other and one far off: each a fifth of the time.
    free = {1000, 1001, 1002, 1003, 9000}
    used = [i for i in range(10_000) if i not in free]
    firsts = [IndexAllocator(length=10_000, used=used).take() for _ in range(200)]
    assert set(firsts) == free
    assert firsts.count(9000) < 100


def test_places_outside_the_list_are_refused() -> None:
    with pytest.raises(StatusRangeError):
        IndexAllocator(length=8, used=[8])
    with pytest.raises(StatusError):
        IndexAllocator(length=0)
