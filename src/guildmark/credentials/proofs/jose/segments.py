"""The parts of a token: base64url without padding, and JSON objects.

Base64url as RFC 7515, section 2, has it, and each text for exactly one sequence of bytes: RFC 4648,
section 3.5, lets a reader refuse a last digit with bits that mean nothing, and so does this one.
"""

from __future__ import annotations

import binascii
import re
from typing import Any, Final

import orjson
import pybase64

from guildmark.credentials.errors import UnreadableError
from guildmark.credentials.model.reading import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Json,
    check_bounds,
    read_json,
)

MAX_TOKEN: Final = MAX_BYTES * 4 // 3 + 20_000

_LAST_DIGIT: Final = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
_PADDING: Final = (b"", b"===", b"==", b"=")
_NOT_NESTING: Final = bytes(byte for byte in range(256) if byte not in b'{}[]"\\')
_ONE_KIND: Final = bytes.maketrans(b"[]", b"{}")
# In long texts a pattern finds this sooner than `in`.
_NULL: Final = re.compile(rb"null").search
_PLAIN: Final = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


def encode(data: bytes) -> bytes:
    """The unpadded base64url of `data`."""
    return pybase64.b64encode(data, b"-_").rstrip(b"=")


def decode(what: str, text: bytes) -> bytes:
    """The bytes of base64url text; `what` names it in the error.

    Raises UnreadableError for padding, digits of plain base64, blanks, a length that no bytes
    have, and a last digit whose idle bits are not zero.
    """
    rest = len(text) % 4
    try:
        if rest and text[-1] not in _LAST_DIGIT[rest]:
            raise UnreadableError(f"{what} is not base64url: its last digit holds idle bits")
        if b"+" in text or b"/" in text or b"=" in text:
            raise UnreadableError(f"{what} is not unpadded base64url text")
        return pybase64.b64decode(text + _PADDING[rest], b"-_", validate=True)
    except KeyError:
        raise UnreadableError(f"{what} is not base64url: it has {len(text)} digits") from None
    except binascii.Error:
        raise UnreadableError(f"{what} is not unpadded base64url text") from None


def read_object(data: bytes) -> Json:
    """The JSON object in `data`, under the bounds and refusals of `read_json`."""
    if len(data) <= MAX_BYTES:
        try:
            value = orjson.loads(data)
            # What writes itself again byte for byte has no name twice, no number that was
            # rounded and no blanks; only that may skip the slow reader.
            if isinstance(value, dict) and orjson.dumps(value) == data:
                if not _is_flat(data):
                    _bound_depth(value, MAX_DEPTH)
                # No more values than commas and colons.
                if len(data) > MAX_NODES and data.count(b",") + data.count(b":") >= MAX_NODES - 1:
                    check_bounds(value)
                return value
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            pass
    return read_json(data)


def _is_flat(data: bytes) -> bool:
    """Whether JSON that is known to be well-formed is surely nested under MAX_DEPTH levels deep.

    It is where fewer brackets open. Else, of what is neither bracket nor quote nothing is left,
    and a text without brackets is two quotes, which go too; then each round takes the innermost
    brackets away, one level of them.
    """
    left = data.translate(_ONE_KIND, _NOT_NESTING)
    if left.count(b"{") < MAX_DEPTH:
        return True
    left = left.replace(b'""', b"")
    if b'"' in left or b"\\" in left:
        return False
    for _ in range(MAX_DEPTH - 1):
        left = left.replace(b"{}", b"")
        if not left:
            return True
    return False


def _bound_depth(value: Json | list[Any], left: int) -> None:
    if left <= 1 and value:
        raise UnreadableError(f"the document is nested over {MAX_DEPTH} levels deep")
    for child in value.values() if isinstance(value, dict) else value:
        if isinstance(child, dict | list):
            _bound_depth(child, left - 1)


def read_value(data: bytes) -> Any:
    """Any JSON value in `data`, under the bounds and refusals of `read_json`."""
    document = read_object(b'{"":' + data + b"}")
    if len(document) != 1:
        raise UnreadableError("the text is not one JSON value")
    return document[""]


def write_json(value: Any) -> bytes:
    """The JSON of `value` as UTF-8 without blanks, members in their order.

    Raises UnreadableError for what JSON does not have: NaN, infinities, other types, integers of
    over 64 bits, names that are no text, lone surrogates.
    """
    try:
        data = orjson.dumps(value, option=_PLAIN)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise UnreadableError(f"the document cannot be written as JSON: {error}") from None
    # orjson writes null for a number that JSON does not have.
    if _NULL(data) is not None and _holds_no_number(value):
        raise UnreadableError("the document holds a number that JSON does not have")
    return data


def _holds_no_number(value: Any) -> bool:
    if isinstance(value, float):
        return not (-float("inf") < value < float("inf"))
    if isinstance(value, dict):
        return any(map(_holds_no_number, value.values()))
    return isinstance(value, list | tuple) and any(map(_holds_no_number, value))
