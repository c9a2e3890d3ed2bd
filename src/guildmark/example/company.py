"""The places, people and accounts of the example."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from random import Random

from guildmark.example.content import read
from guildmark.organizations import services
from guildmark.organizations.actor import Actor, actor_of, operator_of
from guildmark.organizations.models import (
    Organization,
    Person,
    Role,
    Unit,
)
from guildmark.organizations.people_import import apply_people_import

PASSWORD = "tested-and-marked"  # noqa: S105 - printed for everyone to try; example data only


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An account of the example to try."""

    username: str
    what: str


@dataclass(kw_only=True)
class Company:
    """What the history needs to know of the company."""

    organization: Organization
    operator: Actor
    lead: Actor
    quality: Actor
    people: list[Person]
    position_of: dict[str, str]
    """Position code by personnel number."""
    unit_of: dict[str, str]
    hired_on: dict[str, dt.date]
    assessors: list[Actor] = field(default_factory=list)
    managers: dict[str, Actor] = field(default_factory=dict)
    """Manager by unit code."""
    sign_ins: list[SignIn] = field(default_factory=list)


def build_company(random: Random) -> Company:
    """Make the organization with its places, its people (as an HR file) and its accounts."""
    content = read("company")
    organization = services.create_organization(
        name=content["name"],
        slug=content["slug"],
        country=content["country"],
        time_zone=content["time_zone"],
    )
    operator = operator_of(organization)
    places = _build_places(operator)
    rows = _hr_rows(random, organization.today())
    apply_people_import(actor=operator, data=_as_csv(rows))
    people = list(Person.objects.filter(organization=organization).order_by("number"))
    company = Company(
        organization=organization,
        operator=operator,
        lead=operator,
        quality=operator,
        people=people,
        position_of={row["number"]: row["position"] for row in rows},
        unit_of={row["number"]: row["unit"] for row in rows},
        hired_on={row["number"]: dt.date.fromisoformat(row["starts_on"]) for row in rows},
    )
    _build_staff(company, places)
    return company


def _build_places(operator: Actor) -> dict[str, Unit]:
    for shift in read("company")["shifts"]:
        services.create_shift(
            actor=operator,
            code=shift["code"],
            name=shift["name"],
            starts_at=dt.time.fromisoformat(shift["from"]),
            ends_at=dt.time.fromisoformat(shift["to"]),
        )
    for code, title in read("company")["positions"].items():
        services.create_position(actor=operator, code=code, title=title)
    sites = {
        site["code"]: services.create_site(actor=operator, **site)
        for site in read("company")["sites"]
    }
    units = {}
    for raw in read("company")["units"]:
        unit = services.create_unit(
            actor=operator, site=sites[raw["site"]], code=raw["code"], name=raw["name"]
        )
        units[raw["code"]] = unit
        for number, station in enumerate(raw["stations"], start=1):
            services.create_station(
                actor=operator, unit=unit, code=f"{raw['code']}-{number:02}", name=station
            )
    return units


def _hr_rows(random: Random, today: dt.date) -> list[dict[str, str]]:
    names = read("names")
    weights = [8 if n["language"] in {"de", "en", "pl"} else 2 for n in names]
    rows: list[dict[str, str]] = []
    taken: set[tuple[str, str]] = set()
    number = 1000
    for unit in read("company")["units"]:
        positions = [p for p, count in unit["positions"].items() for _ in range(count)]
        first = f"N{number + 1}"
        for index, position in enumerate(positions):
            number += 1
            while True:
                names_of = random.choices(names, weights)[0]
                name = (random.choice(names_of["given"]), random.choice(names_of["family"]))
                if name not in taken:
                    taken.add(name)
                    break
            days = int(random.triangular(30, 9000, 900))
            continuous = unit["code"].startswith(("HAM-A", "KTW-M", "HAM-AM"))
            shift = ["E", "L", "N"][index % 3] if continuous else "D"
            rows.append(
                {
                    "number": f"N{number}",
                    "given_name": name[0],
                    "family_name": name[1],
                    "email": "",
                    "language": "de" if names_of["language"] == "de" else "en",
                    "unit": unit["code"],
                    "position": position,
                    "manager_number": "" if index == 0 else first,
                    "shift": "D" if index == 0 else shift,
                    "starts_on": (today - dt.timedelta(days=max(days, 400))).isoformat()
                    if index == 0
                    else (today - dt.timedelta(days=days)).isoformat(),
                    "ends_on": "",
                }
            )
    return rows


def _as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _build_staff(company: Company, units: dict[str, Unit]) -> None:
    def member(username: str, what: str, person: Person | None, *roles: Role) -> Actor:
        account = services.create_account(
            actor=company.operator,
            username=username,
            name=person.name if person else what,
            email=f"{username}@norvale.example",
            password=PASSWORD,
        )
        membership = services.add_membership(
            actor=company.operator, account=account, person=person, roles=list(roles)
        )
        company.sign_ins.append(SignIn(username=username, what=what))
        return actor_of(membership, source="example")

    by_unit: dict[str, list[Person]] = {}
    for person in company.people:
        by_unit.setdefault(company.unit_of[person.number], []).append(person)

    engineers = by_unit["AAR-P"]
    company.lead = member("lead", "Training lead", engineers[1], Role.PROGRAMME_OWNER)
    company.quality = member(
        "quality", "Quality reviewer", by_unit["HAM-QA"][1], Role.QUALITY_REVIEWER
    )
    member("admin", "Administrator", None, Role.ADMINISTRATOR)
    member("auditor", "Auditor", None, Role.AUDITOR)
    for code, people in by_unit.items():
        services.set_unit_manager(actor=company.operator, unit=units[code], manager=people[0])
        username = "manager" if code == "HAM-A1" else f"manager-{code.lower()}"
        company.managers[code] = member(
            username, f"Manager of {units[code].name}", people[0], Role.MANAGER, Role.WORKER
        )
    for index, code in enumerate(["HAM-MNT", "HAM-AM", "AAR-D", "KTW-M1"]):
        username = "assessor" if index == 0 else f"assessor-{code.lower()}"
        company.assessors.append(
            member(
                username,
                f"Assessor in {units[code].name}",
                by_unit[code][2],
                Role.ASSESSOR,
                Role.WORKER,
            )
        )
    member("worker", "Worker", by_unit["HAM-A1"][4], Role.WORKER)
    member("worker2", "Worker", by_unit["HAM-AM"][5], Role.WORKER)


def build_provider() -> Organization:
    """An external provider: a tenant of its own, that Norvale sees nothing of."""
    content = read("company")["provider"]
    provider = services.create_organization(**content, is_employer=False)
    operator = operator_of(provider)
    account = services.create_account(
        actor=operator,
        username="tessera",
        name="Tessera office",
        email="office@tessera.example",
        password=PASSWORD,
    )
    services.add_membership(
        actor=operator,
        account=account,
        person=None,
        roles=[Role.ADMINISTRATOR, Role.PROGRAMME_OWNER],
    )
    return provider
