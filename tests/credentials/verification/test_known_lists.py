"""A status list is verified and decoded once, and what may change is asked again each time."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from guildmark.credentials import CheckCode, add_proof, verify
from guildmark.credentials.proofs.jose import envelopes
from guildmark.credentials.proofs.jose.secured import TokenFormat
from guildmark.credentials.status import bitstring
from guildmark.credentials.verification import status
from guildmark.credentials.verification.known_lists import KnownList, KnownLists
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, signed, signer, status_list


def code(resolver: Documents, **asked: Any) -> CheckCode:
    """What the status check says of the badge."""
    return verify(signed(), resolver=resolver, **{"now": NOW, **asked}).check("status").code


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The lists that are decoded from now on, with none known before."""
    found: list[object] = []

    def decode(text: object) -> bytes:
        found.append(text)
        return bitstring.decode_bits(text)

    kinds = {name: dataclasses.replace(kind, decode=decode) for name, kind in status._KINDS.items()}
    monkeypatch.setattr(status, "_KINDS", kinds)
    monkeypatch.setattr(status, "_KNOWN", KnownLists())
    return found


def test_a_list_is_decoded_once(decoded: list[object]) -> None:
    resolver = Documents(revoked=frozenset({94567}))
    assert [code(resolver), code(resolver)] == [CheckCode.STATUS_REVOKED] * 2
    assert len(decoded) == 1
    # An equal one is the same; another one at the address is not.
    assert code(Documents(revoked=frozenset({94567}))) is CheckCode.STATUS_REVOKED
    assert len(decoded) == 1
    assert code(Documents()) is CheckCode.STATUS_ACTIVE
    assert len(decoded) == 2


def test_a_known_list_that_is_changed_is_another(decoded: list[object]) -> None:
    resolver = Documents(revoked=frozenset({94567}))
    assert code(resolver) is CheckCode.STATUS_REVOKED
    resolver.known[LIST_URL]["credentialSubject"]["encodedList"] = bitstring.encode([])
    assert code(resolver) is CheckCode.STATUS_INVALID


def test_keys_and_dates_are_asked_each_time(decoded: list[object]) -> None:
    resolver = Documents()
    listed = dict(resolver.known[LIST_URL], validUntil="2026-06-02T00:00:00Z")
    del listed["proof"]
    resolver.known[LIST_URL] = add_proof(listed, signer=signer(), created=NOW)
    assert [code(resolver), code(resolver)] == [CheckCode.STATUS_ACTIVE] * 2
    assert code(resolver, now=NOW.replace(day=3)) is CheckCode.STATUS_UNAVAILABLE
    assert code(resolver, now=NOW.replace(year=2025)) is CheckCode.STATUS_INVALID
    assert code(resolver) is CheckCode.STATUS_ACTIVE
    resolver.known[DID]["verificationMethod"][0]["revoked"] = "2026-05-01T00:00:00Z"
    assert code(resolver) is CheckCode.STATUS_INVALID
    another = Documents().known[DID]
    key = signer(bytes(32)).public_key.to_multikey()
    another["verificationMethod"][0]["publicKeyMultibase"] = key
    resolver.known[DID] = another
    assert code(resolver) is CheckCode.STATUS_INVALID


def test_a_list_may_be_a_token_in_an_envelope(decoded: list[object]) -> None:
    resolver = Documents(revoked=frozenset({94567}))
    listed = {k: v for k, v in resolver.known[LIST_URL].items() if k != "proof"}
    token = envelopes.secure(listed, signer())
    resolver.known[LIST_URL] = envelopes.envelop(token, TokenFormat.VC)
    assert [code(resolver), code(resolver)] == [CheckCode.STATUS_REVOKED] * 2
    assert len(decoded) == 1
    forged = envelopes.secure(listed, signer(bytes(32)))
    resolver.known[LIST_URL] = envelopes.envelop(forged, TokenFormat.VC)
    assert code(resolver) is CheckCode.STATUS_INVALID


def test_what_is_kept_is_bounded() -> None:
    lists = {name: status_list(revoked=frozenset({place})) for place, name in enumerate("abc")}
    # The texts count as well as the bits, which here are few.
    kept = KnownLists(max_bytes=5 * len(json.dumps(lists["a"])) // 2 + 25)
    for name, given in lists.items():
        known = kept.find(name, given)
        assert known.bits is None
        known.bits = bytes(10)
        kept.keep(name, known)
    assert [kept.find(name, given).bits is None for name, given in lists.items()] == [
        True,
        False,
        False,
    ]
    assert KnownList.of(lists["a"]).given == lists["a"]
