"""The credentials within a credential: endorsements, and the entries of a learner record.

Each is verified in turn, as if it had been handed in by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from guildmark.credentials.jsonld.shapes import Form
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    Report,
    failed,
    not_applicable,
    passed,
    unknown,
)

MAX_EMBEDDED = 64
"""In one report, with those within others."""
MAX_DEPTH = 3
_FACT = "no endorsements"
_MAX_WHERE = 500

NO_ENDORSEMENTS = not_applicable(CheckCode.ENDORSEMENTS_NONE, "Nobody has endorsed it within it.")
# A credential that has had its time was in order, and is in order otherwise.
_ENDINGS = frozenset(
    {
        CheckCode.DATES_EXPIRED,
        CheckCode.DATES_NOT_YET,
        CheckCode.STATUS_REVOKED,
        CheckCode.STATUS_SUSPENDED,
    }
)

Examine = Callable[[Any], Report | None]
"""The report of one embedded credential; None where there are too many, or too deep."""


class _Place(NamedTuple):
    """A step in a document, after another. Written out for what is told only: a document can have
    thousands of places below names that fill it."""

    above: _Place | None
    step: str | int

    def pointer(self) -> str:
        place: _Place | None = self
        steps: list[str] = []
        while place is not None:
            steps.append(f"/{place.step}"[:_MAX_WHERE])
            place = place.above
        return "".join(reversed(steps))[:_MAX_WHERE]


class _Found(NamedTuple):
    where: _Place
    credential: Any


def check_endorsements(document: Json, examine: Examine, form: Form | None = None) -> Check:
    """Open Badges 3.0, section "Endorsement": embedded ones and those that are compact JWS.

    One that was forged makes the check fail, wherever it stands: who signed the credential vouched
    for what is in it. One that has had its time takes nothing away. `data` has the report of each.
    """
    if form is not None and form.facts.get(_FACT):
        return NO_ENDORSEMENTS
    found = list(_endorsements(document))
    if not found:
        if form is not None:
            form.facts[_FACT] = True
        return NO_ENDORSEMENTS
    reports = [examine(part.credential) for part in found]
    data = {"endorsements": _told(found, reports)}
    subjects = set(_identifiers(document))
    if any(report is not None and _is_broken(report) for report in reports):
        message = "An endorsement in it does not hold."
        return failed(CheckCode.ENDORSEMENTS_NOT_VERIFIED, message, **data)
    if any(report is not None and not _is_about(report.document, subjects) for report in reports):
        message = "An endorsement in it is about something else."
        return failed(CheckCode.ENDORSEMENTS_OF_SOMETHING_ELSE, message, **data)
    if any(report is None or _is_open(report) for report in reports):
        message = "Not every endorsement in it could be checked."
        return unknown(CheckCode.ENDORSEMENTS_NOT_CHECKED, message, **data)
    if not all(report is not None and report.verified for report in reports):
        message = "What was endorsed holds; an endorsement has had its time or was taken back."
        return passed(CheckCode.ENDORSEMENTS_ENDED, message, **data)
    return passed(CheckCode.ENDORSEMENTS_VERIFIED, "Every endorsement in it holds.", **data)


def check_entries(document: Json, examine: Examine) -> Check:
    """Comprehensive Learner Record 2.0, ClrSubject: each credential in the record must hold."""
    subject = document.get("credentialSubject")
    entries = subject.get("verifiableCredential") if isinstance(subject, dict) else None
    record = _Place(_Place(None, "credentialSubject"), "verifiableCredential")
    found = [
        _Found(_Place(record, place), entry)
        for place, entry in enumerate(entries if isinstance(entries, list) else [entries])
        if entry is not None
    ]
    reports = [examine(part.credential) for part in found]
    data = {"credentials": _told(found, reports)}
    if any(report is not None and report.verified is False for report in reports):
        message = "A credential in the record does not hold."
        return failed(CheckCode.CREDENTIALS_NOT_VERIFIED, message, **data)
    if any(report is None or report.verified is None for report in reports):
        message = "Not every credential in the record could be checked."
        return unknown(CheckCode.CREDENTIALS_NOT_CHECKED, message, **data)
    return passed(CheckCode.CREDENTIALS_VERIFIED, "Every credential in the record holds.", **data)


def _endorsements(document: Json) -> Iterator[_Found]:
    """All in the document, but for those within another credential."""
    queue: list[tuple[_Place | None, Any]] = [(None, document)]
    while queue:
        where, value = queue.pop()
        if isinstance(value, list):
            queue.extend((_Place(where, place), part) for place, part in enumerate(value))
        elif isinstance(value, dict):
            for name, part in value.items():
                if name in ("endorsement", "endorsementJwt"):
                    parts = part if isinstance(part, list) else [part]
                    for place, one in enumerate(parts):
                        yield _Found(_Place(_Place(where, name), place), one)
                elif name not in ("verifiableCredential", "@context"):
                    queue.append((_Place(where, name), part))


def _identifiers(document: Json) -> Iterator[Any]:
    """What an endorsement in this credential may be about: all that it names."""
    queue: list[Any] = [document]
    while queue:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            for name, part in value.items():
                if name in ("id", "issuer") and isinstance(part, str):
                    yield part
                elif name not in ("endorsement", "proof", "@context"):
                    queue.append(part)


def _is_about(endorsement: Json, subjects: set[Any]) -> bool:
    named = endorsement.get("credentialSubject")
    return all(
        part["id"] in subjects
        for part in (named if isinstance(named, list) else [named])
        if isinstance(part, dict) and isinstance(part.get("id"), str)
    )


def _is_broken(report: Report) -> bool:
    return any(
        check.outcome is Outcome.FAILED and check.code not in _ENDINGS for check in report.checks
    )


def _is_open(report: Report) -> bool:
    return any(check.outcome is Outcome.COULD_NOT_BE_CHECKED for check in report.checks)


def _told(found: list[_Found], reports: list[Report | None]) -> list[Json]:
    return [
        {
            "where": part.where.pointer(),
            **(report.as_json() if report is not None else {"verified": None}),
        }
        for part, report in zip(found[:MAX_EMBEDDED], reports, strict=False)
    ]
