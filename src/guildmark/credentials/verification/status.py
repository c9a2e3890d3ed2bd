"""Whether the issuer has taken the credential back.

Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/), section 3.2.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from guildmark.credentials.errors import CredentialError, NotAvailableError, StatusError
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.status import bitstring
from guildmark.credentials.verification.content import check_content
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.report import Check, CheckCode, Outcome
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.signature import check_issuer, check_proof
from guildmark.credentials.verification.structure import (
    check_structure,
    issuer_id,
    names_type,
)

_MAX_STATUS_ENTRIES = 8
_SEVERITY = (
    CheckCode.STATUS_REVOKED,
    CheckCode.STATUS_INVALID,
    CheckCode.STATUS_SUSPENDED,
    CheckCode.STATUS_UNAVAILABLE,
    CheckCode.STATUS_UNSUPPORTED,
    CheckCode.STATUS_ACTIVE,
)


def check_status(document: Json, resolver: Resolver, now: dt.datetime) -> Check:
    """The gravest of what the credential's status entries say."""
    if "credentialStatus" not in document:
        message = "It names no list of revoked ones."
        return _status(Outcome.NOT_APPLICABLE, CheckCode.STATUS_NONE, message)
    entries = document["credentialStatus"]
    entries = entries if isinstance(entries, list) else [entries]
    if not 0 < len(entries) <= _MAX_STATUS_ENTRIES:
        message = "Its status entries cannot be read."
        return _status(Outcome.FAILED, CheckCode.STATUS_INVALID, message)
    found = [_check_entry(document, entry, resolver, now) for entry in entries]
    return min(found, key=lambda check: _SEVERITY.index(check.code))


def _check_entry(document: Json, entry: Any, resolver: Resolver, now: dt.datetime) -> Check:
    if not isinstance(entry, dict) or not names_type(entry.get("type"), "BitstringStatusListEntry"):
        return _status(
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.STATUS_UNSUPPORTED,
            "Its status is kept in a way that this verifier does not know.",
        )
    purpose, index, url = (
        entry.get(key) for key in ("statusPurpose", "statusListIndex", "statusListCredential")
    )
    if (
        purpose not in bitstring.PURPOSES
        or not isinstance(index, str)
        or not re.fullmatch(r"[0-9]{1,9}", index)
        or not isinstance(url, str)
        or entry.get("statusSize", 1) != 1
    ):
        return _status(
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.STATUS_UNSUPPORTED,
            "Its status entry is of a form that this verifier does not know.",
        )
    data = {"purpose": purpose, "url": url[:500], "index": int(index)}
    try:
        bits = _status_bits(document, resolver.resolve(url), url, purpose, resolver, now)
        is_set = bitstring.is_set(bits, int(index))
    except NotAvailableError as error:
        return _status(
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.STATUS_UNAVAILABLE,
            "The issuer's list of revoked credentials could not be had.",
            reason=str(error),
            **data,
        )
    except CredentialError as error:
        return _status(
            Outcome.FAILED,
            CheckCode.STATUS_INVALID,
            "The issuer's list of revoked credentials does not hold itself.",
            reason=str(error),
            **data,
        )
    if not is_set:
        message = "It has been neither revoked nor suspended."
        return _status(Outcome.PASSED, CheckCode.STATUS_ACTIVE, message, **data)
    if purpose == "revocation":
        message = "The issuer has revoked it."
        return _status(Outcome.FAILED, CheckCode.STATUS_REVOKED, message, **data)
    message = "The issuer has suspended it."
    return _status(Outcome.FAILED, CheckCode.STATUS_SUSPENDED, message, **data)


def _status_bits(
    document: Json, listed: Json, url: str, purpose: str, resolver: Resolver, now: dt.datetime
) -> bytes:
    """The list's bits, once the list's own signature, issuer, dates and purpose hold."""
    check_bounds(listed)
    if listed.get("id") != url:
        raise StatusError("the status list is not the one at its address")
    structure = check_structure(listed)
    if structure.outcome is not Outcome.PASSED:
        raise StatusError(structure.message)
    if not names_type(listed.get("type"), "BitstringStatusListCredential"):
        raise StatusError("what is at its address is not a status list")
    if issuer_id(listed) != issuer_id(document):
        raise StatusError("the status list was issued by somebody else")
    unsecured = Unsecured.of(listed)
    proof, methods = check_proof(listed, unsecured, resolver, now)
    dates = check_dates(listed, now)
    for check in (check_content(unsecured), proof, check_issuer(listed, methods, proof), dates):
        # A list that has run out says nothing of today, but is no sign of a forgery.
        if check.outcome is Outcome.COULD_NOT_BE_CHECKED or check.code is CheckCode.DATES_EXPIRED:
            raise NotAvailableError(f"of the status list: {check.message}")
        if check.outcome is Outcome.FAILED:
            raise StatusError(f"of the status list: {check.message}")
    subject = listed.get("credentialSubject")
    if not isinstance(subject, dict) or not names_type(subject.get("type"), "BitstringStatusList"):
        raise StatusError("the status list holds no list")
    if not names_type(subject.get("statusPurpose"), purpose):
        raise StatusError("the status list is for another purpose")
    return bitstring.decode(subject.get("encodedList"))


def _status(outcome: Outcome, code: CheckCode, message: str, **data: Any) -> Check:
    return Check(check="status", outcome=outcome, code=code, message=message, data=data)
