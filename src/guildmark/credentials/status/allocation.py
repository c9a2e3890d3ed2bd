"""Places in a status list, drawn at random.

Bitstring Status List 1.0, sections 2.1 and 5.6: an index drawn at random tells neither when a
credential was issued nor how many there are.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from guildmark.credentials.errors import StatusError
from guildmark.credentials.status.bitstring import MAX_BITS, MIN_LENGTH, StatusRangeError

_DENSE = 16
_NOT_FULL = re.compile(rb"[^\xff]", re.DOTALL)


class IndexAllocator:
    """Draws each free place of a list with the same chance, also where few are left.

    `used` are the places the caller has given out before; the caller keeps them. While many are
    free, places are guessed; below one in sixteen the free ones are listed once and drawn from
    that, so the last place takes no longer than the first.
    """

    def __init__(self, *, length: int = MIN_LENGTH, used: Iterable[int] = ()) -> None:
        """Raises StatusRangeError where a used place lies outside the list."""
        if not 0 < length <= MAX_BITS:
            raise StatusError(f"a status list has 1 to {MAX_BITS} places, not {length}")
        self._length = length
        self._taken = bytearray((length + 7) // 8)
        self._free = length
        self._left: list[int] | None = None
        for index in used:
            if not 0 <= index < length:
                raise StatusRangeError(f"index {index} is outside the list of {length}")
            self._take(index)

    @property
    def free(self) -> int:
        """How many places are left."""
        return self._free

    def take(self) -> int:
        """A free place, which from now on is used. Raises StatusError where none is left."""
        if not self._free:
            raise StatusError(f"all {self._length} places of the list are used: begin a new list")
        if self._free * _DENSE < self._length:
            return self._take_listed()
        while True:
            index = secrets.randbelow(self._length)
            if self._take(index):
                return index

    def _take(self, index: int) -> bool:
        bit = 0x80 >> (index & 7)
        if self._taken[index >> 3] & bit:
            return False
        self._taken[index >> 3] |= bit
        self._free -= 1
        return True

    def _take_listed(self) -> int:
        if self._left is None:
            self._left = [
                index
                for found in _NOT_FULL.finditer(self._taken)
                for index in range(found.start() * 8, min(found.start() * 8 + 8, self._length))
                if not self._taken[index >> 3] & 0x80 >> (index & 7)
            ]
        place = secrets.randbelow(len(self._left))
        index = self._left[place]
        self._left[place] = self._left[-1]
        self._left.pop()
        self._free -= 1
        return index
