"""Who may decide, see and end awards, and who keeps the issuer's profile and keys."""

from __future__ import annotations

from guildmark.awards.models import Award
from guildmark.organizations.access import condition, declare, has_role
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role

SEES_ALL = (Role.PROGRAMME_OWNER, Role.QUALITY_REVIEWER, Role.AUDITOR)
DECIDES = (Role.PROGRAMME_OWNER, Role.QUALITY_REVIEWER)


@condition
def is_own(actor: Actor, award: Award | None) -> bool:
    """The award is the actor's own."""
    return award is not None and actor.person is not None and actor.person.id == award.person_id


@condition
def is_manager_of_holder(actor: Actor, award: Award | None) -> bool:
    """The holder works in a unit the actor manages."""
    return award is not None and actor.manages(award.person)


declare("awards.decide", has_role(*DECIDES))
declare("awards.list", has_role(*SEES_ALL, Role.MANAGER))
declare("awards.view", has_role(*SEES_ALL) | is_manager_of_holder | is_own)
declare("awards.revoke", has_role(*DECIDES))
declare("awards.suspend", has_role(*DECIDES))
declare("awards.reinstate", has_role(*DECIDES) & ~is_own)
declare("issuer.edit", has_role(Role.ADMINISTRATOR))
declare("issuer.sign", has_role(Role.ADMINISTRATOR))
