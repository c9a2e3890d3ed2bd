"""A credential with all that verifying it takes, offline."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import CheckCode, NotAvailableError, UnreadableError, verify
from guildmark.credentials.carriers.bundle import (
    Bundle,
    BundleResolver,
    Captured,
    RecordingResolver,
    read_bundle,
)
from guildmark.credentials.errors import CarrierError
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, signed
from tests.credentials.carriers.files import JWT

DAY = dt.timedelta(days=1)


def bundled(**known: Any) -> tuple[str, Bundle]:
    credential = json.dumps(signed())
    recording = RecordingResolver(Documents(**known), now=NOW)
    verify(credential, resolver=recording, now=NOW)
    return credential, recording.bundle(credential)


def test_a_credential_verifies_offline_with_its_bundle() -> None:
    credential, bundle = bundled()
    read = read_bundle(bundle.to_bytes())
    assert read.credential == credential
    assert [one.address for one in read.documents] == sorted([DID, LIST_URL])
    assert all(one.captured == NOW for one in read.documents)
    resolver = BundleResolver(read, now=NOW + DAY, max_age=2 * DAY)
    assert verify(read.credential, resolver=resolver, now=NOW + DAY).verified is True


def test_a_revoked_one_stays_revoked() -> None:
    credential, bundle = bundled(revoked=frozenset({94567}))
    report = verify(credential, resolver=BundleResolver(bundle), now=NOW)
    assert report.check("status").code is CheckCode.STATUS_REVOKED


def test_what_is_too_old_or_still_to_come_is_not_available() -> None:
    credential, bundle = bundled()
    for now in (NOW + 3 * DAY, NOW - DAY):
        resolver = BundleResolver(bundle, now=now, max_age=2 * DAY)
        assert verify(credential, resolver=resolver, now=now).verified is None
    with pytest.raises(ValueError, match="needs now"):
        BundleResolver(bundle, max_age=DAY)
    with pytest.raises(NotAvailableError):
        BundleResolver(bundle).resolve("did:web:other.example")


def test_the_same_bundle_is_the_same_bytes() -> None:
    _, bundle = bundled()
    turned = Bundle(credential=bundle.credential, documents=bundle.documents[::-1])
    assert turned.to_bytes() == bundle.to_bytes()
    assert turned.digest == bundle.digest
    assert read_bundle(bundle.to_bytes()).to_bytes() == bundle.to_bytes()


def test_a_document_that_cannot_be_read_is_told_where_it_is_asked_for() -> None:
    captured = Captured(address=DID, captured=NOW, text='{"a": 1, "a": 2}')
    bundle = read_bundle(Bundle(credential=JWT, documents=(captured,)).to_bytes())
    with pytest.raises(UnreadableError):
        BundleResolver(bundle).resolve(DID)


GOOD: dict[str, Any] = {
    "type": "CredentialBundle",
    "version": 1,
    "credential": JWT,
    "documents": [{"address": DID, "captured": "2026-06-01T12:00:00Z", "text": "{}"}],
}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Other"},
        {"version": 2},
        {"more": 1},
        {"credential": "hello"},
        {"credential": None},
        {"credential": "https://works.example/1"},
        {"documents": None},
        {"documents": GOOD["documents"] * 2},
        {"documents": [None]},
        {"documents": [{**GOOD["documents"][0], "path": "../../etc/passwd"}]},
        {"documents": [{**GOOD["documents"][0], "address": "../../etc/passwd"}]},
        {"documents": [{**GOOD["documents"][0], "captured": "yesterday"}]},
        {"documents": [{**GOOD["documents"][0], "captured": "2026-06-01T12:00:00"}]},
        {"documents": [{**GOOD["documents"][0], "text": {}}]},
        {"documents": [{**GOOD["documents"][0], "text": "x" * 1_000_001}]},
        {"documents": [{**GOOD["documents"][0], "address": f"urn:x:{n}"} for n in range(201)]},
    ],
)
def test_bundles_of_another_form_are_refused(change: dict[str, Any]) -> None:
    assert read_bundle(json.dumps(GOOD).encode())
    with pytest.raises(CarrierError):
        read_bundle(json.dumps({**GOOD, **change}).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"[" * 200_000, b"\xff", b"{" + b" " * (17 << 20), b'{"a": 1, "a": 1}', b"PK\3\4"],
)
def test_bytes_that_are_no_bundle_are_refused(data: bytes) -> None:
    with pytest.raises(CarrierError):
        read_bundle(data)


def test_a_time_without_its_zone_is_refused() -> None:
    naive = Captured(address=DID, captured=NOW.replace(tzinfo=None), text="{}")
    with pytest.raises(CarrierError, match="zone"):
        Bundle(credential=JWT, documents=(naive,)).to_bytes()
    with pytest.raises(ValueError, match="zone"):
        RecordingResolver(Documents(), now=NOW.replace(tzinfo=None))


@given(st.data())
def test_changed_bytes_end_in_a_bundle_or_an_error(data: st.DataObject) -> None:
    raw = bytearray(json.dumps(GOOD).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    with contextlib.suppress(CarrierError):
        read_bundle(bytes(raw))
