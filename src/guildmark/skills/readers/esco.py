"""The official CSV distributions of ESCO: any 1.x, any language, one zip or several.

European Commission, https://esco.ec.europa.eu/en/use-esco/download. Files are known by their names
without the language (`skills_de.csv`), columns by their heads: both grew from release to release.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from sys import intern
from typing import Any

from guildmark.skills.readers.files import Entry, files_of, read_delimited
from guildmark.skills.readers.shape import (
    MAX_LABEL,
    FrameworkFileError,
    FrameworkRows,
    OccupationRow,
    SkillRow,
    circle_words,
    cycle_in,
    shortened,
)
from guildmark.skills.readers.spreadsheet import Row

IDENTIFIER = "http://data.europa.eu/esco"
_NAME = re.compile(r"([A-Za-z]+?)(?:_([A-Za-z]{2}))?\.csv", re.ASCII)
_VERSION = re.compile(r"v\.?\s?([0-9]{1,2}(?:\.[0-9]{1,3}){1,2})(?![0-9])", re.IGNORECASE)
_TABLES = frozenset(
    {
        "skills",
        "skillgroups",
        "skillshierarchy",
        "broaderrelationsskillpillar",
        "skillskillrelations",
        "occupations",
        "iscogroups",
        "broaderrelationsoccpillar",
        "occupationskillrelations",
        "conceptschemes",
    }
)
_COLLECTIONS = {
    "digcompskillscollection": "DigComp",
    "digitalskillscollection": "digital",
    "greenskillscollection": "green",
    "languageskillscollection": "language",
    "researchskillscollection": "research",
    "transversalskillscollection": "transversal",
}
_OWN_SLIPS = 0.001
"""Up to one row in a thousand may point to nothing, as in ESCO 1.1.1 itself: told, left out."""

Progress = Callable[[str, int], None]


def is_esco(entries: Sequence[Entry]) -> bool:
    """Whether these are files of ESCO, by their names."""
    return any(_table_of(entry.name)[0] in _TABLES for entry in entries)


def read_esco(
    paths: Sequence[Path],
    *,
    language: str = "",
    version: str = "",
    on_progress: Progress = lambda _table, _rows: None,
) -> FrameworkRows:
    """Read what there is of a release: classification, relations, or both, in one language.

    The version is taken from the names of the zips or folders unless given, the language from the
    names of the files. Raises FrameworkFileError naming file, row, column, value and mend.
    """
    entries = files_of(paths)
    tables = _tables(entries, language.lower())
    languages = {lang for _, lang in tables.values() if lang}
    spoken = language.lower() or (languages.pop() if len(languages) == 1 else "en")
    if not version:
        inside = [one for path in paths if path.is_dir() for one in path.iterdir()]
        version = _version([*paths, *inside])
    files = {name: entry for name, (entry, _) in tables.items()}
    return _Reader(files, spoken, version, on_progress).run()


def _table_of(name: str) -> tuple[str, str]:
    found = _NAME.fullmatch(name)
    return (found[1].lower(), (found[2] or "").lower()) if found else ("", "")


def _tables(entries: Sequence[Entry], language: str) -> dict[str, tuple[Entry, str]]:
    tables: dict[str, tuple[Entry, str]] = {}
    for entry in entries:
        name, spoken = _table_of(entry.name)
        if name not in _TABLES and name not in _COLLECTIONS:
            continue
        if language and spoken and spoken != language:
            continue
        if name in tables:
            other = tables[name][0].name
            raise FrameworkFileError(
                f"{entry.name} and {other} are the same table: give the files of one release, and "
                "with several languages say which one (--language)."
            )
        tables[name] = entry, spoken
    if not any(name in _TABLES for name in tables):
        there = sorted({spoken for e in entries if (spoken := _table_of(e.name)[1])})
        raise FrameworkFileError(
            f"there is no file of ESCO in the language {language!r}; there is: "
            f"{', '.join(there) or 'none'}."
        )
    return tables


def _version(paths: Sequence[Path]) -> str:
    found = {match[1] for path in paths if (match := _VERSION.search(path.name))}
    if not found:
        found = {match[1] for path in paths if (match := _VERSION.search(str(path.resolve())))}
    if len(found) == 1:
        return found.pop()
    told = "are of " + " and ".join(sorted(found)) if found else "do not tell their release"
    raise FrameworkFileError(
        f"the names of the files {told}: keep the publisher's names, such as 'ESCO dataset - "
        "v1.2.0 - classification - en - csv.zip', or say which it is (--version)."
    )


@dataclass
class _Dangling:
    """Rows of one table that point to nothing: few are left out, more are an error."""

    table: str
    seen: int = 0
    left_out: int = 0
    first: FrameworkFileError | None = None
    values: set[str] = field(default_factory=set)

    def note(self, row: Row, column: str, value: str, known: str) -> None:
        self.left_out += 1
        self.values.add(value)
        if self.first is None:
            self.first = row.error(column, value, f"it is not in {known}; add it or remove the row")

    def told(self) -> list[str]:
        if self.first is None:
            return []
        if self.left_out > self.seen * _OWN_SLIPS:
            raise self.first
        shown = ", ".join(sorted(self.values)[:3])
        return [
            f"{self.left_out} of {self.seen:,} rows of {self.table} point to what the release does "
            f"not have ({shown}) and are left out. The first: {self.first}"
        ]


class _Reader:
    def __init__(
        self, tables: Mapping[str, Entry], language: str, version: str, on_progress: Progress
    ) -> None:
        self._tables, self._language, self._version = tables, language, version
        self._on_progress = on_progress
        self._counts: dict[str, int] = {}
        self._warnings: list[str] = []
        self._details: dict[str, Any] = {}

    def run(self) -> FrameworkRows:
        skills = self._skills() if "skills" in self._tables else None
        occupations = self._occupations() if "occupations" in self._tables else None
        known = {row.identifier for row in skills} if skills is not None else None
        jobs = {row.identifier for row in occupations} if occupations is not None else None
        broader = self._broader(known)
        relations = self._relations(known)
        occupation_skills = self._occupation_skills(jobs, known)
        self._schemes()
        return FrameworkRows(
            identifier=IDENTIFIER,
            title="ESCO",
            version=self._version,
            source="esco",
            language=self._language,
            publisher="European Commission",
            licence="CC BY 4.0",
            attribution=f"ESCO v{self._version}, European Commission",
            details=self._details,
            skills=self._with_groups(skills, broader) if skills is not None else None,
            broader=broader,
            relations=relations,
            occupations=occupations,
            occupation_skills=occupation_skills,
            counts=self._counts,
            warnings=tuple(self._warnings),
        )

    def _rows(self, table: str, *columns: str, optional: Sequence[str] = ()) -> Iterator[Row]:
        entry = self._tables.get(table)
        if entry is None:
            return
        count = 0
        for row in read_delimited(entry, columns, optional=optional):
            count += 1
            if count % 20_000 == 0:
                self._on_progress(entry.name, count)
            yield row
        self._counts[entry.name] = count
        self._on_progress(entry.name, count)

    def _skills(self) -> tuple[SkillRow, ...]:
        collections = self._collections()
        found: dict[str, SkillRow] = {}
        optional = (
            "skillType", "reuseLevel", "altLabels", "hiddenLabels", "status", "scopeNote",
            "definition", "description", "code",
        )  # fmt: skip
        for table in ("skillgroups", "skills"):
            for row in self._rows(table, "conceptUri", "preferredLabel", optional=optional):
                one = self._skill(row, is_group=table == "skillgroups", collections=collections)
                if one.identifier in found:
                    raise row.error(
                        "conceptUri",
                        one.identifier,
                        f"it stands already: {found[one.identifier].place}",
                    )
                found[one.identifier] = one
        self._hierarchy(found)
        return tuple(found.values())

    def _skill(self, row: Row, *, is_group: bool, collections: Mapping[str, list[str]]) -> SkillRow:
        identifier = intern(row.text("conceptUri"))
        details: dict[str, Any] = {}
        for column in ("reuseLevel", "definition"):
            if text := row.text(column, required=False):
                details[column] = text
        if identifier in collections:
            details["collections"] = collections[identifier]
        kind = "knowledge" if row.text("skillType", required=False) == "knowledge" else "skill"
        return SkillRow(
            identifier=identifier,
            label=_label(row, "preferredLabel"),
            kind="group" if is_group else kind,
            code=row.text("code", required=False),
            statement=row.text("description", required=False),
            scope_note=row.text("scopeNote", required=False),
            other_names=self._names(row),
            details=details,
            is_withdrawn=_is_withdrawn(row),
            place=f"{row.file}, row {row.number}",
        )

    def _names(self, row: Row) -> dict[str, dict[str, list[str]]]:
        names = {}
        for kind, column in (("alternative", "altLabels"), ("hidden", "hiddenLabels")):
            if found := _several(row.text(column, required=False)):
                names[kind] = found
        return {self._language: names} if names else {}

    def _hierarchy(self, found: dict[str, SkillRow]) -> None:
        """Codes of groups, and the few groups that only this table has."""
        levels = range(4)
        columns = [
            f"Level {n} {what}" for n in levels for what in ("URI", "preferred term", "code")
        ]
        for row in self._rows(
            "skillshierarchy", *columns[:2], optional=[*columns[2:], "Description", "Scope note"]
        ):
            for n in levels:
                identifier = intern(row.text(f"Level {n} URI", required=False))
                label = shortened(row.text(f"Level {n} preferred term", required=False))
                if not identifier or not label:
                    continue
                deepest = n == 3 or not row.text(f"Level {n + 1} URI", required=False)
                one = found.get(identifier)
                if one is None:
                    found[identifier] = SkillRow(
                        identifier=identifier,
                        label=label,
                        kind="group",
                        code=row.text(f"Level {n} code", required=False),
                        statement=row.text("Description", required=False) if deepest else "",
                        scope_note=row.text("Scope note", required=False) if deepest else "",
                        place=f"{row.file}, row {row.number}",
                    )

    def _with_groups(
        self, skills: tuple[SkillRow, ...], broader: tuple[tuple[str, str, int], ...] | None
    ) -> tuple[SkillRow, ...]:
        """The skills, each with the label of the first group that it stands under."""
        labels = {row.identifier: row.label for row in skills if row.kind == "group"}
        group_of: dict[str, str] = {}
        above: dict[str, str] = {}
        for narrower, wider, _ in broader or ():
            above.setdefault(narrower, wider)
            if wider in labels:
                group_of.setdefault(narrower, labels[wider])
        grouped = []
        for row in skills:
            group, at = group_of.get(row.identifier, ""), row.identifier
            while not group and at in above:
                at = above[at]
                group = group_of.get(at, "")
            grouped.append(replace(row, group=group) if group else row)
        return tuple(grouped)

    def _collections(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for table, name in _COLLECTIONS.items():
            for row in self._rows(table, "conceptUri"):
                found.setdefault(intern(row.text("conceptUri")), []).append(name)
        return found

    def _broader(self, known: set[str] | None) -> tuple[tuple[str, str, int], ...] | None:
        if "broaderrelationsskillpillar" not in self._tables:
            return None
        pairs: dict[tuple[str, str], int] = {}
        dangling = _Dangling(self._tables["broaderrelationsskillpillar"].name)
        for row in self._rows("broaderrelationsskillpillar", "conceptUri", "broaderUri"):
            dangling.seen += 1
            pair = intern(row.text("conceptUri")), intern(row.text("broaderUri"))
            missing = _missing(pair, known)
            if missing is not None:
                column = ("conceptUri", "broaderUri")[missing]
                dangling.note(row, column, pair[missing], "the skills and skill groups")
            elif pair[0] == pair[1]:
                raise row.error("broaderUri", pair[1], "a skill cannot stand under itself")
            else:
                pairs.setdefault(pair, 0)
        self._warnings += dangling.told()
        if circle := cycle_in(pairs):
            name = self._tables["broaderrelationsskillpillar"].name
            raise FrameworkFileError(f"{name}: {circle_words(circle)}")
        return tuple((narrower, wider, position) for (narrower, wider), position in pairs.items())

    def _relations(self, known: set[str] | None) -> tuple[tuple[str, str, str], ...] | None:
        if "skillskillrelations" not in self._tables:
            return None
        found: dict[tuple[str, str, str], None] = {}
        dangling = _Dangling(self._tables["skillskillrelations"].name)
        itself = 0
        for row in self._rows(
            "skillskillrelations", "originalSkillUri", "relationType", "relatedSkillUri"
        ):
            dangling.seen += 1
            pair = intern(row.text("originalSkillUri")), intern(row.text("relatedSkillUri"))
            kind = _relation(row)
            missing = _missing(pair, known)
            if missing is not None:
                column = ("originalSkillUri", "relatedSkillUri")[missing]
                dangling.note(row, column, pair[missing], "the skills")
            elif pair[0] == pair[1]:
                itself += 1
            else:
                found[pair[0], kind, pair[1]] = None
        if itself:
            self._warnings.append(
                f"{itself} rows of {dangling.table} relate a skill to itself and are left out."
            )
        self._warnings += dangling.told()
        return tuple(found)

    def _occupations(self) -> tuple[OccupationRow, ...]:
        broader = self._occupation_broader()
        found: dict[str, OccupationRow] = {}
        codes: set[str] = set()
        optional = (
            "code", "iscoGroup", "altLabels", "hiddenLabels", "status", "description",
            "regulatedProfessionNote", "scopeNote", "definition", "naceCode",
        )  # fmt: skip
        groups: dict[str, str] = {}
        for table in ("iscogroups", "occupations"):
            for row in self._rows(table, "conceptUri", "preferredLabel", optional=optional):
                identifier = intern(row.text("conceptUri"))
                if identifier in found:
                    raise row.error(
                        "conceptUri", identifier, f"it stands already: {found[identifier].place}"
                    )
                code = row.text("code", required=False)
                if not code or code in codes:
                    code = identifier.rsplit("/", 1)[-1]
                codes.add(code)
                if table == "iscogroups":
                    groups[code] = identifier
                found[identifier] = OccupationRow(
                    identifier=identifier,
                    code=code,
                    title=_label(row, "preferredLabel"),
                    description=row.text("description", required=False),
                    is_group=table == "iscogroups",
                    broader=broader.get(identifier)
                    or groups.get(row.text("iscoGroup", required=False), ""),
                    other_titles=tuple(
                        (self._language, shortened(title))
                        for column in ("altLabels", "hiddenLabels")
                        for title in _several(row.text(column, required=False))
                    ),
                    details={
                        column: text
                        for column in (
                            "regulatedProfessionNote",
                            "scopeNote",
                            "definition",
                            "naceCode",
                        )
                        if (text := row.text(column, required=False))
                    },
                    is_withdrawn=_is_withdrawn(row),
                    place=f"{row.file}, row {row.number}",
                )
        return self._with_known_broader(found)

    def _occupation_broader(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self._rows("broaderrelationsoccpillar", "conceptUri", "broaderUri"):
            found.setdefault(intern(row.text("conceptUri")), intern(row.text("broaderUri")))
        if circle := cycle_in(found.items()):
            name = self._tables["broaderrelationsoccpillar"].name
            raise FrameworkFileError(f"{name}: {circle_words(circle)}")
        self._above = found
        return found

    def _with_known_broader(self, found: dict[str, OccupationRow]) -> tuple[OccupationRow, ...]:
        table = self._tables.get("broaderrelationsoccpillar")
        if table is not None:
            dangling = _Dangling(table.name, seen=len(self._above))
            for row in read_delimited(table, ("conceptUri", "broaderUri")):
                for column in ("conceptUri", "broaderUri"):
                    if row.text(column) not in found:
                        dangling.note(row, column, row.text(column), "the occupations and groups")
                        break
            self._warnings += dangling.told()
        return tuple(found.values())

    def _occupation_skills(
        self, jobs: set[str] | None, skills: set[str] | None
    ) -> tuple[tuple[str, str, str], ...] | None:
        if "occupationskillrelations" not in self._tables:
            return None
        found: dict[tuple[str, str], str] = {}
        dangling = _Dangling(self._tables["occupationskillrelations"].name)
        for row in self._rows(
            "occupationskillrelations", "occupationUri", "relationType", "skillUri"
        ):
            dangling.seen += 1
            job, skill = intern(row.text("occupationUri")), intern(row.text("skillUri"))
            relation = _relation(row)
            if jobs is not None and job not in jobs:
                dangling.note(row, "occupationUri", job, "the occupations")
            elif skills is not None and skill not in skills:
                dangling.note(row, "skillUri", skill, "the skills")
            elif found.setdefault((job, skill), relation) != relation:
                raise row.error(
                    "relationType", relation, f"an earlier row says {found[job, skill]!r}"
                )
        self._warnings += dangling.told()
        return tuple((job, skill, relation) for (job, skill), relation in found.items())

    def _schemes(self) -> None:
        columns = ("conceptSchemeUri", "preferredLabel")
        schemes = {
            row.text("conceptSchemeUri"): row.text("preferredLabel", required=False)
            for row in self._rows("conceptschemes", *columns)
        }
        if schemes:
            self._details["conceptSchemes"] = schemes


def _label(row: Row, column: str) -> str:
    text = " ".join(row.text(column).split())
    if len(text) > MAX_LABEL:
        raise row.error(column, text, f"it is longer than {MAX_LABEL} characters; shorten it")
    return text


def _several(cell: str) -> list[str]:
    """The names in a cell, one a line or with bars between, each once."""
    parts = cell.split("\n") if "\n" in cell else cell.split(" | ")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _relation(row: Row) -> str:
    text = row.text("relationType").lower()
    if text not in ("essential", "optional"):
        raise row.error("relationType", text, "give 'essential' or 'optional'")
    return intern(text)


def _missing(pair: tuple[str, str], known: set[str] | None) -> int | None:
    """Which of the two is not known, if one."""
    if known is None:
        return None
    return next((place for place, one in enumerate(pair) if one not in known), None)


def _is_withdrawn(row: Row) -> bool:
    return row.text("status", required=False).lower() in ("obsolete", "deprecated", "withdrawn")
