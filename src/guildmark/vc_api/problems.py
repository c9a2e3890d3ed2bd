"""What is wrong, as ProblemDetails (VCALM, section "Error Handling"; RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guildmark.credentials import Check, Outcome
from guildmark.credentials.model.reading import Json

# Verifiable Credentials Data Model 2.0, section 7.2.
_MODEL = "https://www.w3.org/TR/vc-data-model#"
PARSING, CRYPTOGRAPHIC, MALFORMED, RANGE = (
    f"{_MODEL}{name}"
    for name in (
        "PARSING_ERROR",
        "CRYPTOGRAPHIC_SECURITY_ERROR",
        "MALFORMED_VALUE_ERROR",
        "RANGE_ERROR",
    )
)
# Verifiable Credential Data Integrity 1.0, section 4.7.
_INTEGRITY = "https://w3id.org/security#"
GENERATION = f"{_INTEGRITY}PROOF_GENERATION_ERROR"
# Bitstring Status List 1.0, section 3.5.
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
_BY_CODE = {
    "structure.unreadable": PARSING,
    "context.not_protected": f"{_INTEGRITY}DATA_LOSS_DETECTION_ERROR",  # its section 2.4.3
    "proof.wrong_domain": f"{_INTEGRITY}INVALID_DOMAIN_ERROR",
    "proof.wrong_challenge": f"{_INTEGRITY}INVALID_CHALLENGE_ERROR",
    "status.unavailable": f"{_STATUS}STATUS_RETRIEVAL_ERROR",
    "status.list_too_short": f"{_STATUS}STATUS_LIST_LENGTH_ERROR",
    "status.out_of_range": RANGE,
    "status.entry_invalid": MALFORMED,
}
_BY_CHECK = {
    "dates": RANGE,
    "proof": CRYPTOGRAPHIC,
    "issuer": CRYPTOGRAPHIC,
    "holder": CRYPTOGRAPHIC,
    "endorsements": CRYPTOGRAPHIC,
    "credentials": CRYPTOGRAPHIC,
    "status": f"{_STATUS}STATUS_VERIFICATION_ERROR",
}


class RefusedError(Exception):
    """A request that cannot be served; becomes an answer with this status."""

    def __init__(self, detail: str, *, kind: str = MALFORMED, status: int = 400) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind


def problem(kind: str, detail: str, **more: Any) -> Json:
    """A ProblemDetails object; its title is the name that the type ends with."""
    title = kind.rpartition("#")[2] if "#" in kind else kind
    return {"type": kind, "title": title, "detail": detail, **more}


def of_checks(checks: Iterable[Check]) -> list[Json]:
    """A problem for each check that failed or could not be made, with our own code beside it."""
    return [
        problem(
            _BY_CODE.get(one.code.value) or _BY_CHECK.get(one.check, MALFORMED),
            f"{one.message} {one.data.get('reason') or ''}".strip(),
            code=one.code.value,
        )
        for one in checks
        if one.outcome in (Outcome.FAILED, Outcome.COULD_NOT_BE_CHECKED)
    ]
