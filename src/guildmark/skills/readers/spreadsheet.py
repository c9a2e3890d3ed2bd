"""Excel tables from outside, read within bounds and by the names of their columns."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from guildmark.skills.readers.shape import FrameworkFileError

MAX_FILE = 60_000_000
MAX_UNPACKED = 600_000_000
MAX_ROWS = 1_000_000
MAX_CELLS = 20_000_000
"""From the first to the last, also those that are empty: the reader makes room for each."""
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]*)([^"']?)""")
_PIECE = 1 << 20


class SpreadsheetError(FrameworkFileError):
    """A table cannot be taken as it is; the message names file, row, column, value and the mend."""


class Row:
    """One row of a table: its number as Excel shows it, and its cells by column name."""

    __slots__ = ("_cells", "_columns", "file", "number")

    def __init__(
        self, file: str, number: int, columns: Mapping[str, int], cells: Sequence[Any]
    ) -> None:
        self.file, self.number = file, number
        self._columns, self._cells = columns, cells

    def text(self, column: str, *, required: bool = True) -> str:
        """The cell as text without outer blanks."""
        value = self._cells[self._columns[column]]
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        text = text.strip()
        if required and not text:
            raise self.error(column, "", "fill it in or remove the row")
        return text

    def number_of(self, column: str, low: float, high: float) -> float:
        """The cell as a number from `low` to `high`."""
        value = self._cells[self._columns[column]]
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise self.error(column, value, "give a number") from None
        if not low <= number <= high:
            raise self.error(column, value, f"give a number from {low:g} to {high:g}")
        return number

    def error(self, column: str, value: object, mend: str) -> SpreadsheetError:
        """An error about a cell of this row."""
        shown = f"{str(value)[:80]!r}" if str(value).strip() else "empty"
        return SpreadsheetError(
            f"{self.file}, row {self.number}, column {column!r} is {shown}: {mend}."
        )


def read_table(
    path: Path, columns: Sequence[str], *, optional: Sequence[str] = ()
) -> Iterator[Row]:
    """The rows of a file's first sheet below its header row; see `read_sheet`."""
    if not path.is_file():
        raise SpreadsheetError(f"{path.name} is missing in {path.parent}: put it there.")
    if path.stat().st_size > MAX_FILE:
        raise SpreadsheetError(f"{path.name} is larger than {MAX_FILE:,} bytes.")
    yield from read_sheet(path.name, path.read_bytes(), columns, optional=optional)


def read_sheet(
    name: str, data: bytes, columns: Sequence[str], *, optional: Sequence[str] = ()
) -> Iterator[Row]:
    """The rows of a file's first sheet below its header row.

    `columns` must all be there, in any order, `optional` ones are empty where they are missing;
    others are passed over. Raises SpreadsheetError for a file that is not XLSX, cut off, too large
    packed or unpacked, or lacks a column.
    """
    sheet = first_sheet(name, data)
    rows = iter(sheet.iter_rows())
    header = [str(cell).strip() for cell in next(rows, [])]
    index = {title: position for position, title in enumerate(header)}
    missing = [title for title in columns if title not in index]
    if missing:
        found = ", ".join(title for title in header if title) or "nothing"
        raise SpreadsheetError(
            f"{name} lacks the column {missing[0]!r} in its first row; found there: "
            f"{found[:300]}. Name the column as the publisher does."
        )
    index |= {title: len(header) for title in optional if title not in index}
    for number, cells in enumerate(rows, start=2):
        if any(cell != "" for cell in cells):
            yield Row(name, number, index, [*cells, ""])


def first_sheet(name: str, data: bytes) -> CalamineSheet:
    """The first sheet of a workbook that is whole and within bounds. Raises SpreadsheetError."""
    _check_file(name, data)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError) as error:
        raise SpreadsheetError(
            f"{name} cannot be read as an Excel file: {error}. Save it again as .xlsx."
        ) from error
    if sheet.total_height > MAX_ROWS:
        raise SpreadsheetError(f"{name} has over {MAX_ROWS} rows: split it.")
    return sheet


def _check_file(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise SpreadsheetError(f"{name} unpacks to over {MAX_UNPACKED:,} bytes.")
            for entry in archive.infolist():
                if "sheet" in entry.filename.lower():
                    _check_places(name, archive, entry)
    except SpreadsheetError:
        raise
    except Exception as error:
        # The archive's reader raises whatever it stumbles over in a damaged file.
        raise SpreadsheetError(
            f"{name} is not a whole .xlsx file ({error}). Download it again."
        ) from error


def _check_places(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a sheet with a cell far out: the reader would ask for room for all before it, and
    where there is not so much, the process ends."""
    columns, last, rest = {b"A"}, 1, b""
    with archive.open(entry) as file:
        while piece := file.read(_PIECE):
            places = _PLACE.findall(rest + piece)
            if any(other for _, _, other in places):
                raise SpreadsheetError(f"{name} names cells in a way that Excel does not.")
            columns.update(column for column, _, _ in places)
            last = max(last, *(int(row[:9] or b"0") for _, row, _ in places), 1)
            rest = piece[-64:]
    width = max(_number_of(column) for column in columns)
    if width * last > MAX_CELLS:
        raise SpreadsheetError(
            f"{name} reaches to column {width} and row {last}, over {MAX_CELLS:,} cells: "
            "remove what stands far from the table, or split it."
        )


def _number_of(column: bytes) -> int:
    """Of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in column.upper()[:7]:
        number = number * 26 + letter - 64
    return number
