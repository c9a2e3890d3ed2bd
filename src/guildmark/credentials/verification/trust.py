"""What only the caller can know: whom to trust, and what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from guildmark.credentials.model.openbadges import identity_matches
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.report import Check, CheckCode, Outcome
from guildmark.credentials.verification.structure import issuer_id


class Trust(Protocol):
    """The caller's word on issuers."""

    def is_trusted(self, issuer: str, document: Json) -> bool | None:
        """Whether this issuer is trusted for such a credential; None where that is not known."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the credential should be about; None asks nothing.

    `recipient` is an identity type and its value, such as `("emailAddress", "a@b.example")`,
    compared with the credential's identity objects, hashed or plain.
    """

    issuer: str | None = None
    achievement: str | None = None
    recipient: tuple[str, str] | None = None


def check_trust(document: Json, issuer: str | None, trust: Trust) -> Check:
    """Ask the caller whether the named issuer is trusted."""
    issuer = issuer or ""
    answer = trust.is_trusted(issuer, document)
    outcome, code, message = {
        True: (Outcome.PASSED, CheckCode.TRUST_TRUSTED, "The issuer is trusted here."),
        False: (Outcome.FAILED, CheckCode.TRUST_NOT_TRUSTED, "The issuer is not trusted here."),
        None: (
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.TRUST_UNKNOWN,
            "Whether the issuer can be trusted is not known here.",
        ),
    }[answer]
    return Check(
        check="trust", outcome=outcome, code=code, message=message, data={"issuer": issuer}
    )


def check_expected(document: Json, expected: Expected) -> Check:
    """Compare the credential with what the caller expected."""
    subjects = document.get("credentialSubject")
    subjects = subjects if isinstance(subjects, list) else [subjects]
    different = []
    if expected.issuer is not None and expected.issuer != issuer_id(document):
        different.append("issuer")
    if expected.achievement is not None and not all(
        _achievement_id(subject) == expected.achievement for subject in subjects
    ):
        different.append("achievement")
    if expected.recipient is not None and not all(
        _has_identity(subject, *expected.recipient) for subject in subjects
    ):
        different.append("recipient")
    if different:
        return Check(
            check="expected",
            outcome=Outcome.FAILED,
            code=CheckCode.EXPECTED_NOT_MET,
            message=f"It is not the credential expected: {', '.join(different)} differs.",
            data={"different": different},
        )
    return Check(
        check="expected",
        outcome=Outcome.PASSED,
        code=CheckCode.EXPECTED_MET,
        message="It is the credential that was expected.",
    )


def _achievement_id(subject: Any) -> Any:
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    return achievement.get("id") if isinstance(achievement, dict) else achievement


def _has_identity(subject: Any, identity_type: str, value: str) -> bool:
    named = subject.get("identifier") if isinstance(subject, dict) else None
    named = named if isinstance(named, list) else [named]
    return any(
        isinstance(entry, dict)
        and entry.get("identityType") == identity_type
        and identity_matches(entry, value)
        for entry in named
    )
