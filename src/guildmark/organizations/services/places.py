"""Sites, units, stations, shifts and positions."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.audit.actions import Action
from guildmark.errors import InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.checks import Checks, require_own, unique
from guildmark.organizations.models import Person, Position, Shift, Site, Station, Unit


def create_site(*, actor: Actor, code: str, name: str, city: str = "", country: str = "") -> Site:
    """Make a site. Raises InvalidError, also when the code is taken."""
    require(actor, "places.edit")
    checks = Checks()
    site = Site(
        organization=actor.organization,
        code=checks.text("code", code, max_length=40),
        name=checks.text("name", name, max_length=200),
        city=checks.text("city", city, max_length=120, required=False),
        country=checks.country("country", country),
    )
    checks.done()
    _insert(actor, site, "site.create", "site_code_unique", site.code)
    return site


def create_unit(
    *, actor: Actor, site: Site, code: str, name: str, parent: Unit | None = None
) -> Unit:
    """Make a unit of a site, below another unit where `parent` is given."""
    require(actor, "places.edit", site)
    require_own(actor, parent)
    checks = Checks()
    unit = Unit(
        organization=actor.organization,
        site=site,
        parent=parent,
        code=checks.text("code", code, max_length=40),
        name=checks.text("name", name, max_length=200),
    )
    checks.done()
    _insert(actor, unit, "unit.create", "unit_code_unique", unit.code)
    return unit


def edit_unit(*, actor: Actor, unit: Unit, name: str, site: Site, parent: Unit | None) -> Unit:
    """Rename or move a unit. Raises InvalidError when it would end up below itself."""
    require(actor, "places.edit", unit)
    require_own(actor, site, parent)
    checks = Checks()
    name = checks.text("name", name, max_length=200)
    checks.done()
    with transaction.atomic():
        # All units in one order, because a circle is made by two moves at once.
        rows = Unit.objects.select_for_update(no_key=True).filter(organization=actor.organization)
        units = {row.id: row for row in rows.order_by("id")}
        above = units.get(parent.id) if parent else None
        while above is not None:
            if above.id == unit.id:
                raise InvalidError.of(
                    "parent", parent, _("A unit cannot be below itself; choose another one.")
                )
            above = units.get(above.parent_id) if above.parent_id else None
        locked = units[unit.id]
        before = {
            "name": locked.name,
            "site": str(locked.site_id),
            "parent": str(locked.parent_id) if locked.parent_id else None,
        }
        locked.name, locked.site, locked.parent = name, site, parent
        after = {
            "name": name,
            "site": str(site.id),
            "parent": str(parent.id) if parent else None,
        }
        changes = {
            field: {"before": before[field], "after": after[field]}
            for field in before
            if before[field] != after[field]
        }
        if changes:
            locked.save(update_fields=["name", "site", "parent"])
            audit.record(
                actor=actor, action="unit.edit", target=locked, details={"changes": changes}
            )
    return locked


def set_unit_manager(*, actor: Actor, unit: Unit, manager: Person | None) -> Unit:
    """Say who manages a unit (and, by the rules, all units below it)."""
    require(actor, "places.edit", unit)
    require_own(actor, manager)
    with transaction.atomic():
        rows = Unit.objects.select_for_update(no_key=True, of=("self",)).select_related("manager")
        locked = rows.get(id=unit.id)
        before = locked.manager
        if before != manager:
            locked.manager = manager
            locked.save(update_fields=["manager"])
            changes = {
                "manager": {
                    "before": before.number if before else None,
                    "after": manager.number if manager else None,
                }
            }
            audit.record(
                actor=actor, action="unit.manager", target=locked, details={"changes": changes}
            )
    unit.manager = manager
    return locked


def create_station(*, actor: Actor, unit: Unit, code: str, name: str) -> Station:
    """Make a work place of a unit."""
    require(actor, "places.edit", unit)
    checks = Checks()
    station = Station(
        unit=unit,
        code=checks.text("code", code, max_length=40),
        name=checks.text("name", name, max_length=200),
    )
    checks.done()
    _insert(actor, station, "station.create", "station_code_unique", station.code)
    return station


def create_shift(
    *, actor: Actor, code: str, name: str, starts_at: dt.time, ends_at: dt.time
) -> Shift:
    """Make a working time; `ends_at` before `starts_at` means the next day."""
    require(actor, "places.edit")
    checks = Checks()
    shift = Shift(
        organization=actor.organization,
        code=checks.text("code", code, max_length=40),
        name=checks.text("name", name, max_length=120),
        starts_at=starts_at,
        ends_at=ends_at,
    )
    if starts_at == ends_at:
        checks.add("ends_at", ends_at, _("A shift cannot end when it starts; give another time."))
    checks.done()
    _insert(actor, shift, "shift.create", "shift_code_unique", shift.code)
    return shift


def create_position(*, actor: Actor, code: str, title: str) -> Position:
    """Make a position: what the HR file calls a job."""
    require(actor, "positions.edit")
    checks = Checks()
    position = Position(
        organization=actor.organization,
        code=checks.text("code", code, max_length=60),
        title=checks.text("title", title, max_length=200),
    )
    checks.done()
    _insert(actor, position, "position.create", "position_code_unique", position.code)
    return position


def _insert(actor: Actor, row: models.Model, action: Action, constraint: str, code: str) -> None:
    taken = _("This code is taken; choose another one.")
    with unique({constraint: ("code", code, taken)}), transaction.atomic():
        row.save(force_insert=True)
        audit.record(
            actor=actor,
            action=action,
            target=row,
            target_name=f"{code} {row}" if not isinstance(row, Station) else f"{code} {row.name}",
            details={"code": code},
        )
