"""The little of CBOR (RFC 8949) that proof values need, in its one shortest form.

Integers from 0, byte strings, texts, lists and maps by integers; no tags, nothing of open length.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from guildmark.credentials.errors import ProofError

MAX_BYTES = 1_000_000
_MAX_DEPTH = 4
_MAX_ITEMS = 20_000

Cbor: TypeAlias = "int | bytes | str | list[Cbor] | dict[int, Cbor]"


def encode(value: Any) -> bytes:
    """The value in its shortest form; maps in the order of their keys (section 4.2.1).

    Takes what `decode` gives, and tuples as lists. Raises ProofError for anything else.
    """
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    if isinstance(value, list | tuple):
        return _head(4, len(value)) + b"".join(map(encode, value))
    if not isinstance(value, dict):
        raise ProofError(f"a {type(value).__name__} has no place in a proof value")
    pairs = (encode(key) + encode(part) for key, part in sorted(value.items()))
    return _head(5, len(value)) + b"".join(pairs)


def decode(data: bytes) -> Cbor:
    """The value that the bytes hold, all of them.

    Raises ProofError for another form than `encode` writes (the order of a map aside), for over
    MAX_BYTES, and for what is deeper or longer than any proof value.
    """
    if len(data) > MAX_BYTES:
        raise ProofError(f"the CBOR has {len(data)} bytes; at most {MAX_BYTES} are read")
    reader = _Reader(data)
    value = reader.value(_MAX_DEPTH)
    if reader.rest():
        raise ProofError(f"{reader.rest()} bytes follow the CBOR value")
    return value


def _head(kind: int, number: int) -> bytes:
    if 0 <= number < 24:
        return bytes([kind << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if 24 <= number < 1 << 8 * size:
            return bytes([kind << 5 | code]) + number.to_bytes(size)
    raise ProofError(f"{number} has no place in a proof value")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._items = 0

    def rest(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._at

    def value(self, depth: int) -> Cbor:
        """The next value."""
        self._items += 1
        if depth < 0 or self._items > _MAX_ITEMS:
            raise ProofError("the CBOR is deeper or longer than a proof value can be")
        kind, number = self._read_head()
        if kind == 0:
            return number
        if kind == 2:
            return self._take(number)
        if kind == 3:
            try:
                return self._take(number).decode()
            except UnicodeDecodeError:
                raise ProofError("a text in the CBOR is not UTF-8") from None
        # A value takes one byte at least, so that no length makes room that nothing fills.
        if kind in (4, 5) and number > self.rest():
            raise ProofError("the CBOR ends too early")
        if kind == 4:
            return [self.value(depth - 1) for _ in range(number)]
        if kind == 5:
            return self._map(number, depth)
        raise ProofError("the CBOR holds a negative number, a tag or a simple value")

    def _map(self, length: int, depth: int) -> dict[int, Cbor]:
        found: dict[int, Cbor] = {}
        for _ in range(length):
            key = self.value(depth - 1)
            if not isinstance(key, int) or key in found:
                raise ProofError("a map in the CBOR has a key twice, or one that is no number")
            found[key] = self.value(depth - 1)
        return found

    def _read_head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        kind, code = first >> 5, first & 31
        if code < 24:
            return kind, code
        if code > 27:
            raise ProofError("the CBOR holds something of open length")
        number = int.from_bytes(self._take(1 << code - 24))
        if len(_head(kind, number)) != 1 + (1 << code - 24):
            raise ProofError("a number in the CBOR is not in its shortest form")
        return kind, number

    def _take(self, length: int) -> bytes:
        if length > self.rest():
            raise ProofError("the CBOR ends too early")
        self._at += length
        return self._data[self._at - length : self._at]
