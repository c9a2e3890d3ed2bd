"""Wide tables on a phone are cards: nothing scrolls sideways, and every value says what it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.walker import Walker, walking
from tests.support.servers import Server

pytestmark = pytest.mark.browser


def look_at_cards(walker: Walker, path: str) -> None:
    walker.go(path)
    walker.look()
    frames = walker.page.locator(":is(.table-wrap, .matrix-wrap):has(> .as-cards)")
    expect(frames).to_have_count(1)
    assert frames.evaluate("frame => frame.scrollWidth - frame.clientWidth") <= 1, path
    labels = walker.page.locator(".as-cards tr").nth(1).locator("td[data-label]:not(:empty)")
    said = labels.evaluate_all("cells => cells.map(c => getComputedStyle(c, '::before').content)")
    assert said, path
    assert "none" not in said, path


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("lead", ("/gaps/", "/gaps/people/?only=critical")),
        ("assessor", ("/practicals/",)),
        ("auditor", ("/audit/",)),
        ("admin", ("/people/units/",)),
    ],
)
def test_a_wide_table_is_cards_on_a_phone(
    browser: Browser, server: Server, username: str, paths: tuple[str, ...]
) -> None:
    with walking(browser, server.url, username, phone=True) as walker:
        for path in paths:
            look_at_cards(walker, path)


@pytest.mark.parametrize("phone", [True, False])
def test_a_number_is_opened_and_its_filter_taken_away_by_keyboard(
    browser: Browser, server: Server, phone: bool
) -> None:
    with walking(browser, server.url, "lead", phone=phone) as walker:
        page = walker.page
        walker.go("/gaps/")
        number = page.locator("td[data-label=Critical] a").first
        expected = int(number.inner_text())
        number.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**only=critical*")
        walker.look()
        expect(page.locator("td.gap.critical")).to_have_count(expected)
        expect(page.locator("td.gap:not(.critical)")).to_have_count(0)
        chip = page.get_by_role("link", name="Show: only critical gaps")
        for _ in range(80):
            page.keyboard.press("Tab")
            if chip.evaluate("link => link === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "only" not in address)
        expect(chip).to_have_count(0)
        walker.look()
