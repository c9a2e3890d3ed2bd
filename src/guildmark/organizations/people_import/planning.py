"""What an HR file would change, row by row, without changing anything."""

from __future__ import annotations

import hashlib
import json
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from guildmark.audit.services import Entry
from guildmark.organizations.models import (
    Employment,
    Organization,
    Person,
    Position,
    Shift,
    Site,
    Unit,
)
from guildmark.organizations.people_import.columns import Heading, read_heading, recognized
from guildmark.organizations.people_import.known import Known, key_of
from guildmark.organizations.people_import.placing import Linked, Wanted, place
from guildmark.organizations.people_import.plans import (
    FieldChange,
    PeopleImportPlan,
    PlannedPerson,
    Writes,
)
from guildmark.organizations.people_import.reading import (
    MAX_PROBLEMS,
    FileUnreadableError,
    Problem,
    Table,
    read_table,
)
from guildmark.organizations.people_import.values import Values, read_values, shortfall, surplus

OF_AN_EMPLOYMENT = (
    "starts_on",
    "ends_on",
    "position",
    "position_title",
    "manager_number",
    "shift",
)
PERSON_FIELDS = ("given_name", "family_name", "email", "language")


def make_plan(
    organization: Organization, data: bytes, *, create_units_at: Site | None, lock: bool = False
) -> PeopleImportPlan:
    """Read the file and compare it with what is known. Queries do not grow with the rows, except
    one for each 5,000. With `lock`, the people concerned are held until the transaction ends.
    """
    try:
        table = read_table(data, recognized)
    except FileUnreadableError as error:
        return _unreadable(data, [error.problem])
    heading = read_heading(table.header.line, table.header.cells)
    if heading.problems:
        return _unreadable(data, heading.problems, heading.ignored)
    planner = _Planner(organization, heading, create_units_at)
    planner.problems.extend(table.problems)
    rows = planner.read(table)
    planner.known = Known(organization, rows, lock=lock)
    for values in rows:
        planner.plan(values)
        if len(planner.problems) >= MAX_PROBLEMS:
            planner.notes.append(
                _("Only the first %(count)d problems are shown.") % {"count": MAX_PROBLEMS}
            )
            break
    else:
        planner.check_circles(rows)
    notes = (*table.notes, *planner.notes)
    return planner.result(data, len(table.rows), notes)


class _Planner:
    """Holds what is known of the organization while the rows are gone through."""

    def __init__(
        self, organization: Organization, heading: Heading, create_units_at: Site | None
    ) -> None:
        self.organization = organization
        self.heading = heading
        self.create_units_at = create_units_at
        self.today = organization.today()
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.units_missing: list[str] = []
        self.added: list[PlannedPerson] = []
        self.changed: list[PlannedPerson] = []
        self.unchanged: list[str] = []
        self.writes = Writes()
        self.known: Known

    def wrong(self, values: Values, name: str, value: str, reason: str, mend: str) -> None:
        """Note a problem of a row's field."""
        self.problems.append(
            Problem(
                line=values.line,
                column=self.heading.title.get(name, name),
                value=value[:100],
                reason=reason,
                mend=mend,
            )
        )

    def read(self, table: Table) -> list[Values]:
        """The rows whose cells are good by themselves, each number once."""
        found: list[Values] = []
        first_line: dict[str, int] = {}
        columns = len(table.header.cells)
        for row in table.rows:
            if len(self.problems) >= MAX_PROBLEMS:
                break
            problem = surplus(row, columns) or shortfall(row, table.header)
            if problem is not None:
                self.problems.append(problem)
                continue
            values, problems = read_values(row, self.heading)
            self.problems.extend(problems)
            if values is None:
                continue
            earlier = first_line.setdefault(key_of(values.number), values.line)
            if earlier != values.line:
                self.wrong(
                    values,
                    "number",
                    values.number,
                    _("The same number stands in line %(line)d.") % {"line": earlier},
                    _("Keep one row for each person."),
                )
            else:
                found.append(values)
        return found

    def plan(self, values: Values) -> None:
        """Compare one row."""
        key = key_of(values.number)
        person, is_new = self.known.people[key], key in self.known.is_new
        before = {} if is_new else {name: getattr(person, name) for name in PERSON_FIELDS}
        for name in PERSON_FIELDS:
            if name in values.texts:
                setattr(person, name, values.texts[name])
        after = {name: getattr(person, name) for name in PERSON_FIELDS}
        count = len(self.problems)
        wanted = self._wanted(values, person)
        if len(self.problems) > count:
            return
        placement = place(person, self.known.history[person.id], wanted, self.today)
        if placement.lacks_unit:
            self._lacks_unit(values)
            return
        if placement.problem is not None:
            name, reason, mend = placement.problem
            self.wrong(values, name, values.said(name), reason, mend)
            return
        changes = _differences(before, after) + _differences(placement.before, placement.after)
        if is_new:
            self.writes.people_new.append(person)
        elif before != after:
            self.writes.people_changed.append(person)
        if placement.new is not None:
            self.writes.employments_new.append(placement.new)
        self.writes.employments_changed.extend(placement.changed)
        self._note(values, person, changes, is_new=is_new)

    def _note(
        self, values: Values, person: Person, changes: Sequence[FieldChange], *, is_new: bool
    ) -> None:
        if not is_new and not changes:
            self.unchanged.append(person.number)
            return
        planned = PlannedPerson(
            line=values.line, number=person.number, name=person.name, changes=tuple(changes)
        )
        (self.added if is_new else self.changed).append(planned)
        details: dict[str, object] = {"number": person.number, "line": values.line}
        if is_new:
            details |= {change.field: change.after for change in changes}
        else:
            details["changes"] = {
                change.field: {"before": change.before, "after": change.after} for change in changes
            }
        self.writes.entries.append(
            Entry(action="people.add" if is_new else "people.edit", target=person, details=details)
        )

    def _wanted(self, values: Values, person: Person) -> Wanted:
        links: dict[str, Linked] = {}
        if {"position", "position_title"} & values.texts.keys():
            links["position"] = self._position(values)
        if "shift" in values.texts:
            links["shift"] = self._shift(values)
        if "manager_number" in values.texts:
            links["manager"] = self._manager(values, person)
        return Wanted(
            unit=self._unit(values),
            links=links,
            starts_on=values.days.get("starts_on"),
            ends_on=values.days.get("ends_on"),
            says_end="ends_on" in values.days,
        )

    def _unit(self, values: Values) -> Unit | None:
        code, name = values.text("unit"), values.text("unit_name")
        if not code and not name:
            return None
        found = self.known.units.find(code or name)
        if found is not None:
            return found
        column = "unit" if code else "unit_name"
        if self.known.units.is_ambiguous(code or name):
            reason = _("Several units have this name.")
            self.wrong(values, column, code or name, reason, _("Give the unit's code."))
            return None
        if self.create_units_at is None:
            self.units_missing.append(code or name)
            self.wrong(
                values,
                column,
                code or name,
                _("There is no unit with this code or name."),
                _("Correct it, make the unit, or import with the option to make missing units."),
            )
            return None
        made = Unit(
            organization=self.organization,
            site=self.create_units_at,
            code=self.known.units.free_code(code or name, 40),
            name=name or code,
        )
        self.known.units.add(made, made.name, also=code or name)
        self.writes.units.append(made)
        return made

    def _lacks_unit(self, values: Values) -> None:
        name = next(name for name in OF_AN_EMPLOYMENT if values.said(name))
        title = self.heading.title
        if column := title.get("unit") or title.get("unit_name"):
            mend = _(
                "Give this line a unit in the column %(column)s, or empty this cell and others of "
                "the kind (days, position, manager, shift)."
            ) % {"column": column}
        else:
            mend = _(
                "Add a column with each person's unit, headed for example 'unit' or 'department', "
                "or leave out this column."
            )
        reason = _(
            "This tells of a place in a unit, but the line gives no unit, and the person has none."
        )
        self.wrong(values, name, values.said(name), reason, mend)

    def _position(self, values: Values) -> Position | None:
        code, title = values.text("position"), values.text("position_title")
        if not code and not title:
            return None
        found = self.known.positions.find(code or title)
        if found is not None:
            return found
        made = Position(
            organization=self.organization,
            code=self.known.positions.free_code(code or _as_code(title), 60),
            title=title or code,
        )
        self.known.positions.add(made, made.title, also=code or title)
        self.writes.positions.append(made)
        return made

    def _shift(self, values: Values) -> Shift | None:
        code = values.text("shift")
        found = self.known.shifts.find(code) if code else None
        if code and found is None:
            self.wrong(
                values,
                "shift",
                code,
                _("There is no shift with this code or name."),
                _("Correct it, leave it empty, or make the shift on the page of the units."),
            )
        return found

    def _manager(self, values: Values, person: Person) -> Person | None:
        number = values.text("manager_number")
        if not number:
            return None
        found = self.known.people.get(key_of(number))
        if found is None:
            self.wrong(
                values,
                "manager_number",
                number,
                _("Nobody has this personnel number, here or in the file."),
                _("Correct it, add the manager's row, or leave it empty."),
            )
        elif found.id == person.id:
            self.wrong(
                values,
                "manager_number",
                number,
                _("Nobody manages themself."),
                _("Give another number or leave it empty."),
            )
        return found

    def check_circles(self, rows: Sequence[Values]) -> None:
        """Refuse people who would manage each other in a circle."""
        if "manager_number" not in self.heading.index:
            return
        above = dict(
            Employment.objects.filter(
                person__organization=self.organization, ends_on=None, manager__isnull=False
            ).values_list("person_id", "manager_id")
        )
        for values in rows:
            person = self.known.people[key_of(values.number)]
            boss = self.known.people.get(key_of(values.text("manager_number")))
            if "manager_number" in values.texts:
                above.pop(person.id, None)
                if boss is not None:
                    above[person.id] = boss.id
        cleared: set[uuid.UUID] = set()
        for values in rows:
            path: dict[uuid.UUID, None] = {}
            at: uuid.UUID | None = self.known.people[key_of(values.number)].id
            start = at
            while at is not None and at not in path and at not in cleared:
                path[at] = None
                at = above.get(at)
            if at == start and len(path) > 1:
                self.wrong(
                    values,
                    "manager_number",
                    values.text("manager_number"),
                    _("Going up from manager to manager one comes back to this person."),
                    _("Correct one of the %(count)d managers in the circle.")
                    % {"count": len(path)},
                )
            cleared.update(path)

    def result(self, data: bytes, rows: int, notes: Iterable[str]) -> PeopleImportPlan:
        """The plan, with its fingerprint."""
        writes = self.writes
        shown = [
            (p.line, p.number, [(c.field, c.before, c.after) for c in p.changes])
            for p in (*self.added, *self.changed)
        ]
        new_units = tuple(unit.code for unit in writes.units)
        new_positions = tuple(position.title for position in writes.positions)
        content = [shown, len(self.problems), new_units, new_positions]
        return PeopleImportPlan(
            rows=rows,
            added=tuple(self.added),
            changed=tuple(self.changed),
            unchanged=tuple(self.unchanged),
            problems=tuple(sorted(self.problems, key=lambda p: (p.line or 0, p.column))),
            notes=tuple(notes),
            ignored_columns=self.heading.ignored,
            new_units=new_units,
            new_positions=new_positions,
            units_missing=tuple(dict.fromkeys(self.units_missing)),
            fingerprint=_fingerprint(data, content),
            writes=writes,
        )


def _as_code(title: str) -> str:
    """Plain capitals and digits, when there are any: 'Welder (MIG)' gives 'WELDER-MIG'."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().upper()
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return "-".join(words) or title


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    return [
        FieldChange(field=name, before=before.get(name, ""), after=value)
        for name, value in after.items()
        if before.get(name, "") != value
    ]


def _fingerprint(data: bytes, content: object) -> str:
    text = json.dumps(content, ensure_ascii=True)
    return hashlib.sha256(hashlib.sha256(data).digest() + text.encode()).hexdigest()


def _unreadable(
    data: bytes, problems: Sequence[Problem], ignored: tuple[str, ...] = ()
) -> PeopleImportPlan:
    return PeopleImportPlan(
        rows=0,
        added=(),
        changed=(),
        unchanged=(),
        problems=tuple(problems),
        notes=(),
        ignored_columns=ignored,
        new_units=(),
        new_positions=(),
        units_missing=(),
        fingerprint=_fingerprint(data, "unreadable"),
        writes=Writes(),
    )
