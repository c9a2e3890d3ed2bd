"""Decoded lists, kept for the next credential of the same list."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

MAX_BYTES = 32 << 20


class DecodedLists:
    """The bits of the lists used last, by the SHA-256 of their encoded text.

    The exact text is the key, so nothing goes stale and whoever could not have signed the text
    cannot put anything in its place. At most `max_bytes` of bits are kept.
    """

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def bits(self, encoded: str, decode: Callable[[object], bytes]) -> bytes:
        """The bits of this text, decoded once. Raises what `decode` raises."""
        # The decoder is part of the key: two encodings might read one text in two ways.
        key = hashlib.sha256(f"{decode.__module__}\n{encoded}".encode("utf-8", "replace")).digest()
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        bits = decode(encoded)
        with self._lock:
            if key not in self._kept and len(bits) <= self._max_bytes:
                self._kept[key] = bits
                self._bytes += len(bits)
                while self._bytes > self._max_bytes:
                    self._bytes -= len(self._kept.popitem(last=False)[1])
        return bits
