"""The audit trail in the browser."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import cast

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import guildmark.audit
from guildmark.audit import services as audit
from guildmark.audit.actions import ACTIONS, Action
from guildmark.organizations import services
from guildmark.organizations.actor import Actor, operator_of
from guildmark.organizations.models import Organization, Role
from guildmark.web.audit import words
from guildmark.web.audit.words import action_words, detail_lines
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db

PACKAGE = Path(guildmark.audit.__file__).parent.parent
# As an older version may have written it.
FORMER = cast("Action", "room.some_verb")


@pytest.fixture
def works() -> Organization:
    return factories.organization()


def notes(actor: Actor, count: int) -> None:
    entries = [
        audit.Entry(action=FORMER, target=actor.organization, target_name=f"Thing {n}")
        for n in range(count)
    ]
    with transaction.atomic():
        audit.record_many(actor=actor, entries=entries)


def test_events_are_read_in_plain_words(works: Organization) -> None:
    client = browser(factories.actor(works, Role.AUDITOR))
    assert "Nothing has happened yet" in text(client.get("/audit/"))
    admin = factories.actor(works, Role.ADMINISTRATOR, name="Ada <i>")
    membership = factories.member(works, Role.WORKER)
    services.set_roles(actor=admin, membership=membership, roles=[Role.WORKER, Role.MANAGER])
    page = text(client.get("/audit/"))
    assert "Roles of an account changed" in page
    assert "roles: worker → worker, manager" in page
    assert "Ada &lt;i&gt;" in page


def test_filters_and_paging(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    notes(operator_of(works), 60)
    page = text(client.get("/audit/"))
    assert "Thing 59" in page
    assert "Thing 9<" not in page
    assert "Page 1 of 2" in page
    assert "Thing 9<" in text(client.get("/audit/", {"page": "2"}))
    assert "No event fits" in text(client.get("/audit/", {"person": "nobody"}))
    assert "Thing 42" in text(
        client.get("/audit/", {"object": "thing 42", "action": "room.some_verb"})
    )
    # What cannot be a filter is named; the rest still applies.
    page = text(client.get("/audit/", {"since": "x", "action": "no.such", "object_id": "1"}))
    assert "Give a day, such as" in page
    assert client.get("/audit/", {"person": "\0", "until": "9999-12-31"}).status_code == 200


def test_queries_do_not_grow_with_the_events(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/audit/")
        return len(captured)

    notes(operator_of(works), 3)
    few = queries()
    notes(operator_of(works), 27)
    assert queries() == few


def test_others_trails_are_not_shown(works: Organization) -> None:
    notes(operator_of(factories.organization()), 1)
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    assert "Nothing has happened yet" in text(client.get("/audit/"))
    assert browser(factories.actor(works, Role.MANAGER)).get("/audit/").status_code == 403


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_action_has_words(language: str) -> None:
    assert set(ACTIONS) == set(words.ACTIONS)
    with translation.override(language):
        said = [action_words(action) for action in ACTIONS]
    assert len(set(said)) == len(said), "two actions are told apart"
    if language == "de":
        assert not set(said) & {action_words(action) for action in ACTIONS}


def test_every_action_is_one_that_the_rooms_write() -> None:
    rooms = ["organizations", "skills", "achievements", "assessment", "awards", "wallet"]
    files = [file for room in rooms for file in (PACKAGE / room).rglob("*.py")]
    written = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(ACTIONS) <= written


def test_words() -> None:
    assert action_words("awards.some_verb") == "awards: some verb"
    assert detail_lines({"a_b": None, "ok": True, "x": {"y": [1, 2]}, "l": [{"c": 1}]}) == [
        "a b: –",
        "ok: yes",
        "x, y: 1, 2",
        "l: c 1",
    ]
