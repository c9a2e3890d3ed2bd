"""Newer versions are asked for when it is time, verified in turn, and never taken in silence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from guildmark.credentials import CheckCode, Outcome, Report, add_proof, verify
from guildmark.credentials.proofs.jose import envelopes
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials.builders import NOW, Documents, badge, signed, signer

URL = "https://works.example/refresh/1"
SERVICE = {"id": URL, "type": "1EdTechCredentialRefresh"}
CONTEXT = [*badge()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
LATER = NOW + dt.timedelta(days=1000)


def refreshable(**changes: Any) -> dict[str, Any]:
    """The unsigned badge with its service."""
    return badge(**{"refreshService": SERVICE, "@context": CONTEXT, **changes})


def made(**changes: Any) -> dict[str, Any]:
    """The same, signed."""
    return add_proof(refreshable(**changes), signer=signer(), created=NOW)


NEWER = made(validFrom="2028-01-01T00:00:00Z", validUntil="2031-01-01T00:00:00Z")


def report(credential: Any, newer: Any = None, *, now: dt.datetime = LATER, **asked: Any) -> Report:
    """The report, with this at the service."""
    resolver = Documents()
    if newer is not None:
        resolver.known[URL] = newer
    return verify(credential, resolver=resolver, now=now, **asked)


def test_an_expired_badge_has_its_newer_version_told_and_stays_expired() -> None:
    found = report(made(), NEWER)
    assert found.verified is False
    assert found.check("dates").code is CheckCode.DATES_EXPIRED
    check = found.check("refresh")
    assert (check.outcome, check.code) == (Outcome.PASSED, CheckCode.REFRESH_NEWER)
    assert check.data["refreshed"]["verified"] is True
    assert check.data["refreshed"]["validUntil"] == "2031-01-01T00:00:00Z"
    assert found.valid_until == "2028-01-01T00:00:00Z"


def test_a_badge_in_its_time_is_refreshed_only_when_asked() -> None:
    newer = made(validFrom="2026-05-01T00:00:00Z")
    assert report(made(), newer, now=NOW).check("refresh").code is CheckCode.REFRESH_OFFERED
    asked = report(made(), newer, now=NOW, refresh=True)
    assert (asked.verified, asked.check("refresh").code) == (True, CheckCode.REFRESH_NEWER)
    same = report(made(), made(), now=NOW, refresh=True)
    assert (same.verified, same.check("refresh").code) == (True, CheckCode.REFRESH_CURRENT)


def test_a_newer_version_may_be_a_token() -> None:
    token = envelopes.secure(
        refreshable(validFrom="2028-01-01T00:00:00Z", validUntil="2031-01-01T00:00:00Z"), signer()
    )
    envelope = envelopes.envelop(token, TokenFormat.VC)
    assert report(made(), envelope).check("refresh").code is CheckCode.REFRESH_NEWER


@pytest.mark.parametrize(
    ("newer", "code"),
    [
        (None, CheckCode.REFRESH_UNAVAILABLE),
        ({}, CheckCode.REFRESH_OF_SOMETHING_ELSE),
        ({**NEWER, "name": "Forged"}, CheckCode.REFRESH_NOT_VERIFIED),
        (made(id="urn:uuid:6f1c2f0e-6d3a-4a7e"), CheckCode.REFRESH_OF_SOMETHING_ELSE),
        (
            add_proof(
                refreshable(issuer={"id": "did:web:other.example", "type": ["Profile"]}),
                signer=signer(did="did:web:other.example"),
                created=NOW,
            ),
            CheckCode.REFRESH_OF_SOMETHING_ELSE,
        ),
        (made(), CheckCode.REFRESH_NOT_VERIFIED),
        (refreshable(validUntil="2031-01-01T00:00:00Z"), CheckCode.REFRESH_NOT_VERIFIED),
    ],
)
def test_what_is_no_newer_version_changes_nothing(newer: Any, code: CheckCode) -> None:
    found = report(made(), newer)
    assert (found.verified, found.check("refresh").code) == (False, code)
    assert found.check("refresh").outcome is Outcome.PASSED


def test_nobody_is_asked_before_the_signature_holds() -> None:
    class Watching(Documents):
        asked: list[str]

        def resolve(self, identifier: str) -> Any:
            self.asked.append(identifier)
            return super().resolve(identifier)

    resolver = Watching()
    resolver.asked = []
    forged = {**made(), "name": "Forged"}
    found = verify(forged, resolver=resolver, now=LATER, refresh=True)
    assert found.check("refresh").code is CheckCode.REFRESH_OFFERED
    assert URL not in resolver.asked


def test_a_newer_version_is_not_refreshed_again() -> None:
    inner = report(made(), NEWER).check("refresh").data["refreshed"]
    codes = {check["check"]: check["code"] for check in inner["checks"]}
    assert codes["refresh"] == "refresh.offered"


def test_services_of_other_kinds_are_told_and_not_asked() -> None:
    other = {"id": URL, "type": "https://works.example/terms#Refresh"}
    document = signed(refreshService=other, **{"@context": CONTEXT})
    check = report(document, refresh=True, now=NOW).check("refresh")
    assert check.code is CheckCode.REFRESH_OFFERED
    assert check.data["services"] == [other]
