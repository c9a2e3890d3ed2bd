"""What a row of an HR file means for a person's employments.

The rules, in the order in which they apply, where *current* is the open employment, else the
latest one:

- No employment yet: one begins on the row's first day, else today.
- Another unit while employed: the current one ends the day before, a new one begins on the row's
  first day when that is later than the current one's, else today (HR files often repeat the day
  of hiring).
- After leaving: a first day after the last one begins a new employment. Without one, a row that
  gives no last day re-employs from today, where the file has a column of last days.
- Otherwise the current one is corrected in place. Its first day moves only where no earlier
  employment is in the way, so a file with days of hiring can be imported again and again.
- A field whose column is missing stays, and is carried over to a new employment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guildmark.organizations.models import Employment, Person, Position, Shift, Unit

Linked = Unit | Position | Person | Shift | None
LINKS = ("position", "manager", "shift")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the row says; a link is left out when the file has no such column."""

    unit: Unit | None
    links: Mapping[str, Linked]
    starts_on: dt.date | None
    ends_on: dt.date | None
    says_end: bool
    """Whether the file has a column of last days: only then an empty one means 'none'."""


@dataclass(kw_only=True)
class Placement:
    """Employments to write, and a problem as (field, reason, mend).

    `lacks_unit`: the row says something of an employment, and nothing says in which unit.
    """

    new: Employment | None = None
    changed: list[Employment] = field(default_factory=list)
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    problem: tuple[str, str, str] | None = None
    lacks_unit: bool = False


def facts(employment: Employment | None) -> dict[str, str]:
    """An employment in words, as the preview and the audit trail show it."""
    if employment is None:
        return {}
    position, manager, shift = employment.position, employment.manager, employment.shift
    return {
        "unit": employment.unit.code,
        "position": position.title if position else "",
        "manager": manager.number if manager else "",
        "shift": shift.code if shift else "",
        "starts_on": employment.starts_on.isoformat(),
        "ends_on": employment.ends_on.isoformat() if employment.ends_on else "",
    }


def current_of(history: Sequence[Employment]) -> Employment | None:
    """The open employment, else the one that began last."""
    still_open = [one for one in history if one.ends_on is None]
    return (
        still_open[0] if still_open else max(history, key=lambda one: one.starts_on, default=None)
    )


def place(
    person: Person, history: Sequence[Employment], wanted: Wanted, today: dt.date
) -> Placement:
    """Apply the rules above. Changes the current employment's object, writes nothing."""
    current = current_of(history)
    before = facts(current)
    unit = wanted.unit or (current.unit if current else None)
    if unit is None:
        if any(wanted.links.values()) or wanted.starts_on or wanted.ends_on:
            return Placement(lacks_unit=True)
        return Placement()
    if current is None:
        placement = _begin(person, None, unit, wanted, wanted.starts_on or today)
    else:
        start = _start_of_new(current, unit, wanted, today)
        if start is None:
            placement = _correct(current, history, unit, wanted)
        else:
            placement = _begin(person, current, unit, wanted, start)
    if placement.problem is None:
        result = placement.new or current
        placement.before, placement.after = before, facts(result)
        if placement.new is None and placement.before == placement.after:
            placement.changed = []
    return placement


def _start_of_new(
    current: Employment, unit: Unit, wanted: Wanted, today: dt.date
) -> dt.date | None:
    """The day on which a new employment begins; None when the current one is corrected."""
    start, ended = wanted.starts_on, current.ends_on
    if ended is not None and start is not None and start > ended:
        return start
    moves = unit.id != current.unit_id
    if ended is not None and ended < today:
        if wanted.ends_on is not None:
            return None  # the row tells of the past
        reopened = not moves and start == current.starts_on
        returns = moves or wanted.says_end
        return today if returns and not reopened else None
    if not moves:
        return None
    effective = start if start is not None and start > current.starts_on else today
    if effective <= current.starts_on:
        return None
    if wanted.ends_on is not None and wanted.ends_on < effective:
        return None
    return effective


def _begin(
    person: Person, current: Employment | None, unit: Unit, wanted: Wanted, start: dt.date
) -> Placement:
    if wanted.ends_on is not None and wanted.ends_on < start:
        return Placement(
            problem=(
                "ends_on",
                _("The last day is before the first day, %(day)s.") % {"day": start.isoformat()},
                _("Give the first day as well."),
            )
        )
    links = {name: getattr(current, name) if current else None for name in LINKS}
    new = Employment(
        person=person,
        unit=unit,
        starts_on=start,
        ends_on=wanted.ends_on,
        **links | dict(wanted.links),
    )
    changed = []
    if current is not None and (current.ends_on is None or current.ends_on >= start):
        current.ends_on = start - dt.timedelta(days=1)
        changed.append(current)
    return Placement(new=new, changed=changed)


def _correct(
    current: Employment, history: Sequence[Employment], unit: Unit, wanted: Wanted
) -> Placement:
    starts_on = current.starts_on
    if wanted.starts_on is not None:
        others = [one for one in history if one is not current]
        if all(one.ends_on is not None and one.ends_on < wanted.starts_on for one in others):
            starts_on = wanted.starts_on
    ends_on = wanted.ends_on if wanted.says_end else current.ends_on
    if ends_on is not None and ends_on < starts_on:
        return Placement(
            problem=(
                "ends_on",
                _("The last day %(last)s is before the first day, %(day)s.")
                % {"last": ends_on.isoformat(), "day": starts_on.isoformat()},
                _("Correct one of the two days."),
            )
        )
    current.unit = unit
    for name, value in wanted.links.items():
        setattr(current, name, value)
    current.starts_on, current.ends_on = starts_on, ends_on
    return Placement(changed=[current])
