"""People and places in the browser."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.organizations.models import Organization, Person, Role, Shift, Site, Station, Unit
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Organization:
    return factories.organization()


def test_the_list_needs_the_same_queries_for_3_and_30_people(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR, person=None))
    unit = factories.unit(works)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/people/").status_code == 200
        return len(captured)

    for _n in range(3):
        factories.person(works, in_unit=unit, position=factories.position(works))
    few = queries()
    for _n in range(27):
        factories.person(works, in_unit=unit, position=factories.position(works))
    assert queries() == few


def test_search_filter_and_empty_states(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR, person=None))
    assert "No people yet" in text(client.get("/people/"))
    unit = factories.unit(works)
    factories.person(works, family_name="Łoś<b>", in_unit=unit)
    page = text(client.get("/people/", {"q": "łoś", "unit": str(unit.id)}))
    assert "Łoś&lt;b&gt;" in page
    assert "Nobody fits" in text(client.get("/people/", {"q": "nobody"}))
    # What cannot be a filter is named, and the list is shown.
    assert client.get("/people/", {"unit": "x", "page": "999"}).status_code == 200
    assert client.get("/people/", {"q": "\0"}).status_code == 200


def test_a_person_is_added_placed_and_ended(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    unit = factories.unit(works)
    boss = factories.person(works)
    response = client.post(
        "/people/new/", {"number": "N1", "given_name": "Zoë", "family_name": "Maj"}
    )
    person = Person.objects.get(number="N1")
    assert response.url == f"/people/{person.id}/"
    response = client.post(
        f"/people/{person.id}/employ/",
        {"unit": unit.id, "manager": boss.number, "starts_on": "2024-01-01"},
    )
    assert response.status_code == 302
    employment = person.employments.get()
    assert employment.manager == boss
    assert unit.name in text(client.get(f"/people/{person.id}/"))
    response = client.post(f"/people/employments/{employment.id}/end/", {"ends_on": "2024-02-01"})
    assert response.status_code == 302
    employment.refresh_from_db()
    assert employment.ends_on == dt.date(2024, 2, 1)
    client.post(
        f"/people/{person.id}/edit/", {"number": "N1", "given_name": "Zoë", "family_name": "Mai"}
    )
    person.refresh_from_db()
    assert person.family_name == "Mai"


def test_bad_input_keeps_what_was_typed_and_names_the_mend(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    factories.person(works, number="N1")
    response = client.post(
        "/people/new/", {"number": "n1", "family_name": "Maj", "email": "nonsense"}
    )
    assert response.status_code == 422
    assert "no email address" in text(response)
    assert 'value="nonsense"' in text(response)
    response = client.post("/people/new/", {"number": "n1", "family_name": "Maj"})
    assert "Another person has this personnel number" in text(response)
    person = factories.person(works)
    response = client.post(
        f"/people/{person.id}/employ/",
        {"unit": factories.unit(works).id, "manager": "nobody", "starts_on": "2024-13-01"},
    )
    assert "Give a day, such as" in text(response)
    response = client.post(
        f"/people/{person.id}/employ/",
        {"unit": factories.unit(works).id, "manager": "nobody", "starts_on": "2024-12-01"},
    )
    assert "Nobody has this personnel number" in text(response)
    assert not person.employments.exists()


def test_another_organization_s_unit_cannot_be_chosen(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    foreign = factories.unit(factories.organization())
    person = factories.person(works)
    response = client.post(
        f"/people/{person.id}/employ/", {"unit": foreign.id, "starts_on": "2024-12-01"}
    )
    assert response.status_code == 422
    assert not person.employments.exists()


def test_a_manager_sees_their_people_and_a_worker_themself(works: Organization) -> None:
    boss = factories.actor(works, Role.MANAGER)
    unit = factories.unit(works, manager=boss.person)
    mine = factories.person(works, in_unit=unit)
    other = factories.person(works, in_unit=factories.unit(works))
    client = browser(boss)
    page = text(client.get("/people/"))
    assert str(mine.id) in page
    assert str(other.id) not in page
    assert client.get(f"/people/{mine.id}/").status_code == 200
    assert client.get(f"/people/{other.id}/").status_code == 403
    worker = factories.actor(works, Role.WORKER)
    client = browser(worker)
    assert client.get("/people/").status_code == 403
    assert worker.person is not None
    assert client.get(f"/people/{worker.person.id}/").status_code == 200
    assert client.get(f"/people/{mine.id}/").status_code == 403
    assert client.get(f"/people/{uuid.uuid4()}/").status_code == 404


def test_places_are_made_and_shown_as_a_tree(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    assert "No units yet" in text(client.get("/people/units/"))
    assert "no site yet" in text(client.get("/people/units/new/"))
    client.post("/people/units/sites/new/", {"code": "HAM", "name": "Hamburg", "country": "de"})
    site = Site.objects.get(organization=works)
    client.post("/people/units/new/", {"code": "H", "name": "Hall", "site": site.id})
    hall = Unit.objects.get(code="H")
    boss = factories.person(works)
    client.post(
        "/people/units/new/",
        {"code": "L", "name": "Line", "site": site.id, "parent": hall.id, "manager": boss.number},
    )
    line = Unit.objects.get(code="L")
    assert (line.parent, line.manager) == (hall, boss)
    client.post(f"/people/units/{line.id}/stations/new/", {"code": "10", "name": "Press"})
    assert Station.objects.get().unit == line
    client.post(
        "/people/units/shifts/new/",
        {"code": "N", "name": "Night", "starts_at": "22:00", "ends_at": "06:00"},
    )
    assert Shift.objects.get().starts_at == dt.time(22)
    factories.person(works, in_unit=line)
    page = text(client.get("/people/units/"))
    for word in ("Hamburg", "Hall", "Line", "Night", boss.name):
        assert word in page
    page = text(client.get(f"/people/units/{line.id}/"))
    assert "Press" in page
    # A unit is not offered below itself, and cannot be put there by hand.
    response = client.post(
        f"/people/units/{hall.id}/edit/", {"name": "Hall", "site": site.id, "parent": line.id}
    )
    assert response.status_code == 422
    client.post(f"/people/units/{line.id}/edit/", {"name": "Line 2", "site": site.id})
    line.refresh_from_db()
    assert (line.name, line.parent, line.manager) == ("Line 2", None, None)


def test_a_taken_code_is_named(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    unit = factories.unit(works, code="U1")
    response = client.post(
        "/people/units/new/", {"code": "u1", "name": "Again", "site": unit.site_id}
    )
    assert "This code is taken" in text(response)
    assert 'value="Again"' in text(response)


def test_the_list_of_former_people(works: Organization) -> None:
    client = browser(factories.actor(works, Role.ADMINISTRATOR, person=None))
    gone = factories.person(works, in_unit=factories.unit(works))
    gone.employments.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    page = text(client.get("/people/", {"former": "on"}))
    assert gone.name in page
    assert "not employed today" in page
