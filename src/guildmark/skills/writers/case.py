"""A framework as a CFPackage of CASE 1.1 (https://www.imsglobal.org/spec/case/v1p1).

GUIDs are those that came with the package, else derived from identifiers, so that they never
change. What CASE has no words for stands under `extensions.guildmark`, and comes back from there.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from guildmark.skills.readers.case import INSIDE, TYPES
from guildmark.skills.readers.json_files import OWN, guid_of
from guildmark.skills.readers.shape import ILUO, FrameworkRows, SkillRow

_KINDS = {relation: kind for kind, relation in INSIDE.items()} | {
    "essential": "isRelatedTo",
    "optional": "isRelatedTo",
}
_MATCHES = {
    "exact": "exactMatchOf",
    "close": "isPeerOf",
    "related": "isRelatedTo",
    "broad": "isPartOf",
    "narrow": "isRelatedTo",
}


def write_case(rows: FrameworkRows, *, changed_at: dt.datetime) -> dict[str, Any]:
    """The package; `changed_at` is when the framework last changed."""
    return _Writer(rows, changed_at).package()


class _Writer:
    def __init__(self, rows: FrameworkRows, changed_at: dt.datetime) -> None:
        self._rows = rows
        self._stamp = changed_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._case: dict[str, Any] = dict(rows.details.get("case", {}))
        self._head: dict[str, Any] = dict(self._case.get("CFDocument", {}))
        self._guid = self._head.pop("identifier", None) or guid_of(rows.identifier)
        self._links = {row.identifier: _link(row) for row in rows.skills or ()}

    def package(self) -> dict[str, Any]:
        rows = self._rows
        package: dict[str, Any] = {
            "CFDocument": self._document(),
            "CFItems": [self._item(row) for row in rows.skills or ()],
            "CFAssociations": self._associations(),
        }
        if "CFDefinitions" in self._case:
            package["CFDefinitions"] = self._case["CFDefinitions"]
        rubrics = [*self._case.get("CFRubrics", ()), *self._rubric()]
        if rubrics:
            package["CFRubrics"] = rubrics
        return package

    def _document(self) -> dict[str, Any]:
        rows, kept = self._rows, self._head
        own: dict[str, Any] = {"source": rows.source}
        if "creator" not in kept:
            own["creator"] = False
        others = {k: v for k, v in rows.details.items() if k != "case"}
        if others:
            own["details"] = others
        if rows.attribution:
            own["attribution"] = rows.attribution
        if rows.licence and (kept.get("licenseURI") or {}).get("title") != rows.licence:
            own["licence"] = rows.licence
        return _without_nothing(
            {
                "identifier": self._guid,
                "uri": rows.identifier,
                "frameworkType": None,
                "caseVersion": "1.1",
                "creator": rows.publisher or rows.title,
                "title": rows.title,
                "lastChangeDateTime": self._stamp,
                "publisher": rows.publisher,
                "description": rows.description,
                "language": rows.language,
                "version": rows.version,
                **kept,
                "extensions": kept.get("extensions", {}) | {OWN: own},
            }
        )

    def _item(self, row: SkillRow) -> dict[str, Any]:
        kept = dict(row.details.get("case", {}))
        kept.pop("identifier", None)
        kept.pop("sequenceNumber", None)
        others = {k: v for k, v in row.details.items() if k != "case"}
        names = row.other_names.get(self._rows.language, {}).get("alternative", [])
        own: dict[str, Any] = _without_nothing(
            {
                "kind": row.kind,
                "group": row.group,
                "translations": dict(row.translations),
                "otherNames": {k: dict(v) for k, v in row.other_names.items()},
                "details": others,
                "withdrawn": row.is_withdrawn or None,
            }
        )
        if not row.is_withdrawn and "statusEndDate" in kept:
            own["withdrawn"] = False
        elif row.is_withdrawn and "statusEndDate" not in kept:
            kept["statusEndDate"] = self._stamp[:10]
        elif row.is_withdrawn:
            own.pop("withdrawn")
        link = self._links[row.identifier]
        return _without_nothing(
            {
                "identifier": link["identifier"],
                "uri": row.identifier,
                "fullStatement": row.statement or row.label,
                "abbreviatedStatement": row.label if row.statement else None,
                "alternativeLabel": names[0] if names else None,
                "humanCodingScheme": row.code,
                "notes": row.scope_note,
                "language": self._rows.language if "language" not in kept else None,
                "CFItemType": TYPES[row.kind],
                "lastChangeDateTime": self._stamp,
                **kept,
                "extensions": kept.get("extensions", {}) | {OWN: own},
            }
        )

    def _associations(self) -> list[dict[str, Any]]:
        rows = self._rows
        found = []
        document = {"title": rows.title, "identifier": self._guid, "uri": rows.identifier}
        below = {narrower for narrower, _, _ in rows.broader or ()}
        for row in rows.skills or ():
            if row.identifier not in below:
                at = row.details.get("case", {}).get("sequenceNumber")
                found.append(
                    self._association("isChildOf", self._links[row.identifier], document, at)
                )
        for narrower, broader, at in rows.broader or ():
            ends = self._links[narrower], self._links[broader]
            found.append(self._association("isChildOf", *ends, at or None))
        for skill, relation, other in rows.relations or ():
            kind = _KINDS[relation]
            own = {"relation": relation} if INSIDE[kind] != relation else {}
            ends = self._links[skill], self._links[other]
            found.append(self._association(kind, *ends, None, own))
        for one in rows.alignments or ():
            target = {
                "title": one.target_label,
                "identifier": guid_of(one.target_identifier),
                "uri": one.target_identifier,
            }
            own = {"match": one.match, "framework": one.target_framework}
            found.append(
                self._association(_MATCHES[one.match], self._links[one.skill], target, None, own)
            )
        return [*found, *self._case.get("CFAssociations", ())]

    def _association(
        self,
        kind: str,
        origin: dict[str, str],
        target: dict[str, str],
        at: int | None,
        own: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        named = "|".join((origin["uri"], kind, (own or {}).get("relation", ""), target["uri"]))
        identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, named))
        return _without_nothing(
            {
                "identifier": identifier,
                "associationType": kind,
                "sequenceNumber": at,
                "uri": f"urn:uuid:{identifier}",
                "originNodeURI": origin,
                "destinationNodeURI": target,
                "lastChangeDateTime": self._stamp,
                "extensions": {OWN: own} if own else None,
            }
        )

    def _rubric(self) -> list[dict[str, Any]]:
        """The texts of levels as a rubric with a criterion for each skill."""
        by_skill: dict[str, list[tuple[str, str]]] = {}
        for skill, letter, words in self._rows.levels or ():
            by_skill.setdefault(skill, []).append((letter, words))
        if not by_skill:
            return []
        rubric = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._rows.identifier}|ILUO"))
        criteria = []
        for number, (skill, levels) in enumerate(by_skill.items(), start=1):
            criterion = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{rubric}|{skill}"))
            criteria.append(
                {
                    "identifier": criterion,
                    "uri": f"urn:uuid:{criterion}",
                    "CFItemURI": self._links[skill],
                    "position": number,
                    "rubricId": rubric,
                    "lastChangeDateTime": self._stamp,
                    "CFRubricCriterionLevels": [
                        self._level(criterion, letter, words) for letter, words in levels
                    ],
                }
            )
        return [
            {
                "identifier": rubric,
                "uri": f"urn:uuid:{rubric}",
                "title": "ILUO",
                "lastChangeDateTime": self._stamp,
                "CFRubricCriteria": criteria,
            }
        ]

    def _level(self, criterion: str, letter: str, words: str) -> dict[str, Any]:
        identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{criterion}|{letter}"))
        return {
            "identifier": identifier,
            "uri": f"urn:uuid:{identifier}",
            "description": words,
            "quality": letter,
            "score": ILUO.index(letter) + 1,
            "position": ILUO.index(letter) + 1,
            "rubricCriterionId": criterion,
            "lastChangeDateTime": self._stamp,
        }


def _link(row: SkillRow) -> dict[str, str]:
    guid = row.details.get("case", {}).get("identifier") or guid_of(row.identifier)
    return {"title": row.label, "identifier": guid, "uri": row.identifier}


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
