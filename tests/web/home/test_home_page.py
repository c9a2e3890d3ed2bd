"""The start page: what each role finds there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildmark.organizations.models import Organization, Role
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Organization:
    return factories.organization()


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.WORKER, ["Your newest credentials"]),
        (Role.ASSESSOR, ["Assessments you have begun"]),
        (Role.TRAINER, ["Hello"]),
        (Role.MANAGER, ["Your units"]),
        (Role.PROGRAMME_OWNER, ["Decisions that wait", "Drafts"]),
        (Role.QUALITY_REVIEWER, ["Decisions that wait"]),
        (Role.ADMINISTRATOR, ["Administration", "Import people"]),
        (Role.AUDITOR, ["Newest in the audit trail"]),
    ],
)
@pytest.mark.parametrize("has_person", [True, False])
def test_each_role_has_a_start(
    works: Organization, role: Role, words: list[str], has_person: bool
) -> None:
    person = (
        factories.person(works, in_unit=factories.unit(works), position=factories.position(works))
        if has_person
        else None
    )
    actor = factories.actor(works, role, person=person)
    if has_person:
        factories.unit(works, manager=person)
    page = text(browser(actor).get("/"))
    if has_person or role not in {Role.WORKER, Role.MANAGER}:
        for word in words:
            assert word in page


def test_queries_do_not_grow_with_the_people(works: Organization) -> None:
    boss = factories.actor(works, *Role)
    unit = factories.unit(works, manager=boss.person)
    client = browser(boss)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    for _n in range(3):
        factories.person(works, in_unit=unit)
    few = queries()
    for _n in range(27):
        factories.person(works, in_unit=unit)
    assert queries() == few
    assert few < 60
