"""CASE 1.0 and 1.1 of 1EdTech: a CFPackage as JSON, from a file or a CASE server.

https://www.imsglobal.org/spec/case/v1p1: 1.1 added to the items, documents and associations of 1.0,
so that one reader does for both. What has no place in the shape of every framework is kept as it
stands, in `details`, and goes out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guildmark.skills.readers.json_files import OWN, guid_of, part, text
from guildmark.skills.readers.shape import (
    ILUO,
    AlignmentRow,
    FrameworkFileError,
    FrameworkRows,
    SkillRow,
    shortened,
)

INSIDE = {
    "isPeerOf": "peer",
    "isPartOf": "part",
    "exactMatchOf": "exact",
    "precedes": "precedes",
    "isRelatedTo": "related",
    "replacedBy": "replaced_by",
    "exemplar": "exemplar",
    "hasSkillLevel": "level",
    "isTranslationOf": "translation",
}
"""What an association between two items of one package is as a relation."""
OUTSIDE = {
    "exactMatchOf": "exact",
    "isRelatedTo": "related",
    "isPeerOf": "close",
    "isPartOf": "broad",
}
"""What an association to an item elsewhere is as an alignment."""
TYPES = {
    "skill": "Skill",
    "knowledge": "Knowledge",
    "task": "Task",
    "ability": "Ability",
    "tool": "Tool",
    "group": "Group",
}
_GROUPS = frozenset({"group", "cluster", "domain", "strand", "category", "area", "unit", "course"})
_TAKEN_OF_ITEM = frozenset(
    {
        "identifier", "sourcedId", "uri", "fullStatement", "abbreviatedStatement",
        "alternativeLabel", "humanCodingScheme", "notes", "lastChangeDateTime", "CFDocumentURI",
        "extensions",
    }
)  # fmt: skip
_TAKEN_OF_DOCUMENT = frozenset(
    {
        "identifier", "sourcedId", "uri", "title", "publisher", "description", "language",
        "version", "lastChangeDateTime", "CFPackageURI", "extensions", "caseVersion",
    }
)  # fmt: skip


def is_case(document: Any) -> bool:
    """Whether this is a CFPackage, bare or in an object of its name."""
    return isinstance(document, dict) and ("CFDocument" in document or "CFPackage" in document)


def read_case(name: str, document: Mapping[str, Any]) -> FrameworkRows:
    """The framework in a CFPackage. Raises FrameworkFileError naming the place and the mend."""
    package = part(document.get("CFPackage") or document, dict, f"{name}: CFPackage")
    return _Reader(name, package).run()


class _Reader:
    def __init__(self, name: str, package: Mapping[str, Any]) -> None:
        self._name, self._package = name, package
        self._head = part(package.get("CFDocument"), dict, f"{name}: CFDocument")
        if not self._head:
            raise FrameworkFileError(f"{name} has no CFDocument: it is no whole CFPackage.")
        self._own = _own(self._head)
        self._language = text(self._head.get("language"), "language") or "en"
        self._language = self._language.partition("-")[0].lower()
        self._by_guid: dict[str, str] = {}
        self._rows: dict[str, SkillRow] = {}
        self._broader: dict[tuple[str, str], int] = {}
        self._relations: dict[tuple[str, str, str], None] = {}
        self._alignments: dict[tuple[str, str], AlignmentRow] = {}
        self._foreign: list[Any] = []

    def run(self) -> FrameworkRows:
        head, where = self._head, f"{self._name}: CFDocument"
        identifier, guid = _identity(head, where)
        self._documents = {identifier, guid}
        items = part(self._package.get("CFItems"), list, f"{self._name}: CFItems")
        for number, item in enumerate(items):
            self._item(part(item, dict, f"{self._name}: CFItems[{number}]"), number)
        links = part(self._package.get("CFAssociations"), list, f"{self._name}: CFAssociations")
        for number, link in enumerate(links):
            where = f"{self._name}: CFAssociations[{number}]"
            self._association(part(link, dict, where), where)
        details = self._details(guid, identifier)
        title = text(head.get("title"), f"{where}.title")
        if not title:
            raise FrameworkFileError(f"{self._name}: CFDocument.title is empty: fill it in.")
        changed = text(head.get("lastChangeDateTime"), f"{where}.lastChangeDateTime")
        creator = text(head.get("creator"), f"{where}.creator") if not self._own else ""
        licence = part(head.get("licenseURI"), dict, f"{where}.licenseURI")
        return FrameworkRows(
            identifier=identifier,
            title=shortened(title),
            version=shortened(
                text(head.get("version"), f"{where}.version") or changed[:10] or "1", 40
            ),
            source=self._own.get("source", "case"),
            language=self._language,
            publisher=shortened(text(head.get("publisher"), f"{where}.publisher") or creator),
            licence=self._own.get("licence") or shortened(text(licence.get("title"), where), 100),
            attribution=self._own.get("attribution", ""),
            description=text(head.get("description"), f"{where}.description"),
            details=details,
            skills=tuple(self._grouped()),
            broader=tuple((low, high, at) for (low, high), at in self._broader.items()),
            relations=tuple(self._relations),
            alignments=tuple(self._alignments.values()),
            levels=self._levels(details),
            counts={"CFItems": len(items), "CFAssociations": len(links)},
        )

    def _item(self, item: Mapping[str, Any], number: int) -> None:
        where = f"{self._name}: CFItems[{number}]"
        identifier, guid = _identity(item, where)
        full = text(item.get("fullStatement"), f"{where}.fullStatement")
        if not full:
            raise FrameworkFileError(f"{where} ({guid}): fullStatement is empty: fill it in.")
        short = text(item.get("abbreviatedStatement"), f"{where}.abbreviatedStatement")
        label = shortened(short or full)
        own = _own(item)
        kind, kept_type = self._kind(item, own)
        names = {
            k: {n: list(v) for n, v in one.items()} for k, one in own.get("otherNames", {}).items()
        }
        other = shortened(text(item.get("alternativeLabel"), f"{where}.alternativeLabel"))
        if other and not names:
            names = {self._language: {"alternative": [other]}}
        kept = {
            k: v for k, v in item.items() if k not in _TAKEN_OF_ITEM and v not in (None, [], "")
        }
        if not kept_type:
            kept.pop("CFItemType", None)
        if kept.get("language") == self._head.get("language", self._language):
            del kept["language"]
        ended = text(item.get("statusEndDate"), f"{where}.statusEndDate")
        changed = text(item.get("lastChangeDateTime"), f"{where}.lastChangeDateTime")
        is_withdrawn = own.get("withdrawn", bool(ended) and ended <= changed[:10])
        if own.get("withdrawn"):
            kept.pop("statusEndDate", None)
        kept |= _foreign_extensions(item)
        if guid != guid_of(identifier):
            kept["identifier"] = guid
        for known in (identifier, guid):
            if known in self._by_guid:
                raise FrameworkFileError(
                    f"{where}: the identifier {known!r} stands there a second time, after "
                    f"{self._rows[self._by_guid[known]].place}: each item stands once."
                )
        self._by_guid[identifier] = self._by_guid[guid] = identifier
        self._rows[identifier] = SkillRow(
            identifier=identifier,
            label=label,
            kind=kind,
            code=shortened(text(item.get("humanCodingScheme"), where), 60),
            statement=full if short or label != full else "",
            scope_note=text(item.get("notes"), f"{where}.notes"),
            group=own.get("group", ""),
            translations=own.get("translations", {}),
            other_names=names,
            details=own.get("details", {}) | ({"case": kept} if kept else {}),
            is_withdrawn=bool(is_withdrawn),
            place=where,
        )

    def _kind(self, item: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[str, bool]:
        """The kind, and whether the item's own word for it says more."""
        said = text(item.get("CFItemType"), "CFItemType")
        if own.get("kind") in TYPES:
            return str(own["kind"]), said != TYPES[own["kind"]]
        words = set(said.lower().split())
        if words & _GROUPS:
            return "group", True
        return next((kind for kind in TYPES if kind in words), "skill"), bool(said)

    def _association(self, link: Mapping[str, Any], where: str) -> None:
        kind = text(link.get("associationType"), f"{where}.associationType")
        ends = []
        for end in ("originNodeURI", "destinationNodeURI"):
            node = link.get(end)
            node = {"uri": node} if isinstance(node, str) else part(node, dict, f"{where}.{end}")
            guid = text(node.get("identifier") or node.get("sourcedId"), f"{where}.{end}")
            uri = text(node.get("uri"), f"{where}.{end}.uri")
            if not guid and not uri:
                raise FrameworkFileError(f"{where}.{end} names nothing: give identifier and uri.")
            known = self._by_guid.get(guid) or self._by_guid.get(uri)
            ends.append((known, guid, uri, text(node.get("title"), f"{where}.{end}.title")))
        (origin, *from_names), (target, *to_names) = ends
        if kind == "isChildOf":
            self._child(link, where, origin, target, from_names, to_names)
        elif origin and target and origin != target and kind in INSIDE:
            named = _own(link).get("relation", INSIDE[kind])
            self._relations[origin, named, target] = None
        elif origin and not target and kind in OUTSIDE:
            uri = to_names[1] or f"urn:uuid:{to_names[0]}"
            own = _own(link)
            self._alignments[origin, uri] = AlignmentRow(
                skill=origin,
                match=own.get("match", OUTSIDE[kind]),
                target_identifier=uri,
                target_label=to_names[2][:400],
                target_framework=own.get("framework", ""),
            )
        else:
            self._foreign.append(link)

    def _child(
        self,
        link: Mapping[str, Any],
        where: str,
        origin: str | None,
        target: str | None,
        from_names: list[str],
        to_names: list[str],
    ) -> None:
        number = link.get("sequenceNumber")
        at = number if isinstance(number, int) and 0 <= number < 2**31 else 0
        if origin is None:
            raise FrameworkFileError(
                f"{where}: originNodeURI {(from_names[1] or from_names[0])[:120]!r} is no item of "
                "the package: add the item or remove the association."
            )
        if target is not None:
            if origin == target:
                raise FrameworkFileError(f"{where}: {origin!r} is said to be its own child.")
            self._broader[origin, target] = at
        elif not self._documents & set(to_names[:2]):
            raise FrameworkFileError(
                f"{where}: destinationNodeURI {(to_names[1] or to_names[0])[:120]!r} is neither an "
                "item of the package nor its document: add the item or remove the association."
            )
        elif at:
            row = self._rows[origin]
            kept = dict(row.details.get("case", {})) | {"sequenceNumber": at}
            self._rows[origin] = replace(row, details=dict(row.details) | {"case": kept})

    def _details(self, guid: str, identifier: str) -> dict[str, Any]:
        head = {
            k: v
            for k, v in self._head.items()
            if k not in _TAKEN_OF_DOCUMENT and v not in (None, [], "")
        }
        head |= _foreign_extensions(self._head)
        if self._own.get("creator") is False:
            head.pop("creator", None)
        if self._own.get("licence"):
            head.pop("licenseURI", None)
        if guid != guid_of(identifier):
            head["identifier"] = guid
        kept: dict[str, Any] = {"CFDocument": head} if head else {}
        for name in ("CFDefinitions", "CFRubrics"):
            if self._package.get(name):
                kept[name] = self._package[name]
        if self._foreign:
            kept["CFAssociations"] = self._foreign
        return dict(self._own.get("details", {})) | ({"case": kept} if kept else {})

    def _levels(self, details: dict[str, Any]) -> tuple[tuple[str, str, str], ...] | None:
        """Levels of rubrics in the letters of ILUO; other rubrics stay as they are."""
        found: list[tuple[str, str, str]] = []
        others = []
        for rubric in part(self._package.get("CFRubrics"), list, f"{self._name}: CFRubrics"):
            levels = self._levels_of(rubric)
            if levels is None:
                others.append(rubric)
            else:
                found += levels
        case = details.get("case", {})
        if "CFRubrics" in case:
            case["CFRubrics"] = others
            if not others:
                del case["CFRubrics"]
            if not case:
                del details["case"]
        return tuple(found) or None

    def _levels_of(self, rubric: Any) -> list[tuple[str, str, str]] | None:
        found = []
        criteria = rubric.get("CFRubricCriteria") if isinstance(rubric, dict) else None
        for criterion in criteria if isinstance(criteria, list) else ():
            link = criterion.get("CFItemURI") if isinstance(criterion, dict) else None
            names = link if isinstance(link, dict) else {}
            skill = self._by_guid.get(str(names.get("identifier"))) or self._by_guid.get(
                str(names.get("uri"))
            )
            levels = (
                criterion.get("CFRubricCriterionLevels") if isinstance(criterion, dict) else None
            )
            if skill is None or not isinstance(levels, list):
                return None
            for level in levels:
                letter = level.get("quality") if isinstance(level, dict) else None
                words = level.get("description") if isinstance(level, dict) else None
                if letter not in ILUO or not isinstance(words, str) or not words.strip():
                    return None
                found.append((skill, str(letter), words))
        return found or None

    def _grouped(self) -> list[SkillRow]:
        """Each item with the label of what it stands under, unless it says its group itself."""
        above: dict[str, str] = {}
        for low, high in self._broader:
            above.setdefault(low, high)
        if self._own:
            return list(self._rows.values())
        return [
            replace(row, group=self._rows[above[row.identifier]].label)
            if row.identifier in above
            else row
            for row in self._rows.values()
        ]


def _identity(node: Mapping[str, Any], where: str) -> tuple[str, str]:
    """The identifier of the shape (its URI) and the GUID."""
    guid = text(node.get("identifier") or node.get("sourcedId"), f"{where}.identifier")
    uri = text(node.get("uri"), f"{where}.uri")
    if not guid and not uri:
        raise FrameworkFileError(f"{where} has neither identifier nor uri: give both.")
    if ":" not in uri:
        uri = f"urn:uuid:{guid or guid_of(uri)}"
    return uri, guid or guid_of(uri)


def _own(node: Mapping[str, Any]) -> dict[str, Any]:
    extensions = node.get("extensions")
    own = extensions.get(OWN) if isinstance(extensions, dict) else None
    return own if isinstance(own, dict) else {}


def _foreign_extensions(node: Mapping[str, Any]) -> dict[str, Any]:
    extensions = node.get("extensions")
    if not isinstance(extensions, dict):
        return {"extensions": extensions} if extensions else {}
    others = {key: value for key, value in extensions.items() if key != OWN}
    return {"extensions": others} if others else {}
