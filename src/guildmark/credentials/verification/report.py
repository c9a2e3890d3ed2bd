"""What a verification found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from guildmark.credentials.model.reading import Json

_NOTHING: Mapping[str, Any] = MappingProxyType({})


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
    asked for them, CREDENTIALS only in learner records, RESOURCES only where a digest of something
    elsewhere stands in the credential, HOLDER only in presentations.
    """

    STRUCTURE_OK = "structure.ok"
    STRUCTURE_INVALID = "structure.invalid"
    CONTEXT_PROTECTED = "context.protected"
    CONTEXT_NOT_PROTECTED = "context.not_protected"
    CONTEXT_UNKNOWN = "context.unknown_context"
    CONTEXT_SIGNED_AS_TEXT = "context.signed_as_text"
    CONTEXT_OWN_TERMS = "context.own_terms"
    CONTEXT_NONE = "context.none"
    SCHEMA_MET = "schema.met"
    SCHEMA_NOT_MET = "schema.not_met"
    SCHEMA_NONE = "schema.none"
    SCHEMA_UNRELIABLE = "schema.unreliable"
    SCHEMA_PART_ONLY = "schema.part_only"
    PROOF_VALID = "proof.valid"
    PROOF_VALID_WITH_OWN_KEY = "proof.valid_with_own_key"
    PROOF_OF_PRESENTATION = "proof.of_presentation"
    PROOF_MISSING = "proof.missing"
    PROOF_UNSUPPORTED = "proof.unsupported"
    PROOF_INVALID = "proof.invalid"
    PROOF_ALGORITHM_REFUSED = "proof.algorithm_refused"
    PROOF_CLAIMS_CONTRADICT = "proof.claims_contradict"
    PROOF_WRONG_PURPOSE = "proof.wrong_purpose"
    PROOF_WRONG_KEY = "proof.wrong_key"
    PROOF_WRONG_DOMAIN = "proof.wrong_domain"
    PROOF_WRONG_CHALLENGE = "proof.wrong_challenge"
    PROOF_EXPIRED = "proof.expired"
    PROOF_KEY_UNAVAILABLE = "proof.key_unavailable"
    ISSUER_BOUND = "issuer.bound"
    ISSUER_NOT_BOUND = "issuer.not_bound"
    ISSUER_UNAVAILABLE = "issuer.unavailable"
    ISSUER_KEY_UNCONFIRMED = "issuer.key_unconfirmed"
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
    REFRESH_NONE = "refresh.none"
    REFRESH_OFFERED = "refresh.offered"
    REFRESH_NEWER = "refresh.newer"
    REFRESH_CURRENT = "refresh.current"
    REFRESH_UNAVAILABLE = "refresh.unavailable"
    REFRESH_NOT_VERIFIED = "refresh.not_verified"
    REFRESH_OF_SOMETHING_ELSE = "refresh.of_something_else"
    ENDORSEMENTS_NONE = "endorsements.none"
    ENDORSEMENTS_VERIFIED = "endorsements.verified"
    ENDORSEMENTS_ENDED = "endorsements.ended"
    ENDORSEMENTS_NOT_VERIFIED = "endorsements.not_verified"
    ENDORSEMENTS_OF_SOMETHING_ELSE = "endorsements.of_something_else"
    ENDORSEMENTS_NOT_CHECKED = "endorsements.not_checked"
    CREDENTIALS_VERIFIED = "credentials.verified"
    CREDENTIALS_NOT_VERIFIED = "credentials.not_verified"
    CREDENTIALS_NOT_CHECKED = "credentials.not_checked"
    RESOURCES_UNCHANGED = "resources.unchanged"
    RESOURCES_ALTERED = "resources.altered"
    RESOURCES_NOT_CHECKED = "resources.not_checked"
    HOLDER_BOUND = "holder.bound"
    HOLDER_NOT_BOUND = "holder.not_bound"
    HOLDER_UNAVAILABLE = "holder.unavailable"
    TRUST_TRUSTED = "trust.trusted"
    TRUST_NOT_TRUSTED = "trust.not_trusted"
    TRUST_UNKNOWN = "trust.unknown"
    EXPECTED_MET = "expected.met"
    EXPECTED_NOT_MET = "expected.not_met"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: its name, how it ended, and why. `data` holds JSON values."""

    check: str
    outcome: Outcome
    code: CheckCode
    message: str
    data: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    def as_json(self) -> Json:
        """The check as JSON values."""
        return {
            "check": self.check,
            "outcome": self.outcome.value,
            "code": self.code.value,
            "message": self.message,
            "data": dict(self.data),
        }


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
    format: str = "verifiable-credential"
    """`open-badges-3.0`, `clr-2.0`, `open-badges-2.0`, `verifiable-credential`, `sd-jwt-vc`, or
    `unknown` where nothing could be read."""
    secured_by: str | None = None
    """`data-integrity`, a token's format (`vc-jwt`, `vc+jwt`, `vc+sd-jwt`, `vc+cose`,
    `dc+sd-jwt`), `presentation`, and of Open Badges 2.0 `hosted` or `jws`; None: by nothing."""
    carrier: str = "json"
    """What was handed in: `json`, `jwt`, `sd-jwt`, `cose`, `png`, `svg` or `pdf`."""
    document: Json = field(default_factory=dict, repr=False)
    """The credential that the report is about; empty where none could be read."""

    @property
    def verified(self) -> bool | None:
        """True: every check that applies passed. False: one failed. None: one could not be made."""
        return verified(self.checks)

    def check(self, name: str) -> Check:
        """The check of this name. Every report has those from structure to endorsements.

        Raises KeyError for another name, and for trust, expected, credentials or resources where
        they are not part of the report.
        """
        return find(self.checks, name)

    def as_json(self) -> Json:
        """The report as JSON values, without the credential itself."""
        return {
            "verified": self.verified,
            "format": self.format,
            "securedBy": self.secured_by,
            "carrier": self.carrier,
            "issuer": self.issuer,
            "name": self.name,
            "validFrom": self.valid_from,
            "validUntil": self.valid_until,
            "checks": [check.as_json() for check in self.checks],
        }


@dataclass(frozen=True, kw_only=True)
class PresentationReport:
    """The checks of a presentation, and the report of each credential in it."""

    checks: tuple[Check, ...]
    """structure, context, proof, holder and dates."""
    credentials: tuple[Report, ...]
    holder: str | None
    secured_by: str | None = None
    carrier: str = "json"
    document: Json = field(default_factory=dict, repr=False)

    @property
    def verified(self) -> bool | None:
        """As of a `Report`, over the presentation's checks and all its credentials."""
        found = [verified(self.checks), *(report.verified for report in self.credentials)]
        if False in found:
            return False
        return None if None in found else True

    def check(self, name: str) -> Check:
        """The presentation's own check of this name; raises KeyError for another."""
        return find(self.checks, name)

    def as_json(self) -> Json:
        """The report as JSON values, without the presentation itself."""
        return {
            "verified": self.verified,
            "securedBy": self.secured_by,
            "carrier": self.carrier,
            "holder": self.holder,
            "checks": [check.as_json() for check in self.checks],
            "credentials": [report.as_json() for report in self.credentials],
        }


def verified(checks: tuple[Check, ...]) -> bool | None:
    """False where a check failed, None where one could not be made, else True."""
    open_ended = False
    for check in checks:
        if check.outcome is Outcome.FAILED:
            return False
        if check.outcome is Outcome.COULD_NOT_BE_CHECKED:
            open_ended = True
    return None if open_ended else True


def find(checks: tuple[Check, ...], name: str) -> Check:
    """The check of this name; raises KeyError where there is none."""
    for check in checks:
        if check.check == name:
            return check
    raise KeyError(name)


def passed(code: CheckCode, message: str, /, **data: Any) -> Check:
    """The check of the code's name, passed."""
    return _check(Outcome.PASSED, code, message, data)


def failed(code: CheckCode, message: str, /, **data: Any) -> Check:
    """The check of the code's name, failed."""
    return _check(Outcome.FAILED, code, message, data)


def unknown(code: CheckCode, message: str, /, **data: Any) -> Check:
    """The check of the code's name, which could not be made."""
    return _check(Outcome.COULD_NOT_BE_CHECKED, code, message, data)


def not_applicable(code: CheckCode, message: str, /, **data: Any) -> Check:
    """The check of the code's name, which there is nothing for."""
    return _check(Outcome.NOT_APPLICABLE, code, message, data)


def _check(outcome: Outcome, code: CheckCode, message: str, data: Mapping[str, Any]) -> Check:
    name = code.value.partition(".")[0]
    return Check(check=name, outcome=outcome, code=code, message=message, data=data or _NOTHING)
