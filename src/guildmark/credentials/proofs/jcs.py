"""The canonical text of JSON (JSON Canonicalization Scheme, RFC 8785)."""

from __future__ import annotations

import re
from typing import Any

import orjson
import rfc8785

from guildmark.credentials.errors import ProofError

# Where these alone occur, orjson writes what RFC 8785 asks for: it sorts by code points and not by
# UTF-16 (the same without letters outside the basic plane), and writes floats in its own way.
_ALIKE = frozenset({dict, list, str, int, bool, type(None)})
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_OUTSIDE_THE_BASIC_PLANE = re.compile(rb"[\xf0-\xf4]")


def canonical_json(value: Any) -> bytes:
    """The canonical UTF-8 of a JSON value.

    Raises ProofError for what has none: integers over 53 bits, numbers that are not finite, half
    surrogate pairs, and values that are not JSON.
    """
    try:
        text = orjson.dumps(value, option=_OPTIONS)
        if _is_written_alike(value) and (
            text.isascii() or not _OUTSIDE_THE_BASIC_PLANE.search(text)
        ):
            return text
    except TypeError:
        pass  # what orjson refuses, the next one says the reason of
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise ProofError(f"the document has no canonical form as JSON: {error}") from error


def _is_written_alike(value: Any) -> bool:
    # Level by level, so that most of the work is done by `map` and not by this interpreter.
    level = [value]
    while level:
        if not _ALIKE.issuperset(map(type, level)):
            return False
        below: list[Any] = []
        for part in level:
            if part.__class__ is dict:
                below += part.values()
            elif part.__class__ is list:
                below += part
        level = below
    return True
