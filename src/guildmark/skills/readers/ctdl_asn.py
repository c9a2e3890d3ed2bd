"""CTDL-ASN of Credential Engine: a competency framework as JSON-LD with a @graph.

https://credreg.net/ctdlasn/terms. Terms are read with their prefix, without it, or as addresses;
texts as language maps, as value objects, or plain. Properties that the shape of every framework has
no place for are kept as they stand and go out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from guildmark.skills.readers.json_files import OWN, text
from guildmark.skills.readers.shape import (
    AlignmentRow,
    FrameworkFileError,
    FrameworkRows,
    SkillRow,
    shortened,
)

CONTEXT = "https://credreg.net/ctdlasn/schema/context/json"
OWN_TERM = f"https://{OWN}.org/terms#row"
"""The property under which stands, as JSON, what CTDL-ASN has no terms for."""
ALIGNMENTS = {
    "exactAlignment": "exact",
    "majorAlignment": "close",
    "minorAlignment": "related",
    "broadAlignment": "broad",
    "narrowAlignment": "narrow",
    "alignTo": "related",
}
KINDS = ("skill", "knowledge", "task", "ability", "tool", "group")
_PREFIXES = ("ceasn:", "ceterms:", "skos:", "https://purl.org/ceasn/terms/",
             "http://purl.org/ceasn/terms/", "https://purl.org/ctdl/terms/",
             "http://www.w3.org/2004/02/skos/core#", "")  # fmt: skip
_TAKEN = frozenset(
    {
        "id", "type", "ctid", "competencyText", "competencyLabel", "codedNotation",
        "competencyCategory", "comment", "altLabel", "hiddenLabel", "isPartOf", "isChildOf",
        "hasChild", "isTopChildOf", "inLanguage", "prerequisiteAlignment", *ALIGNMENTS,
    }
)  # fmt: skip
_TAKEN_OF_FRAMEWORK = frozenset(
    {
        "id", "type", "ctid", "name", "description", "inLanguage", "publisherName", "license",
        "hasTopChild", "versionCode",
    }
)  # fmt: skip
Languages = dict[str, list[str]]


def is_ctdl_asn(document: Any) -> bool:
    """Whether there is a competency framework of CTDL-ASN in it."""
    return any(
        _short(kind) == "CompetencyFramework" for node in _nodes(document) for kind in _types(node)
    )


def read_ctdl_asn(name: str, document: Any) -> FrameworkRows:
    """The framework in the graph. Raises FrameworkFileError naming the place and the mend."""
    nodes = list(_nodes(document))
    heads = [node for node in nodes if "CompetencyFramework" in map(_short, _types(node))]
    if len(heads) != 1:
        raise FrameworkFileError(
            f"{name} has {len(heads)} nodes of the type ceasn:CompetencyFramework: give one file "
            "for each framework."
        )
    return _Reader(name, heads[0], nodes).run()


def _nodes(document: Any) -> Iterable[Mapping[str, Any]]:
    if isinstance(document, dict):
        inside = document.get("@graph", document.get("decoded_resource"))
        if inside is not None:
            yield from _nodes(inside)
        elif "@type" in document or "type" in document:
            yield document
    elif isinstance(document, list):
        for one in document:
            yield from _nodes(one)


def _types(node: Mapping[str, Any]) -> list[str]:
    types = node.get("@type", node.get("type"))
    return [str(one) for one in (types if isinstance(types, list) else [types])]


def _short(term: str) -> str:
    for prefix in _PREFIXES:
        if prefix and term.startswith(prefix):
            return term[len(prefix) :]
    return term.lstrip("@")


class _Reader:
    def __init__(self, name: str, head: Mapping[str, Any], nodes: list[Mapping[str, Any]]) -> None:
        self._name, self._head = name, {_short(k): v for k, v in head.items()}
        self._nodes = [
            {_short(k): v for k, v in node.items()} | {"_raw": node}
            for node in nodes
            if "Competency" in map(_short, _types(node))
        ]
        self._own = _own(head)
        self._language = self._main_language()

    def run(self) -> FrameworkRows:
        head, where = self._head, f"{self._name}: the framework"
        identifier = text(head.get("id"), f"{where}'s @id")
        if not identifier:
            raise FrameworkFileError(f"{where} has no @id: give its address.")
        rows: dict[str, SkillRow] = {}
        for node in self._nodes:
            row = self._skill(node)
            if row.identifier in rows:
                raise FrameworkFileError(
                    f"{self._name}: the competency {row.identifier!r} stands there a second time: "
                    "each stands once."
                )
            rows[row.identifier] = row
        broader = self._hierarchy(rows, identifier)
        relations, alignments = self._others(rows)
        title = self._one(self._texts(head.get("name"), f"{where}'s name"))
        licence = _reference(head.get("license"))
        return FrameworkRows(
            identifier=identifier,
            title=shortened(title or identifier),
            version=self._version(),
            source=self._own.get("source", "ctdl-asn"),
            language=self._language,
            publisher=self._own.get("publisher")
            or shortened(self._one(self._texts(head.get("publisherName"), where))),
            licence=self._own.get("licence") or shortened(licence, 100),
            attribution=self._own.get("attribution", ""),
            description=self._one(self._texts(head.get("description"), where)),
            details=self._kept(head, _TAKEN_OF_FRAMEWORK, self._own),
            skills=tuple(self._grouped(rows, broader)),
            broader=tuple((low, high, at) for (low, high), at in broader.items()),
            relations=tuple(relations),
            alignments=tuple(alignments.values()),
            levels=tuple((row[0], row[1], row[2]) for row in self._own.get("levels", ())) or None,
            counts={"competencies": len(rows)},
        )

    def _main_language(self) -> str:
        said = self._head.get("inLanguage")
        said = said[0] if isinstance(said, list) and said else said
        if isinstance(said, str) and said:
            return _base(said)
        spoken: Counter[str] = Counter()
        for node in self._nodes:
            value = node.get("competencyText")
            if isinstance(value, dict):
                spoken.update(_base(str(key)) for key in value if not str(key).startswith("@"))
        return spoken.most_common(1)[0][0] if spoken else "en"

    def _texts(self, value: Any, where: str) -> Languages:
        """A text's words by language."""
        found: Languages = {}
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "@value" in one:
                language = _base(str(one.get("@language") or self._language))
                found.setdefault(language, []).append(text(one["@value"], where))
            elif isinstance(one, dict):
                for language, words in one.items():
                    several = words if isinstance(words, list) else [words]
                    found.setdefault(_base(str(language)), []).extend(
                        text(word, where) for word in several
                    )
            elif one is not None:
                found.setdefault(self._language, []).append(text(one, where))
        return {k: [word for word in words if word] for k, words in found.items() if any(words)}

    def _one(self, words: Languages) -> str:
        return (words.get(self._language) or next(iter(words.values()), [""]))[0]

    def _skill(self, node: Mapping[str, Any]) -> SkillRow:
        identifier = text(node.get("id"), f"{self._name}: a competency's @id")
        if not identifier:
            raise FrameworkFileError(f"{self._name}: a competency has no @id: give its address.")
        where = f"{self._name}: {identifier}"
        own = _own(node["_raw"])
        labels = {k: v[0] for k, v in self._texts(node.get("competencyLabel"), where).items()}
        words = {k: v[0] for k, v in self._texts(node.get("competencyText"), where).items()}
        main = self._language
        if not labels.get(main) and not words.get(main):
            if not labels and not words:
                raise FrameworkFileError(f"{where} has no ceasn:competencyText: fill it in.")
            first = next(iter(words or labels))
            (words or labels)[main] = (words or labels)[first]
        label = labels.get(main, "")
        statement = words.get(main, "")
        translations: dict[str, dict[str, str]] = {}
        for language in {*labels, *words} - {main}:
            texts = {"label": labels.get(language, ""), "statement": words.get(language, "")}
            if not texts["label"] and not label:
                texts = {"label": shortened(texts["statement"])}
            translations[language] = {k: v for k, v in texts.items() if v}
        if not label:
            label = shortened(statement)
            statement = statement if label != statement else ""
        for language, more in own.get("translations", {}).items():
            translations.setdefault(language, {}).update(more)
        names: dict[str, dict[str, list[str]]] = {}
        for kind, term in (("alternative", "altLabel"), ("hidden", "hiddenLabel")):
            for language, found in self._texts(node.get(term), where).items():
                names.setdefault(language, {})[kind] = [shortened(one) for one in found]
        return SkillRow(
            identifier=identifier,
            label=shortened(label),
            kind=own.get("kind", "skill") if own.get("kind") in KINDS else "skill",
            code=shortened(text(node.get("codedNotation"), where), 60),
            statement=statement,
            scope_note=self._one(self._texts(node.get("comment"), where)),
            group=shortened(self._one(self._texts(node.get("competencyCategory"), where))),
            translations=translations,
            other_names=names,
            details=self._kept(node, _TAKEN, own),
            is_withdrawn=own.get("withdrawn") is True,
            place=where,
        )

    def _kept(
        self, node: Mapping[str, Any], taken: frozenset[str], own: Mapping[str, Any]
    ) -> dict[str, Any]:
        raw = node.get("_raw", {k: v for k, v in node.items() if k != "_raw"})
        kept = {
            key: value
            for key, value in raw.items()
            if _short(key) not in taken and key not in (OWN_TERM, "@context", "_raw")
        }
        details = dict(own.get("details", {}))
        return details | ({"ctdl-asn": kept} if kept else {})

    def _hierarchy(
        self, rows: Mapping[str, SkillRow], framework: str
    ) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for node in self._nodes:
            identifier = str(node["id"])
            for term, is_up in (("isChildOf", True), ("hasChild", False)):
                for at, other in enumerate(_references(node.get(term)), start=1):
                    if other not in rows:
                        if is_up and other == framework:
                            continue
                        raise FrameworkFileError(
                            f"{self._name}: {identifier} names {other!r} as ceasn:{term}, which is "
                            "no competency of the file: add it or remove the name."
                        )
                    if is_up:
                        found.setdefault((identifier, other), 0)
                    elif other != identifier:
                        found[other, identifier] = at
            for low, high, at in _own(node["_raw"]).get("positions", ()):
                if (low, high) in found:
                    found[low, high] = at
        for low, high in found:
            if low == high:
                raise FrameworkFileError(f"{self._name}: {low} is said to be its own child.")
        return found

    def _others(
        self, rows: Mapping[str, SkillRow]
    ) -> tuple[dict[tuple[str, str, str], None], dict[tuple[str, str], AlignmentRow]]:
        relations: dict[tuple[str, str, str], None] = {}
        alignments: dict[tuple[str, str], AlignmentRow] = {}
        for node in self._nodes:
            skill, own = str(node["id"]), _own(node["_raw"])
            for other in _references(node.get("prerequisiteAlignment")):
                if other in rows and other != skill:
                    relations[skill, "essential", other] = None
            for kind, other in own.get("relations", ()):
                if other in rows:
                    relations[skill, kind, other] = None
            told = {one[0]: one for one in own.get("alignments", ())}
            for term, match in ALIGNMENTS.items():
                for other in _references(node.get(term)):
                    if other in rows:
                        if other != skill:
                            kind = "exact" if match == "exact" else "related"
                            relations.setdefault((skill, kind, other))
                        continue
                    _, label, framework = told.get(other, (other, "", ""))
                    alignments.setdefault(
                        (skill, other),
                        AlignmentRow(
                            skill=skill,
                            match=match,
                            target_identifier=other,
                            target_label=label,
                            target_framework=framework,
                        ),
                    )
        return relations, alignments

    def _version(self) -> str:
        for term in (
            "versionCode",
            "versionIdentifier",
            "dateModified",
            "dateValidFrom",
            "dateCreated",
        ):
            value = self._head.get(term)
            if isinstance(value, str) and value.strip():
                return shortened(value.strip() if term == "versionCode" else value.strip()[:10], 40)
        return "1"

    def _grouped(
        self, rows: Mapping[str, SkillRow], broader: Mapping[tuple[str, str], int]
    ) -> Iterable[SkillRow]:
        if self._own:
            return rows.values()
        above: dict[str, str] = {}
        for low, high in broader:
            above.setdefault(low, high)
        return [
            replace(row, group=rows[above[row.identifier]].label)
            if not row.group and row.identifier in above
            else row
            for row in rows.values()
        ]


def _own(node: Mapping[str, Any]) -> dict[str, Any]:
    value = node.get(OWN_TERM)
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, dict) else {}


def _base(language: str) -> str:
    return language.partition("-")[0].lower()[:20]


def _references(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [found for one in several if (found := _reference(one))]


def _reference(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@id") or value.get("id") or value.get("@value")
    return value.strip() if isinstance(value, str) else ""
