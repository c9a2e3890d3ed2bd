"""Status lists of a server's own, in memory: for suites, which end with the server."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable

from guildmark.credentials import NotAvailableError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.status import bitstring
from guildmark.credentials.status.allocation import IndexAllocator
from guildmark.credentials.status.bitstring import StatusList
from guildmark.vc_api.problems import RefusedError

PURPOSES = ("revocation", "suspension")
MAX_REMEMBERED = 100_000

Sign = Callable[[Json], Json | str]


class StatusLists:
    """One list for each purpose, and which places the credentials issued here have in them."""

    def __init__(self, *, base_url: str, issuer: str, sign: Sign) -> None:
        """`base_url` is where the lists stand, without a slash at its end; `sign` signs one."""
        self._base = base_url
        self._issuer = issuer
        self._sign = sign
        self._lists = {purpose: StatusList() for purpose in PURPOSES}
        self._places = {purpose: IndexAllocator() for purpose in PURPOSES}
        self._issued: OrderedDict[str, Json] = OrderedDict()
        self._signed: dict[str, Json | str] = {}
        self._lock = threading.Lock()

    def url(self, purpose: str) -> str:
        """Where the list of this purpose stands."""
        return f"{self._base}/{purpose}"

    def assign(self, credential_id: str | None) -> list[Json]:
        """Entries for a credential, in every list; found again by its identifier."""
        with self._lock:
            entries = [
                bitstring.status_entry(
                    list_url=self.url(purpose), purpose=purpose, index=places.take()
                )
                for purpose, places in self._places.items()
            ]
            if credential_id is not None:
                self._issued[credential_id] = {one["statusPurpose"]: one for one in entries}
                if len(self._issued) > MAX_REMEMBERED:
                    self._issued.popitem(last=False)
            return entries

    def set(self, credential_id: str, purpose: str, *, to: bool) -> None:
        """Set or clear a credential's status. Raises RefusedError where it is not known."""
        if purpose not in PURPOSES:
            raise RefusedError(
                f"statusPurpose is {purpose[:60]!r}: give one of {', '.join(PURPOSES)}"
            )
        with self._lock:
            entry = self._issued.get(credential_id, {}).get(purpose)
            if entry is None:
                raise RefusedError(
                    f"no credential {credential_id[:200]!r} was issued here with a status",
                    status=404,
                )
            self._lists[purpose][int(entry["statusListIndex"])] = int(to)
            self._signed.pop(purpose, None)

    def signed(self, purpose: str, now: dt.datetime) -> Json | str:
        """The signed list of this purpose. Raises NotAvailableError where there is none."""
        if purpose not in PURPOSES:
            raise NotAvailableError(f"there is no status list {purpose[:60]!r}")
        with self._lock:
            if purpose not in self._signed:
                document = bitstring.status_list_document(
                    list_url=self.url(purpose),
                    issuer=self._issuer,
                    purpose=purpose,
                    encoded_list=self._lists[purpose].encode(),
                    valid_from=now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                )
                self._signed[purpose] = self._sign(document)
            return self._signed[purpose]
