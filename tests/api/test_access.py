"""Who gets in: tokens, tenants, and answers to what is wrong."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from guildmark.organizations.models import Role
from guildmark.organizations.services import revoke_api_token
from tests.api.programs import Program, token_of
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return document


def test_a_wrong_an_old_and_a_revoked_token_are_refused() -> None:
    works = factories.organization()
    actor = factories.actor(works, Role.ADMINISTRATOR)
    token, secret = token_of(actor)
    program = Program(secret=secret)
    assert program.ask("GET", "/me")["roles"] == ["administrator"]
    revoke_api_token(actor=actor, token=token)
    assert program.ask("GET", "/me", expect=401)["code"] == "not_authenticated"
    Program(secret="nonsense").ask("GET", "/me", expect=401)


def test_a_session_does_not_count() -> None:
    client = Client()
    client.force_login(factories.account())
    assert client.get("/api/v1/me").status_code == 401


def test_what_is_wrong_is_named() -> None:
    works = factories.organization()
    program = Program(factories.actor(works, Role.PROGRAMME_OWNER))
    answer = program.ask("POST", "/people", {"number": "1", "colour": "red"}, expect=422)
    assert {one["field"] for one in answer["problems"]} == {"body.family_name", "body.colour"} or {
        one["field"].rsplit(".", 1)[-1] for one in answer["problems"]
    } == {"family_name", "colour"}
    factories.person(works, number="77")
    taken = program.ask("POST", "/people", {"number": "77", "family_name": "x"}, expect=422)
    assert taken["problems"][0]["field"] == "number"
    assert taken["problems"][0]["value"] == "77"


def test_a_role_that_may_not_is_told_so() -> None:
    works = factories.organization()
    program = Program(factories.actor(works, Role.WORKER))
    body = {"number": "1", "family_name": "x"}
    assert program.ask("POST", "/people", body, expect=403)["code"] == "not_allowed"
    program.ask("GET", "/audit", expect=403)


def test_nobody_reaches_into_another_organization() -> None:
    """Every operation with an identifier, asked with another organization's and a guessed one."""
    theirs = awards.world() if hasattr(awards, "world") else None
    assert theirs is not None
    foreign = _identifiers(theirs)
    mine = factories.organization()
    program = Program(factories.actor(mine, *Role))
    asked = 0
    for path, operations in schema()["paths"].items():
        names = re.findall(r"\{(\w+)\}", path)
        if not names:
            continue
        for method, operation in operations.items():
            for identifier in (*foreign, uuid.uuid4()):
                filled = re.sub(r"\{\w+\}", str(identifier), path).removeprefix("/api/v1")
                body = {} if "requestBody" in operation else None
                response = program.client.generic(
                    method.upper(),
                    f"/api/v1{filled}",
                    data="{}" if body is not None else "",
                    content_type="application/json",
                    headers={"Authorization": f"Bearer {program.secret}"},
                )
                asked += 1
                assert response.status_code in {404, 422}, (method, filled, response.content)
    assert asked > 60


def _identifiers(theirs: Any) -> list[uuid.UUID]:
    found = []
    for value in vars(theirs).values():
        identifier = getattr(value, "id", None)
        if isinstance(identifier, uuid.UUID):
            found.append(identifier)
    assert found
    return found


def test_lists_ask_the_same_however_many_rows(django_assert_max_num_queries: Any) -> None:
    works = factories.organization()
    program = Program(factories.actor(works, Role.PROGRAMME_OWNER))
    for _ in range(40):
        factories.person(works)
    with django_assert_max_num_queries(8):
        assert program.ask("GET", "/people?size=100")["total"] >= 40
