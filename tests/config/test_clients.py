"""From where somebody asks, behind proxies and without."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory, override_settings

from guildmark.config import clients
from guildmark.config.clients import client_address, counted_address
from guildmark.config.environment import read_environment
from guildmark.config.errors import EnvironmentInvalidError
from guildmark.organizations.models import Role
from tests.support import factories

PROXIES = ("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48")


@pytest.fixture(autouse=True)
def _behind_proxies() -> Iterator[None]:
    networks = tuple(ipaddress.ip_network(proxy) for proxy in PROXIES)
    with override_settings(TRUSTED_PROXIES=networks):
        yield


def asked(peer: str, forwarded: str | None = None) -> str | None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer)
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(request)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        # Whoever is no proxy of ours may write what they like.
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        # What stands left of the first stranger was made up by that stranger, perhaps.
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
        ("127.0.0.1", "rubbish, 198.51.100.1,10.2.3.4 ", "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9"),
        ("127.0.0.1", "rubbish", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, rubbish", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1,", "127.0.0.1"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1::5", "2001:db8:2::6", "2001:db8:2::6"),
        ("fe80::1%eth0", "198.51.100.1", "fe80::1"),
        ("", "198.51.100.1", None),
    ],
)
def test_who_asks(peer: str, forwarded: str | None, address: str | None) -> None:
    assert asked(peer, forwarded) == address


@override_settings(TRUSTED_PROXIES=())
def test_without_the_setting_no_header_is_read() -> None:
    assert asked("127.0.0.1", "198.51.100.1") == "127.0.0.1"


def test_of_ipv6_the_network_is_counted() -> None:
    def counted(peer: str) -> str:
        return counted_address(RequestFactory().get("/", REMOTE_ADDR=peer))

    assert counted("2001:db8:7:7::1") == counted("2001:db8:7:7:ffff::2") == "2001:db8:7:7::"
    assert counted("192.0.2.1") == "192.0.2.1"
    assert counted("") == "unknown"


@pytest.mark.parametrize("wrong", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1;::1"])
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("GUILDMARK_TRUSTED_PROXIES", f"127.0.0.1, {wrong}")
    with pytest.raises(EnvironmentInvalidError) as raised:
        read_environment()
    assert f"GUILDMARK_TRUSTED_PROXIES holds {wrong!r}" in str(raised.value)
    assert "10.1.0.0/16" in str(raised.value)


def test_the_setting_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDMARK_TRUSTED_PROXIES", " 127.0.0.1, 2001:db8::/32 ,")
    assert [str(network) for network in read_environment().trusted_proxies] == [
        "127.0.0.1/32",
        "2001:db8::/32",
    ]


@pytest.mark.django_db
class TestLimits:
    """They count by the address behind the proxy."""

    def sign_in(self, name: str, password: str, origin: str) -> bool:
        client = Client(headers={"X-Forwarded-For": origin})
        client.post("/sign-in/", {"login": name, "password": password})
        return "_auth_user_id" in client.session

    def test_a_guesser_keeps_nobody_else_out(self) -> None:
        member = factories.member(factories.organization(), Role.WORKER)
        name = member.account.username
        for _ in range(5):
            assert not self.sign_in(name, "wrong", "198.51.100.1")
        # The sixth from there is too many, written in whatever way; from elsewhere it is the first.
        assert not self.sign_in(name.upper(), factories.PASSWORD, "198.51.100.1")
        assert self.sign_in(name, factories.PASSWORD, "203.0.113.9")

    def test_an_address_that_guesses_names_is_stopped(self) -> None:
        member = factories.member(factories.organization(), Role.WORKER)
        for n in range(10):
            assert not self.sign_in(f"guess{n}", "wrong", "198.51.100.1")
        name = member.account.username
        assert not self.sign_in(name, factories.PASSWORD, "198.51.100.1")
        assert self.sign_in(name, factories.PASSWORD, "203.0.113.9")

    def test_pages_and_api_count_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clients, "CHECKS_PER_MINUTE", 2)
        monkeypatch.setattr(clients.time, "time", lambda: 1_800_000_000.0)

        def check(door: str, origin: str) -> int:
            client = Client(headers={"X-Forwarded-For": origin})
            if door == "page":
                return client.post("/verify/", {"text": "x"}).status_code
            return client.post("/api/v1/verify", "{}", "application/json").status_code

        assert check("page", "198.51.100.1") == check("api", "198.51.100.1") == 200
        assert check("page", "198.51.100.1") == check("api", "198.51.100.1") == 429
        assert check("page", "203.0.113.9") == 200
