"""Becoming an issuer and changing the key, on the page."""

from __future__ import annotations

import pytest

from guildmark.awards.models import IssuerKey, IssuerProfile
from guildmark.organizations.models import Role
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


def test_an_administrator_makes_the_organization_an_issuer() -> None:
    works = factories.organization()
    client = browser(factories.actor(works, Role.ADMINISTRATOR))
    assert "Become an issuer" in text(client.get("/settings/issuer/"))
    wrong = client.post("/settings/issuer/", {"name": "Works", "url": "ftp://x"})
    assert "https://" in text(wrong)
    assert 'value="ftp://x"' in text(wrong)
    client.post("/settings/issuer/", {"name": "Works", "url": "https://works.example"})
    assert IssuerProfile.objects.get(organization=works).name == "Works"
    client.post("/settings/issuer/new-key/")
    assert IssuerKey.objects.filter(profile__organization=works).count() == 2
    assert IssuerKey.objects.filter(profile__organization=works, valid_until=None).count() == 1


def test_nobody_else_does() -> None:
    works = factories.organization()
    client = browser(factories.actor(works, Role.PROGRAMME_OWNER))
    assert client.get("/settings/issuer/").status_code == 403
    assert client.post("/settings/issuer/new-key/").status_code == 403


def test_a_namesake_is_asked_about() -> None:
    factories.organization(name="Norvale Works")
    other = factories.organization()
    client = browser(factories.actor(other, Role.ADMINISTRATOR))
    assert "namesake_confirmed" not in text(client.get("/settings/issuer/"))
    form = {"name": "Nоrvale Works", "url": "", "description": "Kept"}
    asked = client.post("/settings/issuer/", form)
    assert asked.status_code == 422
    assert "looks the same" in text(asked)
    assert 'name="namesake_confirmed"' in text(asked)
    assert "Kept" in text(asked)
    client.post("/settings/issuer/", form | {"namesake_confirmed": "on"})
    assert IssuerProfile.objects.get(organization=other).name == "Nоrvale Works"
    form = {"name": "NORVALE works", "country": "DE", "language": "en", "time_zone": "UTC"}
    assert 'name="namesake_confirmed"' in text(client.post("/settings/organization/", form))
    client.post("/settings/organization/", form | {"namesake_confirmed": "on"})
    other.refresh_from_db()
    assert other.name == "NORVALE works"
