"""The status of a token in a Token Status List: only a sound list of the issuer's own counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import CheckCode, KeyType, LocalSigner, Outcome, PrivateKey, cbor, verify
from guildmark.credentials.carriers.bundle import BundleResolver, RecordingResolver, read_bundle
from guildmark.credentials.errors import ProofError
from guildmark.credentials.proofs.jose import (
    cose,
    envelopes,
    jws,
    sd_jwt,
    segments,
    status_list_token,
)
from guildmark.credentials.proofs.jose.secured import TokenFormat
from guildmark.credentials.status.token_status_list import status_list
from tests.credentials.builders import DID, NOW, Documents, badge, signer

URI = "https://works.example/statuslists/1"
CLAIMS = {
    "iss": DID,
    "vct": "urn:example:licence",
    "name": "Ann",
    "status": {"status_list": {"idx": 3, "uri": URI}},
}
TOKEN = sd_jwt.issue(CLAIMS, signer(), form=TokenFormat.SD_JWT_VC)


def listed(statuses: dict[int, int], **changes: Any) -> bytes:
    """The issuer's list with these statuses."""
    given: dict[str, Any] = {"uri": URI, "issued_at": NOW, "ttl": 600, **changes}
    by = given.pop("by", signer())
    made = status_list(statuses, length=16, bits=4)
    return status_list_token.issue(given.pop("listed", made), by, **given).encode()


def status(data: bytes | None, token: Any = TOKEN) -> Any:
    """The status check of the token with this list."""
    resolver = Documents()
    if data is not None:
        resolver.bytes[URI] = data
    return verify(token, resolver=resolver, now=NOW).check("status")


@pytest.mark.parametrize(
    ("value", "outcome", "code"),
    [
        (0, Outcome.PASSED, CheckCode.STATUS_ACTIVE),
        (1, Outcome.FAILED, CheckCode.STATUS_REVOKED),
        (2, Outcome.FAILED, CheckCode.STATUS_SUSPENDED),
        (3, Outcome.COULD_NOT_BE_CHECKED, CheckCode.STATUS_MESSAGE),
        (12, Outcome.COULD_NOT_BE_CHECKED, CheckCode.STATUS_MESSAGE),
    ],
)
def test_the_status_means_what_the_draft_says(
    value: int, outcome: Outcome, code: CheckCode
) -> None:
    check = status(listed({3: value}))
    assert (check.outcome, check.code) == (outcome, code)
    assert check.data == {"url": URI, "index": 3, "status": value, "ttl": 600}


def test_a_credential_in_a_token_has_such_a_status_too() -> None:
    document = badge()
    del document["credentialStatus"]
    payload = {**document, "status": CLAIMS["status"]}
    token = jws.sign(segments.write_json(payload), signer(), {"kid": f"{DID}#key", "typ": "vc+jwt"})
    assert status(listed({}), token).code == CheckCode.STATUS_ACTIVE
    assert status(listed({3: 1}), token).code == CheckCode.STATUS_REVOKED
    with_both = envelopes.secure(badge(), signer())
    assert status(None, with_both).code == CheckCode.STATUS_ACTIVE


def _cwt(**changes: Any) -> bytes:
    payload = cbor.encode({2: URI, 6: 1, 65534: 60, 65533: {"bits": 1, "lst": _packed()}} | changes)
    return cose.sign(
        payload, signer(), typ="application/statuslist+cwt", content_type="application/cwt"
    )


def _packed() -> bytes:
    return segments.decode("lst", str(status_list({3: 1}, length=16)["lst"]).encode())


def test_a_list_may_be_cbor() -> None:
    assert status(_cwt()).code == CheckCode.STATUS_REVOKED


def test_the_drafts_token_in_cbor_is_read() -> None:
    # draft-ietf-oauth-status-list, section 5.2.
    data = bytes.fromhex(
        "d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b63"
        "7774a1044231325850a502782168747470733a2f2f6578616d706c652e636f6d2f73"
        "74617475736c697374732f31061a648c5bea041a8898dfea19fffe19a8c019fffda2"
        "646269747301636c73744a78dadbb918000217015d584093fa4d01032b18c35e2fe1"
        "101b77fd6cc9440022caa4694450c4e4e9feab4e99d1fa6d9772ce2bf3a12e0323de"
        "d7c982c5e101a5e67f0cbc1e2b6f57ce99c279"
    )
    uri = "https://example.com/statuslists/1"
    token = status_list_token.read(data, uri=uri, issuer=DID, form=TokenFormat.SD_JWT_VC)
    assert token.claims["ttl"] == 43200
    assert token.key_id == "12"
    with pytest.raises(ProofError):
        status_list_token.read(data, uri=URI, issuer=DID, form=TokenFormat.SD_JWT_VC)


OTHER = "did:web:other.example"
STRANGER = LocalSigner(PrivateKey.generate(KeyType.ED25519), verification_method=f"{DID}#key")


def _token(claims: Any, typ: str = "statuslist+jwt", **header: Any) -> bytes:
    known = {"kid": f"{DID}#key", "typ": typ, **header}
    return jws.sign(segments.write_json(claims), signer(), known).encode()


SOUND = {"sub": URI, "iat": 1, "status_list": status_list({}, length=16)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: None, CheckCode.STATUS_UNAVAILABLE),
        (lambda: listed({}, expires=NOW), CheckCode.STATUS_UNAVAILABLE),
        (lambda: listed({}, by=signer(did=OTHER)), CheckCode.STATUS_UNAVAILABLE),
        (lambda: listed({}, by=STRANGER), CheckCode.STATUS_INVALID),
        (lambda: listed({}, issuer=OTHER), CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER),
        (lambda: listed({}, uri=f"{URI}1"), CheckCode.STATUS_INVALID),
        (lambda: listed({}, listed=status_list({}, length=2)), CheckCode.STATUS_ACTIVE),
        (
            lambda: listed({}, listed=status_list({}, length=1, bits=8)),
            CheckCode.STATUS_OUT_OF_RANGE,
        ),
        (lambda: listed({}, listed={"bits": 1}), CheckCode.STATUS_INVALID),
        (lambda: b"", CheckCode.STATUS_INVALID),
        (lambda: b"\xff", CheckCode.STATUS_INVALID),
        (lambda: b"\xd2", CheckCode.STATUS_INVALID),
        (lambda: b"{}", CheckCode.STATUS_INVALID),
        (TOKEN.split("~")[0].encode, CheckCode.STATUS_INVALID),
        (lambda: _token(SOUND), CheckCode.STATUS_ACTIVE),
        (lambda: _token(SOUND, "application/statuslist+jwt"), CheckCode.STATUS_ACTIVE),
        (lambda: _token(SOUND, "jwt"), CheckCode.STATUS_INVALID),
        (lambda: _token(SOUND | {"ttl": 0}), CheckCode.STATUS_INVALID),
        (lambda: _token(SOUND | {"ttl": True}), CheckCode.STATUS_INVALID),
        (lambda: _token(SOUND | {"iat": "now"}), CheckCode.STATUS_INVALID),
        (lambda: _token({"sub": URI, "iat": 1}), CheckCode.STATUS_INVALID),
        (lambda: _token({"sub": URI, "status_list": SOUND}), CheckCode.STATUS_INVALID),
        (lambda: _cwt()[:-20] + bytes(20), CheckCode.STATUS_INVALID),
    ],
)
def test_only_a_sound_list_of_the_issuer_counts(
    data: Callable[[], bytes | None], code: CheckCode
) -> None:
    assert status(data()).code == code


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("revoked", CheckCode.STATUS_UNSUPPORTED),
        ({}, CheckCode.STATUS_UNSUPPORTED),
        ({"identifier_list": {}}, CheckCode.STATUS_UNSUPPORTED),
        ({"status_list": []}, CheckCode.STATUS_ENTRY_INVALID),
        ({"status_list": {"idx": -1, "uri": URI}}, CheckCode.STATUS_ENTRY_INVALID),
        ({"status_list": {"idx": True, "uri": URI}}, CheckCode.STATUS_ENTRY_INVALID),
        ({"status_list": {"idx": 1, "uri": "x"}}, CheckCode.STATUS_ENTRY_INVALID),
        ({"status_list": {"idx": 1.0, "uri": URI}}, CheckCode.STATUS_ENTRY_INVALID),
    ],
)
def test_a_claim_that_names_no_place_in_a_list_is_told(claim: Any, code: CheckCode) -> None:
    token = sd_jwt.issue({**CLAIMS, "status": claim}, signer(), form=TokenFormat.SD_JWT_VC)
    assert status(listed({}), token).code == code


def test_nobody_is_asked_about_a_forged_token() -> None:
    class Nosy(Documents):
        def read(self, address: str) -> bytes:
            raise AssertionError(address)

    forged = sd_jwt.issue(CLAIMS, STRANGER, form=TokenFormat.SD_JWT_VC)
    report = verify(forged, resolver=Nosy(), now=NOW)
    assert report.check("proof").outcome is Outcome.FAILED
    assert report.check("status").code == CheckCode.STATUS_UNAVAILABLE


def test_a_resolver_without_bytes_leaves_it_open() -> None:
    class Plain:
        def resolve(self, identifier: str) -> Any:
            return Documents().resolve(identifier)

    report = verify(TOKEN, resolver=Plain(), now=NOW)
    assert report.verified is None
    assert report.check("status").code == CheckCode.STATUS_UNAVAILABLE


def test_a_bundle_takes_the_list_along() -> None:
    resolver = Documents()
    resolver.bytes[URI] = listed({3: 1})
    recording = RecordingResolver(resolver, now=NOW)
    assert verify(TOKEN, resolver=recording, now=NOW).check("status").code == "status.revoked"
    bundle = read_bundle(recording.bundle(TOKEN).to_bytes())
    offline = verify(bundle.credential, resolver=BundleResolver(bundle), now=NOW)
    assert offline.check("status").code == CheckCode.STATUS_REVOKED
    later = BundleResolver(bundle, now=NOW + dt.timedelta(days=9), max_age=dt.timedelta(days=1))
    assert verify(TOKEN, resolver=later, now=NOW).check("status").code == "status.unavailable"


def test_a_list_is_not_signed_without_its_times() -> None:
    with pytest.raises(ProofError):
        listed({}, ttl=0)
    with pytest.raises(ProofError):
        listed({}, issued_at=NOW.replace(tzinfo=None))


def test_a_list_is_read_once_and_still_judged_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = listed({3: 1}, expires=NOW + dt.timedelta(days=1))
    assert status(data).code == CheckCode.STATUS_REVOKED
    with monkeypatch.context() as patch:
        patch.setattr(status_list_token, "read", None)
        assert status(data).code == CheckCode.STATUS_REVOKED
    resolver = Documents()
    resolver.bytes[URI] = data
    later = verify(TOKEN, resolver=resolver, now=NOW + dt.timedelta(days=2))
    assert later.check("status").code == CheckCode.STATUS_UNAVAILABLE
    resolver.known[DID] = {"id": DID}
    assert verify(TOKEN, resolver=resolver, now=NOW).check("status").code == "status.unavailable"
    assert status(listed({})).code == CheckCode.STATUS_ACTIVE


@given(
    st.binary(max_size=80)
    | st.builds(
        _token,
        st.dictionaries(
            st.sampled_from(["sub", "iat", "exp", "nbf", "iss", "ttl", "status_list"]),
            st.sampled_from([URI, DID, 0, 1, -1, 2**60, 1.5, None, True, [], {}, "x"])
            | st.dictionaries(
                st.sampled_from(["bits", "lst"]),
                st.sampled_from([1, 8, "eNrbuRgAAhcBXQ", "", None]),
            ),
        ),
    )
)
def test_any_list_ends_in_the_report(data: bytes) -> None:
    check = status(data)
    assert check.check == "status"
    assert check.outcome is not Outcome.PASSED or b"." in data
