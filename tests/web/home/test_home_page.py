"""The start page: what each role finds there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildmark.awards import services
from guildmark.organizations.models import Organization, Role
from guildmark.organizations.services import create_position
from tests.support import awards, factories
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


@pytest.mark.parametrize(
    ("address", "current"),
    [("/", "Start"), ("/skills/mine/", "My skills"), ("/skills/", "Skills")],
)
def test_the_navigation_marks_one_place(works: Organization, address: str, current: str) -> None:
    page = text(browser(factories.actor(works, Role.WORKER)).get(address))
    side = page.partition('class="sidebar"')[2].partition("</nav>")[0]
    assert side.count("aria-current") == 1
    assert f"{current}</span>" in side.partition("aria-current")[2].partition("</a>")[0]


def test_what_was_revoked_is_not_shown_as_if_it_counted() -> None:
    world = awards.world()
    award = world.grant()
    services.sign_award(award.id)
    client = browser(world.worker)
    assert "is-void" not in text(client.get("/wallet/"))
    services.revoke_award(actor=world.lead, award=award, reason="Somebody else took the test.")
    assert ", revoked" in text(client.get("/"))
    assert "is-void" in text(client.get("/wallet/"))


def test_the_newest_in_the_trail_says_what_was_done(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR)
    create_position(actor=admin, code="P1", title="Fitter")
    page = text(browser(factories.actor(works, Role.AUDITOR)).get("/"))
    assert f"Position made, {admin.name}" in page
