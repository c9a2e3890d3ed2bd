"""Who sees which awards, and how they are found."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.awards import selectors, services
from guildmark.awards.models import Award
from guildmark.errors import NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def test_a_manager_sees_the_people_of_the_managed_units() -> None:
    world = awards.world()
    manager = factories.actor(world.organization, Role.MANAGER)
    unit = factories.unit(world.organization, manager=manager.person)
    inside = factories.person(world.organization, in_unit=unit)
    awards.passed(world.version, inside)
    seen = world.decide(person=inside).award
    assert seen is not None
    hidden = world.grant()
    assert list(selectors.list_awards(manager)) == [seen]
    assert selectors.get_award(manager, seen.id) == seen
    with pytest.raises(NotAllowedError):
        selectors.get_award(manager, hidden.id)
    assert list(selectors.list_awards(world.lead, unit=unit.id)) == [seen]


def test_another_organizations_award_is_not_there() -> None:
    world, other = awards.world(), awards.world()
    award = world.grant()
    with pytest.raises(NotFoundError):
        selectors.get_award(other.lead, award.id)
    assert not selectors.list_awards(other.lead).exists()


def test_filters() -> None:
    world = awards.world()
    award = world.grant()
    assert list(selectors.list_awards(world.lead, status="active")) == [award]
    assert list(selectors.list_awards(world.lead, status="signing")) == [award]
    assert list(selectors.list_awards(world.lead, search=f"asha {world.person.number}")) == [award]
    assert list(selectors.list_awards(world.lead, search="nobody")) == []
    assert list(selectors.list_awards(world.lead, achievement=world.version.achievement_id)) == [
        award
    ]
    Award.objects.filter(id=award.id).update(valid_until=timezone.now() - dt.timedelta(days=1))
    assert list(selectors.list_awards(world.lead, status="active")) == []
    (expired,) = selectors.list_awards(world.lead, status="expired")
    assert expired.status_now == "expired"
    services.revoke_award(actor=world.lead, award=award, reason="Error.")
    assert list(selectors.list_awards(world.lead, status="revoked")) == [award]
    with pytest.raises(NotAllowedError):
        selectors.list_awards(world.worker)


def test_the_queue_holds_who_waits_and_nobody_else() -> None:
    world = awards.world()
    (waiting,) = selectors.decisions_waiting(world.lead)
    assert waiting.person == world.person
    assert waiting.version == world.version
    assert waiting.hindrance(world.lead) == ""
    world.decide("refused", reason="Not yet.")
    assert selectors.decisions_waiting(world.lead) == []
    with pytest.raises(NotFoundError):
        selectors.get_waiting(world.lead, world.version.id, world.person.id)
    awards.passed(world.version, world.person)
    assert len(selectors.decisions_waiting(world.lead)) == 1
    with pytest.raises(NotAllowedError):
        selectors.decisions_waiting(world.worker)


def test_the_queue_asks_as_often_for_many_as_for_few() -> None:
    world = awards.world()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows = selectors.decisions_waiting(world.lead)
            assert all(row.person.name and row.version.name for row in rows)
        return len(captured)

    few = queries()
    for _ in range(12):
        awards.passed(world.version, factories.person(world.organization))
    assert queries() == few
    assert len(selectors.decisions_waiting(world.lead)) == 13
