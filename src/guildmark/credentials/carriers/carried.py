"""What a file carries, and what can be carried."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from guildmark.credentials.errors import CarrierError
from guildmark.credentials.model.reading import MAX_BYTES

_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", re.ASCII)
_DISCLOSURES = re.compile(r"~(?:[A-Za-z0-9_-]++~)*+", re.ASCII)
_URL = re.compile(r"https?://[!-~]{1,2000}", re.ASCII)
BLANKS = " \t\r\n"


class Format(StrEnum):
    """Of a file."""

    JSON = "json"
    JWT = "jwt"
    SD_JWT = "sd-jwt"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


class Kind(StrEnum):
    """Of a credential's text. A URL is what bakers before 2013 left instead of the credential."""

    JSON = "json"
    JWT = "jwt"
    SD_JWT = "sd-jwt"
    URL = "url"


class Standard(StrEnum):
    """Which Open Badges' way of baking."""

    OPEN_BADGES_3 = "3.0"
    OPEN_BADGES_2 = "2.0"


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The credential that a file carries. Nothing of it has been verified.

    `standard` is how it was baked into a picture; None for other files.
    """

    format: Format
    kind: Kind
    payload: str
    standard: Standard | None = None


def kind_of(text: str) -> Kind | None:
    """The kind of a credential's text by its form; None where it is none of them."""
    if text.startswith("{"):
        return Kind.JSON
    if _URL.fullmatch(text):
        return Kind.URL
    jwt = _JWT.match(text)
    if jwt is None:
        return None
    if jwt.end() == len(text):
        return Kind.JWT
    # After the last tilde stands nothing or a key binding token.
    last = text.rfind("~") + 1
    is_sd_jwt = _DISCLOSURES.fullmatch(text, jwt.end(), last) and (
        last == len(text) or _JWT.fullmatch(text, last)
    )
    return Kind.SD_JWT if is_sd_jwt else None


def read_payload(
    raw: bytes | str,
    *,
    found_in: Format,
    standard: Standard | None = None,
) -> Carried:
    """What was found in a file. Raises CarrierError where it is no credential's text."""
    text = _text_of(raw)
    kind = kind_of(text)
    if kind is None:
        raise CarrierError(
            f"what the file carries is neither JSON nor a signed token: {text[:40]!r}"
        )
    return Carried(format=found_in, kind=kind, payload=text, standard=standard)


def writable_payload(raw: bytes | str) -> tuple[str, Kind]:
    """The text to be carried, without blanks around it, and its kind.

    Raises CarrierError where it is neither a JSON object nor a compact token.
    """
    text = _text_of(raw)
    kind = kind_of(text)
    if kind is None or kind is Kind.URL:
        raise CarrierError(f"{text[:40]!r} is no credential: give its JSON or its signed token")
    if kind is Kind.JSON:
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CarrierError(f"the credential is not JSON: {error}") from error
    return text, kind


def _text_of(raw: bytes | str) -> str:
    if len(raw) > MAX_BYTES:
        raise CarrierError(f"the credential has {len(raw)} bytes; at most {MAX_BYTES} are read")
    if isinstance(raw, bytes):
        try:
            raw = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CarrierError(f"the credential is not UTF-8 text (byte {error.start})") from error
    else:
        try:
            raw.encode()
        except UnicodeEncodeError as error:
            raise CarrierError("the credential has half a surrogate pair in it") from error
    return raw.strip(BLANKS)
