"""JSON from outside: read within bounds, and asked for its parts with words for what is wrong."""

from __future__ import annotations

import uuid
from typing import Any

import orjson

from guildmark.skills.readers.shape import FrameworkFileError

MAX_JSON = 200_000_000
OWN = "guildmark"
"""Under this name stands, in formats that allow extensions, what they have no words for."""


def read_json(name: str, data: bytes) -> Any:
    """The document. Raises FrameworkFileError."""
    if len(data) > MAX_JSON:
        raise FrameworkFileError(f"{name} has over {MAX_JSON:,} bytes.")
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise FrameworkFileError(
            f"{name} is not whole JSON ({error}): it is cut off or damaged. Download it again."
        ) from error


def guid_of(identifier: str) -> str:
    """A GUID that stays the same: the one at the end of the identifier, else derived from it."""
    try:
        return str(uuid.UUID(identifier.replace("urn:uuid:", "").rsplit("/", 1)[-1]))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, identifier))


def part(value: Any, kind: type, where: str) -> Any:
    """The value, which must be of this kind; None becomes an empty one."""
    if value is None:
        return kind()
    if not isinstance(value, kind):
        named = {"dict": "an object", "list": "a list"}.get(kind.__name__, "a text")
        raise FrameworkFileError(f"{where} is {str(value)[:60]!r}: give {named}.")
    return value


def text(value: Any, where: str) -> str:
    """A text, or a number as one; None becomes an empty one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return str(part(value, str, where)).strip()
