"""Every action and every address with every role, against the tables beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from guildmark.organizations.access import actions, allows
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Role
from tests.permission_urls import URLS, Place
from tests.permissions_table import ACTIONS, ONESELF, READING
from tests.support import factories
from tests.support.web import browser

pytestmark = pytest.mark.django_db
CLOSED = {403, 404}


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all addresses of pages; the API has a table of its own."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith("api/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from names(pattern, path)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{path} has no name"
            yield pattern.name


def send(client: Client, place: Place, name: str, arguments: dict[str, Any]) -> Any:
    address = reverse(name, kwargs=arguments)
    return (
        client.generic(place.method, address, "")
        if not place.data
        else client.post(address, place.data)
    )


def test_the_table_of_actions_is_complete() -> None:
    assert set(actions()) == set(ACTIONS)


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says(role: Role) -> None:
    actor = factories.actor(factories.organization(), role)
    allowed = {action for action in ACTIONS if allows(actor, action)}
    assert allowed == {action for action, roles in ACTIONS.items() if role in roles}


def test_no_role_at_all_may_do_only_what_everybody_may() -> None:
    actor = factories.actor(factories.organization())
    allowed = {action for action in ACTIONS if allows(actor, action)}
    assert allowed == {action for action, roles in ACTIONS.items() if roles == frozenset(Role)}


def test_an_auditor_changes_nothing_but_what_is_their_own() -> None:
    allowed = {action for action, roles in ACTIONS.items() if Role.AUDITOR in roles}
    assert allowed - READING <= ONESELF


def test_another_organization_s_object_is_allowed_to_nobody() -> None:
    owner, stranger = factories.organization(), factories.organization()
    foreign = factories.person(stranger)
    everything = factories.actor(owner, *Role)
    for actor in (everything, operator_of(owner)):
        assert not [action for action in ACTIONS if allows(actor, action, foreign)]


def test_the_table_of_addresses_is_complete() -> None:
    found = set(names(get_resolver()))
    assert found - set(URLS) == set(), "say in tests/permission_urls.py who may open these"
    assert set(URLS) - found == set(), "these addresses are gone"


@pytest.mark.parametrize("name", sorted(URLS))
def test_each_role_opens_what_the_table_says(name: str) -> None:
    place = URLS[name]
    owner = factories.organization()
    opened: set[Role] = set()
    for role in Role:
        client = browser(factories.actor(owner, role))
        arguments = place.target(owner) if place.target else {}
        if send(client, place, name, arguments).status_code not in CLOSED:
            opened.add(role)
    assert opened == place.roles


@pytest.mark.parametrize("name", sorted(name for name, place in URLS.items() if place.own))
def test_each_role_opens_its_own(name: str) -> None:
    place = URLS[name]
    assert place.own is not None
    owner = factories.organization()
    opened: set[Role] = set()
    for role in Role:
        actor = factories.actor(owner, role)
        response = send(browser(actor), place, name, place.own(actor))
        if response.status_code not in CLOSED:
            opened.add(role)
    assert opened == place.own_roles


@pytest.mark.parametrize("name", sorted(name for name, place in URLS.items() if place.target))
def test_another_organization_s_object_is_not_there(name: str) -> None:
    place = URLS[name]
    assert place.target is not None
    if place.is_public:
        pytest.skip("public")
    owner, stranger = factories.organization(), factories.organization()
    arguments = place.target(stranger)
    for role in Role:
        status = send(browser(factories.actor(owner, role)), place, name, arguments).status_code
        # Who may not open such a page at all may be told so; who may is told it is not there.
        assert status == 404 if role in place.roles else status in CLOSED


@pytest.mark.parametrize("name", sorted(URLS))
def test_a_stranger_is_sent_to_sign_in(name: str) -> None:
    place = URLS[name]
    arguments = place.target(factories.organization()) if place.target else {}
    response = send(Client(), place, name, arguments)
    sent_away = response.status_code == 302 and response["Location"].startswith("/sign-in/")
    if place.is_public:
        assert response.status_code not in CLOSED
    else:
        assert sent_away
