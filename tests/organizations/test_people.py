"""People, employments and places."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations import selectors, services
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Employment, Organization, Role, Unit
from tests.support import factories

pytestmark = pytest.mark.django_db
DAY = dt.date


@pytest.fixture
def works() -> Organization:
    return factories.organization()


def test_a_person_is_added_and_edited_with_a_trail(works: Organization) -> None:
    lead = factories.actor(works, Role.PROGRAMME_OWNER)
    person = services.create_person(
        actor=lead, number=" 7 ", given_name="Zoë", family_name="Łoś\u00a0 Maj"
    )
    assert (person.number, person.family_name) == ("7", "Łoś Maj")
    services.edit_person(actor=lead, person=person, number="7", given_name="Zoë", family_name="Maj")
    event = AuditEvent.objects.get(action="people.edit")
    assert event.details == {"changes": {"family_name": {"before": "Łoś Maj", "after": "Maj"}}}
    services.edit_person(actor=lead, person=person, number="7", given_name="Zoë", family_name="Maj")
    assert AuditEvent.objects.filter(action="people.edit").count() == 1


def test_a_number_is_taken_once(works: Organization) -> None:
    operator = operator_of(works)
    factories.person(works, number="n1")
    factories.person(factories.organization(), number="n2")
    with pytest.raises(InvalidError) as raised:
        services.create_person(actor=operator, number="N1", given_name="", family_name="X")
    assert raised.value.problems[0].field == "number"
    services.create_person(actor=operator, number="n2", given_name="", family_name="X")


def test_control_characters_and_overlong_values_are_refused(works: Organization) -> None:
    with pytest.raises(InvalidError) as raised:
        services.create_person(
            actor=operator_of(works), number="1" * 61, given_name="a\0b", family_name=""
        )
    assert [p.field for p in raised.value.problems] == ["number", "given_name", "family_name"]


def test_a_new_place_ends_the_one_before(works: Organization) -> None:
    operator = operator_of(works)
    person = factories.person(works, in_unit=factories.unit(works))
    unit = factories.unit(works)
    services.employ_person(actor=operator, person=person, unit=unit, starts_on=DAY(2024, 5, 1))
    rows = list(person.employments.order_by("starts_on").values_list("starts_on", "ends_on"))
    assert rows == [(DAY(2020, 1, 1), DAY(2024, 4, 30)), (DAY(2024, 5, 1), None)]
    with pytest.raises(InvalidError) as raised:
        services.employ_person(
            actor=operator,
            person=person,
            unit=unit,
            starts_on=DAY(2024, 1, 1),
            ends_on=DAY(2024, 2, 1),
        )
    assert raised.value.problems[0].field == "starts_on"
    # What failed has changed nothing.
    assert person.employments.count() == 2


def test_an_employment_ends_once(works: Organization) -> None:
    operator = operator_of(works)
    person = factories.person(works, in_unit=factories.unit(works))
    employment = person.employments.get()
    with pytest.raises(InvalidError):
        services.end_employment(actor=operator, employment=employment, ends_on=DAY(2019, 1, 1))
    services.end_employment(actor=operator, employment=employment, ends_on=DAY(2024, 1, 1))
    services.end_employment(actor=operator, employment=employment, ends_on=DAY(2024, 1, 1))
    with pytest.raises(ConflictError):
        services.end_employment(actor=operator, employment=employment, ends_on=DAY(2024, 2, 1))
    assert AuditEvent.objects.filter(action="people.leave").count() == 1


def test_the_database_allows_one_open_employment(works: Organization) -> None:
    unit = factories.unit(works)
    person = factories.person(works, in_unit=unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Employment.objects.create(person=person, unit=unit, starts_on=DAY(2021, 1, 1))


def test_another_organization_s_objects_are_not_there(works: Organization) -> None:
    operator = operator_of(works)
    stranger = factories.organization()
    their_unit = factories.unit(stranger)
    them = factories.person(stranger, in_unit=their_unit)
    person = factories.person(works)
    with pytest.raises(NotFoundError):
        services.employ_person(
            actor=operator, person=person, unit=their_unit, starts_on=DAY(2024, 1, 1)
        )
    with pytest.raises(NotFoundError):
        services.set_unit_manager(actor=operator, unit=factories.unit(works), manager=them)
    with pytest.raises(NotFoundError):
        services.end_employment(
            actor=operator, employment=them.employments.get(), ends_on=DAY(2024, 1, 1)
        )
    for get, row in (
        (selectors.get_person, them),
        (selectors.get_unit, their_unit),
        (selectors.get_site, their_unit.site),
        (selectors.get_employment, them.employments.get()),
    ):
        with pytest.raises(NotFoundError):
            get(operator, row.id)  # type: ignore[operator]
    assert not selectors.stations_of(operator, their_unit)


def test_a_manager_lists_the_people_of_managed_units_and_below(works: Organization) -> None:
    boss = factories.actor(works, Role.MANAGER)
    hall = factories.unit(works, manager=boss.person)
    line = factories.unit(works, parent=hall)
    inside = factories.person(works, in_unit=line)
    outside = factories.person(works, in_unit=factories.unit(works))
    assert set(selectors.list_people(boss)) == {inside, boss.person}
    assert selectors.view_person(boss, inside.id) == inside
    with pytest.raises(NotAllowedError):
        selectors.view_person(boss, outside.id)
    # Whoever has left the unit is no longer the manager's.
    inside.employments.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert inside not in selectors.list_people(boss)


def test_a_worker_sees_themself_only(works: Organization) -> None:
    worker = factories.actor(works, Role.WORKER)
    assert worker.person is not None
    assert selectors.view_person(worker, worker.person.id) == worker.person
    with pytest.raises(NotAllowedError):
        selectors.view_person(worker, factories.person(works).id)
    with pytest.raises(NotAllowedError):
        selectors.list_people(worker)
    assert list(selectors.people(worker)) == [worker.person]


def test_looking_for_people(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR, person=None)
    unit = factories.unit(works)
    zoe = factories.person(works, given_name="Zoë", family_name="Łoś", number="N77", in_unit=unit)
    jan = factories.person(works, given_name="Jan", family_name="Zoeller", number="N78")
    assert list(selectors.list_people(admin, search="łoś zo")) == [zoe]
    assert list(selectors.list_people(admin, search="n78")) == [jan]
    assert list(selectors.list_people(admin, unit=unit)) == [zoe]
    assert list(selectors.list_people(admin, former=True)) == [jan]
    assert list(selectors.list_people(admin, search="%")) == []
    assert list(selectors.list_people(admin, search="\0zoe")) == [jan]


def test_the_tree_counts_people_and_stations_in_a_fixed_number_of_queries(
    works: Organization,
) -> None:
    operator = operator_of(works)
    hall = factories.unit(works, name="Hall", code="H")
    line = factories.unit(works, name="Line", code="L", parent=hall)
    cell = factories.unit(works, name="Cell", code="C", parent=line)
    for unit in (hall, line, line, cell):
        factories.person(works, in_unit=unit)
    services.create_station(actor=operator, unit=line, code="10", name="Press")
    with CaptureQueriesContext(connection) as queries:
        nodes = selectors.unit_tree(operator)
    assert [(n.unit.code, n.depth, n.people, n.people_below, n.stations) for n in nodes] == [
        ("H", 0, 1, 4, 0),
        ("L", 1, 2, 3, 1),
        ("C", 2, 1, 1, 0),
    ]
    assert len(queries) == 3


def test_a_unit_cannot_be_moved_below_itself(works: Organization) -> None:
    operator = operator_of(works)
    hall = factories.unit(works)
    line = factories.unit(works, parent=hall)
    with pytest.raises(InvalidError) as raised:
        services.edit_unit(actor=operator, unit=hall, name="H", site=hall.site, parent=line)
    assert raised.value.problems[0].field == "parent"
    services.edit_unit(actor=operator, unit=line, name="L", site=hall.site, parent=None)
    assert Unit.objects.get(id=line.id).parent is None


def test_codes_are_taken_once_and_shifts_have_a_length(works: Organization) -> None:
    operator = operator_of(works)
    unit = factories.unit(works, code="U1")
    with pytest.raises(InvalidError) as raised:
        services.create_unit(actor=operator, site=unit.site, code="u1", name="X")
    assert raised.value.problems[0].field == "code"
    with pytest.raises(InvalidError) as raised:
        services.create_shift(
            actor=operator, code="E", name="E", starts_at=dt.time(6), ends_at=dt.time(6)
        )
    assert raised.value.problems[0].field == "ends_at"


def test_an_organization_needs_a_good_slug_that_is_free() -> None:
    services.create_organization(name="A", slug="a-1", country="de")
    for slug in ("a-1", "A b", "-a", ""):
        with pytest.raises(InvalidError) as raised:
            services.create_organization(name="B", slug=slug, country="DE")
        assert {p.field for p in raised.value.problems} == {"slug"}
    assert AuditEvent.objects.filter(action="organization.create").count() == 1


def test_the_organization_is_changed_by_its_administrator(works: Organization) -> None:
    admin = factories.actor(works, Role.ADMINISTRATOR)
    values = {"country": "pl", "language": "pl", "time_zone": "Europe/Warsaw"}
    changed = services.edit_organization(actor=admin, name="New", **values)
    assert (changed.name, changed.country) == ("New", "PL")
    with pytest.raises(NotAllowedError):
        services.edit_organization(actor=factories.actor(works, Role.AUDITOR), name="X", **values)
