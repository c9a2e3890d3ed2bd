"""The colours can be read by everyone, and the figures in docs/design.md are the true ones.

The formula is that of WCAG 2.2, "relative luminance" and "contrast ratio".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOKENS = ROOT / "src" / "guildmark" / "web" / "static" / "guildmark" / "css" / "tokens.css"
DESIGN = ROOT / "docs" / "design.md"

TEXT = 4.5
PART = 3.0

# Foreground, background, the least contrast.
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink", "brand-soft", TEXT),
    ("ink", "brass-soft", TEXT),
    ("ink", "good-soft", TEXT),
    ("ink", "warn-soft", TEXT),
    ("ink", "bad-soft", TEXT),
    ("ink", "info-soft", TEXT),
    ("ink-muted", "paper", TEXT),
    ("ink-muted", "surface", TEXT),
    ("ink-muted", "sunken", TEXT),
    ("ink-muted", "brass-soft", TEXT),
    ("ink-muted", "good-soft", TEXT),
    ("ink-muted", "warn-soft", TEXT),
    ("ink-muted", "bad-soft", TEXT),
    ("on-bar", "bar", TEXT),
    ("on-bar", "bar-hover", TEXT),
    ("on-bar-muted", "bar", TEXT),
    ("brand", "paper", TEXT),
    ("brand", "surface", TEXT),
    ("brand", "sunken", TEXT),
    ("brand", "brand-soft", TEXT),
    ("brand-strong", "paper", TEXT),
    ("brand-strong", "surface", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT),
    ("brass", "surface", TEXT),
    ("brass", "brass-soft", TEXT),
    ("surface", "brass", TEXT),
    ("surface", "ink-muted", TEXT),
    ("good", "good-soft", TEXT),
    ("good", "surface", TEXT),
    ("warn", "warn-soft", TEXT),
    ("warn", "surface", TEXT),
    ("bad", "bad-soft", TEXT),
    ("bad", "surface", TEXT),
    ("bad", "paper", TEXT),
    ("bad-strong", "bad-soft", TEXT),
    ("on-bad", "bad", TEXT),
    ("on-bad", "bad-strong", TEXT),
    ("info", "info-soft", TEXT),
    ("on-heat-low", "heat-1", TEXT),
    ("on-heat-low", "heat-2", TEXT),
    ("on-heat-high", "heat-3", TEXT),
    ("on-heat-high", "heat-4", TEXT),
    ("line-strong", "paper", PART),
    ("line-strong", "surface", PART),
    ("line-strong", "sunken", PART),
    ("brass-line", "surface", PART),
    ("brass-bright", "bar", PART),
    ("focus", "paper", PART),
    ("focus", "surface", PART),
    ("focus", "sunken", PART),
    ("brand", "heat-1", PART),
]

Palette = dict[str, str]


def palettes() -> dict[str, Palette]:
    """The colours of each block of tokens.css."""
    text = TOKENS.read_text(encoding="utf-8")
    system, printed = text.split("@media (prefers-color-scheme: dark)")[1].split("@media print")
    blocks = {
        "light": text.split("@media")[0],
        "dark by the system": system.split(':root[data-theme="dark"]')[0],
        "dark": system.split(':root[data-theme="dark"]')[1],
        "print": printed,
    }
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for name, block in blocks.items()
    }


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    linear = []
    for start in (1, 3, 5):
        part = int(colour[start : start + 2], 16) / 255
        linear.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio, from 1 to 21."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def figures(foreground: str, background: str) -> str:
    """The row of docs/design.md for a pair; cut, not rounded, so that none looks better."""
    found = palettes()
    shown = [
        f"{int(contrast(found[theme][foreground], found[theme][background]) * 10) / 10:.1f}"
        for theme in ("light", "dark")
    ]
    return f"| {foreground} | {background} | {shown[0]} | {shown[1]} |"


def test_formula() -> None:
    """The figures of the standard itself."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("foreground", "background", "least"), PAIRS)
def test_contrast(theme: str, foreground: str, background: str, least: float) -> None:
    """Every pair that pages use can be told apart."""
    palette = palettes()[theme]
    assert contrast(palette[foreground], palette[background]) >= least


def test_both_ways_to_the_dark_are_the_same() -> None:
    """Chosen by hand or by the system, dark is one palette with every colour of the light one."""
    found = palettes()
    assert found["dark"] == found["dark by the system"]
    assert found["dark"].keys() == found["light"].keys()


def test_paper_is_light() -> None:
    """Print has the light colours, on white."""
    found = palettes()
    assert found["print"] == found["light"] | {"paper": "#ffffff"}


def test_every_colour_used_exists() -> None:
    """No style sheet asks for a token that there is not."""
    declared = set(re.findall(r"--([\w-]+):", TOKENS.read_text(encoding="utf-8")))
    for sheet in TOKENS.parent.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        local = set(re.findall(r"--([\w-]+):", text))
        used = set(re.findall(r"var\(--([\w-]+)", text))
        assert used <= declared | local, sheet.name


@pytest.mark.parametrize(("foreground", "background", "least"), PAIRS)
def test_documented(foreground: str, background: str, least: float) -> None:
    """docs/design.md says what is so."""
    assert least in {TEXT, PART}
    assert figures(foreground, background) in DESIGN.read_text(encoding="utf-8")
