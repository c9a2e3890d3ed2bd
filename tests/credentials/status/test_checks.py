"""What a verifier says of a credential's status, for each kind of list and each fault."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.credentials import (
    Check,
    CheckCode,
    NotAvailableError,
    Outcome,
    StatusError,
    add_proof,
    verify,
)
from guildmark.credentials.status import bitstring, revocation_list
from guildmark.credentials.status.bitstring import MIN_LENGTH, StatusList
from guildmark.credentials.status.revocation_list import Revocation
from guildmark.credentials.verification.status import check_status
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, badge, signed, signer

EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"
MESSAGES = ["pending", "accepted", "rejected", "undefined"]


def check(entry: Any, listed: Any, **changes: Any) -> Check:
    """The status check of a credential with this entry and this list."""
    resolver = Documents()
    resolver.known[LIST_URL] = listed
    return check_status(badge(credentialStatus=entry, **changes), resolver, NOW)


def a_list(
    *, purpose: str | list[str] = "revocation", status: int = 1, size: int = 1, **changes: Any
) -> Any:
    """A signed list in which entry 5 has this status."""
    values = StatusList(length=MIN_LENGTH, size=size)
    values[5] = status
    document = bitstring.status_list_document(
        list_url=LIST_URL,
        issuer=DID,
        purpose=purpose,
        encoded_list=values.encode(),
        valid_from="2026-01-01T00:00:00Z",
        ttl=60_000,
    )
    return add_proof({**document, **changes}, signer=signer(), created=NOW)


def an_entry(purpose: str = "revocation", **changes: Any) -> Any:
    entry = {
        "id": f"{LIST_URL}#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": "5",
        "statusListCredential": LIST_URL,
        **changes,
    }
    return {key: value for key, value in entry.items() if value is not None}


@pytest.mark.parametrize(
    ("purpose", "outcome", "code"),
    [
        ("revocation", Outcome.FAILED, CheckCode.STATUS_REVOKED),
        ("suspension", Outcome.FAILED, CheckCode.STATUS_SUSPENDED),
        ("refresh", Outcome.PASSED, CheckCode.STATUS_REFRESH_AVAILABLE),
        ("message", Outcome.COULD_NOT_BE_CHECKED, CheckCode.STATUS_MESSAGE),
    ],
)
def test_each_purpose_set_and_not_set(purpose: str, outcome: Outcome, code: CheckCode) -> None:
    found = check(an_entry(purpose), a_list(purpose=purpose))
    assert (found.outcome, found.code) == (outcome, code)
    assert found.data["ttl"] == 60_000
    assert found.data["status"] == 1
    found = check(an_entry(purpose), a_list(purpose=purpose, status=0))
    assert (found.outcome, found.code) == (Outcome.PASSED, CheckCode.STATUS_ACTIVE)


def test_a_message_of_several_bits_is_told() -> None:
    entry = bitstring.status_entry(
        list_url=LIST_URL,
        purpose="message",
        index=5,
        messages=MESSAGES,
        references=["https://works.example/words"],
    )
    document = signed(credentialStatus=entry)
    resolver = Documents()
    resolver.known[LIST_URL] = a_list(purpose="message", status=2, size=2)
    report = verify(document, resolver=resolver, now=NOW)
    assert report.verified is None
    found = report.check("status")
    assert found.code is CheckCode.STATUS_MESSAGE
    assert found.data["message"] == "rejected"
    assert found.data["references"] == ["https://works.example/words"]


def test_a_revocation_of_several_bits_counts_from_one_on() -> None:
    entry = an_entry(statusSize=2, statusMessage=list(map(_message, range(4), MESSAGES)))
    for status, code in ((0, "ACTIVE"), (1, "REVOKED"), (3, "REVOKED")):
        found = check(entry, a_list(status=status, size=2))
        assert found.code is CheckCode[f"STATUS_{code}"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statusPurpose": None}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusPurpose": ["revocation"]}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusPurpose": "colour"}, CheckCode.STATUS_UNSUPPORTED),
        ({"type": "SomethingElse"}, CheckCode.STATUS_UNSUPPORTED),
        ({"type": None}, CheckCode.STATUS_UNSUPPORTED),
        ({"statusListIndex": 5}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusListIndex": "-5"}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusListIndex": "٥"}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusListIndex": "131072"}, CheckCode.STATUS_OUT_OF_RANGE),
        ({"statusListIndex": "9" * 30}, CheckCode.STATUS_OUT_OF_RANGE),
        ({"statusListCredential": {"id": LIST_URL}}, CheckCode.STATUS_ENTRY_INVALID),
        ({"id": LIST_URL}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusSize": 0}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusSize": True}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusSize": "1"}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusSize": 2}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusSize": 40}, CheckCode.STATUS_UNSUPPORTED),
        ({"statusMessage": []}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusMessage": "set"}, CheckCode.STATUS_ENTRY_INVALID),
        ({"statusMessage": [{"status": "0x0"}]}, CheckCode.STATUS_ENTRY_INVALID),
        (
            {"statusMessage": [{"status": "0x0", "message": "a"}] * 2},
            CheckCode.STATUS_ENTRY_INVALID,
        ),
        (
            {"statusSize": 2, "statusMessage": [{"status": "0x0", "message": "a"}]},
            CheckCode.STATUS_ENTRY_INVALID,
        ),
    ],
)
def test_malformed_entries_are_told_apart(change: dict[str, Any], code: CheckCode) -> None:
    found = check(an_entry(**change), a_list(status=0))
    assert found.code is code
    unsupported = code is CheckCode.STATUS_UNSUPPORTED
    assert found.outcome is (Outcome.COULD_NOT_BE_CHECKED if unsupported else Outcome.FAILED)


SUBJECT = {"id": f"{LIST_URL}#list", "type": "BitstringStatusList", "statusPurpose": "revocation"}


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ({"type": ["VerifiableCredential"]}, CheckCode.STATUS_LIST_OF_ANOTHER_TYPE),
        (
            {"credentialSubject": {"id": "urn:x:1", "name": "no list"}},
            CheckCode.STATUS_LIST_OF_ANOTHER_TYPE,
        ),
        (
            {"credentialSubject": {**SUBJECT, "statusPurpose": "suspension"}},
            CheckCode.STATUS_LIST_OF_ANOTHER_PURPOSE,
        ),
        ({"credentialSubject": SUBJECT}, CheckCode.STATUS_INVALID),
        ({"id": "https://works.example/status/2"}, CheckCode.STATUS_INVALID),
        ({"validFrom": "2026-07-01T00:00:00Z"}, CheckCode.STATUS_INVALID),
        ({"validUntil": "2026-05-01T00:00:00Z"}, CheckCode.STATUS_UNAVAILABLE),
        ({"issuer": "did:web:other.example"}, CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER),
    ],
)
def test_lists_that_do_not_count_are_told_apart(listed: dict[str, Any], code: CheckCode) -> None:
    assert check(an_entry(), a_list(status=0, **listed)).code is code


def test_a_list_too_short_for_its_entries_is_refused() -> None:
    entry = an_entry(statusSize=2, statusMessage=list(map(_message, range(4), MESSAGES)))
    found = check(entry, a_list(status=0))
    assert found.code is CheckCode.STATUS_LIST_TOO_SHORT


def test_an_unsigned_list_is_refused() -> None:
    listed = {key: value for key, value in a_list(status=0).items() if key != "proof"}
    assert check(an_entry(), listed).code is CheckCode.STATUS_INVALID


def test_a_list_without_an_id_counts() -> None:
    listed = a_list()
    del listed["proof"], listed["id"]
    listed = add_proof(listed, signer=signer(), created=NOW)
    assert check(an_entry(), listed).code is CheckCode.STATUS_REVOKED


def test_the_gravest_entry_counts() -> None:
    entries = [an_entry("suspension", id="urn:x:1"), an_entry("revocation", id="urn:x:2")]
    listed = a_list(purpose=["suspension", "revocation"])
    assert check(entries, listed).code is CheckCode.STATUS_REVOKED
    assert check([*entries, {"type": "Other"}], listed).code is CheckCode.STATUS_REVOKED
    for bad in ([], entries * 5):
        assert check(bad, listed).code is CheckCode.STATUS_ENTRY_INVALID


def test_a_list_of_the_draft_is_read() -> None:
    entry = an_entry(type="StatusList2021Entry")
    values = StatusList(length=MIN_LENGTH)
    values[5] = 1
    for encoded, code in (
        (values.encode()[1:], CheckCode.STATUS_REVOKED),
        (bitstring.encode([])[1:], CheckCode.STATUS_ACTIVE),
        ("uuu", CheckCode.STATUS_INVALID),
    ):
        document = {
            "@context": [
                "https://www.w3.org/2018/credentials/v1",
                STATUS_LIST_2021,
                "https://w3id.org/security/data-integrity/v2",
            ],
            "id": LIST_URL,
            "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": DID,
            "issuanceDate": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": f"{LIST_URL}#list",
                "type": "StatusList2021",
                "statusPurpose": "revocation",
                "encodedList": encoded,
            },
        }
        listed = add_proof(document, signer=signer(), created=NOW)
        assert check(entry, listed).code is code
    assert check(entry, a_list()).code is CheckCode.STATUS_LIST_OF_ANOTHER_TYPE


def test_a_1edtech_revocation_list_written_and_read() -> None:
    own = badge()["id"]
    document = signed(
        **{"@context": [*badge()["@context"], EXTENSIONS]},
        credentialStatus=revocation_list.revocation_entry(list_url=LIST_URL),
    )
    resolver = Documents()
    for revoked, verified, code in (
        ([Revocation("urn:x:other")], True, CheckCode.STATUS_ACTIVE),
        ([Revocation(own, "Given in error")], False, CheckCode.STATUS_REVOKED),
    ):
        resolver.known[LIST_URL] = revocation_list.write_revocation_list(
            list_url=LIST_URL, issuer=DID, revoked=revoked
        )
        report = verify(document, resolver=resolver, now=NOW)
        assert report.verified is verified
        assert report.check("status").code is code
    assert report.check("status").data["message"] == "Given in error"
    del resolver.known[LIST_URL]
    report = verify(document, resolver=resolver, now=NOW)
    assert report.check("status").code is CheckCode.STATUS_UNAVAILABLE


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ({"revokedCredential": []}, CheckCode.STATUS_ACTIVE),
        ({"revokedCredential": {"id": "OWN"}}, CheckCode.STATUS_REVOKED),
        ({"revokedCredential": ["OWN"]}, CheckCode.STATUS_REVOKED),
        ({"revokedCredentials": [{"id": "OWN", "revoked": True}]}, CheckCode.STATUS_REVOKED),
        ({"revokedCredential": [{"id": "OWN", "revoked": False}]}, CheckCode.STATUS_ACTIVE),
        (
            {"revokedCredential": [{"id": "OWN"}, {"id": "OWN", "revoked": False}]},
            CheckCode.STATUS_REVOKED,
        ),
        ({"revokedCredential": [{"id": "OWN", "revoked": "no"}]}, CheckCode.STATUS_INVALID),
        ({"revokedCredential": [{}]}, CheckCode.STATUS_INVALID),
        ({}, CheckCode.STATUS_INVALID),
        ({"id": "urn:x:1", "revokedCredential": []}, CheckCode.STATUS_INVALID),
        (
            {"issuer": "did:web:other.example", "revokedCredential": []},
            CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER,
        ),
    ],
)
def test_revocation_lists_of_others(listed: dict[str, Any], code: CheckCode) -> None:
    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(part) for key, part in value.items()}
        if isinstance(value, list):
            return [named(part) for part in value]
        return badge()["id"] if value == "OWN" else value

    entry = revocation_list.revocation_entry(list_url=LIST_URL)
    assert check(entry, named(listed)).code is code


def test_a_revocation_list_needs_a_credential_with_an_id() -> None:
    entry = revocation_list.revocation_entry(list_url=LIST_URL)
    assert check(entry, {"revokedCredential": []}, id=None).code is CheckCode.STATUS_ENTRY_INVALID
    assert check({"type": entry["type"]}, {}).code is CheckCode.STATUS_ENTRY_INVALID
    with pytest.raises(StatusError):
        revocation_list.write_revocation_list(
            list_url=LIST_URL, issuer=DID, revoked=[Revocation("urn:x:1")] * 200_001
        )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(LIST_URL),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
MEMBERS = ("id", "type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize")


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from((*MEMBERS, "statusMessage", "statusReference")), JSON),
    st.dictionaries(st.sampled_from(("id", "issuer", "revokedCredential", "type")), JSON),
)
def test_nothing_in_an_entry_or_list_makes_it_crash(
    change: dict[str, Any], listed: dict[str, Any]
) -> None:
    for entry in (an_entry() | change, {"type": revocation_list.TYPE, "id": LIST_URL} | change):
        for document in (listed, copy.deepcopy(a_list()) | listed):
            with contextlib.suppress(NotAvailableError):
                found = check(entry, document)
                assert found.check == "status"


def _message(status: int, message: str) -> dict[str, str]:
    return {"status": hex(status), "message": message}
