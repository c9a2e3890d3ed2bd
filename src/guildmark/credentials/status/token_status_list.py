"""Token Status List (draft-ietf-oauth-status-list): the statuses of many tokens in one array.

https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/. Each status has 1, 2, 4 or 8 bits,
packed into bytes from the least significant bit on (section 4.1), which is the other way round
than in a Bitstring Status List.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, Final

from guildmark.credentials.errors import StatusError, UnreadableError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import segments
from guildmark.credentials.status.bitstring import MAX_BITS, StatusRangeError

VALID: Final = 0
INVALID: Final = 1
"""Revoked, annulled, taken back (section 7.1)."""
SUSPENDED: Final = 2
SIZES: Final = (1, 2, 4, 8)


class TokenStatusList:
    """A `status_list` that was read: `values[index]` is a status."""

    __slots__ = ("_packed", "size")

    def __init__(self, packed: bytes, size: int) -> None:
        """Over unpacked bytes. Raises StatusError for a number of bits that is none of SIZES."""
        if size not in SIZES or isinstance(size, bool):
            raise StatusError(f"bits is {str(size)[:20]}: it must be 1, 2, 4 or 8")
        self.size = size
        self._packed = packed

    @classmethod
    def read(cls, value: Any) -> TokenStatusList:
        """Of a StatusList in JSON or CBOR (sections 4.2 and 4.3), inflated within MAX_BITS.

        Raises StatusError for what is none.
        """
        packed = value.get("lst") if isinstance(value, dict) else None
        if isinstance(packed, str):
            try:
                packed = segments.decode("lst", packed.encode("ascii", "replace"))
            except UnreadableError as error:
                raise StatusError(str(error)) from error
        if not isinstance(packed, bytes):
            raise StatusError("status_list has no lst")
        return cls(_inflate(packed), value.get("bits"))

    def __len__(self) -> int:
        return len(self._packed) * 8 // self.size

    def __getitem__(self, index: int) -> int:
        """Raises StatusRangeError for an index outside the list."""
        if not 0 <= index < len(self):
            raise StatusRangeError(f"index {index} is outside the list of {len(self)}")
        bit = index * self.size
        return self._packed[bit >> 3] >> (bit & 7) & ((1 << self.size) - 1)


def status_list(statuses: Mapping[int, int], *, length: int, bits: int = 1) -> Json:
    """The StatusList in JSON (section 4.2) of `length` tokens, those not named being VALID.

    Raises StatusError for a size or status that is not allowed, StatusRangeError for an index
    outside the length.
    """
    if bits not in SIZES:
        raise StatusError(f"bits is {bits}: give 1, 2, 4 or 8")
    if not 0 < length * bits <= MAX_BITS:
        raise StatusError(f"a list has 1 to {MAX_BITS} bits, not {length * bits}")
    packed = bytearray((length * bits + 7) // 8)
    for index, status in statuses.items():
        if not 0 <= index < length:
            raise StatusRangeError(f"index {index} is outside the list of {length}")
        if not 0 <= status < 1 << bits:
            raise StatusError(f"status {status} does not fit into {bits} bits")
        packed[index * bits >> 3] |= status << (index * bits & 7)
    return {"bits": bits, "lst": segments.encode(zlib.compress(packed, 9)).decode()}


def _inflate(packed: bytes) -> bytes:
    """One whole ZLIB stream (RFC 1950) with nothing after it."""
    inflater = zlib.decompressobj()
    try:
        found = inflater.decompress(packed, MAX_BITS // 8 + 1)
    except zlib.error as error:
        raise StatusError(f"lst cannot be inflated: {error}") from error
    if len(found) > MAX_BITS // 8:
        raise StatusError(f"lst holds over {MAX_BITS} bits")
    if not inflater.eof or inflater.unused_data:
        raise StatusError("lst is cut off, or has something after its end")
    return found
