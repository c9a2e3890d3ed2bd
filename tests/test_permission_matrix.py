"""Every action and every address with every role, against the tables beside this file."""

from __future__ import annotations

import copy
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from guildmark.audit.models import AuditEvent
from guildmark.organizations.access import actions, allows
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Account, Membership, Person, Role
from tests.permission_forms import FORMS, Named
from tests.permission_urls import URLS, Place
from tests.permissions_table import ACTIONS, EVERYBODY, ONESELF, READING
from tests.support import factories
from tests.support.samples import Arguments, Sample, Samples
from tests.support.web import browser

CLOSED = {403, 404}
FRAMES = ("base", "public")
BLOCKS = ("title", "heading", "actions", "content")
ERROR_PAGES = ("no_permission", "not_found", "no_organization")
SIGN_IN = "/sign-in/?next="
NAMED_MANAGERS = frozenset({Role.MANAGER, Role.WORKER})


# Actions


@pytest.mark.django_db
class TestActions:
    """What each role may do, whatever the door."""

    def test_the_table_is_complete(self) -> None:
        assert set(actions()) == set(ACTIONS)

    @pytest.mark.parametrize("role", Role)
    def test_each_role_may_do_what_the_table_says(self, role: Role) -> None:
        actor = factories.actor(factories.organization(), role)
        allowed = {action for action in ACTIONS if allows(actor, action)}
        assert allowed == {action for action, roles in ACTIONS.items() if role in roles}

    def test_no_role_at_all_may_do_only_what_everybody_may(self) -> None:
        actor = factories.actor(factories.organization())
        allowed = {action for action in ACTIONS if allows(actor, action)}
        assert allowed == {action for action, roles in ACTIONS.items() if roles == EVERYBODY}

    def test_an_auditor_changes_nothing_but_what_is_their_own(self) -> None:
        allowed = {action for action, roles in ACTIONS.items() if Role.AUDITOR in roles}
        assert allowed - READING <= ONESELF

    def test_another_organization_s_object_is_allowed_to_nobody(self) -> None:
        owner, stranger = factories.organization(), factories.organization()
        foreign = factories.person(stranger)
        everything = factories.actor(owner, *Role)
        for actor in (everything, operator_of(owner)):
            assert not [action for action in ACTIONS if allows(actor, action, foreign)]


# Addresses


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all addresses of pages; the API has a table of its own."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith("api/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from names(pattern, path)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{path} has no name"
            yield pattern.name


def address_of(name: str) -> str:
    return URLS[name].address or name


def test_the_table_of_addresses_is_complete() -> None:
    found, known = set(names(get_resolver())), {address_of(name) for name in URLS}
    assert found - known == set(), "say in tests/permission_urls.py who may open these"
    assert known - found == set(), "these addresses are gone"


class World:
    """Two organizations with one of everything, and somebody of each kind who asks.

    Made once for all cases, and all cases leave it as it was: each request's changes are undone.
    """

    def __init__(self) -> None:
        self.here, self.elsewhere = Samples(), Samples()
        # Two for all requests: each new one would look through all static files anew.
        self._clients = {check: Client(enforce_csrf_checks=check) for check in (False, True)}
        self._sessions: dict[uuid.UUID, str] = {}
        self._made: dict[tuple[Sample, uuid.UUID], Arguments] = {}
        owner = self.here.organization
        self.members = {role: factories.member(owner, role) for role in Role}
        # Who is named as a unit's manager without having the role manages nothing.
        self.managers = {role: factories.member(owner, role) for role in NAMED_MANAGERS}
        self.managed = {role: self._managed_by(who) for role, who in self.managers.items()}
        self.everything = factories.member(owner, *Role)
        self.without_role = factories.member(owner)
        self.without_person = factories.member(owner, *Role, person=None)
        self.of_both = factories.member(owner, *Role)
        Membership.objects.create(
            account=self.of_both.account,
            organization=self.elsewhere.organization,
            person=factories.person(self.elsewhere.organization),
            roles=list(Role),
        )
        self.without_organization = factories.account()
        for account in Account.objects.filter(
            memberships__organization__in=[owner, self.elsewhere.organization]
        ).distinct():
            self._sign_in(account)
        self._sign_in(self.without_organization)
        for place in URLS.values():
            self._make_all(place)
        for form in FORMS.values():
            self.named(form, self.here)
            self.named(form, self.elsewhere)
        self._events = AuditEvent.objects.count()

    def _managed_by(self, manager: Membership) -> Person:
        unit = factories.unit(self.here.organization, manager=manager.person)
        return self.here.worker(unit)

    def _sign_in(self, account: Account) -> None:
        self._sessions[account.id] = browser(account).cookies["sessionid"].value

    def _make_all(self, place: Place) -> None:
        self.arguments(place)
        self.foreign(place)
        for who in (*self.members.values(), self.without_role):
            self.own(place, who)
        for someone in self.managed.values():
            self.arguments(place, of=someone)

    def _client(self, who: Membership | Account | None, *, check_csrf: bool = False) -> Client:
        client = self._clients[check_csrf]
        client.cookies.clear()
        if who is not None:
            account = who.account if isinstance(who, Membership) else who
            client.cookies["sessionid"] = self._sessions[account.id]
        return client

    def send(
        self,
        who: Membership | Account | None,
        name: str,
        arguments: Arguments,
        *,
        method: str = "",
        check_csrf: bool = False,
    ) -> HttpResponse:
        """The answer to somebody, by the entry's own method unless told; None is a stranger.

        Whoever may not open an address has changed nothing by asking, nor has who only looks.
        """
        client = self._client(who, check_csrf=check_csrf)
        method = method or URLS[name].method
        with undone():
            answer: Any = client.generic(method, reverse(address_of(name), kwargs=arguments), "")
            if answer.status_code in CLOSED or method == "GET":
                assert AuditEvent.objects.count() == self._events
        return cast("HttpResponse", answer)

    def keeps(self, address: str, arguments: Arguments, data: Arguments) -> bool:
        """Whether something is kept when somebody who may do everything sends this form."""
        with undone():
            self._client(self.everything).post(reverse(address, kwargs=arguments), data)
            return AuditEvent.objects.count() > self._events

    def _sample(self, sample: Sample | None, samples: Samples, of: Person) -> Arguments:
        if sample is None:
            return {}
        if (sample, of.id) not in self._made:
            self._made[sample, of.id] = sample(samples, of)
        return self._made[sample, of.id]

    def arguments(self, place: Place, *, of: Person | None = None) -> Arguments:
        """The arguments for an object of this organization: of the person, or of somebody."""
        return self._sample(place.sample, self.here, of or self.here.somebody)

    def foreign(self, place: Place) -> Arguments:
        """The arguments for another organization's object."""
        return self._sample(place.sample, self.elsewhere, self.elsewhere.somebody)

    def named(self, form: Named, of: Samples) -> tuple[Arguments, Arguments]:
        """The arguments and the form, naming an object of one of the two organizations."""
        arguments = self._sample(form.sample, self.here, self.here.somebody)
        return arguments, form.data(self.here, of)

    def own(self, place: Place, who: Membership) -> Arguments:
        """The arguments for one's own object."""
        assert who.person is not None
        return self._sample(place.own_sample or place.sample, self.here, who.person)

    def is_nobodys(self, place: Place) -> bool:
        """Whether it is the same object whoever asks: the organization's, or none at all."""
        return self.own(place, self.without_role) == self.arguments(place)


def guessed(arguments: Arguments) -> Arguments:
    """Identifiers of the same kind that nothing has."""

    def guess(value: Any) -> Any:
        if isinstance(value, int):
            return 2_000_000_000
        return uuid.uuid4() if isinstance(value, uuid.UUID) else secrets.token_urlsafe(32)

    return {key: guess(value) for key, value in arguments.items()}


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the end what is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_open(answer: HttpResponse) -> bool:
    return answer.status_code not in CLOSED


def is_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)


ALL = sorted(URLS)
WITH_OBJECT = [name for name in ALL if URLS[name].sample]
CLOSED_TO_STRANGERS = [name for name in ALL if not URLS[name].is_public]
OF_AN_ORGANIZATION = [
    name for name in WITH_OBJECT if not (URLS[name].is_public or URLS[name].is_everyones)
]


@contextmanager
def bare_pages() -> Iterator[None]:
    """Leave the frame around pages away, and of the pages of errors all but their message.

    So the many answers are made in half the time, and two errors can be compared.
    """
    frame = "".join(f"{{% block {name} %}}{{% endblock %}}" for name in BLOCKS)
    bare = {f"guildmark/{name}.html": frame for name in FRAMES}
    bare |= {f"guildmark/errors/{name}.html": "{{ error.message }}" for name in ERROR_PAGES}
    engine: dict[str, Any] = copy.deepcopy(settings.TEMPLATES[0])
    del engine["APP_DIRS"]
    found = [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    engine["OPTIONS"]["loaders"] = [
        ("django.template.loaders.locmem.Loader", bare),
        ("django.template.loaders.cached.Loader", found),
    ]
    with override_settings(TEMPLATES=[engine]):
        yield


@pytest.fixture(scope="class")
def world(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock(), bare_pages(), undone():
        yield World()


@pytest.fixture
def open_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.mark.usefixtures("world", "open_database")
class TestAddresses:
    """Who opens which address, and whose objects are there for them."""

    @pytest.mark.parametrize("name", ALL)
    def test_each_role_opens_what_the_table_says(self, world: World, name: str) -> None:
        place = URLS[name]
        arguments = world.arguments(place)
        opened = {
            role for role, who in world.members.items() if is_open(world.send(who, name, arguments))
        }
        assert opened == place.roles

    @pytest.mark.parametrize("name", [name for name in ALL if URLS[name].method == "GET"])
    def test_each_role_sends_the_forms_that_the_table_says(self, world: World, name: str) -> None:
        place = URLS[name]
        arguments = world.arguments(place)
        if world.send(None, name, arguments, method="POST").status_code == 405:
            assert place.writers is None, "there is no form"
            return
        opened = {
            role
            for role, who in world.members.items()
            if is_open(world.send(who, name, arguments, method="POST"))
        }
        assert opened == (place.roles if place.writers is None else place.writers)

    @pytest.mark.parametrize("name", WITH_OBJECT)
    def test_each_role_opens_its_own(self, world: World, name: str) -> None:
        place = URLS[name]
        if world.is_nobodys(place):
            assert place.own_roles is None, "there is nothing of one's own"
            return
        opened = {
            role
            for role, who in world.members.items()
            if is_open(world.send(who, name, world.own(place, who)))
        }
        assert opened == (place.roles if place.own_roles is None else place.own_roles)

    @pytest.mark.parametrize("name", ALL)
    def test_a_manager_opens_what_is_of_their_people(self, world: World, name: str) -> None:
        place = URLS[name]
        if world.is_nobodys(place) and place.managed_roles is None:
            return
        opened = {
            role
            for role, who in world.managers.items()
            if is_open(world.send(who, name, world.arguments(place, of=world.managed[role])))
        }
        managed_roles = place.roles if place.managed_roles is None else place.managed_roles
        assert opened == managed_roles & NAMED_MANAGERS

    @pytest.mark.parametrize("name", WITH_OBJECT)
    def test_a_manager_of_others_opens_no_more(self, world: World, name: str) -> None:
        place = URLS[name]
        answer = world.send(world.managers[Role.MANAGER], name, world.arguments(place))
        assert is_open(answer) == (Role.MANAGER in place.roles)

    @pytest.mark.parametrize("name", ALL)
    def test_without_a_role_opens_what_everybody_may(self, world: World, name: str) -> None:
        place = URLS[name]
        who = world.without_role
        answer = world.send(who, name, world.arguments(place))
        assert is_open(answer) == (place.roles == EVERYBODY)
        if world.is_nobodys(place):
            return
        own_roles = place.roles if place.own_roles is None else place.own_roles
        own = world.send(who, name, world.own(place, who))
        assert is_open(own) == (own_roles == EVERYBODY)

    @pytest.mark.parametrize("name", ALL)
    def test_without_a_person_opens_what_needs_none(self, world: World, name: str) -> None:
        place = URLS[name]
        answer = world.send(world.without_person, name, world.arguments(place))
        assert is_open(answer) == (bool(place.roles) and not place.needs_person)

    @pytest.mark.parametrize("name", OF_AN_ORGANIZATION)
    def test_another_organization_s_object_is_not_there(self, world: World, name: str) -> None:
        """Who may not open such a page at all may be told so; it tells nothing of the object."""
        place = URLS[name]
        foreign = world.foreign(place)
        for role, who in world.members.items():
            answer = world.send(who, name, foreign)
            guess = world.send(who, name, guessed(foreign))
            assert (answer.status_code, answer.content) == (guess.status_code, guess.content)
            expected = {404} if role in place.roles else CLOSED
            assert answer.status_code in expected
        for who in (world.everything, world.of_both):
            for method in ("GET", "POST"):
                answer = world.send(who, name, foreign, method=method)
                assert answer.status_code in {404, 405}

    @pytest.mark.parametrize("name", WITH_OBJECT)
    def test_a_guessed_identifier_finds_nothing(self, world: World, name: str) -> None:
        place = URLS[name]
        arguments = world.arguments(place)
        assert world.send(world.everything, name, guessed(arguments)).status_code == 404
        if place.is_public:
            assert world.send(None, name, guessed(arguments)).status_code == 404

    @pytest.mark.parametrize("name", ["item_edit", "item_remove", "item_move", "decide"])
    def test_every_identifier_of_an_address_is_looked_at(self, world: World, name: str) -> None:
        """One's own object beside another organization's, and beside a guessed one."""
        place = URLS[name]
        own, foreign = world.arguments(place), world.foreign(place)
        for key in own:
            for other in (foreign, guessed(own)):
                answer = world.send(world.everything, name, own | {key: other[key]})
                assert answer.status_code == 404

    @pytest.mark.parametrize("what", sorted(FORMS))
    def test_a_form_names_only_what_is_of_the_own_organization(
        self, world: World, what: str
    ) -> None:
        form = FORMS[what]
        assert world.keeps(form.address, *world.named(form, world.here))
        assert not world.keeps(form.address, *world.named(form, world.elsewhere))

    def test_a_public_occupation_is_everybody_s_and_stays_as_it_is(self, world: World) -> None:
        occupation = world.arguments(URLS["job_role_adopt"])
        edit = {"title": "Ours", "description": ""}
        require = {"skill": world.here.skill.id, "level": factories.iluo()[2].id, "weight": "1"}
        assert not world.keeps("job_role_edit", occupation, edit)
        assert not world.keeps("job_role", occupation, require)

    @pytest.mark.parametrize("name", ALL)
    def test_a_stranger_is_sent_to_sign_in(self, world: World, name: str) -> None:
        place = URLS[name]
        answer = world.send(None, name, world.arguments(place))
        if place.is_public:
            assert is_open(answer) == bool(place.roles)
            assert not is_sign_in(answer)
        else:
            assert is_sign_in(answer)

    @pytest.mark.parametrize("name", CLOSED_TO_STRANGERS)
    def test_a_stranger_learns_nothing_of_what_is_there(self, world: World, name: str) -> None:
        place = URLS[name]
        for method in ("GET", "POST"):
            answer = world.send(None, name, guessed(world.arguments(place)), method=method)
            assert is_sign_in(answer) or answer.status_code == 405

    @pytest.mark.parametrize("name", CLOSED_TO_STRANGERS)
    def test_a_deactivated_account_is_a_stranger(self, world: World, name: str) -> None:
        arguments = world.arguments(URLS[name])
        with undone():
            Account.objects.filter(id=world.everything.account_id).update(is_active=False)
            assert is_sign_in(world.send(world.everything, name, arguments))

    @pytest.mark.parametrize("name", CLOSED_TO_STRANGERS)
    def test_an_account_without_organization_opens_nothing(self, world: World, name: str) -> None:
        arguments = world.arguments(URLS[name])
        answer = world.send(world.without_organization, name, arguments)
        # A password is the account's own.
        assert is_open(answer) == (name == "account_change_password")

    @pytest.mark.parametrize("name", [name for name in ALL if URLS[name].method == "POST"])
    def test_what_changes_something_is_not_opened_by_looking(self, world: World, name: str) -> None:
        arguments = world.arguments(URLS[name])
        answer = world.send(world.everything, name, arguments, method="GET")
        assert answer.status_code == 405 or name == "set_language"

    @pytest.mark.parametrize("name", ALL)
    def test_a_form_of_another_site_is_refused(self, world: World, name: str) -> None:
        arguments = world.arguments(URLS[name])
        answer = world.send(world.everything, name, arguments, method="POST", check_csrf=True)
        # Checking a credential changes nothing and knows nobody, so it needs no such proof.
        assert answer.status_code == 403 or name == "verify"
