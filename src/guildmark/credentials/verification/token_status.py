"""What the `status` claim of a token says: Token Status List (draft-ietf-oauth-status-list)."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from guildmark.credentials.errors import (
    CredentialError,
    NotAvailableError,
    ProofError,
    StatusError,
)
from guildmark.credentials.model.data_model import is_url
from guildmark.credentials.proofs.jose import status_list_token
from guildmark.credentials.proofs.jose.secured import SecuredToken
from guildmark.credentials.status import token_status_list
from guildmark.credentials.status.bitstring import StatusRangeError
from guildmark.credentials.status.token_status_list import TokenStatusList
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.issuer import check_issuer
from guildmark.credentials.verification.known_lists import MAX_BYTES, MAX_LISTS
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    failed,
    passed,
    unknown,
)
from guildmark.credentials.verification.resolver import Resolver, read_bytes
from guildmark.credentials.verification.signature import Proven
from guildmark.credentials.verification.tokens import check_token


def check_status_claim(
    token: SecuredToken, proof: Check, resolver: Resolver, now: dt.datetime
) -> Check:
    """Sections 6.2 and 8.3: the token's status in the list it names, once the list holds.

    The list has to be signed by a key of the token's own issuer: the draft leaves whom to trust
    with it to its users, and anybody could clear anything. Another mechanism than a list could
    not be checked.
    """
    claim = token.claims["status"]
    named = claim.get("status_list") if isinstance(claim, dict) else None
    if named is None:
        message = "Its token keeps its status in a way that this verifier does not know."
        return unknown(CheckCode.STATUS_UNSUPPORTED, message)
    index, uri = (named.get("idx"), named.get("uri")) if isinstance(named, dict) else (None, None)
    if type(index) is not int or index < 0 or not is_url(uri):
        message = "Its status cannot be relied on: status_list has no idx and uri as it should."
        return failed(CheckCode.STATUS_ENTRY_INVALID, message)
    assert isinstance(uri, str)  # noqa: S101  # for the type checker
    data: dict[str, Any] = {"url": uri[:500], "index": index}
    if proof.outcome is Outcome.FAILED:
        # Section 8.3 forbids to ask then.
        message = "Its list of statuses was not asked for, because its signature does not hold."
        return unknown(CheckCode.STATUS_UNAVAILABLE, message, **data)
    try:
        status = _status(token, uri, index, resolver, now, data)
    except NotAvailableError as error:
        message = "The issuer's list of revoked credentials could not be had."
        return unknown(CheckCode.STATUS_UNAVAILABLE, message, reason=str(error), **data)
    except StatusRangeError as error:
        message = "The issuer's list of revoked credentials does not hold itself."
        return failed(CheckCode.STATUS_OUT_OF_RANGE, message, reason=str(error), **data)
    except _AnotherIssuerError as error:
        message = f"Its status cannot be relied on: {error}."
        return failed(CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER, message, reason=str(error), **data)
    except CredentialError as error:
        message = "The issuer's list of revoked credentials does not hold itself."
        return failed(CheckCode.STATUS_INVALID, message, reason=str(error), **data)
    data["status"] = status
    return _told(status, data)


@dataclass(kw_only=True, eq=False)
class _KnownToken:
    """A status list token, and what is true of these very bytes for ever: what they hold, and
    which keys they were signed with. Whose the keys are, and its times, are asked each time."""

    data: bytes
    token: SecuredToken
    proven: Proven = field(default_factory=set)
    values: TokenStatusList | None = None
    """None until all of it was found in order."""


class _KnownTokens:
    """The tokens that were used last, by their addresses and who named them, within MAX_BYTES."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str | None, str], _KnownToken] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, data: bytes, uri: str, by: SecuredToken) -> _KnownToken:
        """What is known of these bytes. Raises as `status_list_token.read`."""
        with self._lock:
            known = self._kept.get((uri, by.issuer, by.format.value))
        if known is not None and known.data == data:
            return known
        token = status_list_token.read(data, uri=uri, issuer=by.issuer, form=by.format)
        return _KnownToken(data=data, token=token)

    def keep(self, uri: str, known: _KnownToken) -> None:
        """Keep one that was found in order; the ones kept longest ago make room."""
        with self._lock:
            self._kept[uri, known.token.issuer, known.token.format.value] = known
            while len(self._kept) > MAX_LISTS or sum(map(_size, self._kept.values())) > MAX_BYTES:
                self._kept.popitem(last=False)


def _size(known: _KnownToken) -> int:
    values = known.values
    return len(known.data) + (len(values) * values.size // 8 if values is not None else 0)


_KNOWN = _KnownTokens()


class _AnotherIssuerError(Exception):
    """The list was signed by somebody else."""


def _status(
    token: SecuredToken,
    uri: str,
    index: int,
    resolver: Resolver,
    now: dt.datetime,
    data: dict[str, Any],
) -> int:
    known = _KNOWN.find(read_bytes(resolver, uri), uri, token)
    listed = known.token
    if listed.issuer != token.issuer:
        raise _AnotherIssuerError("the list was issued by somebody else")
    proof, methods = check_token(listed, resolver, now, proven=known.proven)
    issuer = check_issuer({}, token.issuer, methods, proof, resolver, now)
    for check in (proof, issuer, check_dates({}, now, listed)):
        # A list that has run out says nothing of today, but is no sign of a forgery.
        if check.outcome is Outcome.COULD_NOT_BE_CHECKED or check.code is CheckCode.DATES_EXPIRED:
            raise NotAvailableError(f"of the status list: {check.message}")
        if check.code is CheckCode.ISSUER_NOT_BOUND:
            raise _AnotherIssuerError("the list was signed by somebody else")
        if check.outcome is Outcome.FAILED:
            raise ProofError(f"of the list itself: {check.message.rstrip('.')}")
    if "ttl" in listed.claims:
        data["ttl"] = listed.claims["ttl"]
    if known.values is None:
        if "status_list" not in listed.claims:
            raise StatusError("the token holds no status_list")
        known.values = TokenStatusList.read(listed.claims["status_list"])
        _KNOWN.keep(uri, known)
    return known.values[index]


def _told(status: int, data: dict[str, Any]) -> Check:
    """Section 7.1, the registered types."""
    if status == token_status_list.VALID:
        message = "It has been neither revoked nor suspended."
        return passed(CheckCode.STATUS_ACTIVE, message, **data)
    if status == token_status_list.INVALID:
        return failed(CheckCode.STATUS_REVOKED, "The issuer has revoked it.", **data)
    if status == token_status_list.SUSPENDED:
        return failed(CheckCode.STATUS_SUSPENDED, "The issuer has suspended it.", **data)
    message = "The issuer has given it a status whose meaning is not known here."
    return unknown(CheckCode.STATUS_MESSAGE, message, **data)
