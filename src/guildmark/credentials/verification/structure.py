"""Whether the document is a credential at all."""

from __future__ import annotations

from typing import Any

from guildmark.credentials.model.data_model import credential_problems
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.report import Check, CheckCode, Outcome


def check_structure(document: Json) -> Check:
    """Verifiable Credentials Data Model 2.0 or 1.1, sections 4 and 5 (what must be there)."""
    problems = credential_problems(document)
    if problems:
        return Check(
            check="structure",
            outcome=Outcome.FAILED,
            code=CheckCode.STRUCTURE_INVALID,
            message=f"This is not a valid credential: {problems[0]}.",
            data={"reason": problems[0], "problems": problems},
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
