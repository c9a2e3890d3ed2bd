"""JSON from outside, read within bounds."""

from __future__ import annotations

import json
from typing import Any

from guildmark.credentials.errors import UnreadableError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 20_000
_MAX_DIGITS = 30

Json = dict[str, Any]


def read_json(data: bytes | str) -> Json:
    """The JSON object in `data`.

    Refused: more than MAX_BYTES, nesting over MAX_DEPTH, over MAX_NODES values, a key that occurs
    twice in one object (two readers could see two documents), numbers of over 30 digits, NaN and
    infinities, text that is not UTF-8. Raises UnreadableError that says which.
    """
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"the document has {len(raw)} bytes; at most {MAX_BYTES} are read")
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
    nodes = 0
    queue: list[tuple[Any, int]] = [(document, 1)]
    while queue:
        value, depth = queue.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            raise UnreadableError(f"the document is nested over {MAX_DEPTH} levels deep")
        if nodes > MAX_NODES:
            raise UnreadableError(f"the document holds over {MAX_NODES} values")
        if isinstance(value, dict):
            queue.extend((child, depth + 1) for child in value.values())
        elif isinstance(value, list):
            queue.extend((child, depth + 1) for child in value)


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
