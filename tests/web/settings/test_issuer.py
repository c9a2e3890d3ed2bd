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
