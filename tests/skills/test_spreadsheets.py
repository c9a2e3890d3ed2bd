"""Excel files that are damaged or made to fill the memory are refused before they are read."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from guildmark.skills.readers.spreadsheet import SpreadsheetError, read_table
from tests.credentials.fuzzing.mutations import mutate_bytes

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FILES = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
    f'Id="a" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(last: str = "B2") -> bytes:
    """A table of two columns and one row, its last cell at a place of choice."""
    cells = "".join(
        f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in (("A1", "id"), ("B1", "name"), ("A2", "1"), (last, "x"))
    )
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_FILES, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, text)
    return written.getvalue()


def read(folder: Path, data: bytes) -> list[str]:
    path = folder / "table.xlsx"
    path.write_bytes(data)
    return [row.text("name", required=False) for row in read_table(path, ["id", "name"])]


def test_a_table_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, workbook()) == ["x"]


@pytest.mark.parametrize("place", ["XFD1048576", "ZZZZ99999999", "XFD99999", "A1048577"])
def test_a_cell_far_out_takes_no_room(tmp_path: Path, place: str) -> None:
    """The reader asked for room for all cells before it; there was not so much, and the whole
    process ended."""
    with pytest.raises(SpreadsheetError, match="over"):
        read(tmp_path, workbook(place))


@pytest.mark.parametrize("place", ["&#88;FD1048576", "$A$1", "-1"])
def test_a_place_written_otherwise_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(SpreadsheetError, match="in a way that Excel does not"):
        read(tmp_path, workbook(place))


def test_changed_bytes_end_in_a_table_or_an_error(tmp_path: Path) -> None:
    chance = random.Random(1)
    refused = 0
    for _ in range(300):
        try:
            read(tmp_path, mutate_bytes(workbook(), chance))
        except SpreadsheetError:
            refused += 1
    assert refused > 200
