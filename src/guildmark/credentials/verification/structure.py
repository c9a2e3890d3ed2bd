"""Whether the document is a credential at all, and whether all of it is protected."""

from __future__ import annotations

from typing import Any

from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2
from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment as moment
from guildmark.credentials.verification.report import Check, CheckCode, Outcome


def check_structure(document: Json) -> Check:
    """Verifiable Credentials Data Model 2.0, sections 4.3 to 4.8 (what must be there)."""
    reason = _structure_problem(document)
    if reason is not None:
        return Check(
            check="structure",
            outcome=Outcome.FAILED,
            code=CheckCode.STRUCTURE_INVALID,
            message=f"This is not a valid credential: {reason}.",
            data={"reason": reason},
        )
    return Check(
        check="structure",
        outcome=Outcome.PASSED,
        code=CheckCode.STRUCTURE_OK,
        message="The document has the form of a verifiable credential.",
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


def _structure_problem(document: Json) -> str | None:
    context = document.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    if first != CREDENTIALS_V2:
        return f"@context does not begin with {CREDENTIALS_V2}"
    if not names_type(document.get("type"), "VerifiableCredential"):
        return "type does not include VerifiableCredential"
    if issuer_id(document) is None:
        return "issuer is missing or is not an identifier"
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict | list) or not subject:
        return "credentialSubject is missing"
    if "id" in document and not isinstance(document["id"], str):
        return "id is not text"
    return None
