"""A framework as JSON-LD in CTDL-ASN (https://credreg.net/ctdlasn/terms)."""

from __future__ import annotations

from typing import Any

from guildmark.skills.readers.ctdl_asn import ALIGNMENTS, CONTEXT, OWN_TERM
from guildmark.skills.readers.json_files import guid_of
from guildmark.skills.readers.shape import AlignmentRow, FrameworkRows, SkillRow

_TERMS = {match: term for term, match in reversed(ALIGNMENTS.items()) if term != "alignTo"}


def write_ctdl_asn(rows: FrameworkRows) -> dict[str, Any]:
    """The graph: the framework, then its competencies."""
    return _Writer(rows).graph()


class _Writer:
    def __init__(self, rows: FrameworkRows) -> None:
        self._rows = rows
        self._above: dict[str, list[str]] = {}
        self._below: dict[str, list[tuple[int, str]]] = {}
        self._positions: dict[str, list[list[Any]]] = {}
        for low, high, at in rows.broader or ():
            self._above.setdefault(low, []).append(high)
            self._below.setdefault(high, []).append((at, low))
            self._positions.setdefault(low, []).append([low, high, at])
        self._relations: dict[str, list[tuple[str, str]]] = {}
        for skill, kind, other in rows.relations or ():
            self._relations.setdefault(skill, []).append((kind, other))
        self._alignments: dict[str, list[AlignmentRow]] = {}
        for one in rows.alignments or ():
            self._alignments.setdefault(one.skill, []).append(one)

    def graph(self) -> dict[str, Any]:
        skills = self._rows.skills or ()
        return {
            "@context": CONTEXT,
            "@graph": [self._framework(), *(self._competency(row) for row in skills)],
        }

    def _framework(self) -> dict[str, Any]:
        rows = self._rows
        kept = dict(rows.details.get("ctdl-asn", {}))
        own = {
            "source": rows.source,
            "publisher": rows.publisher,
            "licence": rows.licence,
            "attribution": rows.attribution,
            "details": {k: v for k, v in rows.details.items() if k != "ctdl-asn"},
            "levels": [list(one) for one in rows.levels or ()],
        }
        return _without_nothing(
            {
                "@id": rows.identifier,
                "@type": "ceasn:CompetencyFramework",
                "ceterms:ctid": _ctid(rows.identifier),
                "ceasn:name": self._words(rows.title),
                "ceasn:description": self._words(rows.description),
                "ceasn:inLanguage": [rows.language],
                "ceasn:publisherName": self._words(rows.publisher),
                "ceasn:license": rows.licence if ":" in rows.licence else None,
                "ceterms:versionCode": rows.version,
                "ceasn:hasTopChild": [
                    row.identifier for row in rows.skills or () if row.identifier not in self._above
                ],
                OWN_TERM: _json(own),
                **kept,
            }
        )

    def _competency(self, row: SkillRow) -> dict[str, Any]:
        main = self._rows.language
        labels: dict[str, str] = {}
        words: dict[str, str] = {main: row.statement or row.label}
        if row.statement:
            labels[main] = row.label
        more: dict[str, dict[str, str]] = {}
        for language, texts in row.translations.items():
            label, statement = texts.get("label", ""), texts.get("statement", "")
            if statement:
                words[language] = statement
                if label:
                    labels[language] = label
            elif label:
                (labels if row.statement else words)[language] = label
            others = {k: v for k, v in texts.items() if k not in ("label", "statement")}
            if others:
                more[language] = others
        alternative, hidden = (
            {lang: names[kind] for lang, names in row.other_names.items() if names.get(kind)}
            for kind in ("alternative", "hidden")
        )
        node: dict[str, Any] = {
            "@id": row.identifier,
            "@type": "ceasn:Competency",
            "ceterms:ctid": _ctid(row.identifier),
            "ceasn:competencyText": words,
            "ceasn:competencyLabel": labels,
            "ceasn:codedNotation": row.code,
            "ceasn:competencyCategory": self._words(row.group),
            "ceasn:comment": {main: [row.scope_note]} if row.scope_note else None,
            "skos:altLabel": alternative,
            "skos:hiddenLabel": hidden,
            "ceasn:inLanguage": [main],
            "ceasn:isPartOf": self._rows.identifier,
            "ceasn:isChildOf": self._above.get(row.identifier),
            "ceasn:hasChild": [one for _, one in sorted(self._below.get(row.identifier, ()))],
            "ceasn:isTopChildOf": None if row.identifier in self._above else self._rows.identifier,
        }
        self._tie(row, node, more)
        return _without_nothing(node | dict(row.details.get("ctdl-asn", {})))

    def _tie(self, row: SkillRow, node: dict[str, Any], more: dict[str, dict[str, str]]) -> None:
        """What the competency has to do with others, and what there are no terms for."""
        relations = self._relations.get(row.identifier, [])
        needed = [other for kind, other in relations if kind == "essential"]
        if needed:
            node["ceasn:prerequisiteAlignment"] = needed
        alignments = self._alignments.get(row.identifier, [])
        for one in alignments:
            node.setdefault(f"ceasn:{_TERMS[one.match]}", []).append(one.target_identifier)
        own = {
            "kind": row.kind if row.kind != "skill" else "",
            "withdrawn": row.is_withdrawn or None,
            "translations": more,
            "details": {k: v for k, v in row.details.items() if k != "ctdl-asn"},
            "relations": [[kind, other] for kind, other in relations if kind != "essential"],
            "alignments": [
                [one.target_identifier, one.target_label, one.target_framework]
                for one in alignments
                if one.target_label or one.target_framework
            ],
            "positions": self._positions.get(row.identifier, []),
        }
        node[OWN_TERM] = _json(own)

    def _words(self, text: str) -> dict[str, str] | None:
        return {self._rows.language: text} if text else None


def _ctid(identifier: str) -> str:
    return f"ce-{guid_of(identifier)}"


def _json(own: dict[str, Any]) -> dict[str, Any] | None:
    kept = _without_nothing(own)
    return {"@type": "@json", "@value": kept} if kept else None


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
