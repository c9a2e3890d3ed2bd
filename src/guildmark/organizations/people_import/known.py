"""What an organization knows already of the people whom an HR file names."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from guildmark.organizations.models import (
    Employment,
    Organization,
    Person,
    Position,
    Shift,
    Unit,
)
from guildmark.organizations.people_import.finding import CodeIndex
from guildmark.organizations.people_import.values import Values

CHUNK = 5000
Listed = TypeVar("Listed")


class Known:
    """Places by code, people by `key_of` their number, and employments by person.

    People the rows add are there as well, in `is_new`, so that managers may come later in the
    file than those who report to them. With `lock`, the people of the rows are held until the
    transaction ends.
    """

    def __init__(
        self, organization: Organization, rows: Sequence[Values], *, lock: bool = False
    ) -> None:
        self.people: dict[str, Person] = {}
        self.is_new: set[str] = set()
        self.history: dict[uuid.UUID, list[Employment]] = defaultdict(list)
        self.units = CodeIndex(Unit.objects.filter(organization=organization), lambda u: u.name)
        self.positions = CodeIndex(
            Position.objects.filter(organization=organization), lambda p: p.title
        )
        self.shifts = CodeIndex(Shift.objects.filter(organization=organization), lambda s: s.name)
        numbers = {key_of(values.number): values.number for values in rows}
        bosses = {key_of(number): number for number in _bosses(rows)}
        people = Person.objects.filter(organization=organization).annotate(key=Lower("number"))
        held = people.select_for_update(no_key=True).order_by("id") if lock else people
        self._find(held, numbers)
        self._find(people, {key: bosses[key] for key in bosses.keys() - self.people.keys()})
        self._load_history([p.id for key, p in self.people.items() if key in numbers])
        for values in rows:
            key = key_of(values.number)
            if key not in self.people:
                self.people[key] = Person(organization=organization, number=values.number)
                self.is_new.add(key)

    def _find(self, people: QuerySet[Person], numbers: Mapping[str, str]) -> None:
        for keys in chunks(sorted(numbers)):
            # Also as written: the database may know fewer capital letters than Python.
            named = Q(key__in=keys) | Q(number__in=[numbers[key] for key in keys])
            self.people |= {key_of(person.number): person for person in people.filter(named)}

    def _load_history(self, ids: Sequence[uuid.UUID]) -> None:
        """The employments, joined with what is in memory anyway: half the time of a join."""
        found: list[Employment] = []
        for batch in chunks(sorted(ids)):
            found.extend(Employment.objects.filter(person_id__in=batch).order_by("starts_on"))
        known = {person.id: person for person in self.people.values()}
        missing = {e.manager_id for e in found if e.manager_id is not None} - known.keys()
        for some in chunks(sorted(missing)):
            known |= {person.id: person for person in Person.objects.filter(id__in=some)}
        units, positions, shifts = self.units.by_id, self.positions.by_id, self.shifts.by_id
        for employment in found:
            employment.unit = units[employment.unit_id]
            if employment.position_id is not None:
                employment.position = positions[employment.position_id]
            if employment.shift_id is not None:
                employment.shift = shifts[employment.shift_id]
            if employment.manager_id is not None:
                employment.manager = known[employment.manager_id]
            self.history[employment.person_id].append(employment)


def key_of(number: str) -> str:
    """How personnel numbers are compared."""
    return number.lower()


def chunks(items: Sequence[Listed]) -> Iterable[Sequence[Listed]]:
    """The items in runs that fit a query's parameters."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _bosses(rows: Sequence[Values]) -> set[str]:
    return {values.text("manager_number") for values in rows} - {""}
