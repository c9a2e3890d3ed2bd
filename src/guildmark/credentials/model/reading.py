"""JSON from outside, read within bounds."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from itertools import chain
from typing import Any

import orjson

from guildmark.credentials.errors import UnreadableError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 20_000
_MAX_DIGITS = 30
_MAX_EXACT = 2**53
# Every digit as 0 and all else as blank: a search in that is ten times as quick as a pattern.
_DIGITS = bytes(ord("0") if chr(byte).isdecimal() else ord(" ") for byte in range(256))
_LONG = b"0" * 16
# How a document written with indents shows that a value is nested too deep, and where its numbers
# are: each digit and sign as 0 after the name of a member or the indent of a list's element.
_TOO_DEEP = b"\n" + b"  " * MAX_DEPTH
_NUMBERS = bytes(ord("0") if chr(byte) in "-0123456789" else byte for byte in range(256))
_BEFORE_NUMBERS = (b'": 0', b"  0")
_STRICT = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)

Json = dict[str, Any]


def read_json(data: bytes | str, is_plain: Callable[[Json], bool] | None = None) -> Json:
    """The JSON object in `data`.

    `is_plain` may tell of a document, from having met such a one before, that it is within the
    bounds and holds no number, which spares looking.

    Refused: more than MAX_BYTES, nesting over MAX_DEPTH, over MAX_NODES values, a key that occurs
    twice in one object (two readers could see two documents), numbers of over 30 digits, NaN and
    infinities, text that is not UTF-8 or holds half a surrogate pair, which no writer could write.
    Raises UnreadableError that says which.
    """
    try:
        raw = data.encode() if isinstance(data, str) else bytes(data)
    except UnicodeEncodeError as error:
        raise UnreadableError(f"the text cannot be written as UTF-8 (at {error.start})") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"the document has {len(raw)} bytes; at most {MAX_BYTES} are read")
    document = _read_plain(raw, is_plain)
    return read_strictly(raw) if document is None else document


def _read_plain(raw: bytes, is_plain: Callable[[Json], bool] | None) -> Json | None:
    """The document, where a quick reader surely reads it as `read_strictly` does; else None."""
    # A colon written as an escape could make up for one that a second key of one name lost.
    if b"\\" in raw and b"\\u003" in raw:
        return None
    try:
        document = orjson.loads(raw)
        if document.__class__ is not dict:
            return None
        is_met = is_plain is not None and is_plain(document)
        written = orjson.dumps(document, option=None if is_met else orjson.OPT_INDENT_2)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    # orjson keeps the last of two equal keys; what it dropped took a colon along.
    if raw.count(b":") != written.count(b":"):
        return None
    if not is_met and not _has_exact_numbers(written, raw):
        return None
    found: Json = document
    return found


def _has_exact_numbers(written: bytes, raw: bytes) -> bool:
    """Whether the document is within the bounds and its numbers are the same to every reader.

    In `written` each value stands on a line of its own, indented as deep as it is nested, and no
    text holds a line break: so lines count the values, and a long indent tells of deep nesting.
    """
    is_long = len(written) > MAX_NODES
    if (is_long and written.count(b"\n") >= MAX_NODES) or _TOO_DEEP in written:
        return False
    marked = written.translate(_NUMBERS)
    numbers = False
    for before in _BEFORE_NUMBERS:
        at = marked.find(before)
        while at >= 0:
            start = at + len(before) - 1
            end = written.find(b"\n", start)
            if not _is_exact(written[start:end].removesuffix(b",")):
                return False
            numbers = True
            at = marked.find(before, end)
    return not numbers or _LONG not in raw.translate(_DIGITS)


def _is_exact(number: bytes) -> bool:
    if number.removeprefix(b"-").isdigit():
        return True
    try:
        value = float(number)
    except ValueError:
        return False  # part of a text
    return value != 0 and -_MAX_EXACT < value < _MAX_EXACT


def read_strictly(raw: bytes) -> Json:
    """What `read_json` does, by the plain way; `read_json` is proven equal to it."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the document is not UTF-8 text (byte {error.start})") from error
    _bound_depth(text)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_int=_bounded_int,
            parse_float=_bounded_float,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"the document is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from error
    if not isinstance(document, dict):
        raise UnreadableError("the document is JSON, but not an object in curly brackets")
    check_bounds(document)
    return document


def check_bounds(document: Json) -> None:
    """Refuse a parsed document nested over MAX_DEPTH or holding over MAX_NODES values, or values
    that are not those of JSON. Raises UnreadableError that says which."""
    nodes = depth = 1
    level: list[Any] = [document]
    while level:
        parts = [part.values() if isinstance(part, dict) else part for part in level]
        nodes += sum(map(len, parts))
        if nodes > MAX_NODES:
            raise UnreadableError(f"the document holds over {MAX_NODES} values")
        children = list(chain.from_iterable(parts))
        depth += 1
        if depth > MAX_DEPTH and children:
            raise UnreadableError(f"the document is nested over {MAX_DEPTH} levels deep")
        level = [
            child
            for child in children
            if child.__class__ is not str and isinstance(child, dict | list)
        ]
    try:
        text = orjson.dumps(document, option=_STRICT)
    except orjson.JSONEncodeError:
        pass
    else:
        # What it writes null for may be a number that JSON does not have.
        if b"null" not in text:
            return
    _require_json(document)


def _require_json(value: Any) -> None:
    """Refuse values, names and texts that JSON does not have; nesting was bounded before."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnreadableError("the document holds half a character") from None
    elif isinstance(value, dict):
        for name, part in value.items():
            if not isinstance(name, str):
                raise UnreadableError(f"a member is named {name!r}, which is not text")
            _require_json(name)
            _require_json(part)
    elif isinstance(value, list):
        for part in value:
            _require_json(part)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise UnreadableError(f"{value} is not a JSON number")
    elif value is not None and not isinstance(value, int):
        raise UnreadableError(f"a {type(value).__name__} is not a JSON value")


def _bound_depth(text: str) -> None:
    # Before parsing, because the parser itself recurses.
    depth = deepest = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                raise UnreadableError(f"the document is nested over {MAX_DEPTH} levels deep")
        elif char in "]}":
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        double, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise UnreadableError(f"the name {double[:60]!r} occurs twice in one object")
    return found


def _bounded_int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise UnreadableError(f"the number {text[:20]}… has over {_MAX_DIGITS} digits")
    return int(text)


def _bounded_float(text: str) -> float:
    number = float(text) if len(text) <= 2 * _MAX_DIGITS else float("inf")
    if number in (float("inf"), float("-inf")):
        raise UnreadableError(f"the number {text[:20]}… is too large")
    return number


def _refuse_constant(text: str) -> Any:
    raise UnreadableError(f"{text} is not a JSON number")
