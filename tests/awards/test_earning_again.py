"""What was revoked or refused can be earned again; a training lead can give attempts back."""

from __future__ import annotations

import pytest

from guildmark.assessment import services as assessment
from guildmark.assessment.models import Attempt
from guildmark.assessment.selectors import standing_of
from guildmark.awards import services
from guildmark.errors import ConflictError, InvalidError, NotAllowedError
from guildmark.organizations.models import Role
from tests.support import awards, factories
from tests.support.assessment import World
from tests.support.assessment import world as assessment_world

pytestmark = pytest.mark.django_db


def passed(world: World) -> Attempt:
    """The worker takes the test and passes."""
    attempt = world.start()
    world.answer(attempt, right=attempt.responses.count())
    return assessment.submit_attempt(actor=world.worker, attempt=attempt)


def test_after_a_revocation_the_test_is_open_again() -> None:
    world = assessment_world()
    first = passed(world)
    assert first.passed
    with pytest.raises(ConflictError):
        assessment.start_attempt(actor=world.worker, version=world.version)
    assessment.begin_anew(
        organization_id=world.organization.id,
        person_id=first.person_id,
        version_id=world.version.id,
        reason="The award was revoked.",
    )
    again = passed(world)
    assert again.id != first.id
    assert again.passed
    standing = standing_of(world.worker, world.version)
    assert standing is not None
    assert standing.passed == again


def test_revoking_says_so_to_the_test() -> None:
    world = awards.world()
    decision = services.decide_award(
        actor=world.lead, version=world.version, person=world.person, outcome="granted"
    )
    assert decision.award is not None
    assert not world.person.fresh_starts.exists()
    services.revoke_award(actor=world.lead, award=decision.award, reason="Taken by another")
    assert world.person.fresh_starts.get().version_id == world.version.id


def test_a_refusal_opens_it_as_well() -> None:
    world = awards.world()
    services.decide_award(
        actor=world.lead,
        version=world.version,
        person=world.person,
        outcome="refused",
        reason="The evidence shows another machine",
    )
    assert world.person.fresh_starts.count() == 1


def test_a_training_lead_gives_attempts_back_for_a_reason() -> None:
    world = assessment_world()
    for _ in range(world.version.test.max_attempts):
        attempt = assessment.start_attempt(actor=world.worker, version=world.version)
        assessment.submit_attempt(actor=world.worker, attempt=attempt)
    with pytest.raises(ConflictError):
        assessment.start_attempt(actor=world.worker, version=world.version)
    with pytest.raises(InvalidError):
        assessment.grant_attempts(
            actor=world.lead, version=world.version, person=attempt.person, reason=" "
        )
    with pytest.raises(NotAllowedError):
        assessment.grant_attempts(
            actor=factories.actor(world.organization, Role.QUALITY_REVIEWER),
            version=world.version,
            person=attempt.person,
            reason="Fire alarm",
        )
    assessment.grant_attempts(
        actor=world.lead, version=world.version, person=attempt.person, reason="Fire alarm"
    )
    assert assessment.start_attempt(actor=world.worker, version=world.version).state == "open"
