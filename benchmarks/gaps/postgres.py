"""Own-role gaps of a whole organization from PostgreSQL, cold and warm, and after one award.

    python benchmarks/gaps/postgres.py [--people 100000] [--records 40]

Makes a database of its own in a folder that is thrown away, fills it by COPY (some minutes), and
asks for the overview of all units as a page does. *Cold* is the first time after the server was
started anew in a new process: nothing is in its memory, though the system may still have the files.
Prints Markdown for docs/performance.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from company import draw

UNITS = 1_000
SINCE = dt.date(2024, 1, 1)


def main() -> None:
    """Fill, then measure in a process of its own; or, with --measure, be that process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--records", type=int, default=40, help="a person")
    parser.add_argument("--folder", help="keep the database here and use it again")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        _measure()
        return
    with tempfile.TemporaryDirectory(prefix="guildmark-gaps-") as folder:
        os.environ["GUILDMARK_DATA"] = arguments.folder or folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "guildmark.config.settings"
        _in_django()
        from guildmark.organizations.models import Organization

        if not Organization.objects.exists():
            _fill(arguments.people, arguments.records)
        from django.db import connection

        from guildmark.config.database import leave_database

        connection.close()
        leave_database()
        # Where the embedded server was reached; the other process starts it anew.
        del os.environ["GUILDMARK_DATABASE_URL"]
        subprocess.run([sys.executable, __file__, "--measure"], check=True)


def _in_django() -> None:
    from guildmark.config.database import ensure_database
    from guildmark.config.environment import read_environment

    ensure_database(read_environment())
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _fill(people: int, records_each: int) -> None:
    from guildmark.organizations.models import Organization, Site
    from guildmark.skills.models import Framework
    from guildmark.skills.selectors import iluo_levels
    from guildmark.skills.services.starter import load_starter_framework

    company = draw(people=people, records_each=records_each)
    load_starter_framework()
    owner = Organization.objects.create(name="Works", slug="works", country="DE")
    site = Site.objects.create(organization=owner, code="S", name="Site")
    framework = Framework.objects.create(
        organization=owner, identifier="urn:works", version="1", title="Works", source="own"
    )
    rank_level = [str(level.id) for level in iluo_levels(with_none=True)]
    ids = {
        name: [_uuid() for _ in range(count)]
        for name, count in (
            ("unit", UNITS),
            ("position", company.roles),
            ("role", company.roles),
            ("skill", company.skills),
            ("person", people),
        )
    }
    org = str(owner.id)
    _copy(
        "organizations_unit",
        "id organization_id site_id code name",
        ((i, org, str(site.id), f"U{n}", f"Line {n}") for n, i in enumerate(ids["unit"])),
    )
    _copy(
        "organizations_position",
        "id organization_id code title",
        ((i, org, f"P{n}", f"Position {n}") for n, i in enumerate(ids["position"])),
    )
    _copy(
        "skills_jobrole",
        "id organization_id position_id identifier code title description",
        (
            (i, org, ids["position"][n], "", f"P{n}", f"Position {n}", "")
            for n, i in enumerate(ids["role"])
        ),
    )
    _copy(
        "skills_skill",
        'id framework_id identifier code label statement kind "group" translations',
        (
            (i, str(framework.id), f"urn:works:{n}", f"S{n}", f"Skill {n}", "", "skill", "", "{}")
            for n, i in enumerate(ids["skill"])
        ),
    )
    _copy(
        "skills_rolerequirement",
        "job_role_id skill_id level_id weight is_critical",
        (
            (ids["role"][role], ids["skill"][skill], rank_level[rank], weight, critical)
            for role, skill, rank, weight, critical in zip(
                company.role.tolist(),
                company.role_skill.tolist(),
                company.required.tolist(),
                company.weight.tolist(),
                company.critical.tolist(),
                strict=True,
            )
        ),
    )
    _copy(
        "organizations_person",
        "id organization_id number given_name family_name email language",
        ((i, org, f"N{n}", "Asha", f"Nowak {n}", "", "") for n, i in enumerate(ids["person"])),
    )
    _copy(
        "organizations_employment",
        "id person_id unit_id position_id starts_on",
        (
            (_uuid(), i, ids["unit"][n % UNITS], ids["position"][role], SINCE)
            for n, (i, role) in enumerate(
                zip(ids["person"], company.person_role.tolist(), strict=True)
            )
        ),
    )
    _copy(
        "skills_skillrecord",
        "id organization_id person_id skill_id level_id source note valid_from",
        (
            (_uuid(), org, ids["person"][p], ids["skill"][s], rank_level[r], "import", "", SINCE)
            for p, s, r in zip(
                company.person.tolist(), company.skill.tolist(), company.level.tolist(), strict=True
            )
        ),
    )
    _execute("VACUUM ANALYZE")


def _uuid() -> str:
    from guildmark.identifiers import uuid7

    return str(uuid7())


def _copy(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    from django.db import connection

    started, count = time.perf_counter(), 0
    statement = f"COPY {table} ({', '.join(columns.split())}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    print(f"{table}: {count:,} rows in {time.perf_counter() - started:.0f} s", file=sys.stderr)


def _execute(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _measure() -> None:
    _in_django()
    from guildmark.organizations.actor import operator_of
    from guildmark.organizations.models import Employment, Organization, Person
    from guildmark.skills.gap_lists import people_numbers
    from guildmark.skills.gaps import gaps_of_person, unit_overview
    from guildmark.skills.models import RoleRequirement, SkillRecord

    owner = Organization.objects.get(slug="works")
    actor = operator_of(owner)
    print(f"| {Person.objects.count():,} people, {SkillRecord.objects.count():,} records | s |")
    print("|---|--:|")

    def timed(what: str, work: Any, times: int = 1) -> Any:
        took, found = [], None
        for _ in range(times):
            started = time.perf_counter()
            found = work()
            took.append(time.perf_counter() - started)
        print(f"| {what} | {min(took):.3f} |", flush=True)
        return found

    before = timed("all units, cold", lambda: unit_overview(actor))
    timed("all units, warm", lambda: unit_overview(actor), 3)
    timed("all people, as a list", lambda: people_numbers(actor)[:50], 3)
    print(f"<!-- {before.total} -->")
    person = Person.objects.filter(organization=owner).order_by("number")[0]
    timed("one person", lambda: gaps_of_person(actor, person), 3)
    employment = Employment.objects.get(person=person)
    needed = RoleRequirement.objects.filter(job_role__position=employment.position_id).order_by(
        "-level__rank"
    )
    gaps = gaps_of_person(actor, person)
    assert gaps is not None
    cell = gaps.open_cells[0]
    level = needed.get(skill=cell.skill).level

    def award() -> None:
        SkillRecord.objects.create(
            organization=owner,
            person=person,
            skill=cell.skill,
            level=level,
            source=SkillRecord.Source.IMPORT,
            valid_from=actor.today,
        )

    timed("one record more", award)
    after = timed("all units after it", lambda: unit_overview(actor))
    assert after.total.open_gaps == before.total.open_gaps - 1
    print(
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", file=sys.stderr
    )


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
