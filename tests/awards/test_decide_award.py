"""Deciding: who may, on what, and that nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from guildmark.audit.models import AuditEvent
from guildmark.awards import services, status_lists, tasks
from guildmark.awards.models import Award, Credential, Decision, StatusEntry, StatusList
from guildmark.awards.services.decide_award import add_months
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from guildmark.skills.models import SkillRecord
from tests.support import awards, factories
from tests.support.jobs import run_jobs

pytestmark = pytest.mark.django_db


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name = 'awards.sign_credential' AND status = 'todo'"
        )
        row = cursor.fetchone()
    return int(row[0])


def test_a_grant_writes_all_that_follows_from_it() -> None:
    world = awards.world()
    decision = world.decide()
    award = decision.award
    assert award is not None
    assert award.state == Award.State.ACTIVE
    owner = award.organization
    assert award.valid_until == owner.end_of(add_months(owner.day_of(award.awarded_at), 24))
    assert {entry.status_list.purpose for entry in award.status_entries.all()} == {
        "revocation",
        "suspension",
    }
    assert decision.attempt is not None
    assert decision.practical is not None
    event = AuditEvent.objects.get(object_id=award.id)
    assert (event.action, event.actor_name) == ("awards.grant", world.lead.name)
    record = SkillRecord.objects.get(source_id=award.id)
    assert (record.person, record.level.code) == (world.person, "U")
    assert queued() == 1


def test_a_refusal_needs_a_reason_and_gives_no_award() -> None:
    world = awards.world()
    with pytest.raises(InvalidError) as caught:
        world.decide("refused")
    assert "reason" in caught.value.by_field()
    decision = world.decide("refused", reason="The restart was hurried; train it once more.")
    assert decision.award is None
    assert not Award.objects.exists()
    assert queued() == 0


def test_results_count_once() -> None:
    world = awards.world()
    world.decide("refused", reason="Not yet.")
    with pytest.raises(ConflictError, match="decided on already"):
        world.decide()
    awards.passed(world.version, world.person)
    assert world.decide().award is not None
    with pytest.raises(ConflictError, match="decided on already"):
        world.decide("refused", reason="Not yet.")
    assert Decision.objects.count() == 2


def test_the_same_decision_sent_again_is_the_one_that_was_made() -> None:
    world = awards.world()
    refused = world.decide("refused", reason="Not yet.")
    assert world.decide("refused", reason=" Not yet. ") == refused
    with pytest.raises(ConflictError, match=r"by User \d+: not granted"):
        world.decide("refused", reason="Another reason.")
    awards.passed(world.version, world.person)
    events = AuditEvent.objects.count()
    granted = world.decide()
    events_of_one = AuditEvent.objects.count() - events
    assert world.decide() == granted
    assert AuditEvent.objects.count() == events + events_of_one
    assert queued() == 1
    colleague = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    with pytest.raises(ConflictError, match=r"by User \d+: granted"):
        world.decide(actor=colleague)
    assert granted.award is not None
    services.revoke_award(actor=world.lead, award=granted.award, reason="Error.")
    with pytest.raises(ConflictError, match="needs new results"):
        world.decide()
    assert Award.objects.count() == 1


def test_without_results_there_is_nothing_to_decide() -> None:
    world = awards.world()
    other = factories.person(world.organization)
    with pytest.raises(ConflictError):
        world.decide(person=other)


def test_nobody_decides_on_themself() -> None:
    world = awards.world()
    assert world.lead.person is not None
    awards.passed(world.version, world.lead.person)
    with pytest.raises(NotAllowedError):
        world.decide(person=world.lead.person)


def test_the_assessor_of_the_practical_does_not_decide() -> None:
    world = awards.world()
    other = factories.person(world.organization)
    awards.passed(world.version, other, assessor=world.lead.person)
    with pytest.raises(NotAllowedError, match="assessed this person yourself"):
        world.decide(person=other)


@pytest.mark.parametrize(
    "role", [r for r in Role if r.value not in {"programme_owner", "quality_reviewer"}]
)
def test_other_roles_do_not_decide(role: Role) -> None:
    world = awards.world()
    with pytest.raises(NotAllowedError):
        world.decide(actor=factories.actor(world.organization, role))


def test_another_organizations_person_is_not_there() -> None:
    world, other = awards.world(), awards.world()
    with pytest.raises(NotFoundError):
        world.decide(person=other.person)
    with pytest.raises(NotFoundError):
        world.decide(version=other.version)


def test_renewal_supersedes_the_earlier_award() -> None:
    world = awards.world()
    first = world.grant()
    awards.passed(world.version, world.person)
    second = world.grant()
    first.refresh_from_db()
    assert first.state == Award.State.SUPERSEDED
    assert second.state == Award.State.ACTIVE
    assert SkillRecord.objects.get(source_id=first.id).withdrawn_at is not None
    assert SkillRecord.objects.get(source_id=second.id).withdrawn_at is None


def test_a_newer_version_supersedes_and_an_older_one_cannot_follow() -> None:
    world = awards.world()
    first = world.grant()
    world.version.state = "withdrawn"
    world.version.save(update_fields=["state"])
    newer = awards.version(world.organization, achievement=world.version.achievement, number=2)
    awards.passed(newer, world.person)
    world.decide(version=newer)
    first.refresh_from_db()
    assert first.state == Award.State.SUPERSEDED
    awards.passed(world.version, world.person)
    with pytest.raises(ConflictError, match="newer version"):
        world.decide()


def test_without_an_issuer_profile_nothing_is_granted() -> None:
    world = awards.world()
    world.organization.issuer_profile.keys.all().delete()
    world.organization.issuer_profile.delete()
    with pytest.raises(ConflictError, match="issuer profile"):
        world.decide()
    assert not Decision.objects.exists()


def test_a_failure_later_in_the_transaction_leaves_nothing() -> None:
    world = awards.world()

    def die() -> None:
        with transaction.atomic():
            world.decide()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert not Award.objects.exists()
    assert not StatusEntry.objects.exists()
    assert queued() == 0


def test_a_job_that_was_left_behind_runs_later_and_twice_changes_nothing() -> None:
    world = awards.world()
    award = world.grant()
    # The process died here: the award is decided and the job waits in the same database.
    assert not Credential.objects.filter(award=award).exists()
    assert run_jobs() == ["awards.sign_credential"]
    first = Credential.objects.get(award=award)
    tasks.sign_credential(award_id=str(award.id))
    tasks.sign_credential(award_id=str(award.id))
    assert Credential.objects.get(award=award).document == first.document


def test_the_sweep_signs_what_a_lost_job_left_unsigned() -> None:
    world = awards.world()
    award = world.grant()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    tasks.sign_overdue(timestamp=0)
    assert not Credential.objects.exists()
    Award.objects.filter(id=award.id).update(awarded_at=timezone.now() - dt.timedelta(minutes=11))
    tasks.sign_overdue(timestamp=0)
    assert Credential.objects.filter(award=award).exists()


def test_decisions_and_credentials_are_never_changed() -> None:
    world = awards.world()
    credential = world.credential()
    for rows in (Decision.objects.all(), Credential.objects.filter(id=credential.id)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(id=credential.id).update(document="{}")


def test_a_full_status_list_is_followed_by_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    world = awards.world()
    monkeypatch.setattr(status_lists.secrets, "randbelow", lambda _length: 7)
    first = world.grant()
    awards.passed(world.version, world.person)
    second = world.grant()
    places = {entry.status_list_id for entry in first.status_entries.all()}
    assert places.isdisjoint(entry.status_list_id for entry in second.status_entries.all())
    assert StatusList.objects.count() == 4


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-05-15", 24, "2028-05-15"),
        ("2026-12-01", 12, "2027-12-01"),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(start: str, months: int, end: str) -> None:
    assert add_months(dt.date.fromisoformat(start), months).isoformat() == end


def test_services_are_the_rooms_public_face() -> None:
    assert set(services.__all__) == {
        "create_issuer_profile",
        "decide_award",
        "edit_issuer_profile",
        "issue_credential",
        "reinstate_award",
        "revoke_award",
        "rotate_key",
        "sign_award",
        "suspend_award",
    }
