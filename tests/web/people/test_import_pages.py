"""Importing an HR file in the browser: seen before it is done, refused when it would differ."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guildmark.organizations import services
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization, PeopleUpload, Person, Role, Unit
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db
DATA = "Employee ID;Last name;First name;Department;Salary\r\n1;Łoś;Zoë;A1;9\r\n2;Maj;Jan;A1;8\r\n"


@pytest.fixture
def works() -> Organization:
    owner = factories.organization()
    factories.unit(owner, code="A1", name="Assembly")
    return owner


@pytest.fixture
def admin(works: Organization) -> Actor:
    return factories.actor(works, Role.ADMINISTRATOR)


def upload(client: Client, data: str | bytes = DATA, **fields: object) -> str:
    content = data.encode("utf-8-sig") if isinstance(data, str) else data
    file = SimpleUploadedFile("hr.csv", content, content_type="text/csv")
    response = client.post("/people/import/", {"file": file, **fields})
    assert response.status_code == 302, text(response)
    address: str = response["Location"]
    return address


def fingerprint(page: str) -> str:
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def test_the_preview_shows_and_the_confirmation_does(admin: Actor) -> None:
    client = browser(admin)
    factories.person(admin.organization, number="2", family_name="Mai", given_name="Jan")
    address = upload(client)
    page = text(client.get(address))
    assert "Łoś" in page
    assert "Salary" in page
    assert "<del>Mai</del> → <ins>Maj</ins>" in page
    assert not Person.objects.filter(number="1").exists()
    response = client.post(address, {"fingerprint": fingerprint(page)}, follow=True)
    assert "1 added, 1 changed, 0 unchanged" in text(response)
    assert Person.objects.get(number="1").given_name == "Zoë"
    assert not PeopleUpload.objects.exists()
    # Sent twice, the second finds no file.
    assert client.post(address, {"fingerprint": "x"}).status_code == 404


def test_what_changed_meanwhile_is_shown_anew_without_loss(admin: Actor) -> None:
    client = browser(admin)
    address = upload(client)
    agreed = fingerprint(text(client.get(address)))
    services.create_person(actor=admin, number="1", given_name="Zoë", family_name="Other")
    response = client.post(address, {"fingerprint": agreed}, follow=True)
    page = text(response)
    assert "The data has changed since the preview" in page
    assert "<del>Other</del>" in page
    assert Person.objects.get(number="1").family_name == "Other"
    client.post(address, {"fingerprint": fingerprint(page)})
    assert Person.objects.get(number="1").family_name == "Łoś"


def test_without_a_fingerprint_nothing_is_done(admin: Actor) -> None:
    client = browser(admin)
    client.post(upload(client), {})
    assert not Person.objects.filter(number="1").exists()


def test_problems_are_listed_and_block(admin: Actor) -> None:
    client = browser(admin)
    address = upload(client, DATA + "3;X;Y;NOPE;1\r\n")
    page = text(client.get(address))
    assert "There is no unit with this code or name." in page
    assert ">4</td>" in page
    assert "fingerprint" not in page
    client.post(address, {"fingerprint": "x"})
    assert not Person.objects.filter(number="1").exists()


def test_missing_units_are_made_when_a_site_is_chosen(admin: Actor) -> None:
    client = browser(admin)
    site = Unit.objects.get(code="A1").site
    address = upload(client, DATA + "3;X;Y;NEW;1\r\n", create_units_at=str(site.id))
    page = text(client.get(address))
    client.post(address, {"fingerprint": fingerprint(page)})
    assert Unit.objects.get(code="NEW").site == site


def test_an_unchanged_file_says_so(admin: Actor) -> None:
    client = browser(admin)
    address = upload(client)
    client.post(address, {"fingerprint": fingerprint(text(client.get(address)))})
    assert "Nothing would change" in text(client.get(upload(client)))


def test_a_file_is_its_uploader_s_and_can_be_discarded(admin: Actor) -> None:
    client = browser(admin)
    address = upload(client)
    other = browser(factories.actor(admin.organization, Role.ADMINISTRATOR))
    assert other.get(address).status_code == 404
    assert other.post(address + "discard/").status_code == 404
    assert client.post(address + "discard/", follow=True).status_code == 200
    assert not PeopleUpload.objects.exists()


def test_a_new_file_replaces_the_old_and_old_ones_go(admin: Actor) -> None:
    client = browser(admin)
    other = browser(factories.actor(admin.organization, Role.PROGRAMME_OWNER))
    upload(other)
    PeopleUpload.objects.update(created_at=timezone.now() - dt.timedelta(days=3))
    upload(client)
    upload(client)
    assert PeopleUpload.objects.count() == 1


def test_no_file_an_empty_one_and_a_workbook(admin: Actor) -> None:
    client = browser(admin)
    response = client.post("/people/import/", {})
    assert response.status_code == 422
    assert "Choose a file." in text(response)
    response = client.post("/people/import/", {"file": SimpleUploadedFile("a.csv", b"")})
    assert "The file is empty" in text(response)
    assert "This is a workbook" in text(client.get(upload(client, b"PK\x03\x04....")))


def test_a_training_lead_may_import_but_not_make_units(works: Organization) -> None:
    lead = factories.actor(works, Role.PROGRAMME_OWNER)
    client = browser(lead)
    assert "create_units_at" not in text(client.get("/people/import/"))
    assert browser(factories.actor(works, Role.AUDITOR)).get("/people/import/").status_code == 403
