"""People from an HR system's CSV file: first a plan that can be looked at, then all or nothing."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.errors import ConflictError, FieldProblem, InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.checks import require_own
from guildmark.organizations.models import (
    Employment,
    Organization,
    Person,
    Position,
    Site,
    Unit,
)
from guildmark.organizations.people_import.planning import make_plan
from guildmark.organizations.people_import.plans import (
    FieldChange,
    PeopleImportPlan,
    PlannedPerson,
)
from guildmark.organizations.people_import.reading import Problem
from guildmark.texts import shown

__all__ = [
    "FieldChange",
    "PeopleImportInvalidError",
    "PeopleImportPlan",
    "PlannedPerson",
    "Problem",
    "apply_people_import",
    "plan_people_import",
]
BATCH = 2000


class PeopleImportInvalidError(InvalidError):
    """The file has problems, so nothing was imported; `plan` holds them with their lines."""

    def __init__(self, plan: PeopleImportPlan) -> None:
        super().__init__(
            [
                FieldProblem(
                    field=f"{problem.line or ''}:{problem.column}",
                    value=problem.value,
                    message=f"{problem.reason} {problem.mend}",
                )
                for problem in plan.problems
            ]
        )
        self.plan = plan


def plan_people_import(
    *, actor: Actor, data: bytes, create_units_at: Site | None = None
) -> PeopleImportPlan:
    """What the file would change. Never raises for what stands in it: see `problems`.

    Missing units are made at the site `create_units_at`, else they are problems. Missing
    positions are always made: a position is only the HR file's word for a job.
    """
    _check(actor, create_units_at)
    return make_plan(actor.organization, data, create_units_at=create_units_at)


def apply_people_import(
    *,
    actor: Actor,
    data: bytes,
    create_units_at: Site | None = None,
    expected: str | None = None,
    file_name: str = "",
) -> PeopleImportPlan:
    """Import the file in one transaction and return what was changed.

    `expected` is the fingerprint of the plan that somebody has agreed to. Raises
    PeopleImportInvalidError when the file has problems, and ConflictError when the plan would be
    another one by now; in both cases nothing is changed. Writes an audit event for each person
    added or changed and one for the import.
    """
    _check(actor, create_units_at)
    with transaction.atomic():
        # Imports of an organization go one after another.
        Organization.objects.select_for_update(no_key=True).get(id=actor.organization.id)
        plan = make_plan(actor.organization, data, create_units_at=create_units_at, lock=True)
        if expected is not None and plan.fingerprint != expected:
            raise ConflictError(
                _("The data has changed since the preview. Nothing was imported; look again.")
            )
        if plan.problems:
            raise PeopleImportInvalidError(plan)
        _write(plan)
        _record(actor, plan, data, shown(file_name[:200]))
    return plan


def _check(actor: Actor, create_units_at: Site | None) -> None:
    require(actor, "people.import")
    if create_units_at is not None:
        require(actor, "places.edit", create_units_at)
        require_own(actor, create_units_at)


def _write(plan: PeopleImportPlan) -> None:
    writes = plan.writes
    Unit.objects.bulk_create(writes.units, batch_size=BATCH)
    Position.objects.bulk_create(writes.positions, batch_size=BATCH)
    Person.objects.bulk_create(writes.people_new, batch_size=BATCH)
    Person.objects.bulk_update(
        writes.people_changed,
        ["given_name", "family_name", "email", "language"],
        batch_size=BATCH,
    )
    # Before the new ones, because a person has one open employment at most.
    Employment.objects.bulk_update(
        writes.employments_changed,
        ["unit", "position", "manager", "shift", "starts_on", "ends_on"],
        batch_size=BATCH,
    )
    Employment.objects.bulk_create(writes.employments_new, batch_size=BATCH)


def _record(actor: Actor, plan: PeopleImportPlan, data: bytes, file_name: str) -> None:
    writes = plan.writes
    made: list[Unit | Position] = [*writes.units, *writes.positions]
    entries = [
        audit.Entry(
            action="unit.create" if isinstance(row, Unit) else "position.create",
            target=row,
            target_name=f"{row.code} {row}",
            details={"code": row.code},
        )
        for row in made
    ]
    summary = audit.Entry(
        action="people.import",
        target=actor.organization,
        target_name=file_name or actor.organization.name,
        details={
            "file": file_name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "rows": plan.rows,
            "added": len(plan.added),
            "changed": len(plan.changed),
            "unchanged": len(plan.unchanged),
        },
    )
    audit.record_many(actor=actor, entries=[*entries, *writes.entries, summary])
