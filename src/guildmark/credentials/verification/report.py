"""What a verification found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a check ended. `could_not_be_checked` is neither good nor bad: something was missing."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_BE_CHECKED = "could_not_be_checked"
    NOT_APPLICABLE = "not_applicable"


class CheckCode(StrEnum):
    """Stable codes of what a check found, for programs and for translated sentences.

    The part before the dot is the check's name. A code is never given another meaning; the
    English `message` beside it may be reworded. TRUST and EXPECTED occur only where the caller
    asked for them.
    """

    STRUCTURE_OK = "structure.ok"
    STRUCTURE_INVALID = "structure.invalid"
    CONTENT_PROTECTED = "content.protected"
    CONTENT_NOT_PROTECTED = "content.not_protected"
    CONTENT_UNKNOWN_CONTEXT = "content.unknown_context"
    PROOF_VALID = "proof.valid"
    PROOF_MISSING = "proof.missing"
    PROOF_UNSUPPORTED = "proof.unsupported"
    PROOF_INVALID = "proof.invalid"
    PROOF_KEY_UNAVAILABLE = "proof.key_unavailable"
    ISSUER_BOUND = "issuer.bound"
    ISSUER_NOT_BOUND = "issuer.not_bound"
    ISSUER_UNAVAILABLE = "issuer.unavailable"
    DATES_VALID = "dates.valid"
    DATES_NOT_YET = "dates.not_yet"
    DATES_EXPIRED = "dates.expired"
    DATES_INVALID = "dates.invalid"
    STATUS_ACTIVE = "status.active"
    STATUS_REVOKED = "status.revoked"
    STATUS_SUSPENDED = "status.suspended"
    STATUS_NONE = "status.none"
    STATUS_UNAVAILABLE = "status.unavailable"
    STATUS_INVALID = "status.invalid"
    STATUS_UNSUPPORTED = "status.unsupported"
    STATUS_REFRESH_AVAILABLE = "status.refresh_available"
    STATUS_MESSAGE = "status.message"
    STATUS_ENTRY_INVALID = "status.entry_invalid"
    STATUS_OUT_OF_RANGE = "status.out_of_range"
    STATUS_LIST_TOO_SHORT = "status.list_too_short"
    STATUS_LIST_OF_ANOTHER_ISSUER = "status.list_of_another_issuer"
    STATUS_LIST_OF_ANOTHER_TYPE = "status.list_of_another_type"
    STATUS_LIST_OF_ANOTHER_PURPOSE = "status.list_of_another_purpose"
    TRUST_TRUSTED = "trust.trusted"
    TRUST_NOT_TRUSTED = "trust.not_trusted"
    TRUST_UNKNOWN = "trust.unknown"
    EXPECTED_MET = "expected.met"
    EXPECTED_NOT_MET = "expected.not_met"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: its name, how it ended, and why."""

    check: str
    outcome: Outcome
    code: CheckCode
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """All checks of one credential, in order, with what the credential says of itself.

    What it says of itself is only worth something where `verified` is True.
    """

    checks: tuple[Check, ...]
    issuer: str | None
    name: str | None
    valid_from: str | None
    valid_until: str | None

    @property
    def verified(self) -> bool | None:
        """True: every check that applies passed. False: one failed. None: one could not be made."""
        outcomes = {check.outcome for check in self.checks}
        if Outcome.FAILED in outcomes:
            return False
        return None if Outcome.COULD_NOT_BE_CHECKED in outcomes else True

    def check(self, name: str) -> Check:
        """The check of this name. Every report has those from structure to status.

        Raises KeyError for another name, and for trust or expected where they were not asked for.
        """
        for check in self.checks:
            if check.check == name:
                return check
        raise KeyError(name)
