"""A credential is its holder's: only they see it in a wallet, and only they share it."""

from __future__ import annotations

from guildmark.awards.models import Award
from guildmark.organizations.access import condition, declare
from guildmark.organizations.actor import Actor


@condition
def is_holder(actor: Actor, award: Award | None) -> bool:
    """The actor is the person the award was given to."""
    return award is not None and actor.person is not None and actor.person.id == award.person_id


declare("wallet.view", is_holder)
declare("wallet.share", is_holder)
