"""CBOR (RFC 8949) of the types that proofs are written in, encoded deterministically.

Integers of 64 bits, byte and text strings, arrays, maps, tags, false, true and null. Written is the
core deterministic form (section 4.2.1). Read is the same with map keys in any order: definite
lengths and shortest heads only, no key twice, nothing after the item. Floats and other simple
values stand in no proof and are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from guildmark.credentials.errors import UnreadableError

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 100_000

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_FALSE, _TRUE, _NULL = b"\xf4", b"\xf5", b"\xf6"
_CONSTANTS: Final = {20: False, 21: True, 22: None}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A data item with its tag number (section 3.4)."""

    tag: int
    value: Any


def encode(value: Any) -> bytes:
    """The deterministic encoding of `value`: int, bytes, str, list, tuple, mapping, Tagged, bool or
    None, with ints and texts as map keys.

    Raises UnreadableError for another type, an integer over 64 bits, or nesting over MAX_DEPTH.
    """
    out = bytearray()
    _write(out, value, 0)
    return bytes(out)


def decode(data: bytes) -> Any:
    """The one data item in `data`; arrays as lists, maps as dicts.

    Raises UnreadableError for anything that is not well formed and strict as said above, over
    MAX_BYTES, nested over MAX_DEPTH or of over MAX_ITEMS items.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"the CBOR has {len(data)} bytes; at most {MAX_BYTES} are read")
    reader = _Reader(data)
    value = reader.read(0)
    if reader.at != len(data):
        raise UnreadableError(f"{len(data) - reader.at} bytes stand after the CBOR item")
    return value


def _write(out: bytearray, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableError(f"the value is nested over {MAX_DEPTH} levels deep")
    if value is None or value is False or value is True:
        out += _NULL if value is None else _TRUE if value else _FALSE
    elif isinstance(value, int):
        if value >= 0:
            _write_head(out, _UNSIGNED, value)
        else:
            _write_head(out, _NEGATIVE, -1 - value)
    elif isinstance(value, bytes | bytearray | memoryview):
        _write_head(out, _BYTES, len(value))
        out += value
    elif isinstance(value, str):
        try:
            raw = value.encode()
        except UnicodeEncodeError:
            raise UnreadableError(f"{value[:40]!r} is not text of Unicode scalars") from None
        _write_head(out, _TEXT, len(raw))
        out += raw
    elif isinstance(value, list | tuple):
        _write_head(out, _ARRAY, len(value))
        for item in value:
            _write(out, item, depth + 1)
    elif isinstance(value, Mapping):
        _write_map(out, value, depth)
    elif isinstance(value, Tagged):
        _write_head(out, _TAG, value.tag)
        _write(out, value.value, depth + 1)
    else:
        raise UnreadableError(f"a {type(value).__name__} has no form in CBOR here")


def _write_map(out: bytearray, value: Mapping[Any, Any], depth: int) -> None:
    # By the bytes of the encoded keys (section 4.2.1).
    keys = []
    for key in value:
        if not isinstance(key, int | str) or isinstance(key, bool):
            raise UnreadableError(f"a map's key is a {type(key).__name__}; use integer or text")
        keys.append((encode(key), key))
    _write_head(out, _MAP, len(keys))
    for encoded, key in sorted(keys):
        out += encoded
        _write(out, value[key], depth + 1)


def _write_head(out: bytearray, major: int, number: int) -> None:
    lead = major << 5
    if number < 24:
        out.append(lead | number)
        return
    for length, info in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if 0 <= number < 1 << (8 * length):
            out.append(lead | info)
            out += number.to_bytes(length)
            return
    raise UnreadableError("the integer has over 64 bits")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._items = 0
        self.at = 0

    def read(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise UnreadableError(f"the CBOR is nested over {MAX_DEPTH} levels deep")
        self._items += 1
        if self._items > MAX_ITEMS:
            raise UnreadableError(f"the CBOR holds over {MAX_ITEMS} items")
        major, number = self._head()
        if major == _UNSIGNED:
            return number
        if major == _NEGATIVE:
            return -1 - number
        if major == _BYTES:
            return self._take(number)
        if major == _TEXT:
            try:
                return self._take(number).decode()
            except UnicodeDecodeError:
                raise UnreadableError("a text in the CBOR is not UTF-8") from None
        if major == _ARRAY:
            return [self.read(depth + 1) for _ in range(self._count(number))]
        if major == _MAP:
            return self._map(number, depth)
        if major == _TAG:
            return Tagged(number, self.read(depth + 1))
        if number in _CONSTANTS:
            return _CONSTANTS[number]
        raise UnreadableError(f"the CBOR holds the simple value {number}, which is not used here")

    def _map(self, number: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(self._count(number)):
            key = self.read(depth + 1)
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise UnreadableError("a map's key in the CBOR is neither integer nor text")
            if key in found:
                raise UnreadableError(f"the key {str(key)[:60]!r} occurs twice in one CBOR map")
            found[key] = self.read(depth + 1)
        return found

    def _count(self, number: int) -> int:
        # Each item takes a byte at least, so a large count alone reserves nothing.
        if number > len(self._data) - self.at:
            raise UnreadableError("the CBOR ends early")
        return number

    def _head(self) -> tuple[int, int]:
        lead = self._take(1)[0]
        major, info = lead >> 5, lead & 0x1F
        if info < 24:
            return major, info
        if info > 27 or major == _SIMPLE:
            raise UnreadableError("the CBOR holds an indefinite length, a float or a reserved head")
        length = 1 << (info - 24)
        number = int.from_bytes(self._take(length))
        if number < (24 if length == 1 else 1 << (4 * length)):
            raise UnreadableError("the CBOR holds a number that is not in its shortest form")
        return major, number

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self._data):
            raise UnreadableError("the CBOR ends early")
        taken = self._data[self.at : end]
        self.at = end
        return taken
