"""The one gate that every service passes: may this actor do this action with this object?

Each room declares its actions in its `rules.py` with `declare`; `require` and `allows` ask.
Another organization's object is never "forbidden", it is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rules.permissions import add_perm, has_perm, perm_exists, permissions
from rules.predicates import Predicate

from guildmark.errors import NotAllowedError, NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role

Condition = Callable[[Actor, Any], bool]


def has_role(*roles: Role) -> Predicate:
    """A predicate: the actor has any of these roles, or is the operator."""

    def has_any(actor: Actor, _target: Any = None) -> bool:
        return actor.is_operator or actor.has(*roles)

    return Predicate(has_any, name=f"has_role({', '.join(roles)})")


def condition(test: Condition) -> Predicate:
    """A predicate from a function of the actor and the object; combine with `&`, `|` and `~`."""
    return Predicate(test)


def _always(_actor: Actor, _target: Any = None) -> bool:
    return True


anyone = Predicate(_always, name="anyone")
"""Every member of the organization."""


def declare(action: str, predicate: Predicate) -> None:
    """Say who may do `action` (dotted: room.verb). Twice the same action is an error."""
    add_perm(action, predicate)


def actions() -> dict[str, Predicate]:
    """All declared actions with their predicates, by name."""
    return dict(permissions)


def allows(actor: Actor, action: str, target: Any = None) -> bool:
    """Whether the actor may; False for what belongs to another organization.

    Raises KeyError for an action that no room declares.
    """
    if not perm_exists(action):
        raise KeyError(f"no rule declares {action!r}")
    if _is_foreign(actor, target):
        return False
    return bool(has_perm(action, actor, target))


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
