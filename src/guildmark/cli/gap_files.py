"""The two files of `guildmark gaps`, read line by line."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from guildmark.analytics.gaps.named import (
    OPTIONAL_COLUMNS,
    PEOPLE_COLUMNS,
    REQUIREMENT_COLUMNS,
    PeopleTable,
    RequirementTable,
    TableError,
    TableProblem,
)

_SEPARATORS = (",", ";", "\t", "|")
_MAX_HEADING = 100_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_people(name: str) -> PeopleTable:
    """The file of people. Raises TableError where it is no such file, OSError where it is none."""
    with _Lines(name, PEOPLE_COLUMNS, ()) as lines:
        table = PeopleTable(lines.name, decimal_comma=lines.decimal_comma)
        lines.into(table.add)
    return table


def read_requirements(name: str) -> RequirementTable:
    """The file of requirements. Raises as `read_people` does."""
    with _Lines(name, REQUIREMENT_COLUMNS, OPTIONAL_COLUMNS) as lines:
        table = RequirementTable(lines.name, decimal_comma=lines.decimal_comma)
        lines.into(table.add)
    return table


class _Lines:
    """A file of separated values with the columns that are asked, in any order."""

    def __init__(self, name: str, must: tuple[str, ...], may: tuple[str, ...]) -> None:
        self.name = "standard input" if name == "-" else name
        self._asked = (*must, *may)
        self._stream: BinaryIO = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115  # closed by __exit__
        try:
            self._begin(must)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not sys.stdin.buffer:
            self._stream.close()

    def _begin(self, must: tuple[str, ...]) -> None:
        start = _peek(self._stream)
        if start.startswith(_WORKBOOKS):
            self._refuse(None, "", "is a workbook", "Save it as 'CSV UTF-8'.")
        is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = io.TextIOWrapper(
            self._stream, encoding="utf-16" if is_wide else "utf-8-sig", newline=""
        )
        # The wrapper would close what it wraps when it is collected.
        self._text = text
        self._line = 0
        heading = self._heading()
        separator = max(_SEPARATORS, key=lambda one: self._known(_cells(heading, one)))
        if heading.strip().lower().startswith("sep=") and len(heading.strip()) == 5:
            # Excel's own first line, which says the separator.
            separator = heading.strip()[4]
            heading = self._heading()
        self.decimal_comma = separator != ","
        names = [cell.strip().lower() for cell in _cells(heading, separator)]
        for name in self._asked:
            if names.count(name) > 1:
                self._refuse(self._line, name, "is there twice", "Keep one of the two columns.")
        missing = [name for name in must if name not in names]
        if missing:
            there = ", ".join(filter(None, names))[:200]
            self._refuse(
                self._line,
                missing[0],
                "is missing in the first line",
                f"The first line names the columns {', '.join(self._asked)}; "
                f"here it has: {there or 'nothing'}.",
            )
        self._width = len(names)
        self._places = {name: names.index(name) for name in self._asked if name in names}
        self._before = self._line
        self._rows = csv.reader(self._text, delimiter=separator, strict=True)

    def into(self, add: Callable[..., None]) -> None:
        """Hand each row over with the line it begins on."""
        names = list(self._places)
        places = list(self._places.values())
        for line, cells in self._cells():
            add(line, **{name: cells[at] for name, at in zip(names, places, strict=True)})

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        width = self._width
        line = self._before + 1
        while True:
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse(line, "", f"cannot be read ({error})", "Look at its quotation marks.")
            except UnicodeError:
                self._refuse_bytes(line)
            if len(cells) != width and cells:
                if any(cell.strip() for cell in cells[width:]):
                    self._refuse(
                        line,
                        "",
                        f"has {len(cells)} cells, the first line {width}",
                        'Put a name that holds the separator into quotation marks, "so".',
                    )
                cells.extend([""] * (width - len(cells)))
            if any(cells) and not all(not cell or cell.isspace() for cell in cells):
                yield line, cells
            line = self._before + self._rows.line_num + 1

    def _heading(self) -> str:
        """The next line that is not empty."""
        while True:
            self._line += 1
            try:
                found = self._text.readline(_MAX_HEADING)
            except UnicodeError:
                self._refuse_bytes(self._line)
            if not found:
                self._refuse(
                    None,
                    "",
                    "is empty",
                    f"Its first line names the columns {', '.join(self._asked)}.",
                )
            if found.strip():
                return found

    def _known(self, cells: list[str]) -> int:
        return sum(cell.strip().lower() in self._asked for cell in cells)

    def _refuse_bytes(self, line: int) -> None:
        self._refuse(line, "", "or a line soon after it is not UTF-8", "Save it as 'CSV UTF-8'.")

    def _refuse(self, line: int | None, column: str, reason: str, mend: str) -> None:
        raise TableError(
            [TableProblem(table=self.name, row=line, column=column, reason=reason, mend=mend)]
        )


def _peek(stream: BinaryIO) -> bytes:
    look = getattr(stream, "peek", None)
    return look(4)[:4] if look else b""


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except (csv.Error, StopIteration):
        return []
