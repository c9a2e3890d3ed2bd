"""Fetching: what is refused, and that nothing can be slipped in between check and use."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guildmark.credentials import NotAvailableError
from guildmark.documents.addresses import is_public, place_of
from guildmark.documents.network import Bounds, NetworkResolver

HOST = "documents.example"
DOCUMENT = {"id": f"did:web:{HOST}"}
TOKEN = "eyJhbGciOiJFZERTQSIsInR5cCI6InZjK2p3dCJ9.e30.c2ln"  # of nobody


class Site:
    """A TLS server on this machine that answers as told, and counts."""

    def __init__(self, certificate: Path) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.drip: set[str] = set()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(f"{self.headers['Host']} {self.path}")
                status, headers, body = site.answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for byte in body if self.path in site.drip else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if site.stopped.wait(0.05):
                        return
                if self.path not in site.drip:
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.stopped = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]

    def serve(self, path: str, body: bytes, kind: str = "application/json", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (200, {"Content-Type": kind, **named}, body)
        return f"https://{HOST}:{self.port}{path}"

    def redirect(self, path: str, to: str) -> str:
        self.answers[path] = (302, {"Location": to, "Content-Length": "0"}, b"")
        return f"https://{HOST}:{self.port}{path}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of its own for HOST."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "site.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def site(certificate: Path) -> Iterator[Site]:
    made = Site(certificate)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.stopped.set()
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def resolver(certificate: Path) -> Callable[..., NetworkResolver]:
    """Makes a resolver for which HOST is this machine, which it may ask."""

    def make(**bounds: float) -> NetworkResolver:
        return NetworkResolver(
            bounds=Bounds(**bounds),  # type: ignore[arg-type]
            permits=lambda _: True,
            look_up=lambda _host, _port: ["127.0.0.1"],
            tls=ssl.create_default_context(cafile=str(certificate)),
        )

    return make


Make = Callable[..., NetworkResolver]


def test_a_document_is_fetched_once(site: Site, resolver: Make) -> None:
    url = site.serve("/list?x=1", json.dumps(DOCUMENT).encode(), "application/vc+json")
    made = resolver()
    assert made.resolve(f"{url}#94567") == made.resolve(url) == DOCUMENT
    assert site.asked == [f"{HOST}:{site.port} /list?x=1"]


def test_a_did_web_is_found_at_its_address(site: Site, resolver: Make) -> None:
    site.serve("/o/works/did.json", json.dumps(DOCUMENT).encode(), "application/did+json")
    assert resolver().resolve(f"did:web:{HOST}%3A{site.port}:o:works#key-1") == DOCUMENT


def test_a_token_comes_as_an_envelope(site: Site, resolver: Make) -> None:
    url = site.serve("/list", TOKEN.encode(), "application/vc+jwt")
    assert resolver().resolve(url)["id"] == f"data:application/vc+jwt,{TOKEN}"


def test_redirects_are_followed_and_each_is_looked_at(site: Site, resolver: Make) -> None:
    there = site.serve("/there", json.dumps(DOCUMENT).encode())
    assert resolver().resolve(site.redirect("/here", "/there")) == DOCUMENT
    assert resolver().resolve(site.redirect("/far", there)) == DOCUMENT
    around = site.redirect("/around", "/around")
    with pytest.raises(NotAvailableError, match="over 2 redirects"):
        resolver(redirects=2).resolve(around)
    with pytest.raises(NotAvailableError, match="https"):
        resolver().resolve(site.redirect("/plain", f"http://{HOST}/"))


def test_a_redirect_to_a_private_address_is_not_followed(site: Site, certificate: Path) -> None:
    url = site.redirect("/here", "https://inside.example/latest/meta-data/")
    own = ipaddress.ip_address("127.0.0.1")
    made = NetworkResolver(
        permits=lambda address: address == own or is_public(address),
        look_up=lambda host, _: ["127.0.0.1" if host == HOST else "169.254.169.254"],
        tls=ssl.create_default_context(cafile=str(certificate)),
    )
    with pytest.raises(NotAvailableError, match=r"inside\.example.* private"):
        made.resolve(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255", "192.0.0.192"),
        *("::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1"),
        *("::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
        *("2001:db8::1", "64:ff9b:1::1"),
    ],
)
def test_addresses_that_are_never_asked(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    made = NetworkResolver(look_up=lambda _host, _port: ["93.184.216.34", address])
    with pytest.raises(NotAvailableError, match="private or reserved"):
        made.resolve(f"https://{HOST}/")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_this_machine_is_not_asked(host: str) -> None:
    with pytest.raises(NotAvailableError, match="private or reserved"):
        NetworkResolver().resolve(f"https://{host}/")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "017700000001"])
def test_nor_under_one_of_its_other_spellings(host: str) -> None:
    made = NetworkResolver(look_up=lambda name, _: [socket.inet_ntoa(socket.inet_aton(name))])
    with pytest.raises(NotAvailableError, match="private or reserved"):
        made.resolve(f"https://{host}/")


def test_the_name_is_looked_up_once_and_the_connection_goes_there(
    site: Site, certificate: Path
) -> None:
    """A name that points elsewhere the second time (DNS rebinding) gains nothing."""
    url = site.serve("/", json.dumps(DOCUMENT).encode())
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    looked_up: list[str] = []

    def look_up(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    made = NetworkResolver(
        permits=lambda address: str(address) == "127.0.0.1",
        look_up=look_up,
        tls=ssl.create_default_context(cafile=str(certificate)),
    )
    assert made.resolve(url) == DOCUMENT
    assert looked_up == [HOST]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://documents.example/", "https"),
        ("file:///etc/passwd", "https"),
        ("ftp://documents.example/", "https"),
        ("https://user:secret@documents.example/", "user name"),
        ("https://documents.example:99999/", "no URL"),
        ("https:///path", "no host"),
        ("https://документы.example/", "signs"),
        ("https://documents.example/\r\nHost: inside", "signs"),
        ("https://documents.example/a b", "signs"),
        ("https://documents.example%2e/", "no host"),
        ("did:example:123", "no address"),
        ("did:web:..%2f..", "no address"),
        ("urn:uuid:1", "https"),
        (f"https://documents.example/{'a' * 3000}", "too long"),
    ],
)
def test_what_is_not_asked(url: str, said: str) -> None:
    with pytest.raises(NotAvailableError, match=said) as caught:
        NetworkResolver(look_up=lambda _host, _port: []).resolve(url)
    assert "secret" not in str(caught.value)


def test_what_is_asked_for_never_holds_a_fragment() -> None:
    place = place_of("https://documents.example:8443?x=1#part")
    assert (place.host, place.port, place.target) == (HOST, 8443, "/?x=1")


def test_answers_that_are_not_taken(site: Site, resolver: Make) -> None:
    body = json.dumps(DOCUMENT).encode()
    for number, (kind, headers, said) in enumerate(
        [
            ("text/html", {}, "text/html"),
            ("application/json", {"Content_Encoding": "gzip"}, "packed"),
            ("application/json", {"Content_Length": "9999999"}, "cut off|over"),
        ]
    ):
        url = site.serve(f"/{number}", body, kind, **headers)
        with pytest.raises(NotAvailableError, match=said):
            resolver().resolve(url)
    site.answers["/gone"] = (410, {}, b"")
    with pytest.raises(NotAvailableError, match="status 410"):
        resolver().resolve(f"https://{HOST}:{site.port}/gone")
    with pytest.raises(NotAvailableError, match="cannot be read"):
        resolver().resolve(site.serve("/list", b"[1]"))
    with pytest.raises(NotAvailableError, match="cannot be read"):
        resolver().resolve(site.serve("/twice", b'{"a": 1, "a": 2}'))


def test_size_time_and_number_are_bounded(site: Site, resolver: Make) -> None:
    large = site.serve("/large", b'{"a": "' + b"x" * 5_000 + b'"}')
    with pytest.raises(NotAvailableError, match="over 1000 bytes"):
        resolver(max_bytes=1_000).resolve(large)
    slow = site.serve("/slow", b'{"a": "' + b"x" * 5_000 + b'"}')
    site.drip.add("/slow")
    begin = time.monotonic()
    with pytest.raises(NotAvailableError, match=r"within 0\.5 seconds"):
        resolver(seconds=0.5).resolve(slow)
    assert time.monotonic() - begin < 4
    made = resolver(documents=1)
    made.resolve(site.serve("/one", json.dumps(DOCUMENT).encode()))
    with pytest.raises(NotAvailableError, match="no more are fetched"):
        made.resolve(site.serve("/two", json.dumps(DOCUMENT).encode()))


def test_a_host_that_never_says_hello_is_given_up(resolver: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://{HOST}:{silent.getsockname()[1]}/"
        with pytest.raises(NotAvailableError, match=r"within 0\.3 seconds"):
            resolver(seconds=0.3).resolve(url)


def test_a_look_up_that_never_ends_is_given_up() -> None:
    never = threading.Event()

    def look_up(_host: str, _port: int) -> list[str]:
        never.wait(20)
        return []

    made = NetworkResolver(bounds=Bounds(seconds=0.2), look_up=look_up)
    try:
        with pytest.raises(NotAvailableError, match="not found in time"):
            made.resolve(f"https://{HOST}/")
    finally:
        never.set()


def test_another_hosts_certificate_is_refused(site: Site, certificate: Path) -> None:
    site.serve("/", json.dumps(DOCUMENT).encode())
    made = NetworkResolver(
        permits=lambda _: True,
        look_up=lambda _host, _port: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=str(certificate)),
    )
    with pytest.raises(NotAvailableError, match="certificate"):
        made.resolve(f"https://other.example:{site.port}/")
    with pytest.raises(NotAvailableError, match="certificate"):
        NetworkResolver(permits=lambda _: True, look_up=lambda _host, _port: ["127.0.0.1"]).resolve(
            f"https://{HOST}:{site.port}/"
        )
