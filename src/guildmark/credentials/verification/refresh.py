"""Whether the issuer keeps newer versions of the credential."""

from __future__ import annotations

from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.report import Check, CheckCode, not_applicable, passed

NO_REFRESH = not_applicable(CheckCode.REFRESH_NONE, "It names no service for newer versions.")
_MAX_SERVICES = 8


def check_refresh(document: Json) -> Check:
    """Verifiable Credentials 2.0, section 5.4.

    What is at the service is another credential, to be asked for and verified by itself, so that
    a service takes nothing away from this one; the address is in `data`.
    """
    if "refreshService" not in document:
        return NO_REFRESH
    named = document["refreshService"]
    services = named if isinstance(named, list) else [named]
    return passed(
        CheckCode.REFRESH_OFFERED,
        "The issuer offers newer versions of it; the service was not asked.",
        services=[
            {name: str(entry[name])[:500] for name in ("id", "type") if name in entry}
            for entry in services[:_MAX_SERVICES]
            if isinstance(entry, dict)
        ],
    )
