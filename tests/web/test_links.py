"""No link on a page leads its reader to a page that refuses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from guildmark.organizations.access import allows
from guildmark.organizations.actor import Actor, actor_of, operator_of
from guildmark.organizations.models import Person, Role
from guildmark.organizations.selectors import list_people
from tests.permission_urls import URLS
from tests.support import factories
from tests.support.samples import Samples
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)"')
PAGES = [
    "home",
    "people",
    "person",
    "units",
    "unit",
    "accounts",
    "account_edit",
    "organization_settings",
    "audit",
    "frameworks",
    "skill",
    "my_skills",
    "job_roles",
    "job_role",
    "gaps",
    "unit_gaps",
    "person_gaps",
    "achievements",
    "achievement",
    "exam_start",
    "exam_result",
    "practicals",
    "practical_start",
    "practical",
    "authorizations",
    "decisions",
    "decide",
    "awards",
    "award",
    "wallet",
    "wallet_credential",
]


def links(page: str, html: str) -> Iterator[str]:
    """The addresses of this site that the page links to."""
    for found in _LINK.findall(html):
        parts = urlsplit(urljoin(page, unescape(found)))
        if not parts.netloc:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


class World:
    """One of everything, some of it the reader's own and some of people they manage."""

    def __init__(self, role: Role) -> None:
        self.samples = Samples()
        owner = self.samples.organization
        membership = factories.member(owner, role)
        assert membership.person is not None
        self.actor = actor_of(membership, source="web")
        self.reader: Person = membership.person
        unit = factories.unit(owner, manager=self.reader)
        self.managed = self.samples.worker(unit)
        self.reader.employments.create(unit=self.samples.unit, starts_on="2020-01-01")

    def addresses(self) -> Iterator[str]:
        """The main pages, for one's own objects and for others'."""
        everybody = [self.samples.somebody, self.managed, self.reader]
        for name in PAGES:
            place = URLS[name]
            is_of_somebody = place.own_roles is not None or place.managed_roles is not None
            for person in everybody if is_of_somebody else everybody[:1]:
                arguments = place.sample(self.samples, person) if place.sample else {}
                yield reverse(name, kwargs=arguments)
        yield f"{reverse('people')}?former=on"
        yield f"{reverse('practical_start')}?version={self.samples.published.id}&q=a"


def crawl(client: Client, addresses: Iterator[str]) -> dict[str, str]:
    """What refuses the reader, with a page that links to it."""
    linked: dict[str, str] = {}
    opens: dict[str, int] = {}
    for page in addresses:
        answer = client.get(page)
        opens[page] = answer.status_code
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            for link in links(page, text(answer)):
                linked.setdefault(link, page)
    assert len(linked) > 15
    return {
        link: page
        for link, page in linked.items()
        if (opens.get(link) or client.get(link).status_code) in {403, 404, 500}
    }


@pytest.mark.parametrize("role", Role)
def test_no_link_is_refused(role: Role) -> None:
    world = World(role)
    assert crawl(browser(world.actor), world.addresses()) == {}


@pytest.mark.parametrize("role", Role)
def test_the_list_says_of_each_what_the_rule_says(role: Role) -> None:
    world = World(role)
    for actor in (world.actor, operator_of(world.samples.organization)):
        if allows(actor, "people.list"):
            for person in list_people(actor):
                assert person.may_view == allows(actor, "people.view", person)  # type: ignore[attr-defined]  # annotated


def test_an_assessor_finds_people_without_a_way_into_their_records() -> None:
    owner = factories.organization()
    someone = factories.person(owner, in_unit=factories.unit(owner))
    assessor: Actor = factories.actor(owner, Role.ASSESSOR)
    shown = text(browser(assessor).get(reverse("people")))
    assert someone.name in shown
    assert reverse("person", args=[someone.id]) not in shown
