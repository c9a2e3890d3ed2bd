"""Numbers as people type them: whatever is typed, it is read rightly or told, never a crash."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.assessment import services
from guildmark.assessment.services.attempts import is_right, read_number
from tests.support import assessment as support
from tests.support.web import browser

NUMBERS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=6, allow_nan=False, allow_infinity=False
)
TYPED = st.text(max_size=60) | st.text("0123456789.,'+-eE _\u2212", max_size=60)


@given(NUMBERS, st.sampled_from(".,"), st.sampled_from(["-", "\u2212"]))
def test_every_number_is_read_with_point_and_comma(
    number: Decimal, decimals: str, minus: str
) -> None:
    typed = f"{number:f}".replace(".", decimals).replace("-", minus)
    assert read_number(f" {typed} ") == number


@given(st.integers(10**6, 10**12), st.sampled_from([" ", "'", "\u2019", "\u202f", ".", ","]))
def test_thousands_may_be_grouped(number: int, sign: str) -> None:
    decimals = "," if sign == "." else "."
    typed = f"{number:,}".replace(",", sign)
    assert read_number(typed) == number
    assert read_number(f"-{typed}{decimals}25") == -(number + Decimal("0.25"))


@given(TYPED)
def test_whatever_is_typed_never_breaks(typed: str) -> None:
    number = read_number(typed)
    assert number is None or (number.is_finite() and abs(number) < 10**15)


@pytest.mark.parametrize(
    "typed",
    ["12.5.2024", "1.2.3", "1,2.5", "1..5", "6 5", "1,23,4.5", "1'234 567", ".", "-", "e5", "1e"],
)
def test_what_only_looks_like_a_number_is_told(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["1e999999999", "-1e-999999999", "9" * 60, "1e-999"])
def test_a_huge_exponent_stops_neither_the_page_nor_handing_in(typed: str) -> None:
    world = support.world()
    attempt, item = world.start(), world.items[2]
    services.save_answer(actor=world.worker, attempt=attempt, item_id=item.id, answer=typed)
    assert not is_right(item, typed)
    client = browser(world.worker)
    assert client.get(f"/tests/{attempt.id}/").status_code == 200
    assert client.post(f"/tests/{attempt.id}/hand-in/").status_code == 302
    attempt.refresh_from_db()
    assert attempt.state == "submitted"
    assert attempt.points == 0
