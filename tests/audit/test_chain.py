"""The trail is written with the change, cannot be changed, and tells when it was."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from guildmark.audit import selectors, services
from guildmark.audit.models import AuditChain, AuditEvent
from guildmark.audit.verification import ChainReport, Noted, verify_chain
from guildmark.errors import ConflictError, NotAllowedError
from guildmark.organizations.actor import Actor, operator_of
from guildmark.organizations.models import Organization, Role
from tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Organization:
    """An organization with five events."""
    owner = factories.organization()
    for n in range(5):
        note(operator_of(owner), n=n)
    return owner


def note(actor: Actor, **details: object) -> AuditEvent:
    with transaction.atomic():
        return services.record(
            actor=actor, action="test.done", target=actor.organization, details=details
        )


def tampered(statement: str, *values: object, table: str = "audit_auditevent") -> None:
    """What somebody with the right to drop the triggers can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def faults(report: ChainReport) -> list[tuple[int, str]]:
    return [(fault.sequence, fault.what) for fault in report.faults]


def test_a_sound_chain(works: Organization) -> None:
    report = verify_chain(works)
    assert (report.events, report.faults) == (5, ())


@pytest.mark.parametrize(
    "details",
    [
        {"text": "ä\u2028\U0001f600", "n": 10**30, "half": 0.1, "small": 1e-9, "zero": -0.0},
        {"list": [1, [True, None]], "map": {"b": 1, "a": {"c": ""}}},
        {"lazy": gettext_lazy("Name")},
    ],
)
def test_details_come_back_as_they_were_hashed(
    works: Organization, details: dict[str, object]
) -> None:
    note(operator_of(works), **details)
    assert not verify_chain(works).faults


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 1e300, dt.date(2024, 1, 1), {1: 2}, b"x"]
)
def test_details_that_would_come_back_otherwise_are_refused(
    works: Organization, value: object
) -> None:
    with pytest.raises((TypeError, ValueError)):
        note(operator_of(works), value=value)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:c000:201", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        (None, None),
    ],
)
def test_addresses_are_kept_one_way(works: Organization, address: str, kept: str) -> None:
    actor = Actor(organization=works, address=address, is_operator=True)
    assert AuditEvent.objects.get(id=note(actor).id).address == kept
    assert not verify_chain(works).faults


def test_several_events_are_written_as_one_chain(works: Organization) -> None:
    entries = [
        services.Entry(action="test.many", target=works, details={"n": n}) for n in range(30)
    ]
    with transaction.atomic():
        events = services.record_many(actor=operator_of(works), entries=entries)
    assert [event.sequence for event in events] == list(range(6, 36))
    assert verify_chain(works).events == 35
    assert not verify_chain(works).faults


def test_an_actor_s_long_name_is_cut(works: Organization) -> None:
    person = factories.person(works, given_name="a" * 200, family_name="b" * 200)
    note(Actor(organization=works, person=person))
    assert not verify_chain(works).faults


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor_name = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "DELETE FROM audit_auditchain",
        "TRUNCATE audit_auditchain",
    ],
)
def test_the_database_refuses_changes(works: Organization, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_changed_row_is_found(works: Organization) -> None:
    tampered("UPDATE audit_auditevent SET actor_name = 'Somebody' WHERE sequence = 3")
    assert faults(verify_chain(works)) == [(3, "was changed after it was written")]


def test_changed_details_are_found(works: Organization) -> None:
    tampered("UPDATE audit_auditevent SET details = '{\"n\": 99}' WHERE sequence = 2")
    assert faults(verify_chain(works)) == [(2, "was changed after it was written")]


def test_a_removed_row_is_found(works: Organization) -> None:
    tampered("DELETE FROM audit_auditevent WHERE sequence = 2")
    assert faults(verify_chain(works)) == [
        (3, "events after 1 are missing"),
        (3, "does not follow from the event before it"),
    ]


def test_a_cut_off_end_is_found(works: Organization) -> None:
    tampered("DELETE FROM audit_auditevent WHERE sequence >= 4")
    assert faults(verify_chain(works)) == [(3, "the end of the chain is not where its head says")]


def test_removing_everything_is_found(works: Organization) -> None:
    tampered("DELETE FROM audit_auditevent")
    assert verify_chain(works).faults
    tampered("DELETE FROM audit_auditchain", table="audit_auditchain")
    assert verify_chain(works).faults


def test_a_removed_head_is_found_and_nothing_is_written_after_it(works: Organization) -> None:
    tampered("DELETE FROM audit_auditchain", table="audit_auditchain")
    assert faults(verify_chain(works)) == [(5, "the head of the chain is missing")]
    with pytest.raises(ConflictError, match="audit verify"):
        note(operator_of(works))
    assert faults(verify_chain(works)) == [(5, "the head of the chain is missing")]


def test_a_chain_rewritten_with_its_head_is_found_by_what_was_noted(works: Organization) -> None:
    before = verify_chain(works)
    noted = Noted(sequence=before.events, hash=before.last_hash)
    note(operator_of(works))
    assert not verify_chain(works, noted=noted).faults
    tampered("DELETE FROM audit_auditevent WHERE sequence >= 5")
    last = AuditEvent.objects.get(sequence=4)
    AuditChain.objects.update(last_sequence=4, last_hash=last.hash)
    assert not verify_chain(works).faults
    assert faults(verify_chain(works, noted=noted)) == [(5, "was noted and is missing")]
    note(operator_of(works), forged=True)
    assert faults(verify_chain(works, noted=noted)) == [(5, "is not the event that was noted")]


def test_chains_of_organizations_are_apart(works: Organization) -> None:
    other = factories.organization()
    note(operator_of(other))
    tampered("UPDATE audit_auditevent SET action = 'x' WHERE organization_id = %s", other.id)
    assert not verify_chain(works).faults
    assert verify_chain(other).faults


def test_the_trail_is_filtered(works: Organization) -> None:
    auditor = factories.actor(works, Role.AUDITOR)
    person = factories.person(works, family_name="Łoś")
    with transaction.atomic():
        services.record(actor=auditor, action="people.edit", target=person)
    note(operator_of(factories.organization()))

    def found(**filters: object) -> list[int]:
        return [e.sequence for e in selectors.audit_events(auditor, **filters)]  # type: ignore[arg-type]

    today = timezone.localdate()
    day = dt.timedelta(days=1)
    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(action="people.edit") == [6]
    assert found(action="people.") == [6]
    assert found(object_id=person.id) == [6]
    assert found(object_text="łoś") == [6]
    assert found(person=auditor.name) == [6]
    assert found(since=today, until=today) == [6, 5, 4, 3, 2, 1]
    assert found(since=today + day) == []
    assert found(until=today - day) == []
    assert found(until=dt.date.max)
    assert selectors.actions_seen(auditor) == ["people.edit", "test.done"]
    with pytest.raises(NotAllowedError):
        selectors.audit_events(factories.actor(works, Role.MANAGER))
