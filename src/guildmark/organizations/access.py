"""The one gate that every service passes: may this actor do this action with this object?

Each room declares its actions in its `rules.py` with `declare`; `require` and `allows` ask.
Another organization's object is never "forbidden", it is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rules
from django.utils.translation import gettext as _

from guildmark.errors import NotAllowedError, NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role

Condition = Callable[[Actor, Any], bool]


def has_role(*roles: Role) -> Any:
    """A predicate: the actor has any of these roles, or is the operator."""

    @rules.predicate(name=f"has_role({', '.join(roles)})")
    def predicate(actor: Actor, _target: Any = None) -> bool:
        return actor.is_operator or actor.has(*roles)

    return predicate


def condition(test: Condition) -> Any:
    """A predicate from a function of the actor and the object."""
    return rules.predicate(test)


@rules.predicate
def anyone(_actor: Actor, _target: Any = None) -> bool:
    """Every member of the organization."""
    return True


def declare(action: str, predicate: Any) -> None:
    """Say who may do `action` (dotted: room.verb). Twice the same action is an error."""
    rules.add_perm(action, predicate)


def actions() -> dict[str, Any]:
    """All declared actions with their predicates, by name."""
    return dict(rules.permissions.permissions)


def allows(actor: Actor, action: str, target: Any = None) -> bool:
    """Whether the actor may; False for what belongs to another organization.

    Raises KeyError for an action that no room declares.
    """
    if not rules.perm_exists(action):
        raise KeyError(f"no rule declares {action!r}")
    if _is_foreign(actor, target):
        return False
    return bool(rules.has_perm(action, actor, target))


def require(actor: Actor, action: str, target: Any = None) -> None:
    """Raise unless the actor may.

    Raises NotFoundError for another organization's object, NotAllowedError otherwise.
    """
    if _is_foreign(actor, target):
        raise NotFoundError(_("There is no such record here."))
    if not allows(actor, action, target):
        raise NotAllowedError(_("Your role does not allow this."))


def _is_foreign(actor: Actor, target: Any) -> bool:
    owner = getattr(target, "organization_id", None)
    return owner is not None and owner != actor.organization.id
