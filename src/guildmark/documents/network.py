"""Documents from the network: https only, and everything about an answer bounded."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from guildmark.credentials import NotAvailableError, UnreadableError, did_web_url
from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.model.reading import MAX_BYTES, Json
from guildmark.documents.addresses import Address, Place, is_public, place_of
from guildmark.documents.answers import document_of

DOCUMENT_TYPES = ("application/json", "+json", "application/jwt", "+jwt", "+sd-jwt")
CREDENTIAL_TYPES = (
    *DOCUMENT_TYPES,
    "image/png",
    "image/svg+xml",
    "application/pdf",
    "application/octet-stream",
    "text/plain",
)
ANY_TYPE = ("*/*",)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 1 << 16

LookUp = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much one resolver may ask for: seconds and bytes of one document with its redirects,
    redirects of one document, documents in all."""

    seconds: float = 10.0
    max_bytes: int = MAX_BYTES
    redirects: int = 3
    documents: int = 50


class NetworkResolver:
    """Fetches what stands at https addresses, and documents of did:web; keeps them while it lives.

    Every host name is looked up once, all its addresses must be public, and the connection goes to
    one of just these addresses, so that a name cannot point elsewhere between check and use. Every
    redirect is looked at like the first address. No cookies, no credentials, no proxies.
    """

    def __init__(
        self,
        *,
        bounds: Bounds | None = None,
        permits: Callable[[Address], bool] = is_public,
        look_up: LookUp | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`permits` says which addresses may be asked, such as those of one's own network too."""
        self._bounds = bounds or Bounds()
        self._permits = permits
        self._look_up = look_up or _look_up
        self._tls = tls or ssl.create_default_context()
        self._kept: dict[tuple[str, bool], bytes | NotAvailableError] = {}

    def resolve(self, identifier: str) -> Json:
        """The document of a did:web, or what stands at an https URL.

        Raises NotAvailableError, which says why, for anything that cannot be had within the bounds.
        """
        url = identifier
        if identifier.startswith("did:"):
            try:
                url = did_web_url(identifier.partition("#")[0])
            except IdentifierError as error:
                raise NotAvailableError(f"{error}, so there is no address to ask") from error
        data = self.fetch(url)
        try:
            return document_of(data)
        except UnreadableError as error:
            raise NotAvailableError(
                f"what stands at {url[:200]!r} cannot be read: {error}"
            ) from error

    def read(self, address: str) -> bytes:
        """The bytes at an https URL, of whatever type. Raises NotAvailableError."""
        return self.fetch(address, ANY_TYPE)

    def fetch(self, url: str, types: Collection[str] = DOCUMENT_TYPES) -> bytes:
        """The bytes at an https URL, of one of these media types (`+json`: all that end so).

        Raises NotAvailableError.
        """
        key = (url.partition("#")[0], types == ANY_TYPE)
        if key not in self._kept:
            if len(self._kept) >= self._bounds.documents:
                raise NotAvailableError(
                    f"over {self._bounds.documents} documents would be needed; no more are fetched"
                )
            try:
                self._kept[key] = self._fetch(key[0], types)
            except NotAvailableError as error:
                self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, NotAvailableError):
            raise kept
        return kept

    def _fetch(self, url: str, types: Collection[str]) -> bytes:
        deadline = time.monotonic() + self._bounds.seconds
        for _ in range(self._bounds.redirects + 1):
            answer = self._ask(place_of(url), types, deadline)
            if isinstance(answer, bytes):
                return answer
            url = answer
        raise NotAvailableError(f"{url[:200]!r}: over {self._bounds.redirects} redirects")

    def _ask(self, place: Place, types: Collection[str], deadline: float) -> bytes | str:
        """The body, or the URL that is redirected to."""
        said = f"{place.url[:200]!r}"
        addresses = self._addresses(place, deadline)
        connection = _Pinned(place, addresses, self._tls, deadline)
        try:
            with connection.within(deadline):
                connection.request(
                    "GET",
                    place.target,
                    headers={
                        "Accept": "application/json, application/*;q=0.9, image/*;q=0.5",
                        "Accept-Encoding": "identity",
                        "User-Agent": "guildmark",
                        "Connection": "close",
                    },
                )
                with connection.getresponse() as response:
                    answer = self._read(response, place, types)
            # An end by the clock looks like the end of a body without a length.
            if time.monotonic() >= deadline:
                raise TimeoutError
            return answer
        except ssl.SSLCertVerificationError as error:
            raise NotAvailableError(
                f"{said}: its certificate does not hold: {error.verify_message}"
            ) from error
        except TimeoutError as error:
            raise NotAvailableError(
                f"{said} did not answer within {self._bounds.seconds:g} seconds"
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= deadline:
                raise NotAvailableError(
                    f"{said} did not answer within {self._bounds.seconds:g} seconds"
                ) from error
            raise NotAvailableError(f"{said} cannot be had: {error}") from error
        finally:
            connection.close()

    def _addresses(self, place: Place, deadline: float) -> list[str]:
        found: list[Sequence[str] | Exception] = []

        def look_up() -> None:
            try:
                found.append(self._look_up(place.host, place.port))
            except Exception as error:  # raised where it is waited for
                found.append(error)

        # Aside, because looking up a name cannot be given a time.
        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(max(0.0, deadline - time.monotonic()))
        if not found:
            raise NotAvailableError(f"the host {place.host[:120]!r} was not found in time")
        addresses = found[0]
        if isinstance(addresses, OSError | UnicodeError) or not addresses:
            raise NotAvailableError(f"the host {place.host[:120]!r} was not found: {addresses}")
        if isinstance(addresses, Exception):
            raise addresses
        for text in addresses:
            if not self._permits(ipaddress.ip_address(text.partition("%")[0])):
                raise NotAvailableError(
                    f"the host {place.host[:120]!r} is at a private or reserved address, "
                    "which is not asked"
                )
        return list(addresses)

    def _read(
        self, response: http.client.HTTPResponse, place: Place, types: Collection[str]
    ) -> bytes | str:
        said = f"{place.url[:200]!r}"
        if response.status in _REDIRECTS:
            location = response.headers.get("Location")
            if not location:
                raise NotAvailableError(f"{said} redirects, but does not say where to")
            return urljoin(place.url, location)
        if response.status != 200:
            raise NotAvailableError(f"{said} answers with status {response.status}")
        kind = response.headers.get_content_type() if "Content-Type" in response.headers else ""
        if types != ANY_TYPE and not any(
            kind.endswith(one) if one[0] == "+" else kind == one for one in types
        ):
            raise NotAvailableError(f"{said} is of the type {kind[:80] or 'none'!r}, not expected")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NotAvailableError(f"{said} is packed, though that was not asked for")
        most = self._bounds.max_bytes
        body = bytearray()
        while piece := response.read(min(_PIECE, most + 1 - len(body))):
            body += piece
            if len(body) > most:
                raise NotAvailableError(f"{said} has over {most} bytes")
        if response.length:
            raise NotAvailableError(f"{said} was cut off")
        return bytes(body)


class _Pinned(http.client.HTTPSConnection):
    """A connection to addresses that were looked at, under the name that the URL has."""

    def __init__(
        self, place: Place, addresses: Sequence[str], tls: ssl.SSLContext, deadline: float
    ) -> None:
        super().__init__(place.host, place.port, context=tls)
        self._addresses = addresses
        self._tls = tls
        self._deadline = deadline
        # Kept, because http.client lets go of its own while the answer is still being read.
        self.opened: ssl.SSLSocket | None = None

    def connect(self) -> None:
        """To the first address that answers."""
        failed: OSError | None = None
        for address in self._addresses:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                plain = socket.create_connection((address, self.port), timeout=left)
            except OSError as error:
                failed = error
                continue
            # Known before the handshake, so that the clock also ends one that drips.
            self.sock = self._tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.opened = self.sock
            self.sock.do_handshake()
            return
        raise failed or OSError("no address")

    def within(self, deadline: float) -> _Ending:
        """Ends the connection at this time, however slowly the other side drips."""
        return _Ending(self, deadline)


class _Ending:
    """A clock that runs beside a connection: single reads may all be in time, their sum not."""

    def __init__(self, connection: _Pinned, deadline: float) -> None:
        self._connection = connection
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        if self._connection.opened is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket's own, which would take its TLS away from under a running read.
                socket.socket.shutdown(self._connection.opened, socket.SHUT_RDWR)


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
