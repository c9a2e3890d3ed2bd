"""On paper everything is light, whatever the screen was."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page

from guildmark.organizations.models import Role
from tests.support import factories
from tests.support.servers import Server

pytestmark = pytest.mark.browser
# The darkest ground and, on a light one, the lightest text of what is shown, 0 black to 255 white.
EXTREMES = """() => {
  const light = (colour) => {
    const [r, g, b, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
    return alpha ? 0.3 * r + 0.59 * g + 0.11 * b : null;
  };
  const shown = [...document.querySelectorAll("body, body *")].filter(
    (one) => one.getClientRects().length,
  );
  const grounds = shown.map((one) => light(getComputedStyle(one).backgroundColor));
  const texts = shown.map((one) => light(getComputedStyle(one).color));
  return [Math.min(...grounds.filter((one) => one !== null)), Math.max(...texts)];
}"""


@pytest.mark.parametrize("theme", ["system", "chosen"])
def test_what_was_dark_on_the_screen_is_light_on_paper(
    page: Page, empty_server: Server, theme: str
) -> None:
    with empty_server.database():
        owner = factories.organization()
        client = Client()
        client.force_login(factories.member(owner, Role.WORKER).account)
        session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": empty_server.url}])
    page.emulate_media(color_scheme="dark" if theme == "system" else "light")
    if theme == "chosen":
        page.add_init_script("localStorage.setItem('guildmark-theme', 'dark')")
    for path in ("/", "/wallet/", "/settings/tokens/", "/verify/"):
        page.goto(f"{empty_server.url}{path}")
        ground, _text = page.evaluate(EXTREMES)
        assert ground < 60, "the screen is dark"
        # Looked at in the very moment of the change, as the printer does.
        page.emulate_media(media="print")
        ground, text = page.evaluate(EXTREMES)
        assert ground > 200, path
        assert text < 150, path
        page.emulate_media(media="screen")
