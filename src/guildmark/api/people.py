"""People, their employments, units, and the import of an HR file."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from guildmark.api.shapes import (
    Body,
    Day,
    Line,
    Listing,
    Paging,
    Ref,
    Search,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.organizations import selectors, services
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person, Unit
from guildmark.organizations.people_import import (
    PeopleImportPlan,
    PlannedPerson,
    apply_people_import,
    plan_people_import,
)
from guildmark.organizations.people_import.reading import MAX_BYTES

router = Router(tags=["people"])


class PersonIn(Body):
    """A person by the personnel number."""

    number: Line
    family_name: Line
    given_name: Line = ""
    email: Line = ""
    language: Line = Field("", description="Such as `en` or `pt-BR`.")


class EmploymentIn(Body):
    """A place in a unit over a time."""

    unit: uuid.UUID
    position: uuid.UUID | None = None
    manager: uuid.UUID | None = Field(None, description="Another person.")
    starts_on: Day
    ends_on: Day | None = Field(None, description="The last day; left out while it lasts.")


class EndIn(Body):
    """When something ends."""

    ends_on: Day = Field(description="The last day.")


class ImportIn(Body):
    """How to import."""

    create_units_at: uuid.UUID | None = Field(
        None, description="A site at which missing units are made; else they are problems."
    )
    expected: Search = Field(
        "", description="The agreed plan's fingerprint; 409 when it would be another one by now."
    )


class EmploymentOut(Schema):
    """A place in a unit; `ends_on` is the last day, null while it lasts."""

    id: uuid.UUID
    unit: Ref
    position: Ref | None
    starts_on: dt.date
    ends_on: dt.date | None


class PersonOut(Schema):
    """A person."""

    id: uuid.UUID
    number: str = Field(description="The personnel number.")
    given_name: str
    family_name: str
    email: str
    language: str


class ListedPersonOut(PersonOut):
    """A person in a list."""

    today: list[EmploymentOut] = Field(description="The employments that hold today.")


class PersonPageOut(PersonOut):
    """A person with all employments, the latest first."""

    employments: list[EmploymentOut]


class UnitOut(Schema):
    """A line, cell or team; units nest."""

    id: uuid.UUID
    code: str
    name: str
    site: Ref
    parent: uuid.UUID | None
    manager: Ref | None


class ChangeOut(Schema):
    """A field before and after."""

    field: str
    before: str
    after: str


class PlannedOut(Schema):
    """A row that adds or changes somebody."""

    line: int = Field(description="In the file, from 1.")
    number: str
    name: str
    changes: list[ChangeOut]


class ImportProblemOut(Schema):
    """What stands in the way, where, and how to mend it."""

    line: int | None
    column: str
    value: str
    message: str


class ImportOut(Schema):
    """What the file changes. With problems nothing is applied."""

    applied: bool
    rows: int
    added: int
    changed: int
    unchanged: int
    new_units: list[str]
    new_positions: list[str]
    ignored_columns: list[str]
    notes: list[str]
    fingerprint: str = Field(description="Send it back as `expected` to apply this plan alone.")
    first_added: list[PlannedOut] = Field(description="At most 200.")
    first_changed: list[PlannedOut] = Field(description="At most 200.")
    problems: list[ImportProblemOut] = Field(description="At most 1000.")


def _employment(one: Employment) -> EmploymentOut:
    return EmploymentOut(
        id=one.id,
        unit=ref(one.unit, one.unit.name),
        position=ref(one.position, one.position.title) if one.position else None,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
    )


def _values(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in PersonOut.model_fields}


def _listed(person: Person) -> ListedPersonOut:
    today = getattr(person, "today", ())
    return ListedPersonOut(**_values(person), today=[_employment(one) for one in today])


def _page(actor: Actor, person: Person) -> PersonPageOut:
    employments = selectors.employments_of(actor, person)
    return PersonPageOut(**_values(person), employments=[_employment(one) for one in employments])


def _unit(unit: Unit) -> UnitOut:
    return UnitOut(
        id=unit.id,
        code=unit.code,
        name=unit.name,
        site=ref(unit.site, unit.site.name),
        parent=unit.parent_id,
        manager=ref(unit.manager, unit.manager.name) if unit.manager else None,
    )


@router.get("/people", response=answers(Listing[ListedPersonOut]), summary="People")
def list_people(
    request: HttpRequest,
    paging: Query[Paging],
    q: Search = "",
    unit: uuid.UUID | None = None,
    former: bool = False,
) -> Any:
    """The people the actor may see.

    `q` holds words of a name or the beginning of the number; `unit` includes the units below it;
    `former` gives those without an employment today.
    """
    actor = actor_of(request)
    within = selectors.get_unit(actor, unit) if unit else None
    found = selectors.list_people(actor, search=q, unit=within, former=former)
    return paged(found, paging, _listed)


@router.post("/people", response=answers(PersonOut, 201), summary="Make a person known")
def create_person(request: HttpRequest, body: PersonIn) -> Any:
    """A new person; the personnel number is unique in the organization."""
    person = services.create_person(actor=actor_of(request), **body.dict())
    return Status(201, PersonOut(**_values(person)))


@router.get("/people/{uuid:person_id}", response=answers(PersonPageOut), summary="A person")
def get_person(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """A person the actor may see, with all employments."""
    actor = actor_of(request)
    return _page(actor, selectors.view_person(actor, person_id))


@router.put("/people/{uuid:person_id}", response=answers(PersonOut), summary="Change a person")
def edit_person(request: HttpRequest, person_id: uuid.UUID, body: PersonIn) -> Any:
    """Replace what is known of a person; a member left out becomes empty."""
    actor = actor_of(request)
    person = selectors.get_person(actor, person_id)
    changed = services.edit_person(actor=actor, person=person, **body.dict())
    return PersonOut(**_values(changed))


@router.post(
    "/people/{uuid:person_id}/employments",
    response=answers(EmploymentOut, 201),
    summary="Employ a person",
)
def employ_person(request: HttpRequest, person_id: uuid.UUID, body: EmploymentIn) -> Any:
    """Give a person a place in a unit; an employment open on that day ends the day before."""
    actor = actor_of(request)
    made = services.employ_person(
        actor=actor,
        person=selectors.get_person(actor, person_id),
        unit=selectors.get_unit(actor, body.unit),
        position=selectors.get_position(actor, body.position) if body.position else None,
        manager=selectors.get_person(actor, body.manager) if body.manager else None,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
    )
    return Status(201, _employment(made))


@router.post(
    "/employments/{uuid:employment_id}/end",
    response=answers(EmploymentOut),
    summary="End an employment",
)
def end_employment(request: HttpRequest, employment_id: uuid.UUID, body: EndIn) -> Any:
    """Set the last day of an employment."""
    actor = actor_of(request)
    employment = selectors.get_employment(actor, employment_id)
    ended = services.end_employment(actor=actor, employment=employment, ends_on=body.ends_on)
    return _employment(ended)


@router.post("/people/import", response=answers(ImportOut), summary="Import an HR file")
def import_people(
    request: HttpRequest,
    file: File[UploadedFile],
    form: Form[ImportIn],
    dry_run: bool = True,
) -> Any:
    """Plan the import of a CSV file, or with `?dry_run=false` carry it out, all or nothing.

    A file with problems is answered with the plan and not applied.
    """
    actor = actor_of(request)
    require(actor, "people.import")
    site = selectors.get_site(actor, form.create_units_at) if form.create_units_at else None
    data = file.read(MAX_BYTES + 1)
    plan = plan_people_import(actor=actor, data=data, create_units_at=site)
    applied = not dry_run and not plan.problems
    if applied:
        plan = apply_people_import(
            actor=actor,
            data=data,
            create_units_at=site,
            expected=form.expected or None,
            file_name=(file.name or "")[:200],
        )
    return _import(plan, applied=applied)


def _import(plan: PeopleImportPlan, *, applied: bool) -> ImportOut:
    return ImportOut(
        applied=applied,
        rows=plan.rows,
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=len(plan.unchanged),
        new_units=list(plan.new_units),
        new_positions=list(plan.new_positions),
        ignored_columns=list(plan.ignored_columns),
        notes=list(plan.notes),
        fingerprint=plan.fingerprint,
        first_added=[_planned(one) for one in plan.added[:200]],
        first_changed=[_planned(one) for one in plan.changed[:200]],
        problems=[
            ImportProblemOut(
                line=one.line,
                column=str(one.column),
                value=one.value,
                message=f"{one.reason} {one.mend}",
            )
            for one in plan.problems[:1000]
        ],
    )


def _planned(one: PlannedPerson) -> PlannedOut:
    return PlannedOut(
        line=one.line,
        number=one.number,
        name=one.name,
        changes=[
            ChangeOut(field=change.field, before=change.before, after=change.after)
            for change in one.changes
        ],
    )


@router.get("/units", response=answers(Listing[UnitOut]), summary="Units", tags=["units"])
def list_units(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The organization's units, by name."""
    actor = actor_of(request)
    require(actor, "places.view")
    return paged(selectors.units(actor).order_by("name", "id"), paging, _unit)


@router.get("/units/{uuid:unit_id}", response=answers(UnitOut), summary="A unit", tags=["units"])
def get_unit(request: HttpRequest, unit_id: uuid.UUID) -> Any:
    """A unit. Its people are `GET /people?unit=`."""
    actor = actor_of(request)
    unit = selectors.get_unit(actor, unit_id)
    require(actor, "places.view", unit)
    return _unit(unit)
