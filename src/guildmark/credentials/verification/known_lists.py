"""Status lists that were verified before, so that the next credential need not do it again."""

from __future__ import annotations

import datetime as dt
import functools
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from guildmark.credentials.errors import CredentialError
from guildmark.credentials.identifiers.did import VerificationMethod
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.model.times import moment
from guildmark.credentials.proofs.jose.envelopes import is_envelope
from guildmark.credentials.proofs.jose.reading import read_envelope
from guildmark.credentials.proofs.jose.secured import SecuredToken
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.forms import has_plain_proof
from guildmark.credentials.verification.issuer import Methods
from guildmark.credentials.verification.keys import find_key
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.signature import Proven

MAX_BYTES = 32 << 20
"""Of decoded bits and of the texts that hold them."""
MAX_LISTS = 256
_OTHER_TIMES = ("issuanceDate", "expirationDate")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """With what key a list was in order, and in what time it is."""

    method: VerificationMethod
    named: str
    created: dt.datetime | None
    begin: dt.datetime | None
    end: dt.datetime | None

    def holds(self, resolver: Resolver, now: dt.datetime) -> bool:
        """Whether the same key is still that of the list's issuer, and the dates hold."""
        if self.begin is not None and now < self.begin:
            return False
        if self.end is not None and now >= self.end:
            return False
        try:
            method = find_key(self.named, resolver)
            method.require_valid(self.created, now)
        except CredentialError:
            return False
        return method == self.method


@dataclass(kw_only=True, eq=False)
class KnownList:
    """A status list credential, and what is true of this very document for ever: that it has its
    form and meaning, which keys its proofs hold with, and its bits.

    Whose the keys are, and whether its dates and its key's hold now, is asked anew each time.
    """

    given: Json
    document: Json
    unsecured: Unsecured
    token: SecuredToken | None = None
    proven: Proven = field(default_factory=set)
    bits: bytes | None = None
    """None until all of it was found in order."""
    standing: Standing | None = None
    """None where it has not been found in order yet, or has other proofs than a plain one."""

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

    def found_standing(self, methods: Methods, issuer: str | None) -> None:
        """Remember that it was in order with these methods, where a short look tells it again."""
        if self.token is not None or not has_plain_proof(self.document) or len(methods) != 1:
            return
        # Version 1.1 has other names for its times.
        if methods[0].controller == issuer and self.document.keys().isdisjoint(_OTHER_TIMES):
            proof = self.document["proof"]
            self.standing = Standing(
                method=methods[0],
                named=proof["verificationMethod"],
                created=moment(proof.get("created")),
                begin=moment(self.document.get("validFrom")),
                end=moment(self.document.get("validUntil")),
            )


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
