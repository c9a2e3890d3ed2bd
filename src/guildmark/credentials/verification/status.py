"""Whether the issuer has taken the credential back.

Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/), section 3.2; its draft
StatusList2021; and 1EdTech's Revocation List Status Method 1.0.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from guildmark.credentials.errors import CredentialError, NotAvailableError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.status import bitstring, revocation_list, status_list_2021
from guildmark.credentials.status.bitstring import (
    StatusList,
    StatusListLengthError,
    StatusRangeError,
)
from guildmark.credentials.verification.context import check_context, check_context_of_token
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.issuer import check_issuer
from guildmark.credentials.verification.known_lists import KnownList, KnownLists
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    not_applicable,
)
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.signature import check_proof
from guildmark.credentials.verification.structure import (
    check_structure,
    issuer_id,
    names_type,
)
from guildmark.credentials.verification.tokens import check_token

_MAX_STATUS_ENTRIES = 8
_MAX_REFERENCES = 8
_SEVERITY = (
    CheckCode.STATUS_REVOKED,
    CheckCode.STATUS_INVALID,
    CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER,
    CheckCode.STATUS_LIST_OF_ANOTHER_TYPE,
    CheckCode.STATUS_LIST_OF_ANOTHER_PURPOSE,
    CheckCode.STATUS_LIST_TOO_SHORT,
    CheckCode.STATUS_OUT_OF_RANGE,
    CheckCode.STATUS_ENTRY_INVALID,
    CheckCode.STATUS_SUSPENDED,
    CheckCode.STATUS_UNAVAILABLE,
    CheckCode.STATUS_UNSUPPORTED,
    CheckCode.STATUS_MESSAGE,
    CheckCode.STATUS_REFRESH_AVAILABLE,
    CheckCode.STATUS_ACTIVE,
)
_KNOWN = KnownLists()


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A kind of status list with bits."""

    credential_type: str
    subject_type: str
    decode: Callable[[object], bytes]
    purposes: tuple[str, ...]
    has_sizes: bool


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "BitstringStatusListEntry": _Kind(
            credential_type="BitstringStatusListCredential",
            subject_type="BitstringStatusList",
            decode=bitstring.decode_bits,
            purposes=bitstring.PURPOSES,
            has_sizes=True,
        ),
        "StatusList2021Entry": _Kind(
            credential_type="StatusList2021Credential",
            subject_type="StatusList2021",
            decode=status_list_2021.decode_bits,
            purposes=("revocation", "suspension"),
            has_sizes=False,
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A status entry that has the form it needs."""

    kind: _Kind
    purpose: str
    index: int
    url: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)


class _RefusedError(Exception):
    """Why a status entry or its list does not count, with the code for it."""

    def __init__(self, code: CheckCode, message: str) -> None:
        super().__init__(message)
        self.code = code


_NONE = not_applicable(CheckCode.STATUS_NONE, "It names no list of revoked ones.")


def check_status(
    document: Json, resolver: Resolver, now: dt.datetime, *, claimed: Check | None = None
) -> Check:
    """The gravest of what the credential's status entries say, and of what its token's own status
    was found to be (`claimed`, of `token_status`)."""
    if "credentialStatus" not in document:
        return _NONE if claimed is None else claimed
    entries = document["credentialStatus"]
    entries = entries if isinstance(entries, list) else [entries]
    if not 0 < len(entries) <= _MAX_STATUS_ENTRIES:
        message = "Its status entries cannot be read."
        return _status(Outcome.FAILED, CheckCode.STATUS_ENTRY_INVALID, message)
    found = [_check_entry(document, entry, resolver, now) for entry in entries]
    if claimed is not None:
        found.append(claimed)
    return min(found, key=lambda check: _SEVERITY.index(check.code))


def _check_entry(document: Json, entry: Any, resolver: Resolver, now: dt.datetime) -> Check:
    data: dict[str, Any] = {}
    try:
        if isinstance(entry, dict) and names_type(entry.get("type"), revocation_list.TYPE):
            return _check_revocation_list(document, entry, resolver, data)
        read = _read_entry(entry)
        data |= {"purpose": read.purpose, "url": read.url[:500], "index": read.index}
        # Asked for here, so that nothing else can be what is not to be had.
        listed = resolver.resolve(read.url)
        values = _status_values(document, listed, read, resolver, now, data)
        status = values[read.index]
    except _RefusedError as error:
        unsupported = error.code is CheckCode.STATUS_UNSUPPORTED
        return _status(
            Outcome.COULD_NOT_BE_CHECKED if unsupported else Outcome.FAILED,
            error.code,
            f"Its status cannot be relied on: {error}."
            if not unsupported
            else f"Its status is kept in a way that this verifier does not know: {error}.",
            reason=str(error),
            **data,
        )
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
            _code_of(error),
            "The issuer's list of revoked credentials does not hold itself.",
            reason=str(error),
            **data,
        )
    return _check_value(read, status, data | _told(entry, read, status))


def _code_of(error: CredentialError) -> CheckCode:
    if isinstance(error, StatusRangeError):
        return CheckCode.STATUS_OUT_OF_RANGE
    if isinstance(error, StatusListLengthError):
        return CheckCode.STATUS_LIST_TOO_SHORT
    return CheckCode.STATUS_INVALID


def _check_value(read: _Entry, status: int, data: Mapping[str, Any]) -> Check:
    """What the status means for its purpose (section 2.1)."""
    if not status:
        message = "It has been neither revoked nor suspended."
        return _status(Outcome.PASSED, CheckCode.STATUS_ACTIVE, message, **data)
    if read.purpose == "revocation":
        message = "The issuer has revoked it."
        return _status(Outcome.FAILED, CheckCode.STATUS_REVOKED, message, **data)
    if read.purpose == "suspension":
        message = "The issuer has suspended it."
        return _status(Outcome.FAILED, CheckCode.STATUS_SUSPENDED, message, **data)
    if read.purpose == "refresh":
        message = "It counts; the issuer has a newer version of it."
        return _status(Outcome.PASSED, CheckCode.STATUS_REFRESH_AVAILABLE, message, **data)
    # The algorithm calls every status but 0 not valid, and what a message means is the issuer's
    # and the reader's affair, so this is neither.
    message = "The issuer has put a message on it; whether it counts depends on that."
    return _status(Outcome.COULD_NOT_BE_CHECKED, CheckCode.STATUS_MESSAGE, message, **data)


def _told(entry: Json, read: _Entry, status: int) -> dict[str, Any]:
    """What the entry says beside the status, for programs."""
    told: dict[str, Any] = {"status": status}
    if status in read.messages:
        told["message"] = read.messages[status][:500]
    references = entry.get("statusReference")
    references = references if isinstance(references, list) else [references]
    found = [url[:500] for url in references[:_MAX_REFERENCES] if isinstance(url, str)]
    if found:
        told["references"] = found
    return told


def _read_entry(entry: Any) -> _Entry:
    """Sections 2.1 and 3 (a malformed value is an error: MALFORMED_VALUE_ERROR)."""
    types = entry.get("type") if isinstance(entry, dict) else None
    name = next((name for name in _KINDS if names_type(types, name)), None)
    if name is None:
        raise _RefusedError(CheckCode.STATUS_UNSUPPORTED, "its type is of another kind")
    kind = _KINDS[name]
    purpose, index, url = (
        entry.get(key) for key in ("statusPurpose", "statusListIndex", "statusListCredential")
    )
    if not isinstance(purpose, str) or not purpose:
        raise _malformed("statusPurpose is not one text")
    if purpose not in kind.purposes:
        raise _RefusedError(CheckCode.STATUS_UNSUPPORTED, f"the purpose {purpose[:60]!r}")
    if not isinstance(index, str) or not re.fullmatch(r"[0-9]{1,40}", index):
        raise _malformed("statusListIndex is not a whole number written as text")
    if not isinstance(url, str) or ":" not in url:
        raise _malformed("statusListCredential is not an address")
    if entry.get("id") == url:
        raise _malformed("its id is the address of the list")
    size = entry.get("statusSize", 1) if kind.has_sizes else 1
    if type(size) is not int or size < 1:
        raise _malformed("statusSize is not a whole number over 0")
    if size > bitstring.MAX_SIZE:
        raise _RefusedError(CheckCode.STATUS_UNSUPPORTED, f"an entry of {size} bits")
    messages = _read_messages(entry, size, purpose) if kind.has_sizes else {}
    return _Entry(
        kind=kind, purpose=purpose, index=int(index), url=url, size=size, messages=messages
    )


def _read_messages(entry: Json, size: int, purpose: str) -> Mapping[int, str]:
    """`statusMessage`: one for each possible status."""
    if "statusMessage" not in entry:
        if size > 1:
            raise _malformed("statusMessage is missing, though an entry has several bits")
        return {0: "unset", 1: "set"} if purpose == "message" else {}
    given = entry["statusMessage"]
    messages: dict[int, str] = {}
    for one in given if isinstance(given, list) else ():
        status, message = (
            (one.get("status"), one.get("message")) if isinstance(one, dict) else (None, None)
        )
        if (
            not isinstance(status, str)
            or not re.fullmatch(r"0x[0-9a-fA-F]{1,8}", status)
            or not isinstance(message, str)
        ):
            raise _malformed("statusMessage has a part without status or message")
        messages[int(status, 16)] = message
    if set(messages) != set(range(1 << size)) or len(given) != len(messages):
        raise _malformed(f"statusMessage does not have one message for each of {1 << size} values")
    return messages


def _status_values(
    document: Json,
    listed: Json,
    read: _Entry,
    resolver: Resolver,
    now: dt.datetime,
    data: dict[str, Any],
) -> StatusList:
    """The list's entries, once the list's own signature, issuer, dates and purpose hold."""
    known = _KNOWN.find(read.url, listed)
    listed = known.document
    if known.bits is None:
        _require_list(listed, read, known)
    elif not names_type(listed.get("type"), read.kind.credential_type):
        raise _another_type()
    if issuer_id(listed) != issuer_id(document):
        # Section 2.2 lets another issue the list. Then the credential would have to say whom its
        # issuer trusts with that, for which there is no member; anybody could clear anything.
        raise _RefusedError(
            CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER, "the list was issued by somebody else"
        )
    if known.standing is None or not known.standing.holds(resolver, now):
        _require_standing(known, resolver, now)
    subject = listed.get("credentialSubject")
    if not isinstance(subject, dict) or not names_type(subject.get("type"), read.kind.subject_type):
        raise _RefusedError(CheckCode.STATUS_LIST_OF_ANOTHER_TYPE, "the list holds no such list")
    if not names_type(subject.get("statusPurpose"), read.purpose):
        raise _RefusedError(
            CheckCode.STATUS_LIST_OF_ANOTHER_PURPOSE, "the list is for another purpose"
        )
    if type(ttl := subject.get("ttl")) is int and ttl > 0:
        data["ttl"] = ttl
    if known.bits is None:
        encoded = subject.get("encodedList")
        if not isinstance(encoded, str):
            raise _RefusedError(CheckCode.STATUS_INVALID, "encodedList is not text")
        known.bits = read.kind.decode(encoded)
        _KNOWN.keep(read.url, known)
    return StatusList.of(known.bits, size=read.size)


def _require_standing(known: KnownList, resolver: Resolver, now: dt.datetime) -> None:
    """That the list is its issuer's, and in its time."""
    listed, issuer = known.document, issuer_id(known.document)
    if known.token is not None:
        proof, methods = check_token(known.token, resolver, now, proven=known.proven)
    else:
        proof, methods = check_proof(listed, known.unsecured, resolver, now, proven=known.proven)
    _require(proof)
    _require(check_issuer(listed, issuer, methods, proof, resolver, now))
    _require(check_dates(listed, now, known.token))
    known.found_standing(methods, issuer)


def _require_list(listed: Json, read: _Entry, known: KnownList) -> None:
    """What does not depend on who asks, and when."""
    # Section 2.2: a list may leave its id out; where it is there, it is the address.
    if listed.get("id", read.url) != read.url:
        raise _RefusedError(CheckCode.STATUS_INVALID, "the list is not the one at its address")
    _require(check_structure(listed))
    if not names_type(listed.get("type"), read.kind.credential_type):
        raise _another_type()
    if known.token is not None:
        _require(check_context_of_token(known.unsecured))
    else:
        _require(check_context(known.unsecured))


def _another_type() -> _RefusedError:
    return _RefusedError(
        CheckCode.STATUS_LIST_OF_ANOTHER_TYPE, "what is at the list's address is no such list"
    )


def _require(check: Check) -> None:
    """A list that has run out says nothing of today, but is no sign of a forgery."""
    if check.outcome is Outcome.COULD_NOT_BE_CHECKED or check.code is CheckCode.DATES_EXPIRED:
        raise NotAvailableError(f"of the status list: {check.message}")
    if check.outcome is Outcome.FAILED:
        raise _RefusedError(
            CheckCode.STATUS_INVALID, f"of the list itself: {check.message.rstrip('.')}"
        )


def _check_revocation_list(
    document: Json, entry: Json, resolver: Resolver, data: dict[str, Any]
) -> Check:
    """1EdTech Revocation List Status Method 1.0.

    The list has no signature; only the address in the signed credential points to it.
    """
    url, own = entry.get("id"), document.get("id")
    if not isinstance(url, str) or ":" not in url:
        raise _malformed("its id is not the address of a revocation list")
    if not isinstance(own, str):
        raise _malformed("a revocation list goes by the credential's id, and it has none")
    data |= {"purpose": "revocation", "url": url[:500]}
    listed = resolver.resolve(url)
    if listed.get("id", url) != url:
        raise _RefusedError(CheckCode.STATUS_INVALID, "the list is not the one at its address")
    issuer = revocation_list.list_issuer(listed)
    if issuer is not None and issuer != issuer_id(document):
        raise _RefusedError(
            CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER, "the list was issued by somebody else"
        )
    revocation = revocation_list.read_revocation_list(listed).get(own)
    if revocation is None:
        message = "It has not been revoked."
        return _status(Outcome.PASSED, CheckCode.STATUS_ACTIVE, message, **data)
    if revocation.reason is not None:
        data["message"] = revocation.reason[:500]
    message = "The issuer has revoked it."
    return _status(Outcome.FAILED, CheckCode.STATUS_REVOKED, message, **data)


def _malformed(reason: str) -> _RefusedError:
    return _RefusedError(CheckCode.STATUS_ENTRY_INVALID, reason)


def _status(outcome: Outcome, code: CheckCode, message: str, /, **data: Any) -> Check:
    return Check(check="status", outcome=outcome, code=code, message=message, data=data)
