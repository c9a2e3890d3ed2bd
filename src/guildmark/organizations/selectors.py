"""Reading people, places and accounts of the actor's organization."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.db.models import Count, ExpressionWrapper, Prefetch, Q, QuerySet, Value
from django.utils.translation import gettext as _

from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import (
    ApiToken,
    Employment,
    Membership,
    PeopleUpload,
    Person,
    Position,
    Role,
    Shift,
    Site,
    Station,
    Unit,
)
from guildmark.organizations.rules import STAFF

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, kw_only=True)
class UnitNode:
    """A unit in the tree: how deep it stands, who works in it and in all below it today."""

    unit: Unit
    depth: int
    people: int
    people_below: int
    stations: int

    @property
    def steps(self) -> range:
        """One for each level above, for indenting."""
        return range(self.depth)


def people(actor: Actor) -> QuerySet[Person]:
    """Everybody of the organization, for whoever has a say about all.

    For staff and assessors; a manager gets the people employed today in managed units, anybody
    else only themself.
    """
    everybody = Person.objects.filter(organization=actor.organization)
    if actor.has(Role.ASSESSOR):
        return everybody
    return everybody.filter(_may_view(actor))


def _may_view(actor: Actor) -> Q:
    """The rule `people.view`, for many people at once."""
    if actor.is_operator or actor.has(*STAFF):
        return Q()
    own = Q(id=actor.person.id) if actor.person else Q(pk__in=[])
    if actor.managed_unit_ids:
        working = employed_on(actor.today).filter(unit_id__in=actor.managed_unit_ids)
        own |= Q(id__in=working.values("person_id"))
    return own


def list_people(
    actor: Actor, *, search: str = "", unit: Unit | None = None, former: bool = False
) -> QuerySet[Person]:
    """The people the actor may list, each with `today` (their employments of today) and `may_view`.

    An assessor finds everybody but opens nobody's record: only where `may_view` is true does it
    open. `search` holds words that each occur in a name or begin the number; `unit` includes the
    units below it; `former` takes those without an employment today instead of those with one.
    """
    require(actor, "people.list")
    found = people(actor)
    working = employed_on(actor.today).filter(person__organization=actor.organization)
    if unit is not None:
        found = found.filter(
            id__in=working.filter(unit_id__in=units_below(actor, unit)).values("person_id")
        )
    elif former:
        found = found.exclude(id__in=working.values("person_id"))
    for word in search.replace("\0", "").split()[:8]:
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(number__istartswith=word)
        )
    placed = working.select_related("unit", "position", "shift")
    may_view = _may_view(actor)
    shown = ExpressionWrapper(may_view, models.BooleanField()) if may_view else Value(True)
    found = found.annotate(may_view=shown)
    return found.prefetch_related(Prefetch("employments", queryset=placed, to_attr="today"))


def get_person(actor: Actor, person_id: uuid.UUID) -> Person:
    """A person of the organization; whoever shows or changes something asks the rules as well."""
    return _get(Person.objects.filter(organization=actor.organization), person_id)


def view_person(actor: Actor, person_id: uuid.UUID) -> Person:
    """A person the actor may see, else NotAllowedError."""
    person = get_person(actor, person_id)
    require(actor, "people.view", person)
    return person


def employments_of(actor: Actor, person: Person) -> list[Employment]:
    """All employments of a person, the latest first."""
    require(actor, "people.view", person)
    return list(
        person.employments.select_related("unit__site", "position", "manager", "shift").order_by(
            "-starts_on"
        )
    )


def employed_on(day: dt.date) -> QuerySet[Employment]:
    """Employments that hold on a day, of all organizations: filter further."""
    return Employment.objects.filter(starts_on__lte=day).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    )


def sites(actor: Actor) -> QuerySet[Site]:
    """All sites."""
    return Site.objects.filter(organization=actor.organization)


def units(actor: Actor) -> QuerySet[Unit]:
    """All units."""
    return Unit.objects.filter(organization=actor.organization).select_related("site", "manager")


def managed_units(actor: Actor) -> QuerySet[Unit]:
    """The units the actor manages, with those below them."""
    return units(actor).filter(id__in=actor.managed_unit_ids)


def shifts(actor: Actor) -> QuerySet[Shift]:
    """All shifts."""
    return Shift.objects.filter(organization=actor.organization)


def positions(actor: Actor) -> QuerySet[Position]:
    """All positions."""
    return Position.objects.filter(organization=actor.organization)


def stations_of(actor: Actor, unit: Unit) -> QuerySet[Station]:
    """The work places of a unit."""
    return Station.objects.filter(unit=unit, unit__organization=actor.organization)


def get_site(actor: Actor, site_id: uuid.UUID) -> Site:
    """A site of the organization."""
    return _get(sites(actor), site_id)


def get_unit(actor: Actor, unit_id: uuid.UUID) -> Unit:
    """A unit of the organization."""
    return _get(units(actor), unit_id)


def get_position(actor: Actor, position_id: uuid.UUID) -> Position:
    """A position of the organization."""
    return _get(positions(actor), position_id)


def get_employment(actor: Actor, employment_id: uuid.UUID) -> Employment:
    """An employment of somebody of the organization."""
    rows = Employment.objects.filter(person__organization=actor.organization)
    return _get(rows.select_related("person", "unit"), employment_id)


def units_below(actor: Actor, unit: Unit) -> set[uuid.UUID]:
    """The identifiers of a unit and of all below it."""
    children: dict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
    rows = Unit.objects.filter(organization=actor.organization)
    for unit_id, parent_id in rows.values_list("id", "parent_id"):
        children[parent_id].append(unit_id)
    found: set[uuid.UUID] = set()
    waiting = [unit.id]
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting.extend(children[unit_id])
    return found


def unit_tree(actor: Actor) -> list[UnitNode]:
    """All units, each after the one above it, with today's head counts. Three queries."""
    require(actor, "places.view")
    today = actor.today
    counts = dict(
        employed_on(today)
        .filter(unit__organization=actor.organization)
        .order_by()
        .values_list("unit_id")
        .annotate(Count("person_id", distinct=True))
    )
    stations = dict(
        Station.objects.filter(unit__organization=actor.organization)
        .order_by()
        .values_list("unit_id")
        .annotate(Count("id"))
    )
    children: dict[uuid.UUID | None, list[Unit]] = defaultdict(list)
    for unit in units(actor).order_by("site__name", "name"):
        children[unit.parent_id].append(unit)

    def nodes(parent_id: uuid.UUID | None, depth: int) -> list[UnitNode]:
        found = []
        for unit in children[parent_id]:
            below = nodes(unit.id, depth + 1)
            own = counts.get(unit.id, 0)
            total = own + sum(node.people for node in below)  # `below` is flat
            found.append(
                UnitNode(
                    unit=unit,
                    depth=depth,
                    people=own,
                    people_below=total,
                    stations=stations.get(unit.id, 0),
                )
            )
            found.extend(below)
        return found

    return nodes(None, 0)


def memberships(actor: Actor, *, search: str = "") -> QuerySet[Membership]:
    """The accounts of the organization with their roles and persons."""
    require(actor, "accounts.view")
    found = Membership.objects.filter(organization=actor.organization)
    if search := search.replace("\0", "").strip():
        found = found.filter(
            Q(account__name__icontains=search) | Q(account__username__icontains=search)
        )
    return found.select_related("account", "person").order_by("account__name", "id")


def get_membership(actor: Actor, membership_id: uuid.UUID) -> Membership:
    """An account's membership of the organization."""
    return _get(memberships(actor), membership_id)


def own_membership(actor: Actor) -> Membership:
    """The membership the actor acts through; NotFoundError for the operator."""
    found = Membership.objects.filter(
        organization=actor.organization, account=actor.account
    ).select_related("account")
    membership = found.first() if actor.account else None
    if membership is None:
        raise NotFoundError(_("There is no such record here."))
    return membership


def api_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """One's own tokens."""
    return ApiToken.objects.filter(
        membership__organization=actor.organization, membership__account=actor.account
    ).select_related("membership")


def get_api_token(actor: Actor, token_id: uuid.UUID) -> ApiToken:
    """One of one's own tokens."""
    return _get(api_tokens(actor), token_id)


def get_people_upload(actor: Actor, upload_id: uuid.UUID) -> PeopleUpload:
    """A file the actor has uploaded here and not yet imported."""
    require(actor, "people.import")
    rows = PeopleUpload.objects.filter(organization=actor.organization, account=actor.account)
    return _get(rows.select_related("create_units_at"), upload_id)


def _get(rows: QuerySet[Row], row_id: uuid.UUID) -> Row:
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise NotFoundError(_("There is no such record here."))
    return found
