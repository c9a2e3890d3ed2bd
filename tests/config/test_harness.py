"""The test harness itself: databases of one's own, and no network."""

from __future__ import annotations

import socket
import urllib.request

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from guildmark.organizations.models import Organization
from tests.support import factories
from tests.support.network import NetworkRefusedError
from tests.support.servers import Server


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_db_rolls_back(turn: int) -> None:
    assert not Organization.objects.exists()
    factories.organization()


@pytest.mark.parametrize("turn", [1, 2])
def test_own_database_keeps_commits_and_is_empty_at_first(own_database: str, turn: int) -> None:
    assert not Organization.objects.exists()
    with transaction.atomic():
        factories.organization()
    connection.close()
    assert Organization.objects.count() == 1
    assert connection.settings_dict["NAME"] == own_database


def test_without_a_fixture_the_database_is_closed() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Organization.objects.exists()


def test_the_network_is_closed() -> None:
    with pytest.raises(NetworkRefusedError, match=r"example\.com"):
        urllib.request.urlopen("http://example.com/")
    with socket.socket() as probe, pytest.raises(NetworkRefusedError, match=r"192\.0\.2\.1"):
        probe.connect(("192.0.2.1", 80))


@pytest.mark.browser
def test_a_browser_reaches_the_server(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/health/")
    assert page.inner_text("body").strip() == "ok"
    with server.database():
        assert connection.settings_dict["NAME"] == server.name
        Organization.objects.count()
