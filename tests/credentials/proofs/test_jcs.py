"""Canonical JSON: the quick way and the plain one give the same text, or the same refusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guildmark.credentials import ProofError
from guildmark.credentials.proofs.jcs import canonical_json
from tests.credentials.builders import badge

# Names on both sides of where UTF-16 sorts unlike code points; numbers on both sides of 53 bits.
TEXTS = st.text() | st.sampled_from(["\U0001f600", "\uffff", "\ufb33", "\u20ac", "\x00", "\x7f"])
NUMBERS = st.integers() | st.integers(2**53 - 2, 2**53 + 2) | st.integers(-(2**53) - 2, 2 - 2**53)
FLOATS = st.floats() | st.sampled_from([0.0, -0.0, 1e21, 1e-7, 5e-324, 1.0, 333333333.3333333])
LEAVES = st.none() | st.booleans() | NUMBERS | FLOATS | TEXTS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=12
)


def plain(value: Any) -> bytes | None:
    """What rfc8785 gives, None where it refuses."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return None


@settings(max_examples=250, deadline=None)
@given(VALUES)
@example({"\U0001f600": 1, "\ufb33": 2})
@example([float("nan")])
@example({"a": 2**53})
@example({"a": "\ud800"})
@example({"\ud800": "a"})
@example({1: "a"})
@example([True, 1, "\b\t\n\f\r\x1f\u2028/<>"])
def test_equal_to_the_plain_way(value: Any) -> None:
    wanted = plain(value)
    if wanted is None:
        with pytest.raises(ProofError, match="canonical"):
            canonical_json(value)
    else:
        assert canonical_json(value) == wanted


def test_a_badge_in_the_quick_way() -> None:
    assert canonical_json(badge()) == rfc8785.dumps(badge())


@pytest.mark.parametrize("value", [{1}, b"x", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), object()])
def test_what_is_not_json_is_refused(value: Any) -> None:
    with pytest.raises(ProofError, match="canonical"):
        canonical_json({"a": value})


def test_depth_is_bounded() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(ProofError, match="canonical"):
        canonical_json(deep)
