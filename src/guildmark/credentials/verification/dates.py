"""Whether the credential is valid at a time."""

from __future__ import annotations

import datetime as dt

from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment
from guildmark.credentials.verification.report import Check, CheckCode, Outcome


def check_dates(document: Json, now: dt.datetime) -> Check:
    """Verifiable Credentials 2.0, section 4.9: from `validFrom` to before `validUntil`."""
    moments: dict[str, dt.datetime] = {}
    for key in ("validFrom", "validUntil"):
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
    if "validFrom" in moments and now < moments["validFrom"]:
        return Check(
            check="dates",
            outcome=Outcome.FAILED,
            code=CheckCode.DATES_NOT_YET,
            message="It is not valid yet.",
            data=data,
        )
    if "validUntil" in moments and now >= moments["validUntil"]:
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
