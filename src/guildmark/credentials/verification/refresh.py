"""Whether the issuer keeps newer versions of the credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guildmark.credentials.errors import NotAvailableError, UnreadableError
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.model.times import moment
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    Report,
    not_applicable,
    passed,
)
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.structure import issuer_id, names_type

NO_REFRESH = not_applicable(CheckCode.REFRESH_NONE, "It names no service for newer versions.")
_MAX_SERVICES = 8
# At its address stands the newer version itself; other services have protocols of their own.
_TYPE = "1EdTechCredentialRefresh"
_FIRST = ("proof", "issuer")
_ENDED = (CheckCode.DATES_EXPIRED, CheckCode.STATUS_REFRESH_AVAILABLE)

Examine = Callable[[Any], Report | None]
"""The report of the newer version; None where it is not to be asked for."""


def check_refresh(document: Json) -> Check:
    """Verifiable Credentials 2.0, section 5.4; the services are in `data`, and were not asked."""
    if "refreshService" not in document:
        return NO_REFRESH
    return passed(
        CheckCode.REFRESH_OFFERED,
        "The issuer offers newer versions of it; the service was not asked.",
        services=_services(document),
    )


def is_due(checks: list[Check], *, always: bool = False) -> bool:
    """Whether these checks are of a credential that its issuer signed and that has had its time,
    which does not matter with `always`. Open Badges 3.0 has the proof checked first, so that
    nobody is sent to a bad actor."""
    if any(check.check in _FIRST and check.outcome is not Outcome.PASSED for check in checks):
        return False
    return always or any(check.code in _ENDED for check in checks)


def ask_for_newer(document: Json, resolver: Resolver, examine: Examine) -> Check:
    """Open Badges 3.0, section "Verification", step 3, once and no further.

    The newer version never stands in for this one: its own report is in `data` (`refreshed`), and
    the reader decides. It is newer where it has the same issuer and `id` and a later `validFrom`
    (section "Equality and Comparison"). Whatever comes of it, this credential is judged by itself.
    """
    services = _services(document)
    data: dict[str, Any] = {"services": services}
    address = next((one["id"] for one in services if one.get("type") == _TYPE and "id" in one), "")
    if not address:
        message = "The issuer offers newer versions in a way that is not known here."
        return passed(CheckCode.REFRESH_OFFERED, message, **data)
    try:
        found = resolver.resolve(address)
        check_bounds(found)
    except (NotAvailableError, UnreadableError) as error:
        message = "The issuer's newer version could not be had; this one is judged by itself."
        return passed(CheckCode.REFRESH_UNAVAILABLE, message, reason=str(error), **data)
    report = examine(found)
    if report is None:
        message = "The issuer offers newer versions of it; the service was not asked."
        return passed(CheckCode.REFRESH_OFFERED, message, **data)
    data["refreshed"] = report.as_json()
    newer = report.document
    if (issuer_id(newer), newer.get("id")) != (issuer_id(document), document.get("id")):
        message = "What the issuer's service has is another credential, not a newer version."
        return passed(CheckCode.REFRESH_OF_SOMETHING_ELSE, message, **data)
    if report.verified is not True:
        message = "What the issuer's service has does not hold; this one is judged by itself."
        return passed(CheckCode.REFRESH_NOT_VERIFIED, message, **data)
    if not _is_later(newer, document):
        message = "This is the newest version that the issuer has."
        return passed(CheckCode.REFRESH_CURRENT, message, **data)
    message = "The issuer has a newer version, which holds; this one was judged by itself."
    return passed(CheckCode.REFRESH_NEWER, message, **data)


def _services(document: Json) -> list[Json]:
    named = document["refreshService"]
    return [
        {
            **({"id": entry["id"][:500]} if isinstance(entry.get("id"), str) else {}),
            "type": _TYPE if names_type(entry.get("type"), _TYPE) else str(entry.get("type"))[:500],
        }
        for entry in (named if isinstance(named, list) else [named])[:_MAX_SERVICES]
        if isinstance(entry, dict)
    ]


def _is_later(newer: Json, older: Json) -> bool:
    ours, theirs = (moment(one.get("validFrom", one.get("issuanceDate"))) for one in (older, newer))
    return ours is not None and theirs is not None and theirs > ours
