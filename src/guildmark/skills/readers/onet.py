"""The O*NET database as its publisher distributes it in Excel files.

Any release is read, by the names of files and columns (https://www.onetcenter.org/database.html).
O*NET is licensed CC BY 4.0 by the U.S. Department of Labor, Employment and Training
Administration.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from guildmark.skills.readers.files import Entry, files_of, read_delimited
from guildmark.skills.readers.shape import (
    MAX_IDENTIFIER,
    FrameworkRows,
    OccupationRow,
    RatingRow,
    SkillRow,
    shortened,
)
from guildmark.skills.readers.spreadsheet import MAX_FILE, Row, SpreadsheetError, read_sheet

IDENTIFIER = "https://www.onetcenter.org/database.html"
OCCUPATION_ADDRESS = "https://www.onetonline.org/link/summary/"
ELEMENT_ADDRESS = "https://www.onetonline.org/find/descriptor/result/"
DETAILED_ACTIVITY_ADDRESS = "https://www.onetonline.org/search/dwas/?element="
TASK_ADDRESS = IDENTIFIER + "#task-"
TECHNOLOGY_ADDRESS = IDENTIFIER + "#commodity-"
KINDS = {"Skills": "skill", "Knowledge": "knowledge"}
OTHER_KINDS = {"Abilities": "ability", "Work Activities": "task"}
"""Rated tables that a distribution may have; the two above it must have."""
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
class Activity:
    """A task, a detailed work activity, a tool or technology, or a group of these.

    `above` has the identifiers of what it stands under.
    """

    identifier: str
    code: str
    name: str
    kind: str
    group: str = ""
    above: tuple[str, ...] = ()


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
    groups: tuple[tuple[str, str], ...] = ()
    """Pairs of code and name of what elements stand under in the content model."""
    activities: tuple[Activity, ...] = ()
    named: tuple[tuple[str, str, str], ...] = ()
    """Occupation code, an activity's identifier, and "essential" or "optional"."""
    job_zones: tuple[tuple[str, int], ...] = ()

    @property
    def attribution(self) -> str:
        """The words that the licence asks for."""
        return (
            f"O*NET {self.version} Database, U.S. Department of Labor, "
            "Employment and Training Administration"
        )


def is_onet(entries: Sequence[Entry]) -> bool:
    """Whether these are files of O*NET, by their names."""
    names = {entry.name.lower() for entry in entries}
    return any(f"occupation data.{kind}" in names for kind in ("xlsx", "txt"))


def read_onet(
    *paths: Path, version: str = "", on_progress: Progress = lambda _table, _rows: None
) -> OnetRelease:
    """Read and check a release: the Excel or the text distribution, unpacked or zipped.

    Needed: Occupation Data, Skills, Knowledge, Content Model Reference. Read where present:
    Abilities, Work Activities, Level Scale Anchors, Alternate Titles, Job Zones, Task Statements,
    DWA Reference, Tasks to DWAs, Technology Skills, Tools Used. Raises FrameworkFileError naming
    file, row, column, value and mend; a rating of an unknown occupation or element is one.
    """
    if len(paths) == 1 and not paths[0].exists():
        raise SpreadsheetError(f"{paths[0]} is not a folder: name the one with the O*NET files.")
    entries = files_of(paths)
    reader = _Reader(entries, on_progress)
    occupations = reader.occupations()
    codes = {occupation.code for occupation in occupations}
    model = reader.content_model()
    ratings: list[Rating] = []
    elements: dict[str, Element] = {}
    for table, kind in (KINDS | OTHER_KINDS).items():
        if table in KINDS or reader.has(table):
            ratings += reader.ratings(table, kind, codes, model, elements)
    anchors = reader.anchors(elements)
    other_titles = reader.other_titles(codes)
    activities, named = reader.activities(codes)
    job_zones = reader.job_zones(codes)
    return OnetRelease(
        version=version or _version(paths, entries),
        occupations=tuple(occupations),
        elements=tuple(elements.values()),
        ratings=tuple(ratings),
        anchors=tuple(anchors),
        other_titles=tuple(other_titles),
        counts=reader.counts,
        groups=_groups(elements, model),
        activities=tuple(activities.values()),
        named=tuple(named),
        job_zones=tuple(job_zones),
    )


def onet_rows(release: OnetRelease) -> FrameworkRows:
    """The release in the shape of every framework.

    Ratings that O*NET marks as not relevant to the occupation, or of level 0, are left out.
    """
    names = dict(release.groups)
    zones = dict(release.job_zones)
    skills = [
        SkillRow(identifier=ELEMENT_ADDRESS + code, label=name, code=code, kind="group")
        for code, name in release.groups
    ]
    broader: list[tuple[str, str, int]] = []
    skills += [
        SkillRow(
            identifier=ELEMENT_ADDRESS + element.code,
            label=element.name,
            code=element.code,
            statement=element.description,
            kind=element.kind,
            group=element.kind.capitalize(),
        )
        for element in release.elements
    ]
    for code in (*names, *(element.code for element in release.elements)):
        above = code.rpartition(".")[0]
        if above in names:
            broader.append((ELEMENT_ADDRESS + code, ELEMENT_ADDRESS + above, 0))
    for one in release.activities:
        skills.append(
            SkillRow(
                identifier=one.identifier,
                label=shortened(one.name),
                statement=one.name if shortened(one.name) != one.name else "",
                code=one.code,
                kind=one.kind,
                group=one.group,
            )
        )
        broader += [(one.identifier, above, 0) for above in one.above]
    titles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, title in release.other_titles:
        titles[code].append(("en", title))
    return FrameworkRows(
        identifier=IDENTIFIER,
        title="O*NET",
        version=release.version,
        source="onet",
        publisher="U.S. Department of Labor, Employment and Training Administration",
        licence="CC BY 4.0",
        attribution=release.attribution,
        skills=tuple(skills),
        broader=tuple(broader),
        occupations=tuple(
            OccupationRow(
                identifier=OCCUPATION_ADDRESS + one.code,
                code=one.code,
                title=one.title,
                description=one.description,
                other_titles=tuple(titles.get(one.code, ())),
                details={"jobZone": zones[one.code]} if one.code in zones else {},
            )
            for one in release.occupations
        ),
        occupation_skills=tuple(
            (OCCUPATION_ADDRESS + code, identifier, relation)
            for code, identifier, relation in release.named
        ),
        ratings=tuple(
            RatingRow(
                occupation=OCCUPATION_ADDRESS + one.occupation,
                skill=ELEMENT_ADDRESS + one.element,
                importance=one.importance,
                level=one.level,
            )
            for one in release.ratings
            if one.is_relevant and int(one.level + 0.5) > 0
        ),
        anchors=tuple(
            (ELEMENT_ADDRESS + one.element, one.level, one.text) for one in release.anchors
        ),
        counts=release.counts,
    )


def _groups(
    elements: Iterable[str], model: Mapping[str, tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for code in elements:
        above = code.rpartition(".")[0]
        while above:
            if above in model and above not in elements:
                found[above] = model[above][0]
            above = above.rpartition(".")[0]
    return tuple(sorted(found.items()))


def _version(paths: Sequence[Path], entries: Sequence[Entry]) -> str:
    for entry in entries:
        if entry.name.lower() in ("read me.txt", "readme.txt"):
            with entry.open() as file:
                found = _RELEASE.search(file.read(20_000).decode("utf-8", "replace"))
            if found:
                return found[1]
    for path in paths:
        found = re.search(r"([0-9]{1,3})[._]([0-9]{1,2})", path.name)
        if found:
            return f"{found[1]}.{found[2]}"
    raise SpreadsheetError(
        f"the release of {paths[0].name} is not known: keep the publisher's 'Read Me.txt' beside "
        "the files, or name the folder after the release, such as db_29_3_excel."
    )


class _Reader:
    def __init__(self, entries: Sequence[Entry], on_progress: Progress) -> None:
        self._on_progress = on_progress
        self._files = {entry.name.lower(): entry for entry in entries}
        self.counts: dict[str, int] = {}

    def has(self, name: str) -> bool:
        return any(f"{name}.{kind}".lower() in self._files for kind in ("xlsx", "txt"))

    def _table(self, name: str, *columns: str, optional: Sequence[str] = ()) -> Iterator[Row]:
        """The rows of the table, Excel or text; counted when the last one is read."""
        book = self._files.get(f"{name}.xlsx".lower())
        text = self._files.get(f"{name}.txt".lower())
        if book is not None:
            rows = read_sheet(book.name, book.read(MAX_FILE), columns, optional=optional)
        elif text is not None:
            rows = read_delimited(text, columns, optional=optional, delimiter="\t")
        else:
            raise SpreadsheetError(
                f"{name}.xlsx (or {name}.txt) is missing: put it beside the others."
            )
        count = 0
        for row in rows:
            count += 1
            yield row
        self.counts[name] = count
        self._on_progress(name, count)

    def _optional(self, name: str, *columns: str, optional: Sequence[str] = ()) -> Iterator[Row]:
        if self.has(name):
            yield from self._table(name, *columns, optional=optional)

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

    def content_model(self) -> dict[str, tuple[str, str]]:
        """Name and description by code."""
        rows = self._table("Content Model Reference", "Element ID", "Element Name", "Description")
        return {
            row.text("Element ID"): (
                row.text("Element Name"),
                row.text("Description", required=False),
            )
            for row in rows
        }

    def ratings(
        self,
        table: str,
        kind: str,
        occupations: set[str],
        model: Mapping[str, tuple[str, str]],
        elements: dict[str, Element],
    ) -> list[Rating]:
        values: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        irrelevant: set[tuple[str, str]] = set()
        columns = ("O*NET-SOC Code", "Element ID", "Scale ID", "Data Value")
        for row in self._table(table, *columns, optional=("Not Relevant", "Element Name")):
            code, element = row.text("O*NET-SOC Code"), row.text("Element ID")
            if code not in occupations:
                raise row.error("O*NET-SOC Code", code, "it is not in Occupation Data")
            if element not in model:
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
                    name=row.text("Element Name", required=False) or model[element][0],
                    description=model[element][1],
                    kind=kind,
                )
        incomplete = [key for key, scales in values.items() if len(scales) != 2]
        if incomplete:
            code, element = incomplete[0]
            raise SpreadsheetError(
                f"{table} rates {element} of {code} on one scale only: it needs both "
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
            code = self._occupation(row, occupations)
            found.append((code, row.text("Alternate Title")))
        return found

    def job_zones(self, occupations: set[str]) -> list[tuple[str, int]]:
        return [
            (
                self._occupation(row, occupations),
                round(row.number_of("Job Zone", 1, 5)),
            )
            for row in self._optional("Job Zones", "O*NET-SOC Code", "Job Zone")
        ]

    def activities(
        self, occupations: set[str]
    ) -> tuple[dict[str, Activity], list[tuple[str, str, str]]]:
        """Detailed activities, tasks, technologies and tools, and who does or uses them."""
        found: dict[str, Activity] = {}
        named: dict[tuple[str, str], str] = {}
        self._detailed(found)
        self._tasks(found, named, occupations)
        for table in ("Technology Skills", "Tools Used"):
            self._tools(table, found, named, occupations)
        return found, [(code, one, relation) for (code, one), relation in named.items()]

    def _detailed(self, found: dict[str, Activity]) -> None:
        columns = ("DWA ID", "DWA Title", "IWA ID")
        for row in self._optional("DWA Reference", *columns, optional=("IWA Title",)):
            middle, code = row.text("IWA ID"), row.text("DWA ID")
            title = row.text("IWA Title", required=False) or middle
            above = DETAILED_ACTIVITY_ADDRESS + middle
            found.setdefault(
                above, Activity(identifier=above, code=middle, name=title, kind="group")
            )
            identifier = DETAILED_ACTIVITY_ADDRESS + code
            if identifier in found:
                raise row.error("DWA ID", code, "each activity stands once")
            found[identifier] = Activity(
                identifier=identifier,
                code=code,
                name=row.text("DWA Title"),
                kind="task",
                group=shortened(title),
                above=(above,),
            )

    def _tasks(
        self,
        found: dict[str, Activity],
        named: dict[tuple[str, str], str],
        occupations: set[str],
    ) -> None:
        tasks: dict[str, tuple[str, str]] = {}
        columns = ("O*NET-SOC Code", "Task ID", "Task")
        for row in self._optional("Task Statements", *columns, optional=("Task Type",)):
            occupation, code = self._occupation(row, occupations), row.text("Task ID")
            core = row.text("Task Type", required=False).lower() == "core"
            if code in tasks and tasks[code][0] != row.text("Task"):
                raise row.error("Task ID", code, "another task has this number")
            tasks[code] = row.text("Task"), TASK_ADDRESS + code
            named[occupation, TASK_ADDRESS + code] = "essential" if core else "optional"
        above: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self._optional("Tasks to DWAs", "O*NET-SOC Code", "Task ID", "DWA ID"):
            occupation, code = self._occupation(row, occupations), row.text("Task ID")
            activity = DETAILED_ACTIVITY_ADDRESS + row.text("DWA ID")
            if self.has("Task Statements") and code not in tasks:
                raise row.error("Task ID", code, "it is not in Task Statements")
            if not self.has("DWA Reference"):
                continue
            if activity not in found:
                raise row.error("DWA ID", row.text("DWA ID"), "it is not in DWA Reference")
            above[code][activity] = None
            named[occupation, activity] = "essential"
        for code, (text, identifier) in tasks.items():
            found[identifier] = Activity(
                identifier=identifier,
                code=code,
                name=text,
                kind="task",
                group="Task",
                above=tuple(above.get(code, ())),
            )

    def _tools(
        self,
        table: str,
        found: dict[str, Activity],
        named: dict[tuple[str, str], str],
        occupations: set[str],
    ) -> None:
        columns = ("O*NET-SOC Code", "Example", "Commodity Code")
        optional = ("Commodity Title", "In Demand")
        for row in self._optional(table, *columns, optional=optional):
            occupation, code = self._occupation(row, occupations), row.text("Commodity Code")
            title = row.text("Commodity Title", required=False) or code
            name = row.text("Example")
            above = TECHNOLOGY_ADDRESS + code
            identifier = f"{above}-{quote(name.lower(), safe='')}"
            if len(identifier) > MAX_IDENTIFIER:
                identifier = f"{above}-{hashlib.sha256(name.lower().encode()).hexdigest()}"
            found.setdefault(above, Activity(identifier=above, code=code, name=title, kind="group"))
            found.setdefault(
                identifier,
                Activity(
                    identifier=identifier,
                    code=code,
                    name=name,
                    kind="tool",
                    group=shortened(title),
                    above=(above,),
                ),
            )
            in_demand = row.text("In Demand", required=False) == "Y"
            if named.get((occupation, identifier)) != "essential":
                named[occupation, identifier] = "essential" if in_demand else "optional"

    def _occupation(self, row: Row, occupations: set[str]) -> str:
        code = row.text("O*NET-SOC Code")
        if code not in occupations:
            raise row.error("O*NET-SOC Code", code, "it is not in Occupation Data")
        return code
