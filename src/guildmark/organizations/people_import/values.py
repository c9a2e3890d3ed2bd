"""From a row's cells to checked values, without looking at any data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from guildmark.organizations.checks import (
    clean_text,
    email_problem,
    language_problem,
    text_problem,
)
from guildmark.organizations.people_import.columns import Heading
from guildmark.organizations.people_import.reading import Problem, Row
from guildmark.texts import shown

LENGTHS = {
    "number": 60,
    "given_name": 200,
    "family_name": 200,
    "full_name": 200,
    "email": 254,
    "unit": 200,
    "unit_name": 200,
    "position": 200,
    "position_title": 200,
    "manager_number": 60,
    "shift": 120,
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ]00:00(:00(\.0+)?)?Z?)?")
_OTHER = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})( .*)?")


@dataclass(frozen=True, kw_only=True)
class Values:
    """A row's values; a field whose column the file does not have is missing in `texts`/`days`."""

    line: int
    number: str
    texts: dict[str, str]
    days: dict[str, dt.date | None]

    def text(self, field: str) -> str:
        """The text of a field, empty without its column."""
        return self.texts.get(field, "")

    def said(self, field: str) -> str:
        """A text, or a day as 2024-03-31; empty when the row says nothing."""
        day = self.days.get(field)
        return day.isoformat() if day else self.text(field)


def read_values(row: Row, heading: Heading) -> tuple[Values | None, list[Problem]]:
    """Check the cells of a row by themselves; no values when there are problems."""
    problems: list[Problem] = []
    cells = row.cells

    def wrong(field: str, value: str, reason: str, mend: str) -> None:
        problems.append(
            Problem(
                line=row.line,
                column=heading.title.get(field, field),
                value=shown(value[:100]),
                reason=reason,
                mend=mend,
            )
        )

    texts: dict[str, str] = {}
    days: dict[str, dt.date | None] = {}
    for field, position in heading.index.items():
        if position >= len(cells):
            continue  # Excel leaves out empty cells at a row's end; nothing is said of the field
        cell = clean_text(cells[position])
        if field in {"starts_on", "ends_on"}:
            days[field] = _day(cell, partial(wrong, field, cell))
            continue
        texts[field] = cell
        if field in LENGTHS and (reason := text_problem(cell, LENGTHS[field])) is not None:
            wrong(field, cell, reason, _("Correct the cell."))
        elif field == "email" and cell and (reason := email_problem(cell)) is not None:
            wrong(field, cell, reason, _("Correct the address or leave the cell empty."))
        elif field == "language" and cell:
            texts[field] = _language(cell)
            if (reason := language_problem(texts[field])) is not None:
                wrong(field, cell, reason, _("Correct the code or leave the cell empty."))
    if "full_name" in texts:
        _split_name(texts)
    if not texts.get("number"):
        wrong("number", "", _("The personnel number is empty."), _("Give one, or delete the row."))
    if not texts.get("family_name"):
        wrong("family_name", "", _("The family name is empty."), _("Write the name."))
    starts_on, ends_on = days.get("starts_on"), days.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        wrong(
            "ends_on",
            ends_on.isoformat(),
            _("The last day is before the first day %(day)s.") % {"day": starts_on.isoformat()},
            _("Correct one of the two days."),
        )
    if problems:
        return None, problems
    return Values(line=row.line, number=texts["number"], texts=texts, days=days), []


def surplus(row: Row, columns: int) -> Problem | None:
    """A row with more filled cells than the heading has columns has slipped somewhere."""
    extra: Sequence[str] = [cell for cell in row.cells[columns:] if cell.strip()]
    if not extra:
        return None
    return Problem(
        line=row.line,
        value=extra[0][:100],
        reason=_("The row has %(count)d cells, the heading %(columns)d.")
        % {"count": len(row.cells), "columns": columns},
        mend=_("Put cells that hold the separator in quotation marks."),
    )


def shortfall(row: Row, header: Row) -> Problem | None:
    """A row that ends before the last named column is broken off, or lacks separators."""
    columns = max((n for n, title in enumerate(header.cells, 1) if title.strip()), default=0)
    if len(row.cells) >= columns:
        return None
    return Problem(
        line=row.line,
        value=" | ".join(row.cells)[:100],
        reason=_("The row has %(count)d cells, the heading %(columns)d.")
        % {"count": len(row.cells), "columns": columns},
        mend=_(
            "Add the missing separators, also for empty cells; put a cell that goes over several "
            "lines in quotation marks."
        ),
    )


def _day(cell: str, wrong: Callable[[str, str], None]) -> dt.date | None:
    if not cell:
        return None
    if match := _ISO.fullmatch(cell):
        try:
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            wrong(_("There is no such day."), _("Correct the date."))
            return None
        if 1900 <= day.year < 2200:
            return day
        wrong(_("The year is out of range."), _("Give a year from 1900 to 2199."))
        return None
    wrong(_("This is no date in the form year-month-day."), _mend_of(cell))
    return None


def _mend_of(cell: str) -> str:
    """A form such as 31.3.2024 can be shown as it should be, when only one reading makes sense."""
    plain = _("Write it like 2024-03-31.")
    match = _OTHER.fullmatch(cell)
    if not match:
        return plain
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    tries = (
        [(first, second, third)]
        if len(match[1]) == 4
        else [
            (third, second, first),
            (third, first, second),
        ]
    )
    found: set[dt.date] = set()
    for year, month, day in tries:
        try:
            found.add(dt.date(year, month, day))
        except ValueError:
            continue
    found = {day for day in found if 1900 <= day.year < 2200}
    if len(found) != 1:
        return plain
    return _("Write it as %(day)s.") % {"day": found.pop().isoformat()}


def _language(cell: str) -> str:
    head, *rest = cell.replace("_", "-").split("-")
    return "-".join([head.lower(), *rest])


def _split_name(texts: dict[str, str]) -> None:
    """'Family, Given' as HR systems sort it, else the last word is the family name."""
    name = texts.pop("full_name")
    if texts.get("family_name"):
        return
    if "," in name:
        family, _comma, given = name.partition(",")
    else:
        given, _blank, family = name.rpartition(" ")
    texts["family_name"] = family.strip()
    if not texts.get("given_name"):
        texts["given_name"] = given.strip()
