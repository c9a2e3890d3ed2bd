"""From the bytes of an HR file to rows with the line numbers an editor shows.

Knows nothing of people: only encodings, separators, quotes and bounds.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
"""Characters of a cell; csv's own bound is larger and would name no line."""
MAX_PROBLEMS = 1000
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What stands in the way, where, and how to mend it.

    `line` is the line in the file, counted from 1 as an editor counts, also inside quoted cells;
    None when the file as a whole is meant. `column` is the heading as the file writes it.
    """

    line: int | None
    column: str = ""
    value: str = ""
    reason: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """Cells exactly as written; `line` is the one where the row begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """What was read. With problems, the rows are those that could be read all the same."""

    header: Row
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


class FileUnreadableError(Exception):
    """Nothing could be read of the file; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def read_table(data: bytes, fitness: Callable[[Sequence[str]], int] = len) -> Table:
    """Read a file of separated values.

    Encodings: UTF-8 with or without byte-order mark, UTF-16 as Excel's "Unicode text" has it,
    else Windows-1252 with a note. The separator is the one of comma, semicolon, tab and bar for
    whose heading `fitness` is highest. Empty rows are passed over. Raises FileUnreadableError.
    """
    text, notes = _decode(data)
    offset = 0
    first, _newline, rest = text.partition("\n")
    given = first.strip().lower()
    separator = None
    if given.startswith("sep=") and len(given) == 5:
        # Excel's own first line, which says the separator.
        separator, text, offset = given[4], rest, 1
    separator = separator or _separator(text, fitness)
    header: Row | None = None
    rows: list[Row] = []
    problems: list[Problem] = []
    for item in _rows(text, separator, offset):
        if isinstance(item, Problem):
            if header is None:
                raise FileUnreadableError(item)
            problems.append(item)
            if len(problems) >= MAX_PROBLEMS:
                break
        elif header is None:
            header = item
            if len(item.cells) > MAX_COLUMNS:
                raise FileUnreadableError(
                    Problem(
                        line=item.line,
                        value=str(len(item.cells)),
                        reason=_("The heading has more than %(limit)d columns.")
                        % {"limit": MAX_COLUMNS},
                        mend=_("Keep the columns about people only."),
                    )
                )
        elif len(rows) >= MAX_ROWS:
            raise FileUnreadableError(
                Problem(
                    line=item.line,
                    reason=_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS},
                    mend=_("Split it; people who are not in a file stay as they are."),
                )
            )
        else:
            rows.append(item)
    if header is None:
        raise FileUnreadableError(
            Problem(
                line=None,
                reason=_("The file is empty."),
                mend=_("Give a file with a heading and a row for each person."),
            )
        )
    return Table(header=header, rows=tuple(rows), problems=tuple(problems), notes=tuple(notes))


def _decode(data: bytes) -> tuple[str, list[str]]:
    if len(data) > MAX_BYTES:
        raise FileUnreadableError(
            Problem(
                line=None,
                reason=_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 2**20},
                mend=_("Split it; people who are not in a file stay as they are."),
            )
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileUnreadableError(
            Problem(
                line=None,
                reason=_("This is a workbook, not a text file."),
                mend=_("In Excel choose 'Save as' and the kind 'CSV UTF-8'."),
            )
        )
    notes: list[str] = []
    try:
        if data.startswith(codecs.BOM_UTF8):
            text = data.decode("utf-8-sig")
        elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        elif data[1:4:2] == b"\0\0":
            text = data.decode("utf-16-le")
        elif data[0:3:2] == b"\0\0":
            text = data.decode("utf-16-be")
        else:
            text, notes = _decode_unmarked(data)
    except UnicodeDecodeError as error:
        raise FileUnreadableError(_undecodable(data, error)) from error
    if "\0" in text:
        raise FileUnreadableError(
            Problem(
                line=text[: text.index("\0")].count("\n") + 1,
                reason=_("The file holds zero bytes, so it is no text file."),
                mend=_("Save it as 'CSV UTF-8'."),
            )
        )
    return text, notes


def _decode_unmarked(data: bytes) -> tuple[str, list[str]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    note = _(
        "The file is not in UTF-8 (see line %(line)d) and was read as Windows-1252. Check names "
        "with special letters; if they are wrong, save the file as 'CSV UTF-8'."
    ) % {"line": line}
    return data.decode("cp1252"), [note]


def _undecodable(data: bytes, error: UnicodeDecodeError) -> Problem:
    return Problem(
        line=data[: error.start].count(b"\n") + 1,
        value=f"0x{data[error.start]:02X}",
        reason=_("This line holds bytes that are text in no encoding known here."),
        mend=_("Save the file as 'CSV UTF-8'."),
    )


def _separator(text: str, fitness: Callable[[Sequence[str]], int]) -> str:
    def of(separator: str) -> tuple[int, int]:
        for item in _rows(text, separator, 0):
            cells = item.cells if isinstance(item, Row) else ()
            return fitness(cells), len(cells)
        return 0, 0

    return max(SEPARATORS, key=of)


def _rows(text: str, separator: str, offset: int) -> Iterator[Row | Problem]:
    """The rows that are not empty, and what could not be read. csv.Error ends one row only."""
    # newline="" splits at \n, \r\n and \r as editors do, and keeps what stands in quotes.
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1 + offset
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _unparsable(line, str(error))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        longest = max(cells, key=len)
        if len(longest) > MAX_CELL:
            yield Problem(
                line=line,
                value=longest[:60],
                reason=_("A cell is longer than %(limit)d characters.") % {"limit": MAX_CELL},
                mend=_("Shorten it; perhaps a quotation mark is missing at its end."),
            )
            continue
        yield Row(line=line, cells=tuple(cells))


def _unparsable(line: int, error: str) -> Problem:
    if "unexpected end" in error or "field larger" in error:
        return Problem(
            line=line,
            reason=_("A quotation mark that opens in this row is never closed."),
            mend=_("Close it, or double it when it belongs to the text."),
        )
    return Problem(
        line=line,
        reason=_("A quoted cell goes on after its closing quotation mark."),
        mend=_("Double each quotation mark that belongs to the text."),
    )
