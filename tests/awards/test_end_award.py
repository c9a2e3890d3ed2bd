"""Revoking, suspending, reinstating: everything says so at once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from guildmark.audit.models import AuditEvent
from guildmark.awards import services
from guildmark.awards.models import Award, StatusList
from guildmark.awards.verification import verify_text
from guildmark.credentials import CheckCode
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from guildmark.skills.models import SkillRecord
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def test_revoking_shows_in_the_status_list_and_the_skill_record() -> None:
    world = awards.world()
    credential = world.credential()
    award = credential.award
    assert verify_text(credential.document).report.verified is True
    services.revoke_award(actor=world.lead, award=award, reason="Wrong person was assessed.")
    report = verify_text(credential.document).report
    assert report.verified is False
    assert report.check("status").code == CheckCode.STATUS_REVOKED
    assert report.check("proof").code == CheckCode.PROOF_VALID
    assert SkillRecord.objects.get(source_id=award.id).withdrawn_at is not None
    event = AuditEvent.objects.filter(object_id=award.id).order_by("-sequence")[0]
    assert event.action == "awards.revoke"
    assert event.details["reason"] == "Wrong person was assessed."


def test_suspending_and_reinstating() -> None:
    world = awards.world()
    credential = world.credential()
    award = credential.award
    services.suspend_award(actor=world.lead, award=award, reason="Under review.")
    assert verify_text(credential.document).report.check("status").code == (
        CheckCode.STATUS_SUSPENDED
    )
    assert SkillRecord.objects.get(source_id=award.id).withdrawn_at is not None
    services.reinstate_award(actor=world.lead, award=award)
    assert verify_text(credential.document).report.verified is True
    assert SkillRecord.objects.get(source_id=award.id).withdrawn_at is None


def test_a_revoked_award_never_comes_back() -> None:
    world = awards.world()
    award = world.grant()
    services.revoke_award(actor=world.lead, award=award, reason="Error.")
    with pytest.raises(ConflictError):
        services.reinstate_award(actor=world.lead, award=award)
    with pytest.raises(ConflictError):
        services.suspend_award(actor=world.lead, award=award, reason="Again.")
    with pytest.raises(ConflictError, match=r"for this reason: Error\."):
        services.revoke_award(actor=world.lead, award=award, reason="Again.")


def test_what_is_sent_again_is_done_once() -> None:
    world = awards.world()
    award = world.grant()
    with pytest.raises(ConflictError, match="Only a suspended award"):
        services.reinstate_award(actor=world.lead, award=award)

    def twice(call: Callable[[], Award], state: str) -> None:
        events = AuditEvent.objects.count()
        call()
        assert call().state == state
        assert AuditEvent.objects.count() == events + 1

    twice(
        lambda: services.suspend_award(actor=world.lead, award=award, reason="Review."),
        "suspended",
    )
    with pytest.raises(ConflictError):
        services.suspend_award(actor=world.lead, award=award, reason="Another.")
    twice(lambda: services.reinstate_award(actor=world.lead, award=award), "active")
    twice(lambda: services.revoke_award(actor=world.lead, award=award, reason="Error."), "revoked")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_needed(reason: str) -> None:
    world = awards.world()
    award = world.grant()
    for end in (services.revoke_award, services.suspend_award):
        with pytest.raises(InvalidError):
            end(actor=world.lead, award=award, reason=reason)
    award.refresh_from_db()
    assert award.state == Award.State.ACTIVE


def test_who_may_not() -> None:
    world = awards.world()
    award = world.grant()
    for role in (Role.WORKER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.ASSESSOR):
        with pytest.raises(NotAllowedError):
            services.revoke_award(
                actor=factories.actor(world.organization, role), award=award, reason="No."
            )
    with pytest.raises(NotFoundError):
        services.revoke_award(actor=awards.world().lead, award=award, reason="No.")


def test_nobody_reinstates_their_own_award() -> None:
    world = awards.world()
    reviewer = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    assert reviewer.person is not None
    awards.passed(world.version, reviewer.person)
    award = world.decide(person=reviewer.person).award
    assert award is not None
    services.suspend_award(actor=world.lead, award=award, reason="Under review.")
    with pytest.raises(NotAllowedError):
        services.reinstate_award(actor=reviewer, award=award)


def test_only_the_awards_own_bit_is_set() -> None:
    world = awards.world()
    first = world.credential()
    other = factories.person(world.organization)
    awards.passed(world.version, other)
    second = world.decide(person=other).award
    assert second is not None
    services.revoke_award(actor=world.lead, award=second, reason="Error.")
    assert verify_text(first.document).report.verified is True
    lists = StatusList.objects.filter(purpose="revocation")
    assert [json.loads(one.document)["id"] for one in lists] == [one.url for one in lists]
