"""A framework as our own table in CSV; `readers.template` says what its columns are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import orjson

from guildmark.skills.readers.shape import ILUO, FrameworkRows, SkillRow
from guildmark.skills.readers.template import COLUMNS

_TEXTS = (
    ("label", "label"),
    ("statement", "statement"),
    ("scope note", "scope_note"),
    ("group", "group"),
)
_NAMES = (("alternative names", "alternative"), ("hidden names", "hidden"))


def write_template(rows: FrameworkRows) -> str:
    """The table, a row for the framework and one for each skill."""
    skills = rows.skills or ()
    languages = sorted(
        {lang for row in skills for lang in (*row.translations, *row.other_names)} - {rows.language}
    )
    spoken = [f"{column} [{lang}]" for lang in languages for column, _ in (*_TEXTS, *_NAMES)]
    levels = [f"level {letter}" for letter in ILUO] if rows.levels else []
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, [*COLUMNS, *spoken, *levels], restval="", lineterminator="\r\n")
    table.writeheader()
    table.writerow(_framework(rows))
    ties = _ties(rows)
    texts: dict[str, dict[str, str]] = {}
    for skill, letter, words in rows.levels or ():
        texts.setdefault(skill, {})[f"level {letter}"] = words
    for row in skills:
        table.writerow(
            _skill(row, rows.language)
            | ties.get(row.identifier, {})
            | texts.get(row.identifier, {})
        )
    return out.getvalue()


def _framework(rows: FrameworkRows) -> dict[str, str]:
    details = dict(rows.details) | {"source": rows.source}
    if rows.attribution:
        details["attribution"] = rows.attribution
    return {
        "kind": "framework",
        "identifier": rows.identifier,
        "label": rows.title,
        "statement": rows.description,
        "version": rows.version,
        "language": rows.language,
        "publisher": rows.publisher,
        "licence": rows.licence,
        "details": orjson.dumps(details).decode(),
    }


def _skill(row: SkillRow, main: str) -> dict[str, str]:
    cells = {
        "kind": row.kind,
        "identifier": row.identifier,
        "code": row.code,
        "label": row.label,
        "statement": row.statement,
        "scope note": row.scope_note,
        "group": row.group,
        "withdrawn": "yes" if row.is_withdrawn else "",
        "details": orjson.dumps(dict(row.details)).decode() if row.details else "",
    }
    for language, texts in row.translations.items():
        cells |= {f"{column} [{language}]": texts.get(field, "") for column, field in _TEXTS}
    for language, names in row.other_names.items():
        end = "" if language == main else f" [{language}]"
        cells |= {f"{column}{end}": _lines(names.get(field, ())) for column, field in _NAMES}
    return cells


def _ties(rows: FrameworkRows) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, list[str]]] = {}

    def note(skill: str, column: str, line: str) -> None:
        found.setdefault(skill, {}).setdefault(column, []).append(line)

    for low, high, at in rows.broader or ():
        note(low, "broader", f"{high} #{at}" if at else high)
    for skill, kind, other in rows.relations or ():
        note(skill, "relations", f"{kind} {other}")
    for one in rows.alignments or ():
        told = [one.target_identifier, one.target_label, one.target_framework]
        while len(told) > 1 and not told[-1]:
            told.pop()
        note(one.skill, "alignments", f"{one.match} {' | '.join(told)}")
    return {
        skill: {column: _lines(lines) for column, lines in cells.items()}
        for skill, cells in found.items()
    }


def _lines(values: Iterable[str]) -> str:
    return "\n".join(values)
