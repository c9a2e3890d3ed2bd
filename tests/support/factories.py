"""Small true worlds for tests, made by plain rows where a service is not what is tested."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from typing import Any

from django.contrib.auth.hashers import make_password

from guildmark.organizations.actor import Actor, actor_of
from guildmark.organizations.models import (
    Account,
    Employment,
    Membership,
    Organization,
    Person,
    Position,
    Role,
    Site,
    Unit,
)
from guildmark.skills.models import Framework, ProficiencyLevel, ProficiencyScale, Skill

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)


@functools.cache
def _password_hash() -> str:
    """Hashed once: the hash is slow on purpose, and tests make many accounts."""
    return make_password(PASSWORD)


def organization(**values: Any) -> Organization:
    """An organization with a name and slug of its own."""
    n = next(_numbers)
    return Organization.objects.create(
        **{"name": f"Works {n}", "slug": f"works-{n}", "country": "DE"} | values
    )


def unit(owner: Organization, **values: Any) -> Unit:
    """A unit, on the organization's first site."""
    n = next(_numbers)
    site = Site.objects.filter(organization=owner).first() or Site.objects.create(
        organization=owner, code=f"S{n}", name=f"Site {n}"
    )
    return Unit.objects.create(
        **{"organization": owner, "site": site, "code": f"U{n}", "name": f"Unit {n}"} | values
    )


def position(owner: Organization, **values: Any) -> Position:
    """A position."""
    n = next(_numbers)
    return Position.objects.create(
        **{"organization": owner, "code": f"POS{n}", "title": f"Position {n}"} | values
    )


def person(owner: Organization, *, in_unit: Unit | None = None, **values: Any) -> Person:
    """A person; with `in_unit`, employed there since 2020 (`position=` says as what)."""
    n = next(_numbers)
    job = values.pop("position", None)
    made = Person.objects.create(
        **{
            "organization": owner,
            "number": f"P{n}",
            "given_name": "Asha",
            "family_name": f"Nowak {n}",
        }
        | values
    )
    if in_unit is not None:
        Employment.objects.create(
            person=made, unit=in_unit, position=job, starts_on=dt.date(2020, 1, 1)
        )
    return made


def account(**values: Any) -> Account:
    """An account that signs in with PASSWORD."""
    n = next(_numbers)
    made = Account(**{"username": f"user{n}", "name": f"User {n}"} | values)
    made.password = _password_hash()
    made.save()
    return made


def member(owner: Organization, *roles: Role, **values: Any) -> Membership:
    """An account with these roles; `person=None` leaves it without a person."""
    someone = values.pop("person", ...)
    if someone is ...:
        someone = person(owner)
    return Membership.objects.create(
        account=account(**values), organization=owner, person=someone, roles=list(roles)
    )


def actor(owner: Organization, *roles: Role, **values: Any) -> Actor:
    """An actor with these roles."""
    return actor_of(member(owner, *roles, **values), source="web")


def iluo() -> list[ProficiencyLevel]:
    """The levels of the ILUO scale by rank, 0 to 4."""
    scale, _ = ProficiencyScale.objects.get_or_create(
        organization=None, code="iluo", defaults={"name": "ILUO"}
    )
    names = [("–", "none"), ("I", "in training"), ("L", "alone"), ("U", "expert"), ("O", "teaches")]
    for rank, (code, label) in enumerate(names):
        ProficiencyLevel.objects.get_or_create(
            scale=scale, rank=rank, defaults={"code": code, "label": label}
        )
    return list(scale.levels.order_by("rank"))


def skill(owner: Organization | None = None, **values: Any) -> Skill:
    """A skill in the organization's own framework (or a public one)."""
    n = next(_numbers)
    framework, _ = Framework.objects.get_or_create(
        organization=owner,
        identifier="https://example.org/framework",
        version="1",
        defaults={"title": "Own skills", "source": Framework.Source.OWN},
    )
    return Skill.objects.create(
        **{
            "framework": framework,
            "identifier": f"https://example.org/skills/{n}",
            "code": f"SK-{n}",
            "label": f"Skill {n}",
        }
        | values
    )
