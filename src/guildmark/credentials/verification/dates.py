"""Whether the credential is valid at a time."""

from __future__ import annotations

import datetime as dt

from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment
from guildmark.credentials.proofs.jose.secured import SecuredToken
from guildmark.credentials.verification.report import Check, CheckCode, Outcome

_BEGINS = ("validFrom", "issuanceDate")
_TIMES = (*_BEGINS, "validUntil", "expirationDate")


def check_dates(document: Json, now: dt.datetime, token: SecuredToken | None = None) -> Check:
    """Verifiable Credentials 2.0, section 4.9: from `validFrom` to before `validUntil`.

    Version 1.1, sections 4.6 and 4.8, names them `issuanceDate` and `expirationDate`; its context
    defines all four, so each that stands there is heeded. So are `nbf` and `exp` of a token
    (RFC 7519, sections 4.1.4 and 4.1.5).
    """
    begin = end = None
    data: Json = {"now": now.isoformat()}
    for key in _TIMES:
        if key not in document:
            continue
        found = moment(document[key])
        if found is None:
            message = f"{key} is not a time with its zone."
            return _dates(Outcome.FAILED, CheckCode.DATES_INVALID, message, {"field": key})
        data[key] = document[key]
        if key in _BEGINS:
            begin = found if begin is None else max(begin, found)
        else:
            end = found if end is None else min(end, found)
    if token is not None:
        if token.not_before is not None:
            data["nbf"] = token.not_before.isoformat()
            begin = token.not_before if begin is None else max(begin, token.not_before)
        if token.expires is not None:
            data["exp"] = token.expires.isoformat()
            end = token.expires if end is None else min(end, token.expires)
    if begin is not None and end is not None and begin > end:
        message = "It would end before it begins."
        return _dates(Outcome.FAILED, CheckCode.DATES_INVALID, message, data)
    if begin is not None and now < begin:
        message = "It is not valid yet."
        return _dates(Outcome.FAILED, CheckCode.DATES_NOT_YET, message, data)
    if end is not None and now >= end:
        return _dates(Outcome.FAILED, CheckCode.DATES_EXPIRED, "It has expired.", data)
    message = "It is valid at this time."
    return _dates(Outcome.PASSED, CheckCode.DATES_VALID, message, data)


def _dates(outcome: Outcome, code: CheckCode, message: str, data: Json) -> Check:
    return Check(check="dates", outcome=outcome, code=code, message=message, data=data)
