"""Every page, full and empty, at both widths: it fits, it is open to everyone, nothing fails.

The addresses are those of `tests/permission_urls.py`, which knows every one there is, each with a
role that may open it. Full is the example company with one more of everything; empty is an
organization in which nothing has happened. Light and dark take turns.

`PAGES_PICTURES=folder` keeps a picture of each page at each width, to be looked at.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page

from guildmark.awards.models import Award
from guildmark.organizations.models import Membership, Organization, Person, Role
from tests.permission_urls import URLS, Place
from tests.support import factories
from tests.support.samples import Arguments, Sample, Samples
from tests.support.servers import Server
from tests.support.web import browser as client_of

pytestmark = pytest.mark.browser

PHONE, DESKTOP = 390, 1280
NO_PAGES = {
    "did_document",
    "evidence",
    "framework_export",
    "health",
    "shared_json",
    "shared_qr",
    "shared_report",
    "status_list",
    "wallet_download",
}
"""Answer with documents and files."""
FOR_STRANGERS = {name for name, place in URLS.items() if place.is_public} - {"account_logout"}
# The least that may open a page sees it as most people do.
LEAST_FIRST = [
    Role.WORKER,
    Role.ASSESSOR,
    Role.TRAINER,
    Role.MANAGER,
    Role.QUALITY_REVIEWER,
    Role.AUDITOR,
    Role.PROGRAMME_OWNER,
    Role.ADMINISTRATOR,
]


def is_page(name: str) -> bool:
    place = URLS[name]
    opened = place.roles or place.own_roles or place.managed_roles
    return place.method == "GET" and bool(opened) and name not in NO_PAGES


PAGES = sorted(filter(is_page, URLS))
WITHOUT_OBJECT = [name for name in PAGES if URLS[name].sample is None]


class ExampleSamples(Samples):
    """The example company with one more of everything; its awards are its own.

    Those are signed with a key that only the server can open.
    """

    def award_of(self, person: Person) -> Award:
        """The newest valid award of the person."""
        return person.awards.filter(state="active", credential__isnull=False).latest("awarded_at")


class Visitor:
    """One browser that goes where it is told, as whoever may go there."""

    def __init__(self, server: Server, page: Page) -> None:
        self.server, self.page = server, page
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.add_init_script(Axe().axe_script)
        self._sessions: dict[uuid.UUID, str] = {}
        self._made: dict[tuple[Sample, uuid.UUID], Arguments] = {}
        with server.database():
            self.full = Organization.objects.get(slug="norvale")
            self.samples = ExampleSamples(self.full)
            self.members = {role: self._member(role) for role in Role}
            self.empty = factories.organization(name="Nothing yet")
            self.new = {role: factories.member(self.empty, role) for role in Role}

    def _member(self, role: Role) -> Membership:
        found = self.full.memberships.filter(roles__contains=[role], person__awards__state="active")
        others = self.full.memberships.filter(roles__contains=[role], person__isnull=False)
        return (
            found.order_by("account__username").first()
            or others.order_by("account__username").first()
            or factories.member(self.full, role)
        )

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _sign_in(self, who: Membership | None) -> None:
        self.page.context.clear_cookies()
        if who is None:
            return
        if who.id not in self._sessions:
            self._sessions[who.id] = client_of(who.account).cookies["sessionid"].value
        session = {"name": "sessionid", "value": self._sessions[who.id], "url": self.server.url}
        self.page.context.add_cookies([session])  # type: ignore[list-item]  # a plain dict

    def _arguments(self, place: Place, who: Membership, *, is_own: bool) -> Arguments:
        sample = (place.own_sample or place.sample) if is_own else place.sample
        of = who.person if is_own else self.members[Role.WORKER].person
        if sample is None:
            return {}
        assert of is not None
        key = (sample, of.id)
        if key not in self._made:
            self._made[key] = sample(self.samples, of)
        return self._made[key]

    def visit(self, name: str, *, is_empty: bool = False) -> None:
        """Open the address as somebody who may, and look at the page; see `faults`."""
        place = URLS[name]
        is_own = not place.roles
        roles = place.own_roles if is_own else place.roles
        assert roles
        role = next(role for role in LEAST_FIRST if role in roles)
        who = (self.new if is_empty else self.members)[role]
        with self.server.database():
            self._sign_in(None if name in FOR_STRANGERS else who)
            arguments = self._arguments(place, who, is_own=is_own)
        address = reverse(place.address or name, kwargs=arguments)
        self._look(address, is_dark=is_empty, picture=f"{name}{'-empty' * is_empty}")

    def _look(self, address: str, *, is_dark: bool, picture: str) -> None:
        self.faults.clear()
        page = self.page
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.set_viewport_size({"width": DESKTOP, "height": 900})
        response = page.goto(self.server.url + address)
        assert response is not None
        assert response.status == 200, f"{address} answers {response.status}"
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        self.faults += [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]
        self._fits(DESKTOP, picture)
        page.set_viewport_size({"width": PHONE, "height": 844})
        self._fits(PHONE, picture)
        said = page.evaluate(
            "({title: document.title, heads: document.querySelectorAll('h1').length})"
        )
        if said["heads"] != 1:
            self.faults.append(f"{said['heads']} h1")
        if not said["title"].removesuffix(" · Guildmark").strip():
            self.faults.append(f"the title is {said['title']!r}")

    def _fits(self, width: int, picture: str) -> None:
        if folder := os.environ.get("PAGES_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{picture}-{width}.png")
        wide = self.page.evaluate(
            """() => {
                const width = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= width) return "";
                const out = [...document.querySelectorAll("body *")].filter(
                    (e) => e.getBoundingClientRect().right > width + 1);
                return out.slice(-3).map((e) => e.outerHTML.slice(0, 120)).join(" | ") || "?";
            }"""
        )
        if wide:
            self.faults.append(f"wider than {width} px: {wide}")


@pytest.fixture(scope="module")
def visitor(server: Server, browser: Browser) -> Iterator[Visitor]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield Visitor(server, context.new_page())
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_full(visitor: Visitor, name: str) -> None:
    visitor.visit(name)
    assert visitor.faults == []


@pytest.mark.parametrize("name", WITHOUT_OBJECT)
def test_empty(visitor: Visitor, name: str) -> None:
    visitor.visit(name, is_empty=True)
    assert visitor.faults == []
