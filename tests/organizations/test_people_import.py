"""What an HR file does: planned, applied, refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.audit.models import AuditEvent
from guildmark.audit.verification import verify_chain
from guildmark.errors import ConflictError, NotAllowedError, NotFoundError
from guildmark.organizations import services
from guildmark.organizations.actor import Actor, operator_of
from guildmark.organizations.models import Employment, Person, Position, Role, Shift, Unit
from guildmark.organizations.people_import import (
    PeopleImportInvalidError,
    PeopleImportPlan,
    apply_people_import,
    plan_people_import,
)
from tests.support import factories

pytestmark = pytest.mark.django_db
HEAD = (
    "number,given_name,family_name,email,language,unit,position,position_title,"
    "manager_number,shift,starts_on,ends_on"
)


@pytest.fixture
def operator() -> Actor:
    """The operator of an organization with two units and a shift."""
    owner = services.create_organization(name="Works", slug="works", country="DE")
    actor = operator_of(owner)
    site = services.create_site(actor=actor, code="HAM", name="Hamburg")
    services.create_unit(actor=actor, site=site, code="A1", name="Assembly")
    services.create_unit(actor=actor, site=site, code="W1", name="Welding")
    services.create_shift(
        actor=actor, code="E", name="Early", starts_at=dt.time(6), ends_at=dt.time(14)
    )
    return actor


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def one(number: str) -> Person:
    return Person.objects.get(number=number)


def places(number: str) -> list[tuple[str, str, str]]:
    rows = Employment.objects.filter(person__number=number).order_by("starts_on")
    return [(e.unit.code, str(e.starts_on), str(e.ends_on or "")) for e in rows]


def reasons(plan: PeopleImportPlan) -> list[tuple[int | None, str, str]]:
    return [(p.line, p.column, p.reason) for p in plan.problems]


def test_a_file_adds_people_whose_manager_comes_later(operator: Actor) -> None:
    data = csv(
        "1,Zoë,Núñez,zoe@example.com,es,A1,WLD,Welder,2,E,2024-02-01,",
        '2,"Jan\n Piotr",Łoś,,,A1,,Team lead,,,2020-01-01,',
    )
    plan = apply_people_import(actor=operator, data=data, file_name="hr.csv")
    assert [row.number for row in plan.added] == ["1", "2"]
    employment = Employment.objects.get(person__number="1")
    assert employment.manager == one("2")
    assert employment.shift == Shift.objects.get()
    assert (employment.position.code, employment.position.title) == ("WLD", "Welder")  # type: ignore[union-attr]
    assert one("2").given_name == "Jan Piotr"
    assert Position.objects.filter(code="TEAM-LEAD").exists()
    assert plan.new_positions == ("Welder", "Team lead")
    assert AuditEvent.objects.filter(action="people.add").count() == 2
    summary = AuditEvent.objects.get(action="people.import")
    assert summary.details["added"] == 2
    assert summary.details["file"] == "hr.csv"
    assert not verify_chain(operator.organization).faults


def test_a_second_import_changes_only_what_changed(operator: Actor) -> None:
    rows = [f"{n},Ana,Name{n},,,A1,,Fitter,,E,2020-01-01," for n in range(1, 6)]
    apply_people_import(actor=operator, data=csv(*rows))
    before = AuditEvent.objects.count()
    again = apply_people_import(actor=operator, data=csv(*rows))
    assert not again.changed
    assert len(again.unchanged) == 5
    assert AuditEvent.objects.count() == before + 1
    rows[2] = "3,Ana,Renamed,,,A1,,Fitter,,,2020-01-01,"
    plan = apply_people_import(actor=operator, data=csv(*rows))
    assert [(c.field, c.before, c.after) for c in plan.changed[0].changes] == [
        ("family_name", "Name3", "Renamed"),
        ("shift", "E", ""),
    ]
    event = AuditEvent.objects.get(action="people.edit")
    assert event.object_id == one("3").id
    assert event.details["changes"]["shift"] == {"before": "E", "after": ""}


def test_a_column_that_is_missing_leaves_its_field_alone(operator: Actor) -> None:
    apply_people_import(actor=operator, data=csv("1,Ana,Sol,a@example.com,es,A1,,Fitter,,E,,"))
    plan = apply_people_import(actor=operator, data=csv("1,Solé", head="Employee ID,Last Name"))
    assert [c.field for c in plan.changed[0].changes] == ["family_name"]
    assert one("1").email == "a@example.com"
    assert Employment.objects.get().shift is not None


def test_people_absent_from_the_file_are_untouched(operator: Actor) -> None:
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,2020-01-01,"))
    apply_people_import(actor=operator, data=csv("2,C,D,,,A1,,,,,2020-01-01,"))
    assert places("1") == [("A1", "2020-01-01", "")]


def test_a_move_ends_one_employment_and_begins_another(operator: Actor) -> None:
    today = timezone.localdate()
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,Fitter,,E,2020-01-01,"))
    # The day of hiring is repeated, so the move takes effect today.
    data = csv("1,A,B,,,W1,,Fitter,,E,2020-01-01,")
    plan = apply_people_import(actor=operator, data=data)
    yesterday = str(today - dt.timedelta(days=1))
    assert places("1") == [("A1", "2020-01-01", yesterday), ("W1", str(today), "")]
    assert {c.field: c.after for c in plan.changed[0].changes}["unit"] == "W1"
    assert apply_people_import(actor=operator, data=data).unchanged == ("1",)


def test_a_move_with_a_later_first_day_takes_effect_then(operator: Actor) -> None:
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,2020-01-01,"))
    data = csv("1,A,B,,,W1,,,,,2023-05-02,")
    apply_people_import(actor=operator, data=data)
    assert places("1") == [("A1", "2020-01-01", "2023-05-01"), ("W1", "2023-05-02", "")]
    assert apply_people_import(actor=operator, data=data).unchanged == ("1",)


def test_leaving_and_coming_back(operator: Actor) -> None:
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,2020-01-01,"))
    left = csv("1,A,B,,,A1,,,,,2020-01-01,2022-06-30")
    apply_people_import(actor=operator, data=left)
    assert places("1") == [("A1", "2020-01-01", "2022-06-30")]
    assert apply_people_import(actor=operator, data=left).unchanged == ("1",)
    back = csv("1,A,B,,,W1,,,,,2024-01-01,")
    apply_people_import(actor=operator, data=back)
    assert places("1")[1:] == [("W1", "2024-01-01", "")]
    assert apply_people_import(actor=operator, data=back).unchanged == ("1",)


def test_a_wrong_first_day_is_corrected_in_place(operator: Actor) -> None:
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,2020-01-01,"))
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,2019-12-01,"))
    assert places("1") == [("A1", "2019-12-01", "")]


def test_a_row_that_is_broken_off_adds_nobody(operator: Actor) -> None:
    plan = plan_people_import(actor=operator, data=csv("4715,Kurz,Zeile"))
    (problem,) = plan.problems
    assert (problem.line, problem.value, len(plan.added)) == (2, "4715 | Kurz | Zeile", 0)
    assert problem.reason.startswith("The row has 3 cells, the heading ")
    assert "separators" in problem.mend


def test_every_bad_line_is_named_with_column_reason_and_mend(operator: Actor) -> None:
    data = csv(
        "1,A,B,,,A1,,,,,2020-01-01,",
        '2,"A\nB",C,not an address,,NOPE,,,,,31.03.2024,',
        "1,A,B,,,A1,,,,,,",
        ",A,,,,A1,,,,,,",
        "5,A,B,,,A1,,,5,,,",
        "6,A,B,,,A1,,,77,Q,2024-02-30,",
        "7,A,B,,,A1,,,,,2024-02-01,2024-01-01",
        "8,A,B,,,A1,,,,,2024-02-01,,,surplus",
    )
    plan = plan_people_import(actor=operator, data=data)
    found = [(p.line, p.column) for p in plan.problems]
    # The quoted cell of line 3 ends in line 4, as an editor counts.
    assert found == [
        (3, "email"),
        (3, "starts_on"),
        (5, "number"),
        (6, "family_name"),
        (6, "number"),
        (7, "manager_number"),
        (8, "starts_on"),
        (9, "ends_on"),
        (10, ""),
    ]
    assert all(p.reason and p.mend for p in plan.problems)
    assert plan.problems[1].mend == "Write it as 2024-03-31."
    with pytest.raises(PeopleImportInvalidError) as raised:
        apply_people_import(actor=operator, data=data)
    assert raised.value.plan.problems == plan.problems
    assert not Person.objects.exists()


def test_unknown_units_and_shifts_and_managers_are_problems(operator: Actor) -> None:
    plan = plan_people_import(actor=operator, data=csv("6,A,B,,,NOPE,,,77,Q,,"))
    assert [(p.column, p.value) for p in plan.problems] == [
        ("manager_number", "77"),
        ("shift", "Q"),
        ("unit", "NOPE"),
    ]


def test_missing_units_are_made_at_a_site_when_asked(operator: Actor) -> None:
    site = Unit.objects.first().site  # type: ignore[union-attr]
    data = csv(
        "1,Press Shop and Maintenance of the Northern Halls,A,2020-01-01",
        "2,press shop and maintenance of the northern halls,B,2020-01-01",
        "3,assembly,C,2020-01-01",
        head="Employee ID;Department;Surname;Hire Date".replace(";", ","),
    )
    plan = apply_people_import(actor=operator, data=data, create_units_at=site)
    assert len(plan.new_units) == 1
    made = Unit.objects.get(name__startswith="Press")
    assert len(made.code) <= 40
    assert places("2")[0][0] == made.code
    assert places("3")[0][0] == "A1"
    assert apply_people_import(actor=operator, data=data).unchanged == ("1", "2", "3")


def test_circles_of_managers_are_refused(operator: Actor) -> None:
    data = csv("1,A,B,,,A1,,,2,,,", "2,C,D,,,A1,,,3,,,", "3,E,F,,,A1,,,1,,,", "4,G,H,,,A1,,,1,,,")
    plan = plan_people_import(actor=operator, data=data)
    assert {p.line for p in plan.problems} <= {2, 3, 4}
    assert plan.problems


def test_a_circle_closed_by_a_person_outside_the_file_is_refused(operator: Actor) -> None:
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,,", "2,C,D,,,A1,,,1,,,"))
    plan = plan_people_import(actor=operator, data=csv("1,A,B,,,A1,,,2,,,"))
    assert [p.column for p in plan.problems] == ["manager_number"]


def test_another_hr_system_s_headings_are_understood(operator: Actor) -> None:
    text = (
        "Personalnummer;Nachname;Vorname;E-Mail;Abteilung;Stellenbezeichnung;Eintritt;Gehalt\r\n"
        "0815;Müller;Jörg;j@example.de;a1;Schweißer;2021-03-01;50000\r\n"
    )
    for data in (text.encode("utf-8-sig"), text.encode("utf-16"), text.encode()):
        plan = plan_people_import(actor=operator, data=data)
        assert not plan.problems
        assert plan.ignored_columns == ("Gehalt",)
        assert plan.added[0].name == "Jörg Müller"
    old = plan_people_import(actor=operator, data=text.encode("cp1252"))
    assert old.added[0].name == "Jörg Müller"
    assert "Windows-1252" in old.notes[0]
    assert "line 2" in old.notes[0]


def test_one_column_for_the_name_is_split(operator: Actor) -> None:
    data = csv('1,"Nowak, Asha Maria"', "2,Jan van Dyk", head="Emp. ID,Employee Name")
    plan = plan_people_import(actor=operator, data=data)
    assert [row.name for row in plan.added] == ["Asha Maria Nowak", "Jan van Dyk"]


def test_a_missing_required_column_is_named_with_what_was_found(operator: Actor) -> None:
    plan = plan_people_import(actor=operator, data=csv("a,b", head="First name,Salary"))
    assert [p.column for p in plan.problems] == ["number", "family_name"]
    assert "First name, Salary" in plan.problems[0].reason


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"number,family_name\n1,\x81\xff", "no encoding"),
        (b"number,family_name\n1,a\0b", "zero bytes"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_what_is_no_csv_is_said_plainly(operator: Actor, data: bytes, part: str) -> None:
    plan = plan_people_import(actor=operator, data=data)
    assert part in plan.problems[0].reason
    with pytest.raises(PeopleImportInvalidError):
        apply_people_import(actor=operator, data=data)


def test_an_agreed_plan_is_refused_when_the_data_has_changed(operator: Actor) -> None:
    data = csv("1,A,B,,,A1,,,,,2020-01-01,")
    plan = plan_people_import(actor=operator, data=data)
    services.create_person(actor=operator, number="1", given_name="A", family_name="Other")
    with pytest.raises(ConflictError):
        apply_people_import(actor=operator, data=data, expected=plan.fingerprint)
    assert one("1").family_name == "Other"
    fresh = plan_people_import(actor=operator, data=data)
    apply_people_import(actor=operator, data=data, expected=fresh.fingerprint)
    assert one("1").family_name == "B"


def test_another_organization_is_neither_seen_nor_touched(operator: Actor) -> None:
    stranger = factories.organization()
    foreign = factories.person(stranger, number="1", in_unit=factories.unit(stranger, code="Z9"))
    data = csv("1,A,B,,,A1,,,,,2020-01-01,", "2,A,B,,,Z9,,,,,2020-01-01,")
    plan = plan_people_import(actor=operator, data=data)
    assert [(p.line, p.column) for p in plan.problems] == [(3, "unit")]
    apply_people_import(actor=operator, data=csv("1,A,B,,,A1,,,,,2020-01-01,"))
    foreign.refresh_from_db()
    assert foreign.family_name != "B"
    site = factories.unit(stranger).site
    with pytest.raises(NotFoundError):
        plan_people_import(actor=operator, data=data, create_units_at=site)


def test_who_may_import(operator: Actor) -> None:
    data = csv("1,A,B,,,A1,,,,,2020-01-01,")
    for role in Role:
        actor = factories.actor(operator.organization, role)
        if role in {Role.ADMINISTRATOR, Role.PROGRAMME_OWNER}:
            plan_people_import(actor=actor, data=data)
        else:
            with pytest.raises(NotAllowedError):
                plan_people_import(actor=actor, data=data)
    # Making units is for who may edit places.
    lead = factories.actor(operator.organization, Role.PROGRAMME_OWNER)
    with pytest.raises(NotAllowedError):
        plan_people_import(actor=lead, data=data, create_units_at=Unit.objects.all()[0].site)


def test_queries_do_not_grow_with_the_rows(operator: Actor) -> None:
    def rows(count: int, first: int) -> bytes:
        numbers = range(first, first + count)
        return csv(*(f"{n},A,B{n},,,A1,,T{n % 5},,E,2020-01-01," for n in numbers))

    with CaptureQueriesContext(connection) as few:
        apply_people_import(actor=operator, data=rows(3, 1))
    with CaptureQueriesContext(connection) as many:
        apply_people_import(actor=operator, data=rows(300, 1000))
    assert len(many) <= len(few)


def test_a_day_without_a_unit_is_named_with_its_mend(operator: Actor) -> None:
    data = (
        "Eintritt;Abteilung;Nachname;Personalnummer\n"
        "2024-02-01;A1;Sol;1\n"
        "2024-03-01;;Maj;2\n"
        ";;Łoś;3\n"
    ).encode()
    (problem,) = plan_people_import(actor=operator, data=data).problems
    assert (problem.line, problem.column, problem.value) == (3, "Eintritt", "2024-03-01")
    assert "no unit" in problem.reason
    assert "the column Abteilung" in problem.mend
    without = "Nachname,Personalnummer,Funktion\nMaj,2,Fitter\nŁoś,3,\n".encode()
    (problem,) = plan_people_import(actor=operator, data=without).problems
    assert (problem.line, problem.column, problem.value) == (2, "Funktion", "Fitter")
    assert "Add a column" in problem.mend
    # Somebody who has a place already needs no unit in the file.
    apply_people_import(actor=operator, data=b"number,name,unit\n2,Maj,A1\n")
    assert not plan_people_import(actor=operator, data=without).problems


def test_a_file_as_another_hr_system_writes_it(operator: Actor) -> None:
    """Other order, semicolons, a byte order mark, columns that mean nothing here."""
    data = (
        "\r\n".join(
            [
                "Kostenstelle;Gehalt;Austritt;Eintrittsdatum;Nachname;Vorname;Stammnummer;"
                "Geburtstag;Schicht;Vorgesetzter;Stellenbezeichnung",
                'A1;"4.200,50";;2021-05-01;Łoś;"Jan; Piotr";0007;1990-02-03;E;0009;Schweißer',
                "Welding;3900;2026-01-31;2019-11-01;Sol;Ana;0009;1985-12-24;;;Schichtleiterin",
            ]
        )
        + "\r\n"
    ).encode("utf-8-sig")
    plan = apply_people_import(actor=operator, data=data)
    assert plan.ignored_columns == ("Gehalt", "Geburtstag")
    assert [row.number for row in plan.added] == ["0007", "0009"]
    assert one("0007").given_name == "Jan; Piotr"
    assert places("0007") == [("A1", "2021-05-01", "")]
    assert places("0009") == [("W1", "2019-11-01", "2026-01-31")]
    employment = Employment.objects.get(person__number="0007")
    assert employment.manager == one("0009")
    assert employment.shift == Shift.objects.get()
    assert not apply_people_import(actor=operator, data=data).changed
