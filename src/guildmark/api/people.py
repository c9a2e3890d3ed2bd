"""People and units."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from guildmark.api.shapes import (
    Body,
    Listing,
    Paging,
    Shown,
    actor_of,
    answers,
    paged,
)
from guildmark.organizations import selectors, services
from guildmark.organizations.models import Person
from guildmark.organizations.people_import import apply_people_import, plan_people_import
from guildmark.organizations.people_import.reading import MAX_BYTES

__all__ = ["actor_of", "router"]

router = Router(tags=["people"])


class PersonIn(Body):
    """A person by the personnel number."""

    number: str
    family_name: str
    given_name: str = ""
    email: str = ""
    language: str = ""


def show_person(person: Person) -> Shown:
    """A person in an answer."""
    return {
        "id": str(person.id),
        "number": person.number,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
    }


@router.get("/people", response=answers(Listing), summary="People, by name or number")
def list_people(request: HttpRequest, paging: Query[Paging], q: str = "") -> Any:
    """The people the actor may see."""
    found = selectors.list_people(actor_of(request), search=q[:200])
    return paged(found, paging, show_person)


@router.post("/people", response=answers(Shown, 201), summary="Make a person known")
def create_person(request: HttpRequest, body: PersonIn) -> Any:
    """A new person; the personnel number is unique in the organization."""
    person = services.create_person(actor=actor_of(request), **body.dict())
    return Status(201, show_person(person))


@router.get("/people/{uuid:person_id}", response=answers(Shown), summary="A person")
def get_person(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """A person the actor may see."""
    return show_person(selectors.view_person(actor_of(request), person_id))


@router.post("/people/import", response=answers(Shown), summary="Import an HR file")
def import_people(
    request: HttpRequest,
    file: File[UploadedFile],
    dry_run: bool = True,
) -> Any:
    """Plan the import of a CSV file, or with `dry_run=false` carry it out, all or nothing."""
    actor = actor_of(request)
    data = file.read(MAX_BYTES + 1)
    plan = plan_people_import(actor=actor, data=data)
    if not dry_run and not plan.problems:
        plan = apply_people_import(actor=actor, data=data, file_name=file.name or "")
    return {
        "applied": not dry_run and not plan.problems,
        "rows": plan.rows,
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "problems": [
            {
                "line": one.line,
                "column": str(one.column),
                "value": one.value,
                "message": f"{one.reason} {one.mend}",
            }
            for one in plan.problems[:1000]
        ],
    }


@router.get("/units", response=answers(Listing), summary="Units")
def list_units(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The organization's units."""
    return paged(
        selectors.units(actor_of(request)),
        paging,
        lambda unit: {"id": str(unit.id), "code": unit.code, "name": unit.name},
    )
