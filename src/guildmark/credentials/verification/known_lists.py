"""Status lists that were verified before, so that the next credential need not do it again."""

from __future__ import annotations

import functools
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.proofs.jose.envelopes import is_envelope
from guildmark.credentials.proofs.jose.reading import read_envelope
from guildmark.credentials.proofs.jose.secured import SecuredToken
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.signature import Proven

MAX_BYTES = 32 << 20
"""Of decoded bits and of the texts that hold them."""
MAX_LISTS = 256


@dataclass(kw_only=True, eq=False)
class KnownList:
    """A status list credential, and what is true of this very document for ever: that it has its
    form and meaning, which keys its proofs hold with, and its bits.

    Whose the keys are, and what its dates say, is asked anew each time.
    """

    given: Json
    document: Json
    unsecured: Unsecured
    token: SecuredToken | None = None
    proven: Proven = field(default_factory=set)
    bits: bytes | None = None
    """None until all of it was found in order."""

    @functools.cached_property
    def size(self) -> int:
        """The bytes to be counted for it, once it has its bits."""
        return len(self.bits or b"") + len(json.dumps(self.given))

    @classmethod
    def of(cls, given: Json) -> KnownList:
        """Of a list that was handed out, copied, since its owner may change it.

        It may be a token in an envelope. Raises UnreadableError beyond the bounds and for an
        envelope that holds none, ProofError for a token that cannot be accepted from anybody.
        """
        check_bounds(given)
        given = _copy(given)
        token = read_envelope(given) if is_envelope(given) else None
        document = given if token is None else token.document
        return cls(given=given, document=document, unsecured=Unsecured.of(document), token=token)


class KnownLists:
    """The lists that were used last, by their addresses.

    A list is known by being equal to what was verified, text by text; for the same object again
    that takes a microsecond.
    """

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, KnownList] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, address: str, given: Json) -> KnownList:
        """What is known of this list; what was not kept before has no `bits`."""
        with self._lock:
            known = self._kept.get(address)
            if known is not None:
                self._kept.move_to_end(address)
        if known is not None and known.given == given:
            return known
        return KnownList.of(given)

    def keep(self, address: str, known: KnownList) -> None:
        """Keep a list that was found in order; the ones used longest ago make room."""
        with self._lock:
            self._bytes += _size(known) - _size(self._kept.pop(address, None))
            self._kept[address] = known
            while self._bytes > self._max_bytes or len(self._kept) > MAX_LISTS:
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(known: KnownList | None) -> int:
    return 0 if known is None else known.size


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value
