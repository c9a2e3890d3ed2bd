"""The commands of people, the audit trail and organizations, on a database of their own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from guildmark.audit.verification import verify_chain
from guildmark.cli.audit import audit
from guildmark.cli.organizations import organizations
from guildmark.cli.people import people
from guildmark.errors import InvalidError
from guildmark.organizations import services
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Account, Membership, Organization, Person, Unit

pytestmark = pytest.mark.django_db
DATA = "Personalnummer;Nachname;Abteilung;Lohn\r\n1;Łoś;A1;9\r\n2;Maj;A1;9\r\n"


@pytest.fixture(autouse=True)
def database_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the test's database instead of bringing one up."""
    monkeypatch.setattr("guildmark.config.database.ensure_database", lambda _environment: None)


@pytest.fixture
def works() -> Organization:
    owner = services.create_organization(name="Works", slug="works", country="DE")
    actor = operator_of(owner)
    site = services.create_site(actor=actor, code="HAM", name="Hamburg")
    services.create_unit(actor=actor, site=site, code="A1", name="Assembly")
    return owner


def people_import(tmp_path: Path, data: bytes, *options: str) -> Result:
    path = tmp_path / "hr.csv"
    path.write_bytes(data)
    return CliRunner().invoke(people, ["import", str(path), "--organization", "works", *options])


def test_a_dry_run_changes_nothing_and_the_import_does(works: Organization, tmp_path: Path) -> None:
    data = DATA.encode("utf-8-sig")
    result = people_import(tmp_path, data, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "2 rows: 2 would be added, 0 would be changed, 0 unchanged." in result.output
    assert "Columns that are not read: Lohn" in result.output
    assert not Person.objects.exists()
    assert "2 added" in people_import(tmp_path, data).output
    result = people_import(tmp_path, data.replace(b"Maj", b"Mai"))
    assert "line 3, 2 Mai: family_name: Maj -> Mai" in result.output
    assert "2 rows: 0 added, 1 changed, 1 unchanged." in result.output
    assert works.audit_events.filter(action="people.import", object_name="hr.csv").count() == 2


def test_problems_are_listed_with_their_lines(works: Organization, tmp_path: Path) -> None:
    data = DATA + "3;X;NEW;1\r\n;Y;A1;1\r\n"
    result = people_import(tmp_path, data.encode())
    assert result.exit_code == 1
    assert "line 4, Abteilung: 'NEW': There is no unit" in result.stderr
    assert "line 5, Personalnummer:" in result.stderr
    assert "2 problem(s); nothing was changed." in result.stderr
    assert not Person.objects.exists()


def test_missing_units_are_made_at_the_site_named(works: Organization, tmp_path: Path) -> None:
    data = (DATA + "3;X;NEW;1\r\n").encode()
    result = people_import(tmp_path, data, "--create-units", "nowhere")
    assert result.exit_code == 2
    assert "there is: HAM" in result.output
    result = people_import(tmp_path, data, "--create-units", "ham")
    assert result.exit_code == 0, result.output
    assert "Units made: NEW" in result.output
    assert Unit.objects.filter(code="NEW", site__code="HAM").exists()


def test_without_a_site_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    services.create_organization(name="Works", slug="works", country="DE")
    result = people_import(tmp_path, DATA.encode())
    assert result.exit_code == 1
    assert "guildmark organizations add-site works MAIN --name" in result.stderr
    result = people_import(tmp_path, DATA.encode(), "--create-units", "HQ 1")
    assert result.exit_code == 2
    told = re.search(r"guildmark organizations (add-site works .*)", result.stderr)
    assert told is not None
    arguments = shlex.split(told[1])
    assert arguments[:3] == ["add-site", "works", "HQ 1"]
    # Exactly what was named does it.
    assert CliRunner().invoke(organizations, arguments).exit_code == 0
    result = people_import(tmp_path, DATA.encode(), "--create-units", "HQ 1")
    assert result.exit_code == 0, result.output
    assert Unit.objects.get().site.code == "HQ 1"
    again = people_import(tmp_path, DATA.replace("A1", "B1").encode())
    assert "--create-units with the code of the site they belong to: HQ 1." in again.stderr


def test_an_unknown_organization_lists_those_there_are(works: Organization) -> None:
    result = CliRunner().invoke(people, ["import", "-", "--organization", "x"], input="")
    assert result.exit_code == 2
    assert "there is: works" in result.output


def test_the_audit_trail_is_verified(works: Organization) -> None:
    services.create_organization(name="Other", slug="other", country="DE")
    result = CliRunner().invoke(audit, ["verify"])
    assert result.exit_code == 0, result.output
    end = re.search(r"works: 3 events, sound; ends at (3:\w+)", result.output)
    assert end is not None
    options = ["verify", "--organization", "works"]
    assert CliRunner().invoke(audit, [*options, "--noted", end[1]]).exit_code == 0
    wrong = CliRunner().invoke(audit, [*options, "--noted", "3:" + "0" * 64])
    assert wrong.exit_code == 1
    assert "works: event 3 is not the event that was noted" in wrong.stderr
    assert CliRunner().invoke(audit, [*options, "--noted", "3"]).exit_code == 2
    assert CliRunner().invoke(audit, ["verify", "--noted", end[1]]).exit_code == 2


def test_a_tampered_trail_is_named_row_by_row(works: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET actor_name = 'x' WHERE sequence = 2")
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
    result = CliRunner().invoke(audit, ["verify"])
    assert result.exit_code == 1
    assert result.stderr == "works: event 2 was changed after it was written\n"


def test_an_organization_is_made_with_its_administrator() -> None:
    arguments = ["create", "new-works", "--name", "New Works", "--country", "pl"]
    result = CliRunner().invoke(organizations, arguments)
    assert result.exit_code == 0, result.output
    password = re.search(r"Password, shown this once: (\S+)", result.output)
    assert password is not None
    membership = Membership.objects.get(organization__slug="new-works")
    assert membership.roles == ["administrator"]
    assert membership.account.check_password(password[1])
    assert not verify_chain(membership.organization).faults
    assert "new-works\tNew Works" in CliRunner().invoke(organizations, ["list"]).output


def test_both_or_neither_are_made() -> None:
    arguments = ["create", "new-works", "--name", "N", "--country", "PL", "--password-stdin"]
    result = CliRunner().invoke(organizations, arguments, input="short\n")
    assert isinstance(result.exception, InvalidError)
    assert not Organization.objects.exists()
    result = CliRunner().invoke(organizations, arguments, input="a good long phrase\n")
    assert result.exit_code == 0
    assert "phrase" not in result.output
    assert Account.objects.get().check_password("a good long phrase")


def test_a_namesake_is_warned_of_and_made_when_confirmed() -> None:
    services.create_organization(name="Norvale Works", slug="norvale", country="DE")
    arguments = ["create", "other", "--name", "Nоrvale Works", "--country", "PL"]
    result = CliRunner().invoke(organizations, arguments)
    assert result.exit_code == 2
    assert "'Norvale Works'" in result.stderr
    assert "--namesake" in result.stderr
    assert not Organization.objects.filter(slug="other").exists()
    result = CliRunner().invoke(organizations, [*arguments, "--namesake"])
    assert result.exit_code == 0, result.output


def test_the_time_zone_is_chosen_when_it_is_made() -> None:
    arguments = ["create", "kiwi", "--name", "Kiwi", "--country", "NZ"]
    result = CliRunner().invoke(organizations, [*arguments, "--time-zone", "Pacific/Aukland"])
    assert isinstance(result.exception, InvalidError)
    assert not Organization.objects.exists()
    result = CliRunner().invoke(organizations, [*arguments, "--time-zone", "Pacific/Auckland"])
    assert "Time zone: Pacific/Auckland" in result.output
    assert Organization.objects.get().time_zone == "Pacific/Auckland"
