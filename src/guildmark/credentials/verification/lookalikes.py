"""Names that may be made to look like others.

Unicode Technical Standard 39 (https://www.unicode.org/reports/tr39/), sections 4 and 5, for the
scripts whose letters look like Latin ones. A hint for people, never a verdict: companies do have
names in two scripts.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from typing import Any
from urllib.parse import unquote, urlsplit

from guildmark.credentials.model.reading import Json

_ALIKE = (
    *("LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"),
    *("FULLWIDTH", "MATHEMATICAL"),
)
# Letters of Cyrillic and Greek that most fonts draw as Latin ones.
_LATIN_LIKE = frozenset("аеорсухіјѕԁһӏԛԝАВЕКМНОРСТУХІЈЅԌοναικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_MAX_TEXT = 500
_MAX_LABEL = 63
_MAX_NAMES = 8
_WORD = re.compile(r"\w+")


def warnings_of(issuer: Any, identifier: str | None) -> list[Json]:
    """What should make a reader look twice at the issuer's name and at the host of its identifier:
    `mixed_scripts` and `looks_latin` within one word, `invisible` for what cannot be seen."""
    name = issuer.get("name") if isinstance(issuer, dict) else None
    if name.__class__ is str and name.isascii():
        name = None
    names = [
        part.get("@value") if isinstance(part, dict) else part
        for part in (name if isinstance(name, list) else [name])[:_MAX_NAMES]
    ]
    texts = [("issuer.name", text) for text in names]
    if identifier is not None and _may_hide_letters(identifier):
        texts.append(("issuer.id", _host(identifier)))
    return [
        warning
        for field, text in texts
        if isinstance(text, str) and not text.isascii()
        for warning in _warnings(field, text[:_MAX_TEXT])
    ]


def _may_hide_letters(identifier: str) -> bool:
    """Whether it may have letters of other alphabets, in any of the ways to write them."""
    return not identifier.isascii() or "xn--" in identifier or "%" in identifier


def _warnings(field: str, text: str) -> list[Json]:
    found: list[Json] = []
    if any(unicodedata.category(letter) in ("Cf", "Cc", "Co") for letter in text):
        found.append({"field": field, "warning": "invisible", "text": text})
    for word in _WORD.findall(text):
        scripts = {script for letter in word if (script := _script(letter)) is not None}
        if len(scripts) > 1:
            found.append(
                {
                    "field": field,
                    "warning": "mixed_scripts",
                    "text": word,
                    "scripts": sorted(scripts),
                }
            )
        elif len(word) > 1 and _LATIN_LIKE.issuperset(word):
            found.append({"field": field, "warning": "looks_latin", "text": word})
    return found[:8]


def _script(letter: str) -> str | None:
    """One of those whose letters look alike; None for digits, marks and all other scripts."""
    if not letter.isalpha():
        return None
    name = unicodedata.name(letter, "")
    return next((script for script in _ALIKE if name.startswith(script)), None)


def _host(identifier: str) -> str:
    """The host, as a person would see it."""
    try:
        host = (
            unquote(identifier.split(":")[2]).split(":")[0]
            if identifier.startswith("did:web:")
            else urlsplit(identifier).hostname or ""
        )
    except (ValueError, IndexError):
        return ""
    parts = []
    for part in host[:_MAX_TEXT].split("."):
        # Longer labels are no names (RFC 1035), and decoding takes the square of their length.
        if part.startswith("xn--") and len(part) <= _MAX_LABEL:
            with contextlib.suppress(UnicodeError):
                part = part[4:].encode("ascii").decode("punycode")  # noqa: PLW2901
        parts.append(part)
    return ".".join(parts)
