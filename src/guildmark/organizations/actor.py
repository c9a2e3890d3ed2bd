"""Who acts: an account in an organization, with its roles there, through some door."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from guildmark.organizations.models import Account, Membership, Organization, Person, Role, Unit


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The one who asks. Every service and every selector of a tenant's data takes one.

    `source` is the door ("web", "api", "cli", "job"); `address` the network address, where known.
    A person may act without an account, at a shared kiosk. Without either it is the
    installation's operator at the command line, or a job.
    """

    organization: Organization
    account: Account | None = None
    person: Person | None = None
    roles: frozenset[Role] = frozenset()
    source: str = "web"
    address: str | None = None
    is_operator: bool = field(default=False)

    @property
    def name(self) -> str:
        """How the audit trail names the actor."""
        if self.account is not None:
            return self.account.name
        return self.person.name if self.person is not None else "Operator"

    @property
    def today(self) -> dt.date:
        """The day it is in the organization."""
        return self.organization.today()

    def has(self, *roles: Role) -> bool:
        """Whether the actor has any of these roles."""
        return not self.roles.isdisjoint(roles)

    @cached_property
    def managed_unit_ids(self) -> frozenset[uuid.UUID]:
        """The units the person manages, with all units below them."""
        if self.person is None or not self.has(Role.MANAGER):
            return frozenset()
        children: dict[uuid.UUID | None, list[uuid.UUID]] = {}
        managed: list[uuid.UUID] = []
        rows = Unit.objects.filter(organization=self.organization).values_list(
            "id", "parent_id", "manager_id"
        )
        for unit_id, parent_id, manager_id in rows:
            children.setdefault(parent_id, []).append(unit_id)
            if manager_id == self.person.id:
                managed.append(unit_id)
        found: set[uuid.UUID] = set()
        while managed:
            unit_id = managed.pop()
            if unit_id not in found:
                found.add(unit_id)
                managed.extend(children.get(unit_id, ()))
        return frozenset(found)

    def manages(self, person: Person, on: dt.date | None = None) -> bool:
        """Whether the person is employed, on that day, in a unit that the actor manages."""
        units = self.managed_unit_ids
        if not units:
            return False
        day = on or self.today
        return any(
            employment.unit_id in units
            and employment.starts_on <= day
            and (employment.ends_on is None or employment.ends_on >= day)
            for employment in person.employments.all()
        )


def actor_of(membership: Membership, *, source: str, address: str | None = None) -> Actor:
    """The actor behind a membership."""
    return Actor(
        organization=membership.organization,
        account=membership.account,
        person=membership.person,
        roles=frozenset(Role(role) for role in membership.roles),
        source=source,
        address=address,
    )


def operator_of(organization: Organization, *, source: str = "cli") -> Actor:
    """The operator at the command line: whoever can run it owns the database anyway."""
    return Actor(organization=organization, source=source, is_operator=True)
