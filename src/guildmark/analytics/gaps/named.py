"""Gaps of people, roles and skills by their names, as they stand in tables and files.

A table is read row by row; whatever is wrong is collected with its row, column and value, and told
together, before anything is reckoned.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from guildmark.analytics.gaps._arrays import Ints
from guildmark.analytics.gaps._placing import spread
from guildmark.analytics.gaps.own_role import Gaps, Held, Requirements, own_role_gaps

PEOPLE_COLUMNS = ("person", "role", "skill", "level")
REQUIREMENT_COLUMNS = ("role", "skill", "level")
"""The columns that must be there."""
OPTIONAL_COLUMNS = ("weight", "critical")
MAX_PROBLEMS = 20
MAX_NUMBER = 1_000_000
"""The highest level and weight: more is a slip, and sums of it would not be exact."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_FLAGS = {
    **dict.fromkeys(("", "0", "false", "no", "n", "f", "nein", "falsch"), False),
    **dict.fromkeys(("1", "true", "yes", "y", "t", "x", "ja", "wahr"), True),
}
_NAMES_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class TableProblem:
    """What is wrong in a table ("people" or "requirements"), where, and how to mend it.

    `row` is as the table was read: a file's line, a data frame's row counted from 1; None for the
    table as a whole. `column` and `value` are empty where they say nothing.
    """

    table: str
    row: int | None
    column: str = ""
    value: str = ""
    reason: str
    mend: str

    def __str__(self) -> str:
        place = [self.table]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        value = f"{self.value!r} " if self.value else ""
        return f"{', '.join(place)}: {value}{self.reason}. {self.mend}"


class TableError(ValueError):
    """Tables that cannot be compared; `problems` has the first of what is wrong."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class NamedGaps:
    """Plain columns, each a list, in the order of the tables.

    `gaps` has `person`, `role`, `skill`, `required`, `held`, `gap`, `weight` and `critical`, one
    row for each required skill that is not held at its level. `people` has `person`, `role`, `fit`,
    `gaps` and `critical_gaps`, one row a person and role. A level is an int where it is whole. A
    fit is between 0 and 1, and 1 where the role requires nothing: nothing is missing.
    """

    gaps: dict[str, list[Any]]
    people: dict[str, list[Any]]


class PeopleTable:
    """Who holds which skill at which level, gathered row by row."""

    def __init__(self, name: str = "people", *, decimal_comma: bool = False) -> None:
        self.problems = _Problems(name)
        self._numbers = _Numbers(decimal_comma=decimal_comma)
        self.person, self.role, self.skill = _Names(), _Names(), _Names()
        self.rows, self.level = array("q"), array("d")

    def add(self, row: int, person: object, role: object, skill: object, level: object) -> None:
        """Take in one row; skill and level both empty say that the person has none."""
        who, job, what = name_of(person), name_of(role), name_of(skill)
        for column, value, mend in (
            ("person", who, "Give the person a name or number."),
            ("role", job, "Give the person's role; what it requires is in the requirements."),
        ):
            if not value:
                self.problems.add(row, column, "", "is empty", mend)
                return
        try:
            held = self._numbers.read(level)
        except ValueError as error:
            self.problems.add(row, "level", level, *error.args)
            return
        if bool(what) != (held is not None):
            column, other = ("level", "skill") if what else ("skill", "level")
            mend = f"Give both, or leave {other} empty too where the person has no skill."
            self.problems.add(row, column, "", f"is empty beside the {other} {what or level}", mend)
            return
        self.rows.append(row)
        self.person.add(who)
        self.role.add(job)
        if held is None:
            self.skill.add_none()
            self.level.append(0.0)
        else:
            self.skill.add(what)
            self.level.append(held)


class RequirementTable:
    """What roles require, gathered row by row."""

    def __init__(self, name: str = "requirements", *, decimal_comma: bool = False) -> None:
        self.problems = _Problems(name)
        self._numbers = _Numbers(decimal_comma=decimal_comma)
        self.role, self.skill = _Names(), _Names()
        self.rows, self.level, self.weight = array("q"), array("d"), array("d")
        self.critical = array("b")

    def add(
        self,
        row: int,
        role: object,
        skill: object,
        level: object,
        weight: object = None,
        critical: object = None,
    ) -> None:
        """Take in one row; with skill and level empty it names a role that requires nothing."""
        job, what = name_of(role), name_of(skill)
        if not job:
            self.problems.add(row, "role", "", "is empty", "Give the role.")
            return
        column: str = "level"
        value = level
        try:
            required = self._numbers.read(level)
            column, value = "weight", weight
            counts = self._numbers.read(weight)
            if counts == 0:
                raise ValueError(
                    "does not count", "Give a weight above 0, or leave it empty, which is 1."
                )
            column, value = "critical", critical
            flag = _flag(critical)
        except ValueError as error:
            self.problems.add(row, column, value, *error.args)
            return
        if bool(what) != (required is not None):
            column, other = ("level", "skill") if what else ("skill", "level")
            mend = f"Give both, or leave {other} empty too where the role requires nothing."
            self.problems.add(row, column, "", f"is empty beside the {other} {what or level}", mend)
            return
        self.rows.append(row)
        self.role.add(job)
        if required is None:
            self.skill.add_none()
        else:
            self.skill.add(what)
        self.level.append(required or 0.0)
        self.weight.append(1.0 if counts is None else counts)
        self.critical.append(flag)


def compare_tables(people: PeopleTable, requirements: RequirementTable) -> NamedGaps:
    """Each person beside their role. Raises TableError with the first problems of both tables.

    A person's skills count for each of their roles. A line that stands twice counts once; two
    lines that disagree are refused.
    """
    required = _required(requirements)
    _refuse(requirements, people)
    of_role = {name: number for number, name in enumerate(requirements.role.names)}
    role_number = np.array([of_role.get(name, -1) for name in people.role.names], dtype=np.int64)
    person, job = people.person.numbers(), people.role.numbers()
    _check_roles(people, role_number[job], list(of_role))
    known = {name: number for number, name in enumerate(requirements.skill.names)}
    # A skill that no role requires is held all the same, and disagreeing lines of it are told.
    skill_number = np.array(
        [known.setdefault(name, len(known)) for name in people.skill.names], dtype=np.int64
    )
    records = _records(people, person)
    _refuse(requirements, people)
    pair = np.unique(person * len(people.role.names) + job, return_index=True)[1]
    pair.sort()
    pair_person, pair_role = person[pair], role_number[job[pair]]
    record, whose = _for_each_pair(person[records], pair_person, len(people.person.names))
    record = records[record]
    found = own_role_gaps(
        person_role=pair_role,
        requirements=required,
        held=Held(
            person=whose,
            skill=skill_number[people.skill.numbers()[record]],
            level=np.frombuffer(people.level)[record] if len(record) else np.zeros(0),
        ),
        skills=max(1, len(known)),
    )
    return _named(found, people, requirements, pair_person, job[pair])


def name_of(value: object) -> str:
    """A name as it is compared: no spaces around it, composed letters; None and NaN are empty."""
    if type(value) is not str:
        if value is None or value != value:  # NaN differs from itself
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        value = str(value)
    text = value.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class _Problems:
    def __init__(self, table: str) -> None:
        self._table = table
        self.found: list[TableProblem] = []

    def add(self, row: int | None, column: str, value: object, reason: str, mend: str) -> None:
        if len(self.found) < MAX_PROBLEMS:
            told = "" if value is None else str(value)[:80]
            self.found.append(
                TableProblem(
                    table=self._table,
                    row=row,
                    column=column,
                    value=told,
                    reason=reason,
                    mend=mend,
                )
            )


class _Names:
    """Names by number, in the order in which they come."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._rows = array("q")

    def add(self, name: str) -> None:
        self._rows.append(self._number.setdefault(name, len(self._number)))

    def add_none(self) -> None:
        self._rows.append(-1)

    @property
    def names(self) -> list[str]:
        return list(self._number)

    def numbers(self) -> Ints:
        """The number of the name in each row, -1 for none."""
        return np.frombuffer(self._rows, dtype=np.int64) if self._rows else np.zeros(0, np.int64)


class _Numbers:
    """Cells that are numbers; the same few come again and again."""

    def __init__(self, *, decimal_comma: bool) -> None:
        self._comma = decimal_comma
        self._known: dict[str, float | None] = {}

    def read(self, value: object) -> float | None:
        """The number, None for an empty cell. Raises ValueError with the reason and the mend."""
        if isinstance(value, str):
            found = self._known.get(value, math.inf)
            if found is None or found != math.inf:
                return found
            found = self._read_text(value)
            if len(self._known) < 10_000:
                self._known[value] = found
            return found
        if value is None or value != value:
            return None
        if isinstance(value, bool | np.bool_):
            raise ValueError("is not a number", "Give a number, such as 3 or 2.5.")
        try:
            return _in_range(float(value))  # type: ignore[arg-type]  # refused below where it fails
        except TypeError:
            raise ValueError("is not a number", "Give a number, such as 3 or 2.5.") from None

    def _read_text(self, value: str) -> float | None:
        text = value.strip()
        if not text:
            return None
        if self._comma and "." not in text:
            text = text.replace(",", ".", 1)
        if _NUMBER.fullmatch(text):
            return _in_range(float(text))
        if re.fullmatch(r"[+-]?\d*,\d+", text):
            raise ValueError("has a comma", f"Write {text.replace(',', '.')}.")
        raise ValueError("is not a number", "Give a number, such as 3 or 2.5.")


def _in_range(number: float) -> float:
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError("is out of range", f"Give a number from 0 to {MAX_NUMBER:,}.")
    return number


def _flag(value: object) -> bool:
    found = _FLAGS.get(name_of(value).lower())
    if found is None:
        raise ValueError("is neither yes nor no", "Give true or false, yes or no, 1 or 0.")
    return found


def _refuse(*tables: PeopleTable | RequirementTable) -> None:
    found = [problem for table in tables for problem in table.problems.found]
    if found:
        raise TableError(found[:MAX_PROBLEMS])


def _required(table: RequirementTable) -> Requirements:
    role, skill = table.role.numbers(), table.skill.numbers()
    named = np.flatnonzero(skill >= 0)
    key = role[named] * max(1, len(table.skill.names)) + skill[named]
    order = named[np.argsort(key, kind="stable")]
    columns = [
        np.frombuffer(values, dtype) if len(values) else np.zeros(0, dtype)
        for values, dtype in (
            (table.level, np.float64),
            (table.weight, np.float64),
            (table.critical, np.int8),
        )
    ]
    first, again = order[:-1], order[1:]
    repeated = (role[first] == role[again]) & (skill[first] == skill[again])
    differ = np.zeros(len(first), dtype=np.bool_)
    for values in columns:
        differ |= values[first] != values[again]
    for at in np.flatnonzero(repeated & differ)[:MAX_PROBLEMS].tolist():
        table.problems.add(
            table.rows[again[at]],
            "skill",
            table.skill.names[skill[again[at]]],
            f"is required of {table.role.names[role[again[at]]]!r} in row "
            f"{table.rows[first[at]]} already, otherwise",
            "Keep one of the two rows.",
        )
    kept = np.sort(np.concatenate([order[:1], again[~repeated]]))
    level, weight, critical = (values[kept] for values in columns)
    return Requirements(
        role=role[kept],
        skill=skill[kept],
        level=level,
        weight=weight,
        critical=critical.astype(np.bool_),
    )


def _check_roles(people: PeopleTable, role_number: Ints, known: list[str]) -> None:
    names = people.role.names
    job = people.role.numbers()
    missing = np.flatnonzero(role_number < 0)
    told, at = np.unique(job[missing], return_index=True)
    for number, row in sorted(
        zip(told.tolist(), missing[at].tolist(), strict=True), key=lambda pair: pair[1]
    )[:MAX_PROBLEMS]:
        near = get_close_matches(names[number], known, n=1)
        there = ", ".join(map(repr, known[:_NAMES_SHOWN])) + (
            ", …" if len(known) > _NAMES_SHOWN else ""
        )
        mend = f"Did you mean {near[0]!r}?" if near else f"There is: {there or 'none'}."
        people.problems.add(
            people.rows[row],
            "role",
            names[number],
            "is not in the requirements",
            f"{mend} A role that requires nothing has a row of its own there, with skill and level "
            "empty.",
        )


def _records(people: PeopleTable, person: Ints) -> Ints:
    """The rows that say what is held, each (person, skill) once."""
    skill = people.skill.numbers()
    level = np.frombuffer(people.level) if len(people.level) else np.zeros(0)
    named = np.flatnonzero(skill >= 0)
    key = person[named] * max(1, len(people.skill.names)) + skill[named]
    order = np.argsort(key, kind="stable")
    key, order = key[order], named[order]
    first, again = order[:-1], order[1:]
    repeated = key[1:] == key[:-1]
    differ = np.flatnonzero(repeated & (level[first] != level[again]))
    for at in differ[:MAX_PROBLEMS].tolist():
        people.problems.add(
            people.rows[again[at]],
            "level",
            f"{level[again[at]]:g}",
            f"is not what row {people.rows[first[at]]} says of "
            f"{people.person.names[person[again[at]]]!r} in "
            f"{people.skill.names[skill[again[at]]]!r}: {level[first[at]]:g}",
            "Keep one of the two rows.",
        )
    return np.concatenate([order[:1], again[~repeated]])


def _for_each_pair(person: Ints, pair_person: Ints, people: int) -> tuple[Ints, Ints]:
    """The records once for each role of their person: which record, and which pair."""
    by_person = np.argsort(pair_person, kind="stable")
    first = np.searchsorted(pair_person[by_person], np.arange(people + 1))
    record, at = spread(first, person)
    return record, by_person[at]


def _named(
    found: Gaps,
    people: PeopleTable,
    requirements: RequirementTable,
    pair_person: Ints,
    pair_role: Ints,
) -> NamedGaps:
    rows = found.rows()
    person_names, role_names = people.person.names, people.role.names
    skill_names = requirements.skill.names
    persons = [person_names[n] for n in pair_person.tolist()]
    roles = [role_names[n] for n in pair_role.tolist()]
    pair = rows.person.tolist()
    pairs = len(persons)
    return NamedGaps(
        gaps={
            "person": [persons[n] for n in pair],
            "role": [roles[n] for n in pair],
            "skill": [skill_names[n] for n in rows.skill.tolist()],
            "required": _plain(rows.required),
            "held": _plain(rows.held),
            # 3 - 2.7 is told as 0.3, not with the dust of its binary form.
            "gap": _plain(np.round(rows.gap, 9)),
            "weight": _plain(rows.weight),
            "critical": rows.critical.tolist(),
        },
        people={
            "person": persons,
            "role": roles,
            "fit": np.where(np.isnan(found.fit), 1.0, found.fit).tolist(),
            "gaps": np.bincount(rows.person, minlength=pairs).tolist(),
            "critical_gaps": np.bincount(rows.person[rows.critical], minlength=pairs).tolist(),
        },
    )


def _plain(values: Any) -> list[Any]:
    whole = np.equal(np.mod(values, 1), 0)
    if whole.all():
        plain: list[Any] = values.astype(np.int64).tolist()
        return plain
    return [int(v) if w else v for v, w in zip(values.tolist(), whole.tolist(), strict=True)]
