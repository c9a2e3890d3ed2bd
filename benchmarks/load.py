"""Load on the main pages with many rows: requests/s, p50, p95 and queries per page.

Builds a database and a data folder of its own, fills it with the example company and as many
people and awards more as asked, starts the platform, and asks for each page over loopback from
this process. Prints Markdown.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 8765
CONNECTIONS = 4


@dataclass(frozen=True, kw_only=True)
class Target:
    """A page, and as whom it is asked for; without a name as a stranger."""

    what: str
    path: str
    username: str | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one page took."""

    per_second: float
    p50_ms: float
    p95_ms: float
    kilobytes: float


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--awards", type=int, default=50_000)
    parser.add_argument("--requests", type=int, default=200, help="requests a page, at most 2,000")
    parser.add_argument("--pages", default="", help="only pages with this in their name")
    arguments = parser.parse_args()
    requests = min(arguments.requests, 2_000)
    with tempfile.TemporaryDirectory(prefix="guildmark-load-") as folder:
        os.environ["GUILDMARK_DATA"] = folder
        os.environ["GUILDMARK_PORT"] = str(PORT)
        os.environ["DJANGO_SETTINGS_MODULE"] = "guildmark.config.settings"
        targets, few, many = _prepare(arguments.people, arguments.awards, arguments.pages)
        with _platform():
            cookies = {name: _sign_in(name) for name in {t.username for t in targets if t.username}}
            size = f"{arguments.people:,} people, {arguments.awards:,} awards"
            print(f"| page | as | requests/s | p50 ms | p95 ms | kB | queries | with {size} |")
            print("|---|---|--:|--:|--:|--:|--:|--:|")
            for target in targets:
                cookie = cookies.get(target.username or "", "")
                measured = _measure(target.path, cookie, requests)
                print(
                    f"| {target.what} | {target.username or 'stranger'} "
                    f"| {measured.per_second:.0f} | {measured.p50_ms:.0f} | {measured.p95_ms:.0f} "
                    f"| {measured.kilobytes:.0f} | {few[target.what]} | {many[target.what]} |",
                    flush=True,
                )


def _prepare(
    people: int, awards: int, pages: str
) -> tuple[list[Target], dict[str, int], dict[str, int]]:
    from guildmark.config.database import ensure_database
    from guildmark.config.environment import read_environment

    ensure_database(read_environment())
    import django

    django.setup()
    from django.core.management import call_command

    from guildmark.example import services

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    _say("the example company")
    services.load()
    targets = [target for target in _targets() if pages in target.what]
    few = _count_queries(targets)
    _say(f"{people:,} people and {awards:,} awards more")
    _fill(people, awards)
    return targets, few, _count_queries(targets)


def _targets() -> list[Target]:
    from guildmark.awards.models import Award, Credential
    from guildmark.organizations.models import Membership, Organization, Unit
    from guildmark.wallet.models import ShareLink

    norvale = Organization.objects.get(slug="norvale")
    unit = Unit.objects.get(organization=norvale, code="HAM-A1")
    credential = Credential.objects.filter(award__state="active").order_by("signed_at")[0]
    link = ShareLink.objects.create(credential=credential, token="benchmark" + "0" * 34)
    award = Award.objects.filter(organization=norvale).order_by("awarded_at")[0]
    entry = credential.award.status_entries.select_related("status_list").first()
    assert entry is not None
    worker = Membership.objects.get(account__username="worker").person
    assert worker is not None
    return [
        Target(what="start", path="/", username="manager"),
        Target(what="gaps by unit", path="/gaps/", username="lead"),
        Target(what="people with gaps", path="/gaps/people/?only=gaps", username="lead"),
        Target(what="a unit's matrix", path=f"/gaps/units/{unit.id}/", username="manager"),
        Target(what="a person's gaps", path=f"/gaps/people/{worker.id}/", username="manager"),
        Target(what="people", path="/people/", username="admin"),
        Target(what="people, searched", path="/people/?q=nowak", username="admin"),
        Target(what="achievements", path="/achievements/", username="worker"),
        Target(what="awards", path="/awards/", username="lead"),
        Target(what="awards, page 500", path="/awards/?page=500", username="lead"),
        Target(what="an award", path=f"/awards/{award.id}/", username="lead"),
        Target(what="decisions", path="/decisions/", username="lead"),
        Target(what="my skills", path="/skills/mine/", username="worker"),
        Target(what="my credentials", path="/wallet/", username="worker"),
        Target(what="audit trail", path="/audit/", username="auditor"),
        Target(what="public verification", path=f"/s/{link.token}"),
        Target(what="status list", path=urllib.parse.urlsplit(entry.status_list.url).path),
        Target(what="DID document", path="/o/norvale/did.json"),
    ]


def _count_queries(targets: list[Target]) -> dict[str, int]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from guildmark.organizations.models import Account

    settings.ALLOWED_HOSTS = ["*"]
    counts = {}
    for target in targets:
        client = Client()
        if target.username:
            client.force_login(
                Account.objects.get(username=target.username), settings.AUTHENTICATION_BACKENDS[0]
            )
        client.get(target.path, follow=True)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(target.path, follow=True)
        assert response.status_code == 200, (target.path, response.status_code)
        counts[target.what] = len(captured)
    return counts


def _fill(people: int, awards: int) -> None:
    """Rows as the services would leave them, written in bulk."""
    from django.utils import timezone

    from guildmark.achievements.models import AchievementVersion
    from guildmark.awards.models import Award
    from guildmark.organizations.models import (
        Employment,
        Organization,
        Person,
        Position,
        Site,
        Unit,
    )
    from guildmark.skills.models import SkillRecord

    norvale = Organization.objects.get(slug="norvale")
    site = Site.objects.filter(organization=norvale)[0]
    positions = list(Position.objects.filter(organization=norvale))
    units = Unit.objects.bulk_create(
        Unit(organization=norvale, site=site, code=f"X{n}", name=f"Line {n}")
        for n in range(max(1, people // 100))
    )
    made = Person.objects.bulk_create(
        (
            Person(
                organization=norvale,
                number=f"X{n}",
                given_name=f"Given{n % 97}",
                family_name=f"Family{n % 389}",
            )
            for n in range(people)
        ),
        batch_size=2_000,
    )
    Employment.objects.bulk_create(
        (
            Employment(
                person=person,
                unit=units[n % len(units)],
                position=positions[n % len(positions)],
                starts_on=dt.date(2020, 1, 1),
            )
            for n, person in enumerate(made)
        ),
        batch_size=2_000,
    )
    versions = list(AchievementVersion.objects.prefetch_related("skills").filter(state="published"))
    now = timezone.now()
    granted = Award.objects.bulk_create(
        (
            Award(
                organization=norvale,
                version=versions[(n // people + n) % len(versions)],
                person=made[n % people],
                awarded_at=now - dt.timedelta(minutes=n * 7),
            )
            for n in range(min(awards, people * len(versions)))
        ),
        batch_size=2_000,
    )
    skills = {version.id: list(version.skills.all()) for version in versions}
    SkillRecord.objects.bulk_create(
        (
            SkillRecord(
                organization=norvale,
                person_id=award.person_id,
                skill_id=attested.skill_id,
                level_id=attested.level_id,
                source=SkillRecord.Source.AWARD,
                source_id=award.id,
                valid_from=award.awarded_at.date(),
            )
            for award in granted
            for attested in skills[award.version_id]
        ),
        batch_size=2_000,
        ignore_conflicts=True,
    )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _platform() -> Iterator[None]:
    """The platform as `guildmark run` starts it, stopped at the end."""
    command = [str(Path(sys.executable).parent / "guildmark"), "run", "--no-example"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_until_it_answers()
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait_until_it_answers() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if _get("/health/", "")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the platform did not start")


def _get(path: str, cookie: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def _sign_in(username: str) -> str:
    from guildmark.example.company import PASSWORD

    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", "/sign-in/")
    response = connection.getresponse()
    page = response.read().decode()
    csrf = _cookie(response, "csrftoken")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "login": username, "password": PASSWORD}
    headers = {
        "Cookie": f"csrftoken={csrf}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://localhost:{PORT}",
        "Host": f"localhost:{PORT}",
    }
    connection.request("POST", "/sign-in/", urllib.parse.urlencode(form), headers)
    response = connection.getresponse()
    response.read()
    session = _cookie(response, "sessionid")
    connection.close()
    return f"sessionid={session}"


def _cookie(response: http.client.HTTPResponse, name: str) -> str:
    for header in response.headers.get_all("Set-Cookie") or []:
        if header.startswith(f"{name}="):
            return header.split(";")[0].split("=", 1)[1]
    raise SystemExit(f"no cookie {name}: {response.status}")


def _measure(path: str, cookie: str, requests: int) -> Measured:
    for _ in range(4):
        _get(path, cookie)
    share = max(1, requests // CONNECTIONS)

    def run(_: int) -> tuple[list[float], int]:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        times, size = [], 0
        for _n in range(share):
            started = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            response = connection.getresponse()
            body = response.read()
            times.append(time.perf_counter() - started)
            assert response.status == 200, (path, response.status)
            size = len(body)
        connection.close()
        return times, size

    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        results = list(pool.map(run, range(CONNECTIONS)))
    elapsed = time.perf_counter() - started
    times = sorted(one for found, _size in results for one in found)
    return Measured(
        per_second=len(times) / elapsed,
        p50_ms=1000 * statistics.median(times),
        p95_ms=1000 * times[int(len(times) * 0.95) - 1],
        kilobytes=results[0][1] / 1000,
    )


def _say(what: str) -> None:
    print(f"making {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
