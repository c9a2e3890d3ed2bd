"""Our own table of a framework, as CSV or XLSX: one row a skill.

`COLUMNS` says what the columns are; `identifier` or `code`, and `label`, must be there. Texts in
other languages stand in columns such as `label [de]`, texts of levels in `level I` to `level O`.
Several values of a cell stand one a line. A row of the kind `framework` says what it is all of.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from guildmark.skills.readers.shape import (
    ILUO,
    MAX_CODE,
    MAX_LABEL,
    MAX_TEXT,
    AlignmentRow,
    FrameworkFileError,
    FrameworkRows,
    SkillRow,
    circle_words,
    cycle_in,
    shortened,
)
from guildmark.skills.readers.spreadsheet import MAX_FILE, Row, first_sheet

COLUMNS = {
    "kind": "skill, knowledge, task, ability, tool or group; empty is skill",
    "identifier": "an IRI; made from the code where it is empty",
    "code": "a short name of yours",
    "label": "what the skill is called",
    "statement": "what somebody with it can do",
    "scope note": "what is meant and what is not",
    "group": "under which heading it is listed",
    "alternative names": "other names, one a line",
    "hidden names": "names to find it by that are not shown, one a line",
    "broader": "identifier or code of what it stands under, one a line",
    "relations": "essential, optional, related or precedes, then identifier or code; one a line",
    "alignments": "exact, close, broad, narrow or related, then an IRI | name | framework",
    "withdrawn": "yes where it is offered no more",
    "details": "JSON",
    "version": "of the framework",
    "language": "of the framework",
    "publisher": "of the framework",
    "licence": "of the framework",
}
KINDS = ("skill", "knowledge", "task", "ability", "tool", "group")
RELATIONS = (
    "essential", "optional", "related", "precedes", "peer", "part", "replaced_by", "exemplar",
    "exact", "level", "translation",
)  # fmt: skip
MATCHES = ("exact", "close", "broad", "narrow", "related")
_TRANSLATED = {
    "label": "label", "statement": "statement", "scope note": "scope_note", "group": "group",
    "alternative names": "alternative", "hidden names": "hidden",
}  # fmt: skip
_IN_LANGUAGE = re.compile(r"(.+?) \[([a-z]{2,3})\]")
_LEVEL = re.compile(r"level (.+)", re.IGNORECASE)
_YES = frozenset({"yes", "true", "1", "x", "ja"})


def read_template(
    name: str, data: bytes, *, title: str = "", version: str = "", language: str = ""
) -> FrameworkRows:
    """The framework in the table; `title`, `version` and `language` where the table has none.

    All faults of rows are told at once, up to twenty. Raises FrameworkFileError.
    """
    sheet, header, rows = _table(name, data)
    return _Reader(sheet, header, rows, title, version, language).run()


def is_template(header: Sequence[str]) -> bool:
    """Whether a first row is that of such a table."""
    names = {cell.strip().lower() for cell in header}
    return "label" in names and bool(names & {"identifier", "code"})


def _table(name: str, data: bytes) -> tuple[str, list[str], Iterator[tuple[int, Sequence[Any]]]]:
    if len(data) > MAX_FILE:
        raise FrameworkFileError(f"{name} has over {MAX_FILE:,} bytes.")
    if data.startswith(b"PK"):
        sheet = first_sheet(name, data)
        where = f"{name}, sheet {sheet.name!r}"
        merged = sheet.merged_cell_ranges
        if merged:
            (top, left), (bottom, right) = merged[0]
            area = f"{_place(left, top)}:{_place(right, bottom)}"
            raise FrameworkFileError(
                f"{where}: the cells {area} are merged"
                + (f", and {len(merged) - 1} more areas" if len(merged) > 1 else "")
                + ": a row cannot be told from the next. Unmerge them and fill in each cell."
            )
        cells = iter(sheet.iter_rows())
        header = [str(cell) for cell in next(cells, [])]
        return where, header, enumerate(cells, start=2)
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise FrameworkFileError(
            f"{name}, line {row}: the byte {data[error.start]:#04x} is not UTF-8. Save the file as "
            "'CSV UTF-8'."
        ) from error
    first = decoded.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    return name, next(reader, []), _lines(name, reader)


def _lines(name: str, reader: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    number = 1
    try:
        for number, cells in enumerate(reader, start=2):
            yield number, cells
    except csv.Error as error:
        raise FrameworkFileError(
            f"{name}, after row {number}: {error}. The file is cut off or a quotation mark is "
            "missing: save it again."
        ) from error


def _place(column: int, row: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


class _Reader:
    def __init__(
        self,
        sheet: str,
        header: Sequence[str],
        rows: Iterator[tuple[int, Sequence[Any]]],
        title: str,
        version: str,
        language: str,
    ) -> None:
        self._sheet, self._rows = sheet, rows
        self._title, self._version, self._language = title, version, language
        self._index, self._levels, self._languages = self._columns(header)
        self._faults: list[str] = []
        self._skills: dict[str, SkillRow] = {}
        self._by_code: dict[str, str] = {}
        self._waiting: list[tuple[Row, str]] = []
        self._texts: list[tuple[str, str, str]] = []

    def _columns(
        self, header: Sequence[str]
    ) -> tuple[dict[str, int], dict[str, str], dict[tuple[str, str], str]]:
        index: dict[str, int] = {}
        levels: dict[str, str] = {}
        languages: dict[tuple[str, str], str] = {}
        for position, cell in enumerate(header):
            name = " ".join(str(cell).split()).lower()
            if not name:
                continue
            if name in index:
                raise FrameworkFileError(
                    f"{self._sheet}, row 1: the column {name!r} stands there twice: remove one."
                )
            spoken, level = _IN_LANGUAGE.fullmatch(name), _LEVEL.fullmatch(name)
            if spoken and spoken[1] in _TRANSLATED:
                languages[spoken[1], spoken[2]] = name
            elif level:
                if level[1].upper() not in ILUO:
                    raise FrameworkFileError(
                        f"{self._sheet}, row 1: the column {str(cell)!r} is of another scale: the "
                        "levels of one table are level I, level L, level U and level O."
                    )
                levels[level[1].upper()] = name
            elif name not in COLUMNS:
                raise FrameworkFileError(
                    f"{self._sheet}, row 1: the column {str(cell)[:80]!r} is not known; known are "
                    f"{', '.join(COLUMNS)}, 'label [de]' and the like, and 'level I' to 'level O'. "
                    "Rename or remove it."
                )
            index[name] = position
        if "label" not in index or not {"identifier", "code"} & index.keys():
            found = ", ".join(str(cell) for cell in header if str(cell).strip())[:300]
            raise FrameworkFileError(
                f"{self._sheet}, row 1 lacks the column 'label', or both 'identifier' and 'code'; "
                f"found there: {found or 'nothing'}. Name the columns in the first row."
            )
        width = len(header)
        for name in COLUMNS:
            index.setdefault(name, width)
        self._width = width
        return index, levels, languages

    def run(self) -> FrameworkRows:
        head: Row | None = None
        count = 0
        for number, cells in self._rows:
            if not any(str(cell).strip() for cell in cells):
                continue
            padded = [
                *cells[: self._width],
                *[""] * (self._width + 1 - min(len(cells), self._width)),
            ]
            row = Row(self._sheet, number, self._index, padded)
            if row.text("kind", required=False).lower() == "framework":
                if head is not None:
                    self._fault(row, "kind", "framework", "one row says what it is all of")
                head = row
                continue
            count += 1
            try:
                self._take(row)
            except FrameworkFileError as error:
                self._faults.append(str(error))
        rows = self._framework(head, count)
        if self._faults:
            told = "\n".join(self._faults[:20])
            more = len(self._faults) - 20
            raise FrameworkFileError(told + (f"\n… and {more} more." if more > 0 else ""))
        return rows

    def _fault(self, row: Row, column: str, value: object, mend: str) -> None:
        self._faults.append(str(row.error(column, value, mend)))

    def _text(self, row: Row, column: str, most: int = MAX_TEXT) -> str:
        value = row.text(column, required=False)
        if len(value) > most:
            self._fault(row, column, value, f"it has over {most:,} characters; shorten it")
            return ""
        if "\0" in value:
            self._fault(row, column, value, "it has a NUL character; remove it")
            return ""
        return value

    def _take(self, row: Row) -> None:
        code = self._text(row, "code", MAX_CODE)
        identifier = self._text(row, "identifier", 400)
        if not identifier and not code:
            raise row.error("code", "", "give a code or an identifier")
        identifier = identifier or f"urn:code:{code}"
        if ":" not in identifier or " " in identifier:
            raise row.error("identifier", identifier, "give an IRI, such as https://… or urn:…")
        kind = row.text("kind", required=False).lower() or "skill"
        if kind not in KINDS:
            raise row.error("kind", kind, f"give {', '.join(KINDS)}, or leave it empty")
        if identifier in self._skills:
            before = self._skills[identifier].place
            column = "identifier" if row.text("identifier", required=False) else "code"
            shown = row.text(column)
            raise row.error(column, shown, f"it stands already in {before}; each stands once")
        if code and code.lower() in self._by_code:
            before = self._skills[self._by_code[code.lower()]].place
            raise row.error("code", code, f"it stands already in {before}; each stands once")
        label = " ".join(row.text("label").split())
        if len(label) > MAX_LABEL:
            raise row.error("label", label, f"it has over {MAX_LABEL} characters; shorten it")
        names, translations = self._languages_of(row)
        self._skills[identifier] = SkillRow(
            identifier=identifier,
            label=label,
            kind=kind,
            code=code,
            statement=self._text(row, "statement"),
            scope_note=self._text(row, "scope note"),
            group=self._text(row, "group", MAX_LABEL),
            translations=translations,
            other_names=names,
            details=self._json(row),
            is_withdrawn=row.text("withdrawn", required=False).lower() in _YES,
            place=f"row {row.number}",
        )
        if code:
            self._by_code[code.lower()] = identifier
        self._waiting.append((row, identifier))
        for letter, column in self._levels.items():
            if words := self._text(row, column):
                self._texts.append((identifier, letter, words))

    def _languages_of(
        self, row: Row
    ) -> tuple[dict[str, dict[str, list[str]]], dict[str, dict[str, str]]]:
        names: dict[str, dict[str, list[str]]] = {}
        texts: dict[str, dict[str, str]] = {}
        own = [((column, ""), column) for column in ("alternative names", "hidden names")]
        for (column, language), named in [*own, *self._languages.items()]:
            if not (value := self._text(row, named)):
                continue
            field = _TRANSLATED[column]
            if field in ("alternative", "hidden"):
                names.setdefault(language, {})[field] = _lines_of(value)
            else:
                texts.setdefault(language, {})[field] = value
        return names, texts

    def _json(self, row: Row) -> dict[str, Any]:
        value = self._text(row, "details")
        if not value:
            return {}
        try:
            found = orjson.loads(value)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise row.error("details", value, "give a JSON object, or leave it empty")
        return found

    def _find(self, row: Row, column: str, named: str) -> str | None:
        found = named if named in self._skills else self._by_code.get(named.lower())
        if found is None:
            self._fault(row, column, named, "it is no identifier or code of this table")
        return found

    def _ties(
        self,
    ) -> tuple[
        dict[tuple[str, str], int],
        dict[tuple[str, str, str], None],
        dict[tuple[str, str], AlignmentRow],
    ]:
        broader: dict[tuple[str, str], int] = {}
        relations: dict[tuple[str, str, str], None] = {}
        alignments: dict[tuple[str, str], AlignmentRow] = {}
        for row, skill in self._waiting:
            for line in _lines_of(self._text(row, "broader")):
                named, _, at = line.partition(" #")
                other = self._find(row, "broader", named.strip())
                if other == skill:
                    self._fault(row, "broader", line, "a skill cannot stand under itself")
                elif other:
                    broader[skill, other] = int(at) if at.isdigit() and len(at) < 9 else 0
            for line in _lines_of(self._text(row, "relations")):
                kind, _, named = line.partition(" ")
                if kind not in RELATIONS:
                    self._fault(row, "relations", line, f"begin with {', '.join(RELATIONS)}")
                elif other := self._find(row, "relations", named.strip()):
                    relations[skill, kind, other] = None
            for line in _lines_of(self._text(row, "alignments")):
                match, _, rest = line.partition(" ")
                target, *told = (one.strip() for one in rest.split(" | ", 2))
                if match not in MATCHES or ":" not in target:
                    self._fault(
                        row, "alignments", line, f"begin with {', '.join(MATCHES)} and an IRI"
                    )
                    continue
                told = [*told, "", ""]
                alignments[skill, target] = AlignmentRow(
                    skill=skill,
                    match=match,
                    target_identifier=target,
                    target_label=told[0],
                    target_framework=told[1],
                )
        return broader, relations, alignments

    def _framework(self, head: Row | None, count: int) -> FrameworkRows:
        broader, relations, alignments = self._ties()
        if circle := cycle_in(broader):
            places = {key: row.place for key, row in self._skills.items()}
            told = ", ".join(places[one] for one in circle[:-1])
            self._faults.append(f"{self._sheet}: {circle_words(circle)} ({told})")

        def said(column: str, else_: str = "") -> str:
            return head.text(column, required=False) if head else else_

        title = said("label") or self._title
        if not title:
            raise FrameworkFileError(
                f"{self._sheet} does not say what the framework is called: add a row of the kind "
                "'framework' with its name as label, or give a name (--framework)."
            )
        named = self._json(head) if head else {}
        language = said("language") or self._language or "en"
        identifier = said("identifier") or "urn:framework:" + re.sub(r"\W+", "-", title.lower())
        return FrameworkRows(
            identifier=identifier,
            title=shortened(title),
            version=said("version") or self._version or "1",
            source=named.pop("source", "own"),
            language=language,
            publisher=said("publisher"),
            licence=said("licence"),
            attribution=named.pop("attribution", ""),
            description=said("statement"),
            details=named,
            skills=tuple(self._in(language)),
            broader=tuple((low, high, at) for (low, high), at in broader.items()),
            relations=tuple(relations),
            alignments=tuple(alignments.values()),
            levels=tuple(self._texts) or None,
            counts={self._sheet: count},
        )

    def _in(self, language: str) -> Iterator[SkillRow]:
        """The skills, with the names that stand in no language's column in the framework's."""
        for row in self._skills.values():
            names = dict(row.other_names)
            if "" in names:
                names[language] = names.pop("")
            yield replace(row, other_names=names)


def _lines_of(cell: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in cell.splitlines() if line.strip()))
