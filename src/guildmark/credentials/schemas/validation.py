"""Checking a credential against the data model that its type names.

The schemas in `data/` say in JSON Schema (draft 2019-09) what Open Badges 3.0
(https://www.imsglobal.org/spec/ob/v3p0/), appendix B, and the Comprehensive Learner Record 2.0
(https://www.imsglobal.org/spec/clr/v2p0/) say in tables: members, their number and their types.
No schema is ever fetched, so a credential that names somebody else's schema is not checked here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import jsonschema_rs

from guildmark.credentials.jsonld.contexts import CREDENTIALS_V1
from guildmark.credentials.model.reading import Json

MAX_PROBLEMS = 20
_DRAFT = "https://json-schema.org/draft/2019-09/schema"
_OPEN_BADGES = "urn:guildmark:schema:openbadges-3.0#/$defs/"
_CLR = "urn:guildmark:schema:clr-2.0#/$defs/"
_OPEN_BADGES_URL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/"
_CLR_URL = "https://purl.imsglobal.org/spec/clr/v2p0/schema/"

# By type: the data model's class, the same for both versions of the W3C's data model.
_TYPES = {
    "AchievementCredential": _OPEN_BADGES + "AchievementCredential",
    "OpenBadgeCredential": _OPEN_BADGES + "AchievementCredential",
    "EndorsementCredential": _OPEN_BADGES + "EndorsementCredential",
    "ClrCredential": _CLR + "ClrCredential",
    "Profile": _OPEN_BADGES + "Profile",
    "Achievement": _OPEN_BADGES + "Achievement",
}
# By the address under which 1EdTech publishes the schema of that class.
_ADDRESSES = {
    f"{_OPEN_BADGES_URL}json/ob_v3p0_achievementcredential_schema.json": "OpenBadgeCredential",
    f"{_OPEN_BADGES_URL}json/ob_v3p0_endorsementcredential_schema.json": "EndorsementCredential",
    f"{_OPEN_BADGES_URL}json-ld/ob_v3p0_anyachievementcredential_schema.json": (
        "OpenBadgeCredential"
    ),
    f"{_OPEN_BADGES_URL}json-ld/ob_v3p0_anyendorsementcredential_schema.json": (
        "EndorsementCredential"
    ),
    f"{_OPEN_BADGES_URL}json/ob_v3p0_profile_schema.json": "Profile",
    f"{_CLR_URL}json/clr_v2p0_clrcredential_schema.json": "ClrCredential",
}
_NOUNS = {
    "string": "text",
    "object": "an object",
    "array": "a list",
    "number": "a number",
    "boolean": "true or false",
}
_FORMATS = {
    "iri": "a full address such as https://… or urn:…",
    "date-time": "a time with its zone such as 2026-06-01T12:00:00Z",
    "date": "a day such as 2026-06-01",
    "idn-email": "an email address",
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One deviation: where (a JSON Pointer, RFC 6901), the value there, shortened, and what is
    wrong with it. `rule` is the keyword of JSON Schema that it breaks."""

    pointer: str
    value: str
    message: str
    rule: str


def class_of(document: Json) -> str | None:
    """The class whose schema this document has to meet, by its type or by the schema it names;
    None where no bundled schema is for it."""
    types = document.get("type")
    for name in types if isinstance(types, list) else [types]:
        if isinstance(name, str) and name in _TYPES:
            return name
    named = document.get("credentialSchema")
    for entry in named if isinstance(named, list) else [named]:
        address = entry.get("id") if isinstance(entry, dict) else None
        if isinstance(address, str) and address in _ADDRESSES:
            return _ADDRESSES[address]
    return None


def validate(document: Json) -> list[Problem]:
    """What in the document deviates from its class's data model; nothing where all is well or
    where no bundled schema is for it (`class_of`).

    Credentials embedded in a learner record are checked against their own classes. At most
    MAX_PROBLEMS are told. The document must be within the bounds of `read_json`.
    """
    return _problems(document, "")


def _problems(document: Json, at: str) -> list[Problem]:
    name = class_of(document)
    if name is None:
        return []
    context = document.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    validator = _validator(_TYPES[name] + ("v1p1" if first == CREDENTIALS_V1 else ""))
    found: list[Problem] = []
    for one in _with_each_status(document):
        if not validator.is_valid(one):
            errors = islice(validator.iter_errors(one), MAX_PROBLEMS - len(found))
            found += [_problem(error, at) for error in errors]
    subject = document.get("credentialSubject")
    if name == "ClrCredential" and isinstance(subject, dict):
        embedded = subject.get("verifiableCredential")
        for index, part in enumerate(embedded if isinstance(embedded, list) else ()):
            if isinstance(part, dict) and len(found) < MAX_PROBLEMS:
                found += _problems(part, f"{at}/credentialSubject/verifiableCredential/{index}")
    return found[:MAX_PROBLEMS]


def _with_each_status(document: Json) -> Sequence[Json]:
    """The document with one of its status entries at a time. The W3C's data model (2.0, section
    4.10) allows several, which the tables of 1EdTech narrow to one."""
    entries = document.get("credentialStatus")
    if isinstance(entries, list) and entries and all(isinstance(one, dict) for one in entries):
        return [{**document, "credentialStatus": one} for one in entries[:MAX_PROBLEMS]]
    return (document,)


@cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(schema["$id"], schema) for schema in bundled().values()])


@cache
def bundled() -> Mapping[str, Json]:
    """Every bundled schema by the name of its file."""
    folder = files(__package__) / "data"
    names = json.loads((folder / "sources.json").read_text("utf-8"))
    return {name: json.loads((folder / name).read_text("utf-8")) for name in names}


@cache
def _validator(reference: str) -> Any:
    if reference in (_TYPES["Profile"] + "v1p1", _TYPES["Achievement"] + "v1p1"):
        reference = reference.removesuffix("v1p1")
    return jsonschema_rs.Draft201909Validator(
        {"$schema": _DRAFT, "$ref": reference},
        registry=_registry(),
        validate_formats=True,
        offline=True,
    )


def _problem(error: Any, at: str) -> Problem:
    kind = error.kind
    path = "".join(f"/{_escape(part)}" for part in error.instance_path)
    return Problem(
        pointer=at + path,
        value=_short(error.instance),
        message=_message(kind.name, kind.value, error),
        rule=kind.name,
    )


def _message(rule: str, wanted: Any, error: Any) -> str:
    if rule == "required":
        return f"{wanted} is missing"
    if rule == "additionalProperties":
        return f"{', '.join(wanted)[:200]} may not stand here"
    if rule == "type":
        nouns = [_NOUNS.get(name, name) for name in wanted]
        return f"this is not {' or '.join(nouns)}"
    if rule == "format":
        return f"this is not {_FORMATS.get(wanted, wanted)}"
    if rule == "const":
        return f"this must be {wanted}"
    if rule == "enum":
        return f"this is none of {', '.join(map(str, wanted))}"
    if rule == "minItems":
        return f"this needs at least {wanted}"
    if rule == "contains":
        return f"this must include {_contained(error)}"
    if rule == "pattern":
        return f"this does not have the form {wanted}"
    if rule == "anyOf":
        return "this is none of the specification's terms, nor a term that begins with ext:"
    return "this is not as the specification says"


def _contained(error: Any) -> str:
    """What a list should hold, read from the schema at the address that the error names."""
    address, _, pointer = error.absolute_keyword_location.partition("#/")
    at: Any = next(schema for schema in bundled().values() if schema["$id"] == address)
    for part in pointer.split("/"):
        at = at[int(part)] if isinstance(at, list) else at[part]
    return str(at["const"]) if "const" in at else " or ".join(at["enum"])


def _escape(part: Any) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")[:120]


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"
