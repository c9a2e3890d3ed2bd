"""Whatever people's cells hold comes through, with the lines an editor counts."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.organizations.people_import.columns import recognized
from guildmark.organizations.people_import.reading import (
    MAX_CELL,
    FileUnreadableError,
    read_table,
)

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
ROWS = st.lists(
    st.lists(CELL, min_size=3, max_size=3).filter(lambda row: any(c.strip() for c in row)),
    max_size=8,
)
HEAD = ["number", "family_name", "unit"]


def written(rows: list[list[str]], separator: str, end: str) -> str:
    text = io.StringIO()
    # Python's writer leaves \r unquoted when it is no part of the line end.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([HEAD, *rows])
    return text.getvalue()


@given(
    rows=ROWS,
    separator=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_arbitrary_cells_come_through(
    rows: list[list[str]], separator: str, end: str, encoding: str
) -> None:
    text = written(rows, separator, end)
    table = read_table(text.encode(encoding), recognized)
    assert [list(row.cells) for row in table.rows] == rows
    assert not table.problems
    lines = io.StringIO(text, newline="").readlines()
    for row in table.rows:
        # The row begins in the line its number names.
        first = row.cells[0]
        start = first.splitlines()[0] if first.splitlines() else ""
        if start and '"' not in start:
            assert start.split("\r")[0].split("\n")[0] in lines[row.line - 1]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(FileUnreadableError):
        read_table(data, recognized)


def test_a_separator_in_the_heading_of_excel_is_obeyed() -> None:
    table = read_table(b"sep=;\r\nnumber;family_name\r\n1;a,b\r\n")
    assert table.rows[0].cells == ("1", "a,b")
    assert table.rows[0].line == 3


def test_empty_rows_are_passed_over_and_counted() -> None:
    table = read_table(b"number;family_name\n\n;;\n1;a\n")
    assert [(row.line, row.cells[0]) for row in table.rows] == [(4, "1")]


def test_a_quote_left_open_is_named_with_its_line() -> None:
    table = read_table(b'number,family_name\n1,a\n2,"b\n3,c\n')
    assert [problem.line for problem in table.problems] == [3]
    assert "never closed" in table.problems[0].reason
    assert len(table.rows) == 1


def test_text_after_a_closing_quote_ends_that_row_only() -> None:
    table = read_table(b'number,family_name\n1,"a"b\n2,c\n')
    assert [problem.line for problem in table.problems] == [2]
    assert [row.cells[0] for row in table.rows] == ["2"]


def test_a_cell_without_bound_is_refused() -> None:
    table = read_table(b"number,family_name\n1," + b"x" * (MAX_CELL + 1) + b"\n2,a\n")
    assert [problem.line for problem in table.problems] == [2]
    assert len(table.rows) == 1


def test_old_line_ends_of_the_mac_are_read() -> None:
    table = read_table(b"number;family_name\r1;a\r2;b")
    assert [row.line for row in table.rows] == [2, 3]


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(FileUnreadableError, match="columns"):
        read_table(",".join(f"c{n}" for n in range(300)).encode())
