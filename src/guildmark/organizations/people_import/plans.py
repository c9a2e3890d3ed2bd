"""The plan of an import as a value: what would change, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from guildmark.audit.services import Entry
from guildmark.organizations.models import Employment, Person, Position, Unit
from guildmark.organizations.people_import.reading import Problem

LABELS = {
    "given_name": gettext_lazy("given name"),
    "family_name": gettext_lazy("family name"),
    "email": gettext_lazy("email"),
    "language": gettext_lazy("language"),
    "unit": gettext_lazy("unit"),
    "position": gettext_lazy("position"),
    "manager": gettext_lazy("manager"),
    "shift": gettext_lazy("shift"),
    "starts_on": gettext_lazy("from"),
    "ends_on": gettext_lazy("to"),
}


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A field of a person before and after, in words."""

    field: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """The field's name for people."""
        return str(LABELS.get(self.field, self.field))


@dataclass(frozen=True, kw_only=True)
class PlannedPerson:
    """A row that adds or changes somebody."""

    line: int
    number: str
    name: str
    changes: tuple[FieldChange, ...]


@dataclass(kw_only=True)
class Writes:
    """The rows to insert and update, in the order in which they go in."""

    units: list[Unit] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    people_new: list[Person] = field(default_factory=list)
    people_changed: list[Person] = field(default_factory=list)
    employments_changed: list[Employment] = field(default_factory=list)
    employments_new: list[Employment] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PeopleImportPlan:
    """What would change. With problems, nothing can be applied."""

    rows: int
    added: tuple[PlannedPerson, ...]
    changed: tuple[PlannedPerson, ...]
    unchanged: tuple[str, ...]
    """Personnel numbers."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    new_units: tuple[str, ...]
    new_positions: tuple[str, ...]
    units_missing: tuple[str, ...]
    """What the file calls units that are not there and are not to be made; each is a problem."""
    fingerprint: str
    """Differs when the file, the people it is about or the day differ."""
    writes: Writes = field(repr=False, compare=False)
