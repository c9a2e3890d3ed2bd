"""Walking through the platform as its users do, looking at each page on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PASSWORD = "tested-and-marked"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}


@dataclass
class Walker:
    """One user at one screen; `look` checks the page and keeps its picture for the tour."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open an address of the platform."""
        response = self.page.goto(self.url + path)
        assert response is not None
        assert response.status < 400, f"{path} answers {response.status}"

    def press(self, name: str, *, role: str = "button") -> None:
        """Press the button (or link) with this name."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def says(self, text: str | re.Pattern[str]) -> None:
        """The page shows this."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def look(self, picture: str | None = None) -> None:
        """Nothing overflows, nothing keeps anyone out (axe), nothing failed in the console."""
        self.page.wait_for_load_state()
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 1:
            self.faults.append(f"{self.page.url} is {overflow} px wider than the screen")
        for violation in Axe().run(self.page).response["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                where = violation["nodes"][0]["html"][:160]
                self.faults.append(f"{self.page.url}: {violation['id']}: {where}")
        folder = os.environ.get("TOUR_PICTURES")
        if folder and picture:
            self.page.screenshot(path=Path(folder) / f"{picture}.png")


@contextmanager
def walking(
    browser: Browser, url: str, username: str | None = None, *, phone: bool = False
) -> Iterator[Walker]:
    """A walker in a browser profile of its own, signed in where a name is given."""
    context = browser.new_context(locale="en-GB", viewport=PHONE if phone else DESKTOP)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = context.new_page()
    walker = Walker(page=page, url=url)
    page.on("console", lambda m: walker.faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: walker.faults.append(str(error)))
    if username is not None:
        walker.go("/sign-in/")
        page.locator("[name=login]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(lambda address: "sign-in" not in address)
    yield walker
    context.close()
    assert not walker.faults, "\n".join(walker.faults)
