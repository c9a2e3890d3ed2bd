"""People and their employments."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.errors import ConflictError, InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.checks import Checks, require_own, unique
from guildmark.organizations.models import Employment, Person, Position, Shift, Unit


def create_person(
    *,
    actor: Actor,
    number: str,
    given_name: str,
    family_name: str,
    email: str = "",
    language: str = "",
) -> Person:
    """Make a person known. Raises InvalidError, also when the personnel number is taken."""
    require(actor, "people.edit")
    checks = Checks()
    person = Person(
        organization=actor.organization,
        number=checks.text("number", number, max_length=60),
        **_checked(checks, given_name, family_name, email, language),
    )
    checks.done()
    with _number_free(person), transaction.atomic():
        person.save(force_insert=True)
        audit.record(
            actor=actor,
            action="people.add",
            target=person,
            details={"number": person.number},
        )
    return person


def edit_person(
    *,
    actor: Actor,
    person: Person,
    number: str,
    given_name: str,
    family_name: str,
    email: str = "",
    language: str = "",
) -> Person:
    """Change what is known of a person. Nothing is written when nothing differs."""
    require(actor, "people.edit", person)
    checks = Checks()
    values = {
        "number": checks.text("number", number, max_length=60),
        **_checked(checks, given_name, family_name, email, language),
    }
    checks.done()
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(id=person.id)
        changes = {
            field: {"before": getattr(locked, field), "after": value}
            for field, value in values.items()
            if getattr(locked, field) != value
        }
        if changes:
            for field, value in values.items():
                setattr(locked, field, value)
            with _number_free(locked):
                locked.save(update_fields=list(changes))
            audit.record(
                actor=actor, action="people.edit", target=locked, details={"changes": changes}
            )
    return locked


def employ_person(
    *,
    actor: Actor,
    person: Person,
    unit: Unit,
    position: Position | None = None,
    manager: Person | None = None,
    shift: Shift | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
) -> Employment:
    """Give a person a place in a unit from a day on.

    An employment that is open on that day ends the day before. Raises InvalidError when the
    times would overlap otherwise, or the person would be their own manager.
    """
    require(actor, "people.edit", person)
    require_own(actor, unit, position, manager, shift)
    if manager is not None and manager.id == person.id:
        raise InvalidError.of(
            "manager", manager.number, _("Nobody manages themself; choose another person.")
        )
    if ends_on is not None and ends_on < starts_on:
        raise InvalidError.of(
            "ends_on", ends_on, _("This is before the first day; give a later day.")
        )
    with transaction.atomic():
        # The person's row puts changes of their employments in order, also the import's.
        Person.objects.select_for_update(no_key=True).get(id=person.id)
        for other in Employment.objects.filter(person=person):
            if other.ends_on is None and other.starts_on < starts_on:
                other.ends_on = starts_on - dt.timedelta(days=1)
                other.save(update_fields=["ends_on"])
            elif (other.ends_on is None or other.ends_on >= starts_on) and (
                ends_on is None or other.starts_on <= ends_on
            ):
                raise InvalidError.of(
                    "starts_on",
                    starts_on,
                    _("The person has an employment from %(start)s; choose days outside it.")
                    % {"start": other.starts_on.isoformat()},
                )
        employment = Employment.objects.create(
            person=person,
            unit=unit,
            position=position,
            manager=manager,
            shift=shift,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        audit.record(
            actor=actor,
            action="people.employ",
            target=person,
            details={
                "unit": unit.code,
                "position": position.code if position else None,
                "manager": manager.number if manager else None,
                "shift": shift.code if shift else None,
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat() if ends_on else None,
            },
        )
    return employment


def end_employment(*, actor: Actor, employment: Employment, ends_on: dt.date) -> Employment:
    """Set the last day of an employment. Raises ConflictError when it has ended otherwise."""
    person = employment.person
    require(actor, "people.edit", person)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(id=person.id)
        locked = Employment.objects.select_related("unit").get(id=employment.id)
        if locked.ends_on == ends_on:
            return locked
        if locked.ends_on is not None:
            raise ConflictError(
                _("This employment ended on %(day)s already.") % {"day": locked.ends_on.isoformat()}
            )
        if ends_on < locked.starts_on:
            raise InvalidError.of(
                "ends_on", ends_on, _("This is before the first day; give a later day.")
            )
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        audit.record(
            actor=actor,
            action="people.leave",
            target=person,
            details={"unit": locked.unit.code, "ends_on": ends_on.isoformat()},
        )
    return locked


def _checked(
    checks: Checks, given_name: str, family_name: str, email: str, language: str
) -> dict[str, str]:
    return {
        "given_name": checks.text("given_name", given_name, max_length=200, required=False),
        "family_name": checks.text("family_name", family_name, max_length=200),
        "email": checks.email("email", email),
        "language": checks.language("language", language),
    }


def _number_free(person: Person) -> AbstractContextManager[None]:
    message = _("Another person has this personnel number; give another one.")
    return unique({"person_number_unique": ("number", person.number, message)})
