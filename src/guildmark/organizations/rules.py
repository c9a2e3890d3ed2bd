"""Who may do what with people, places and accounts."""

from __future__ import annotations

from guildmark.organizations.access import anyone, condition, declare, has_role
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Membership, Person, Role

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


@condition
def is_own_membership(actor: Actor, membership: Membership | None) -> bool:
    """The membership is the actor's own; without one in question, they ask about their own."""
    return membership is None or (
        actor.account is not None and membership.account_id == actor.account.id
    )


@condition
def is_signed_in(actor: Actor, _target: object = None) -> bool:
    """A program cannot prolong its own life: with a token one gets no further token."""
    return actor.is_operator or (actor.account is not None and actor.source != "api")


declare("organization.view", anyone)
declare("organization.edit", has_role(Role.ADMINISTRATOR))
declare("people.list", has_role(*STAFF, Role.MANAGER, Role.ASSESSOR))
declare("people.view", has_role(*STAFF) | is_manager_of | is_oneself)
declare("people.edit", has_role(Role.ADMINISTRATOR, Role.PROGRAMME_OWNER))
declare("people.import", has_role(Role.ADMINISTRATOR, Role.PROGRAMME_OWNER))
declare("places.view", has_role(*STAFF, Role.MANAGER, Role.ASSESSOR))
declare("places.edit", has_role(Role.ADMINISTRATOR))
declare("positions.edit", has_role(Role.ADMINISTRATOR, Role.PROGRAMME_OWNER))
declare("accounts.view", has_role(Role.ADMINISTRATOR, Role.AUDITOR))
declare("accounts.edit", has_role(Role.ADMINISTRATOR))
declare("tokens.edit", is_signed_in & is_own_membership)
declare("tokens.revoke", is_own_membership | has_role(Role.ADMINISTRATOR))
