"""Whether the credential is valid at a time."""

from __future__ import annotations

import datetime as dt

from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment
from guildmark.credentials.verification.report import Check, CheckCode, Outcome

_BEGINS = ("validFrom", "issuanceDate")
_ENDS = ("validUntil", "expirationDate")


def check_dates(document: Json, now: dt.datetime) -> Check:
    """Verifiable Credentials 2.0, section 4.9: from `validFrom` to before `validUntil`.

    Version 1.1, sections 4.6 and 4.8, names them `issuanceDate` and `expirationDate`; its context
    defines all four, so each that stands there is heeded.
    """
    moments: dict[str, dt.datetime] = {}
    for key in (*_BEGINS, *_ENDS):
        if key in document:
            found = moment(document[key])
            if found is None:
                return Check(
                    check="dates",
                    outcome=Outcome.FAILED,
                    code=CheckCode.DATES_INVALID,
                    message=f"{key} is not a time with its zone.",
                    data={"field": key},
                )
            moments[key] = found
    data = {key: found.isoformat() for key, found in moments.items()} | {"now": now.isoformat()}
    begins = [moments[key] for key in _BEGINS if key in moments]
    ends = [moments[key] for key in _ENDS if key in moments]
    if begins and ends and max(begins) > min(ends):
        return Check(
            check="dates",
            outcome=Outcome.FAILED,
            code=CheckCode.DATES_INVALID,
            message="It would end before it begins.",
            data=data,
        )
    if begins and now < max(begins):
        return Check(
            check="dates",
            outcome=Outcome.FAILED,
            code=CheckCode.DATES_NOT_YET,
            message="It is not valid yet.",
            data=data,
        )
    if ends and now >= min(ends):
        return Check(
            check="dates",
            outcome=Outcome.FAILED,
            code=CheckCode.DATES_EXPIRED,
            message="It has expired.",
            data=data,
        )
    return Check(
        check="dates",
        outcome=Outcome.PASSED,
        code=CheckCode.DATES_VALID,
        message="It is valid at this time.",
        data=data,
    )
