"""Who may do what with tests, practical assessments and evidence."""

from __future__ import annotations

from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.organizations.access import condition, declare, has_role
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person, Role

SEES_ALL = has_role(Role.PROGRAMME_OWNER, Role.QUALITY_REVIEWER, Role.AUDITOR)


@condition
def is_own_attempt(actor: Actor, attempt: Attempt | None) -> bool:
    """The attempt is the actor's own."""
    return attempt is not None and _is(actor, attempt.person_id)


@condition
def has_person(actor: Actor, _target: object) -> bool:
    """The actor acts for a person."""
    return actor.person is not None


@condition
def is_their_assessor(actor: Actor, practical: PracticalAssessment | None) -> bool:
    """The actor is the assessor of this practical assessment."""
    return practical is not None and _is(actor, practical.assessor_id)


@condition
def is_about_oneself(actor: Actor, practical: PracticalAssessment | None) -> bool:
    """The practical assessment is the actor's own."""
    return practical is not None and _is(actor, practical.person_id)


@condition
def manages_its_person(actor: Actor, result: Attempt | PracticalAssessment | None) -> bool:
    """The person who was tested or assessed works in a unit the actor manages."""
    return result is not None and actor.manages(result.person)


@condition
def is_somebody_else(actor: Actor, person: Person | None) -> bool:
    """The person to assess is not the actor; without a person: not known yet."""
    return person is None or not _is(actor, person.id)


def _is(actor: Actor, person_id: object) -> bool:
    return actor.person is not None and actor.person.id == person_id


declare("tests.edit", has_role(Role.PROGRAMME_OWNER))
declare("tests.view_items", SEES_ALL)
declare("attempts.start", has_person)
declare("attempts.grant", has_role(Role.PROGRAMME_OWNER) & is_somebody_else)
declare("attempts.answer", is_own_attempt)
declare("attempts.view", is_own_attempt | manages_its_person | SEES_ALL)
declare("authorizations.edit", has_role(Role.PROGRAMME_OWNER))
declare("authorizations.view", SEES_ALL)
declare("practicals.list", has_role(Role.ASSESSOR) | SEES_ALL)
declare("practicals.start", has_role(Role.ASSESSOR) & has_person & is_somebody_else)
declare("practicals.score", has_role(Role.ASSESSOR) & is_their_assessor)
declare("practicals.view", is_their_assessor | is_about_oneself | manages_its_person | SEES_ALL)
