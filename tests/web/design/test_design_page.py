"""The page that shows every part of a page."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from guildmark.organizations.models import Role
from tests.support import factories
from tests.support.servers import Server
from tests.support.web import browser, sign_in, text

FRAGMENTS_OF_SAMPLES = {"units", "kiel", "skills", "credentials", "history"}


@pytest.mark.django_db
def test_parts_are_shown_with_whole_references() -> None:
    page = text(browser(factories.actor(factories.organization(), Role.WORKER)).get("/design/"))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'<label for="([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids) | FRAGMENTS_OF_SAMPLES


@pytest.mark.django_db
def test_it_is_for_members_and_in_english() -> None:
    client = browser(factories.actor(factories.organization(), Role.WORKER))
    assert '<html lang="en"' in text(client.get("/design/", headers={"accept-language": "de"}))
    assert Client().get("/design/").status_code == 302


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_keeps_anyone_out(server: Server, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page.context, server, Role.WORKER)
    page.goto(f"{server.url}/design/")
    for theme in ("Light", "Dark"):
        page.locator("main").get_by_role("button", name=theme, exact=True).click()
        assert page.evaluate("document.documentElement.dataset.theme") == theme.lower()
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
