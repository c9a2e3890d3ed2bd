"""Whether the credential keeps to the data model of its kind."""

from __future__ import annotations

from guildmark.credentials.model.reading import Json
from guildmark.credentials.schemas.validation import class_of, validate
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    failed,
    not_applicable,
    passed,
)

_MET = passed(CheckCode.SCHEMA_MET, "It keeps to the data model of its kind.")
NO_SCHEMA = not_applicable(CheckCode.SCHEMA_NONE, "No schema that is known here is for it.")
_PART = not_applicable(
    CheckCode.SCHEMA_PART_ONLY,
    "Only a part of it is shown, and that keeps to the data model of its kind.",
)
_MAX_NAMED = 8
# The keywords of JSON Schema that what was kept back can break.
_OF_ABSENCE = frozenset({"required", "contains", "minItems", "anyOf", "oneOf"})


def check_schema(document: Json, *, is_part: bool = False) -> Check:
    """The bundled schema of the credential's class (`schemas.validation`).

    With `is_part` the holder shows a part of it, and what is missing is no deviation. A schema of
    somebody else's is not fetched; `data` names it as not checked.
    """
    foreign = _foreign(document) if "credentialSchema" in document else {}
    if class_of(document) is None:
        none = NO_SCHEMA
        return not_applicable(none.code, none.message, **foreign) if foreign else none
    problems = validate(document)
    if is_part and problems:
        problems = [problem for problem in problems if problem.rule not in _OF_ABSENCE]
        if not problems:
            return _PART
    if problems:
        first = problems[0]
        return failed(
            CheckCode.SCHEMA_NOT_MET,
            f"It does not keep to the data model of its kind: {first.pointer or '/'} "
            f"{first.message}.",
            reason=f"{first.pointer or '/'}: {first.message}",
            problems=[vars(problem) for problem in problems],
            **foreign,
        )
    return passed(_MET.code, _MET.message, **foreign) if foreign else _MET


def _foreign(document: Json) -> Json:
    named = document["credentialSchema"]
    named = named if isinstance(named, list) else [named]
    addresses = [
        str(entry.get("id"))[:500]
        for entry in named[:_MAX_NAMED]
        if isinstance(entry, dict) and class_of({"credentialSchema": entry}) is None
    ]
    return {"notChecked": addresses} if addresses else {}
