"""JSON from outside, read within bounds."""

from __future__ import annotations

import json
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

Json = dict[str, Any]


def read_json(data: bytes | str) -> Json:
    """The JSON object in `data`.

    Refused: more than MAX_BYTES, nesting over MAX_DEPTH, over MAX_NODES values, a key that occurs
    twice in one object (two readers could see two documents), numbers of over 30 digits, NaN and
    infinities, text that is not UTF-8. Raises UnreadableError that says which.
    """
    try:
        raw = data.encode() if isinstance(data, str) else bytes(data)
    except UnicodeEncodeError as error:
        raise UnreadableError(f"the text cannot be written as UTF-8 (at {error.start})") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"the document has {len(raw)} bytes; at most {MAX_BYTES} are read")
    document = _read_plain(raw)
    return read_strictly(raw) if document is None else document


def _read_plain(raw: bytes) -> Json | None:
    """The document, where a quick reader surely reads it as `read_strictly` does; else None."""
    # A colon written as an escape could make up for one that a second key of one name lost.
    if b"\\u003" in raw:
        return None
    try:
        document = orjson.loads(raw)
        if document.__class__ is not dict or not _is_plain(document, raw):
            return None
        # orjson keeps the last of two equal keys; what it dropped took a colon along.
        if raw.count(b":") != orjson.dumps(document).count(b":"):
            return None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    found: Json = document
    return found


def _is_plain(document: Json, raw: bytes) -> bool:
    """Whether the document is within the bounds and its numbers are the same to every reader."""
    nodes, depth, numbers = 1, 1, False
    level: list[Any] = [document]
    while level:
        children = _children(level)
        nodes += len(children)
        depth += 1
        if nodes > MAX_NODES or (depth > MAX_DEPTH and children):
            return False
        others = [child for child in children if child.__class__ is not str]
        level = [child for child in others if child.__class__ is dict or child.__class__ is list]
        if len(level) != len(others):
            for child in others:
                if child.__class__ is float:
                    if child == 0 or not -_MAX_EXACT < child < _MAX_EXACT:
                        return False
                    numbers = True
                elif child.__class__ is int:
                    numbers = True
    return not numbers or _LONG not in raw.translate(_DIGITS)


def _children(level: list[Any]) -> list[Any]:
    """The values in all these objects and lists."""
    parts = [part.values() if part.__class__ is dict else part for part in level]
    return list(chain.from_iterable(parts))


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
    """Refuse a parsed document nested over MAX_DEPTH or holding over MAX_NODES values."""
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
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
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
