"""Pages bring nothing from outside and nothing inline, so that the strict content policy holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "src" / "guildmark"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
STATIC = sorted(
    path
    for path in PACKAGE.rglob("static/**/*")
    if path.suffix in {".css", ".js", ".svg", ".html", ".json"}
)
SPRITE = PACKAGE / "web" / "static" / "guildmark" / "img" / "icons.svg"
ICON = re.compile(r"""\{% icon ["']([\w-]+)["']""")
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without a file": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx's handlers": re.compile(r"\shx-on", re.IGNORECASE),
}
OUTSIDE = re.compile(
    r"""<(?:script|link|img|iframe|source|use|image)\b[^>]*?(?:src|href)\s*=\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"""(?:https?:)?//[\w-]+\.[\w./-]+""")


def name(path: Path) -> str:
    """How a file is called in the report."""
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template(path: Path) -> None:
    """No template has inline style or script, or loads from elsewhere."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    for what, pattern in INLINE.items():
        assert not pattern.search(text), f"{what} in {name(path)}"
    assert not OUTSIDE.search(text)


@pytest.mark.parametrize("path", STATIC, ids=name)
def test_static(path: Path) -> None:
    """No style, script or drawing names another host, but for the name of the SVG language."""
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    assert not ADDRESS.search(text)
    if path.suffix == ".css":
        assert "@import" not in text
        for address in re.findall(r"url\(\"?([^\")]+)", text):
            assert (path.parent / address).is_file(), address


def test_there_is_something_to_look_at() -> None:
    """The walk finds the files."""
    assert len(TEMPLATES) > 30
    assert len(STATIC) > 10


def test_icons_exist() -> None:
    """Every drawing that a template names is in the sprite."""
    there = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))
    for path in TEMPLATES:
        asked = set(ICON.findall(path.read_text(encoding="utf-8")))
        assert asked <= there, name(path)
