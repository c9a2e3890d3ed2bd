"""Whether the document is a credential at all."""

from __future__ import annotations

from typing import Any

from guildmark.credentials.jsonld.shapes import Form
from guildmark.credentials.model.data_model import credential_problems, presentation_problems
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.report import Check, CheckCode, failed, passed

_OK = passed(CheckCode.STRUCTURE_OK, "The document has the form of a verifiable credential.")
_PRESENTATION_OK = passed(
    CheckCode.STRUCTURE_OK, "The document has the form of a verifiable presentation."
)

_FACT = "structure"


def check_structure(document: Json, form: Form | None = None) -> Check:
    """Verifiable Credentials Data Model 2.0 or 1.1, sections 4 and 5 (what must be there).

    With the form of the document's shape, what follows from that is not asked again.
    """
    if form is not None and form.facts.get(_FACT):
        return _OK
    problems = credential_problems(document)
    if problems:
        return _invalid("credential", problems)
    if form is not None and _follows(document, form):
        form.facts[_FACT] = True
    return _OK


def _follows(document: Json, form: Form) -> bool:
    """Whether no text decides but types, languages and whether identifiers are full addresses:
    then what holds for one document of a form holds for each."""
    identifiers = form.places("id", "issuer", "holder")
    return "relatedResource" not in document and form.settled.issuperset(identifiers)


def check_presentation_structure(document: Json) -> Check:
    """Verifiable Credentials Data Model 2.0 or 1.1, section 4.13 (presentations)."""
    problems = presentation_problems(document)
    return _invalid("presentation", problems) if problems else _PRESENTATION_OK


def check_claims_structure(claims: Json) -> Check:
    """SD-JWT VC, sections 2.2.2.1 and 2.2.2.3: what kind of credential it is."""
    if not isinstance(claims.get("vct"), str) or not claims["vct"]:
        return _invalid("SD-JWT VC", ["vct is missing or is not a name"])
    return passed(CheckCode.STRUCTURE_OK, "The token has the form of an SD-JWT VC.")


def _invalid(kind: str, problems: list[str]) -> Check:
    return failed(
        CheckCode.STRUCTURE_INVALID,
        f"This is not a valid {kind}: {problems[0]}.",
        reason=problems[0],
        problems=problems,
    )


def issuer_id(document: Json) -> str | None:
    """The issuer's identifier (section 4.7), where there is one."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) and ":" in issuer else None


def names_type(value: Any, name: str) -> bool:
    """Whether `type` is this name, or a list with it."""
    return value == name or (isinstance(value, list) and name in value)
