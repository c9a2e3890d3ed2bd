"""Every operation with every role, against the table in operations.py."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from guildmark.audit.models import AuditEvent
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person, Role
from tests.api.operations import OPERATIONS, Operation
from tests.api.programs import Program, described
from tests.support import factories
from tests.support.samples import Samples

pytestmark = pytest.mark.django_db
CLOSED = {403, 404}
WITH_TARGET = sorted(name for name, one in OPERATIONS.items() if one.sample)
# A public occupation is nobody's: there is no other organization's.
OF_A_TENANT = [name for name in WITH_TARGET if not name.startswith("POST /occupations")]


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def call(program: Program, name: str, arguments: dict[str, Any], body: Any) -> Any:
    """Call an operation with a right body, or with this one."""
    method, path = name.split(" ", 1)
    upload = OPERATIONS[name].upload
    filled = path.format(**arguments)
    if upload is not None:
        return program.client.post(
            f"/api/v1{filled}",
            {"file": SimpleUploadedFile(*upload)},
            headers={"Authorization": f"Bearer {program.secret}"},
        )
    return program.send(method, filled, body)


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the end what is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def arguments_of(one: Operation, samples: Samples, of: Person) -> dict[str, Any]:
    return one.sample(samples, of) if one.sample else {}


def body_of(one: Operation, samples: Samples, actor: Actor) -> Any:
    return one.body(samples, actor) if one.body else None


def test_the_table_is_complete() -> None:
    found = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in described()["paths"].items()
        for method in operations
    }
    assert found - set(OPERATIONS) == set(), "say in operations.py who may call these"
    assert set(OPERATIONS) - found == set(), "these operations are gone"


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_role_may_call_what_the_table_says(name: str) -> None:
    one, samples = OPERATIONS[name], Samples()
    arguments = arguments_of(one, samples, samples.somebody)
    opened: set[Role] = set()
    for role in Role:
        actor = factories.actor(samples.organization, role)
        body, program = body_of(one, samples, actor), Program(actor)
        before = AuditEvent.objects.count()
        with undone():
            response = call(program, name, arguments, body)
            if response.status_code in CLOSED:
                assert AuditEvent.objects.count() == before
            else:
                assert response.status_code in {200, 201, 409}, response.content
                opened.add(role)
    assert opened == one.roles


@pytest.mark.parametrize("name", sorted(name for name, one in OPERATIONS.items() if one.own_roles))
def test_each_role_may_call_it_for_its_own(name: str) -> None:
    one, samples = OPERATIONS[name], Samples()
    opened: set[Role] = set()
    for role in Role:
        actor = factories.actor(samples.organization, role)
        assert actor.person is not None
        arguments = arguments_of(one, samples, actor.person)
        response = call(Program(actor), name, arguments, body_of(one, samples, actor))
        if response.status_code not in CLOSED:
            # Handing in an assessment without scores is refused for its values.
            assert response.status_code in {200, 201, 409, 422}, response.content
            opened.add(role)
    assert opened == one.own_roles


@pytest.mark.parametrize("name", OF_A_TENANT)
def test_another_organization_s_object_is_not_there(name: str) -> None:
    one, here, elsewhere = OPERATIONS[name], Samples(), Samples()
    actor = factories.actor(here.organization, *Role)
    foreign = arguments_of(one, elsewhere, elsewhere.somebody)
    guessed = {key: uuid.uuid4() for key in foreign}
    for arguments in (foreign, guessed):
        response = call(Program(actor), name, arguments, body_of(one, here, actor))
        assert response.status_code == 404, (name, response.content)
        assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", sorted(name for name, one in OPERATIONS.items() if one.body))
def test_what_a_body_names_of_another_organization_is_not_there(name: str) -> None:
    one, here, elsewhere = OPERATIONS[name], Samples(), Samples()
    actor = factories.actor(here.organization, *Role)
    arguments = arguments_of(one, here, here.somebody)
    right, foreign = body_of(one, here, actor), body_of(one, elsewhere, elsewhere.lead)
    for body in swapped(right, foreign):
        with undone():
            response = call(Program(actor), name, arguments, body)
            assert response.status_code == 404, (name, body, response.content)


def swapped(right: Any, foreign: Any) -> Iterator[Any]:
    """The right body once for each identifier in it, with that one from the other body."""
    if isinstance(right, uuid.UUID):
        yield foreign
    elif isinstance(right, dict):
        for key, value in right.items():
            for changed in swapped(value, foreign[key]):
                yield right | {key: changed}
    elif isinstance(right, list):
        for place, value in enumerate(right):
            for changed in swapped(value, foreign[place]):
                yield [*right[:place], changed, *right[place + 1 :]]


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nobody_gets_in_without_a_token(name: str) -> None:
    one = OPERATIONS[name]
    method, path = name.split(" ", 1)
    filled = path.format_map({key: uuid.uuid4() for key in names_in(path)})
    response = Client().generic(method, f"/api/v1{filled}", "{}", content_type="application/json")
    assert response.status_code == (200 if one.is_public else 401)


def names_in(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
