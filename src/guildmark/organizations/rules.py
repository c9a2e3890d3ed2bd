"""Who may do what with people, places and accounts."""

from __future__ import annotations

from guildmark.organizations.access import anyone, condition, declare, has_role
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person, Role

STAFF = (
    Role.PROGRAMME_OWNER,
    Role.QUALITY_REVIEWER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


@condition
def is_oneself(actor: Actor, person: Person | None) -> bool:
    """The record is the actor's own."""
    return person is not None and actor.person is not None and actor.person.id == person.id


@condition
def is_manager_of(actor: Actor, person: Person | None) -> bool:
    """The person works in a unit the actor manages."""
    return person is not None and actor.manages(person)


declare("organization.view", anyone)
declare("people.list", has_role(*STAFF, Role.MANAGER, Role.ASSESSOR))
declare("people.view", has_role(*STAFF) | is_manager_of | is_oneself)
declare("people.edit", has_role(Role.ADMINISTRATOR, Role.PROGRAMME_OWNER))
declare("people.import", has_role(Role.ADMINISTRATOR, Role.PROGRAMME_OWNER))
declare("places.edit", has_role(Role.ADMINISTRATOR))
declare("accounts.view", has_role(Role.ADMINISTRATOR, Role.AUDITOR))
declare("accounts.edit", has_role(Role.ADMINISTRATOR))
declare("tokens.edit", anyone)
