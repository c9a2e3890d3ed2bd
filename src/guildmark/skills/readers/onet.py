"""The O*NET database as its publisher distributes it in Excel files.

Any release is read, by the names of files and columns (https://www.onetcenter.org/database.html).
O*NET is licensed CC BY 4.0 by the U.S. Department of Labor, Employment and Training
Administration.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guildmark.skills.readers.spreadsheet import Row, SpreadsheetError, read_table

OCCUPATION_ADDRESS = "https://www.onetonline.org/link/summary/"
ELEMENT_ADDRESS = "https://www.onetonline.org/find/descriptor/result/"
KINDS = {"Skills": "skill", "Knowledge": "knowledge"}
IMPORTANCE, LEVEL = "IM", "LV"
_RELEASE = re.compile(r"O\*NET\s+([0-9]{1,3}\.[0-9]{1,2})\s+Database", re.IGNORECASE)

Progress = Callable[[str, int], None]
"""Called with a table's name and its rows read, after each table."""


@dataclass(frozen=True, kw_only=True)
class Occupation:
    """An occupation by its O*NET-SOC code."""

    code: str
    title: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Element:
    """A skill or an area of knowledge of the content model."""

    code: str
    name: str
    description: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How an occupation needs an element: importance 1 to 5, level 0 to 7."""

    occupation: str
    element: str
    importance: float
    level: float
    is_relevant: bool


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What a level of an element looks like."""

    element: str
    level: int
    text: str


@dataclass(frozen=True, kw_only=True)
class OnetRelease:
    """One release, checked; `counts` has the rows of each table read."""

    version: str
    occupations: tuple[Occupation, ...]
    elements: tuple[Element, ...]
    ratings: tuple[Rating, ...]
    anchors: tuple[Anchor, ...]
    other_titles: tuple[tuple[str, str], ...]
    """Pairs of occupation code and another title of it."""
    counts: dict[str, int]

    @property
    def attribution(self) -> str:
        """The words that the licence asks for."""
        return (
            f"O*NET {self.version} Database, U.S. Department of Labor, "
            "Employment and Training Administration"
        )


def read_onet(folder: Path, *, on_progress: Progress = lambda _table, _rows: None) -> OnetRelease:
    """Read and check a release.

    Needed: Occupation Data, Skills, Knowledge, Content Model Reference. Read where present: Level
    Scale Anchors, Alternate Titles, and, counted and checked only, Task Statements, Technology
    Skills, Tasks to DWAs. Raises SpreadsheetError naming file, row, column, value and mend; a
    rating of an unknown occupation or element is one.
    """
    if not folder.is_dir():
        raise SpreadsheetError(f"{folder} is not a folder: name the one with the O*NET files.")
    reader = _Reader(folder, on_progress)
    occupations = reader.occupations()
    codes = {occupation.code for occupation in occupations}
    descriptions = reader.element_descriptions()
    ratings: list[Rating] = []
    elements: dict[str, Element] = {}
    for table, kind in KINDS.items():
        ratings += reader.ratings(table, kind, codes, descriptions, elements)
    return OnetRelease(
        version=_version(folder),
        occupations=tuple(occupations),
        elements=tuple(elements.values()),
        ratings=tuple(ratings),
        anchors=tuple(reader.anchors(elements)),
        other_titles=tuple(reader.other_titles(codes)),
        counts=reader.counted(codes),
    )


def _version(folder: Path) -> str:
    for name in ("Read Me.txt", "README.txt"):
        path = folder / name
        if path.is_file():
            found = _RELEASE.search(path.read_bytes()[:20_000].decode("utf-8", "replace"))
            if found:
                return found[1]
    found = re.search(r"([0-9]{1,3})[._]([0-9]{1,2})", folder.name)
    if found:
        return f"{found[1]}.{found[2]}"
    raise SpreadsheetError(
        f"the release of {folder.name} is not known: keep the publisher's 'Read Me.txt' beside "
        "the files, or name the folder after the release, such as db_29_3_excel."
    )


class _Reader:
    def __init__(self, folder: Path, on_progress: Progress) -> None:
        self._folder, self._on_progress = folder, on_progress
        self._counts: dict[str, int] = {}

    def _table(self, name: str, *columns: str) -> list[Row]:
        rows = list(read_table(self._folder / f"{name}.xlsx", columns))
        self._counts[name] = len(rows)
        self._on_progress(name, len(rows))
        return rows

    def _optional(self, name: str, *columns: str) -> list[Row]:
        if not (self._folder / f"{name}.xlsx").exists():
            return []
        return self._table(name, *columns)

    def occupations(self) -> list[Occupation]:
        found: dict[str, Occupation] = {}
        for row in self._table("Occupation Data", "O*NET-SOC Code", "Title", "Description"):
            code = row.text("O*NET-SOC Code")
            if code in found:
                raise row.error("O*NET-SOC Code", code, "each occupation stands once")
            found[code] = Occupation(
                code=code, title=row.text("Title"), description=row.text("Description")
            )
        return list(found.values())

    def element_descriptions(self) -> dict[str, str]:
        rows = self._table("Content Model Reference", "Element ID", "Element Name", "Description")
        return {row.text("Element ID"): row.text("Description", required=False) for row in rows}

    def ratings(
        self,
        table: str,
        kind: str,
        occupations: set[str],
        descriptions: dict[str, str],
        elements: dict[str, Element],
    ) -> list[Rating]:
        values: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        irrelevant: set[tuple[str, str]] = set()
        columns = ("O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value")
        for row in self._table(table, *columns, "Not Relevant"):
            code, element = row.text("O*NET-SOC Code"), row.text("Element ID")
            if code not in occupations:
                raise row.error("O*NET-SOC Code", code, "it is not in Occupation Data")
            if element not in descriptions:
                raise row.error("Element ID", element, "it is not in Content Model Reference")
            scale = row.text("Scale ID")
            if scale not in (IMPORTANCE, LEVEL):
                raise row.error("Scale ID", scale, f"give {IMPORTANCE} or {LEVEL}")
            low, high = (1.0, 5.0) if scale == IMPORTANCE else (0.0, 7.0)
            values[code, element][scale] = row.number_of("Data Value", low, high)
            if row.text("Not Relevant", required=False) == "Y":
                irrelevant.add((code, element))
            if element not in elements:
                elements[element] = Element(
                    code=element,
                    name=row.text("Element Name"),
                    description=descriptions[element],
                    kind=kind,
                )
        incomplete = [key for key, scales in values.items() if len(scales) != 2]
        if incomplete:
            code, element = incomplete[0]
            raise SpreadsheetError(
                f"{table}.xlsx rates {element} of {code} on one scale only: it needs both "
                f"{IMPORTANCE} and {LEVEL}."
            )
        return [
            Rating(
                occupation=key[0],
                element=key[1],
                importance=scales[IMPORTANCE],
                level=scales[LEVEL],
                is_relevant=key not in irrelevant,
            )
            for key, scales in values.items()
        ]

    def anchors(self, elements: dict[str, Element]) -> list[Anchor]:
        columns = ("Element ID", "Scale ID", "Anchor Value", "Anchor Description")
        return [
            Anchor(
                element=row.text("Element ID"),
                level=round(row.number_of("Anchor Value", 0, 7)),
                text=row.text("Anchor Description"),
            )
            for row in self._optional("Level Scale Anchors", *columns)
            if row.text("Element ID") in elements and row.text("Scale ID") == LEVEL
        ]

    def other_titles(self, occupations: set[str]) -> list[tuple[str, str]]:
        found = []
        for row in self._optional("Alternate Titles", "O*NET-SOC Code", "Alternate Title"):
            code = row.text("O*NET-SOC Code")
            if code not in occupations:
                raise row.error("O*NET-SOC Code", code, "it is not in Occupation Data")
            found.append((code, row.text("Alternate Title")))
        return found

    def counted(self, occupations: set[str]) -> dict[str, int]:
        """Count and check the tables that are not taken in yet, and return all counts."""
        for table in ("Task Statements", "Technology Skills", "Tasks to DWAs"):
            for row in self._optional(table, "O*NET-SOC Code"):
                code = row.text("O*NET-SOC Code")
                if code not in occupations:
                    raise row.error("O*NET-SOC Code", code, "it is not in Occupation Data")
        return dict(self._counts)
