"""A small HTTP server for the operations, on loopback and without authorization."""

from __future__ import annotations

import datetime as dt
import json
import logging
import ssl
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guildmark.credentials import NotAvailableError, Resolver, UnreadableError, read_json
from guildmark.credentials.model.reading import MAX_BYTES, Json
from guildmark.documents.answers import document_of
from guildmark.vc_api import operations
from guildmark.vc_api.operations import Answer, Issuing
from guildmark.vc_api.problems import MALFORMED, PARSING, RefusedError

ADDRESS = "127.0.0.1"
LISTS = "/status-lists"
_SECONDS = 30
_MAX_DRAINED = 8 << 20
_HOSTS = frozenset({"127.0.0.1", "localhost"})

logger = logging.getLogger(__name__)


class Service:
    """Which operation serves which address, with what it needs."""

    def __init__(self, *, issuing: Issuing, resolver: Callable[[], Resolver]) -> None:
        """`resolver` makes one for each request, so that nothing outdated is kept."""
        self._issuing = issuing
        self._resolver = resolver

    def post(self, path: str, request: Json) -> Answer:
        """The answer to a POST. Raises RefusedError."""
        now = dt.datetime.now(dt.UTC)
        match path:
            case "/credentials/issue":
                return operations.issue(request, issuing=self._issuing, now=now)
            case "/credentials/verify":
                return operations.verify_credential(
                    request, resolver=self._sources(now), now=now, any_issuer=True
                )
            case "/credentials/derive":
                return operations.derive(request)
            case "/credentials/status":
                return operations.update_status(request, lists=self._issuing.lists)
            case "/presentations/verify":
                return operations.verify_presentation(
                    request, resolver=self._sources(now), now=now, any_issuer=True
                )
            case "/presentations/prove":
                return operations.prove_presentation(request, issuing=self._issuing, now=now)
            case _:
                raise RefusedError("there is nothing at this address", status=404)

    def get(self, path: str) -> Json | str:
        """The status list at a path. Raises RefusedError."""
        lists = self._issuing.lists
        try:
            if lists is None or not path.startswith(f"{LISTS}/"):
                raise NotAvailableError("there is nothing at this address")
            return lists.signed(path.removeprefix(f"{LISTS}/"), dt.datetime.now(dt.UTC))
        except NotAvailableError as error:
            raise RefusedError(str(error), status=404) from error

    def _sources(self, now: dt.datetime) -> Resolver:
        return _OwnListsFirst(self._issuing, self._resolver(), now)


class _OwnListsFirst:
    """The server's own status lists, which stand on loopback where no fetcher goes."""

    def __init__(self, issuing: Issuing, others: Resolver, now: dt.datetime) -> None:
        self._lists = issuing.lists
        self._others = others
        self._now = now

    def resolve(self, identifier: str) -> Json:
        """An own list, else what the others have."""
        purpose = identifier.rpartition("/")[2]
        if self._lists is not None and identifier == self._lists.url(purpose):
            signed = self._lists.signed(purpose, self._now)
            return signed if isinstance(signed, dict) else document_of(signed.encode())
        return self._others.resolve(identifier)


class Server(ThreadingHTTPServer):
    """Serves one `Service` on loopback."""

    daemon_threads = True

    def __init__(self, port: int, *, certificate: Path | None = None) -> None:
        """Binds the port; `serve` takes requests. With `certificate`, a PEM file with its key,
        under TLS. Raises OSError where the port is taken or the file is not right."""
        super().__init__((ADDRESS, port), _Handler)
        self.service: Service
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            try:
                context.load_cert_chain(certificate)
            except OSError:
                self.server_close()
                raise
            # The handshake in the request's own thread, so that one that stalls holds up no other.
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        self.url = f"{scheme}://{ADDRESS}:{self.server_address[1]}"

    def serve(self, service: Service) -> None:
        """Take requests until `shutdown`."""
        self.service = service
        self.serve_forever(poll_interval=0.1)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A connection that broke is nobody's concern."""
        logger.debug("connection from %s broke", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "guildmark"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS

    def do_POST(self) -> None:
        """An operation."""
        self._answer(lambda: self.server.service.post(urlsplit(self.path).path, self._body()))

    def do_GET(self) -> None:
        """A status list."""
        self._answer(lambda: (200, self.server.service.get(urlsplit(self.path).path)))

    def log_message(self, *_: object) -> None:
        """Nothing: who runs suites reads their report."""

    def _answer(self, make: Callable[[], tuple[int, Json | str]]) -> None:
        self.close_connection = True
        try:
            self._require_own_host()
            status, body = make()
        except RefusedError as error:
            status, body = operations.refusal(error)
        except Exception:
            logger.exception("%s %s failed", self.command, self.path)
            status, body = operations.refusal(
                RefusedError("something broke; the log has it", status=500)
            )
        kind = "application/json" if isinstance(body, dict) else "application/jwt"
        data = json.dumps(body).encode() if isinstance(body, dict) else body.encode()
        self.send_response(status, HTTPStatus(status).phrase)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def _require_own_host(self) -> None:
        # A page in a browser on this machine could come here under a name of its own.
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host not in _HOSTS:
            raise RefusedError("this server is asked under 127.0.0.1 or localhost only")

    def _body(self) -> Json:
        kind = self.headers.get_content_type()
        if kind != "application/json" and not kind.endswith("+json"):
            raise RefusedError("send the body as application/json", kind=PARSING, status=415)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise RefusedError("say how long the body is", kind=PARSING, status=411)
        if int(length[:12]) > MAX_BYTES:
            # Who is cut off while still sending may never read why.
            self.rfile.read(min(int(length[:12]), _MAX_DRAINED))
            raise RefusedError(f"the body has over {MAX_BYTES} bytes", kind=MALFORMED, status=413)
        try:
            return read_json(self.rfile.read(int(length)))
        except (UnreadableError, TimeoutError) as error:
            raise RefusedError(f"the body cannot be read: {error}", kind=PARSING) from error
