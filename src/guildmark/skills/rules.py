"""Who may do what with frameworks, job roles, skill records and gaps."""

from __future__ import annotations

from guildmark.organizations.access import anyone, condition, declare, has_role
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person, Role, Unit

SEES_ALL = has_role(Role.PROGRAMME_OWNER, Role.QUALITY_REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR)


@condition
def is_oneself(actor: Actor, person: Person | None) -> bool:
    """The record is the actor's own."""
    return person is not None and actor.person is not None and actor.person.id == person.id


@condition
def manages_person(actor: Actor, person: Person | None) -> bool:
    """The person works in a unit the actor manages."""
    return person is not None and actor.manages(person)


@condition
def manages_unit(actor: Actor, unit: Unit | None) -> bool:
    """The actor manages the unit or one above it; without a unit: any unit at all."""
    units = actor.managed_unit_ids
    return bool(units) if unit is None else unit.id in units


declare("skills.view", anyone)
declare("frameworks.import", has_role(Role.PROGRAMME_OWNER))
declare("job_roles.edit", has_role(Role.PROGRAMME_OWNER))
declare("gaps.view", SEES_ALL | manages_unit)
declare("skill_records.view", SEES_ALL | manages_person | is_oneself)
declare("skill_records.observe", manages_person & ~is_oneself)
declare("skill_records.claim", is_oneself)
