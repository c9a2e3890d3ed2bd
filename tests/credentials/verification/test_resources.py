"""Digests of what a credential refers to: altered is told, and what is not at hand stays open."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import CheckCode, Outcome, Report, verify
from guildmark.credentials.identifiers.multibase import encode_base58btc, encode_base64url
from guildmark.credentials.verification.digests import matches_multibase, matches_sri, of_bytes
from tests.credentials.builders import NOW, Documents, signed

URL = "https://works.example/rules.pdf"
DATA = b"%PDF of the rules"


def sri(data: bytes, name: str = "sha384") -> str:
    """The digest as Subresource Integrity writes it."""
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def multihash(data: bytes, name: str = "sha256", code: int = 0x12) -> bytes:
    """The digest with its header."""
    digest = hashlib.new(name, data).digest()
    return bytes([code, len(digest)]) + digest


def report(known: dict[str, bytes], **changes: Any) -> Report:
    """The report with these bytes at hand."""
    resolver = Documents()
    resolver.bytes = known
    return verify(signed(**changes), resolver=resolver, now=NOW)


RELATED = [
    {"id": URL, "digestSRI": sri(DATA), "digestMultibase": encode_base64url(multihash(DATA))}
]


@pytest.mark.parametrize(
    ("known", "outcome", "code", "verified"),
    [
        ({URL: DATA}, Outcome.PASSED, CheckCode.RESOURCES_UNCHANGED, True),
        ({URL: DATA + b"!"}, Outcome.FAILED, CheckCode.RESOURCES_ALTERED, False),
        ({}, Outcome.COULD_NOT_BE_CHECKED, CheckCode.RESOURCES_NOT_CHECKED, None),
    ],
)
def test_related_resources(
    known: dict[str, bytes], outcome: Outcome, code: CheckCode, verified: bool | None
) -> None:
    found = report(known, relatedResource=RELATED)
    check = found.check("resources")
    assert (check.outcome, check.code, found.verified) == (outcome, code, verified)
    assert check.data["resources"][0]["id"] == URL


def test_evidence_and_images_may_have_digests_too() -> None:
    evidence = [{"id": URL, "type": ["Evidence"], "name": "Notes", "digestSRI": sri(DATA)}]
    assert report({URL: DATA}, evidence=evidence).check("resources").code == "resources.unchanged"
    assert report({URL: b""}, evidence=evidence).verified is False


def test_a_credential_without_digests_has_no_such_check() -> None:
    with pytest.raises(KeyError):
        report({}).check("resources")


def test_more_resources_than_are_looked_at_stay_open() -> None:
    many = [{"id": f"{URL}{place}", "digestSRI": sri(DATA)} for place in range(40)]
    known = {part["id"]: DATA for part in many}
    found = report(known, relatedResource=many).check("resources")
    assert found.code is CheckCode.RESOURCES_NOT_CHECKED
    assert len(found.data["resources"]) == 32


def test_one_digest_that_does_not_fit_is_enough() -> None:
    both = [{**RELATED[0], "digestSRI": sri(b"other")}]
    assert report({URL: DATA}, relatedResource=both).check("resources").code == "resources.altered"


@given(st.binary(max_size=50), st.sampled_from(["sha256", "sha384", "sha512"]))
def test_every_digest_matches_its_bytes_alone(data: bytes, name: str) -> None:
    assert matches_sri(sri(data, name), of_bytes(data))
    assert not matches_sri(sri(data, name), of_bytes(data + b"!"))
    code = {"sha256": 0x12, "sha384": 0x20, "sha512": 0x13}[name]
    for write in (encode_base58btc, encode_base64url):
        assert matches_multibase(write(multihash(data, name, code)), of_bytes(data))
        assert not matches_multibase(write(multihash(data, name, code)), of_bytes(data + b"!"))


def test_the_strongest_hash_decides() -> None:
    weak = sri(DATA, "sha256")
    assert matches_sri(f"{weak} {sri(b'other')} {sri(DATA)}?ct=x", of_bytes(DATA))
    assert not matches_sri(f"{weak} {sri(b'other')}", of_bytes(DATA))


@pytest.mark.parametrize("text", [None, 5, "", "md5-AAAA", "sha256-", "sha256-!!", "x" * 3000])
def test_what_is_no_digest_matches_nothing(text: Any) -> None:
    assert not matches_sri(text, of_bytes(DATA))
    assert not matches_multibase(text, of_bytes(DATA))


@given(st.text(max_size=80) | st.binary(max_size=60).map(encode_base64url), st.binary(max_size=9))
def test_any_text_can_be_asked(text: str, data: bytes) -> None:
    assert matches_sri(text, of_bytes(data)) in (True, False)
    assert not matches_multibase(text, of_bytes(data))


@pytest.mark.parametrize(
    "multibase",
    [
        multihash(DATA)[:-1],
        b"\x12\x20",
        b"\x12\x10" + hashlib.sha256(DATA).digest()[:16],
        b"\x11" + multihash(DATA)[1:],
    ],
)
def test_a_digest_cut_short_or_of_an_unknown_hash_matches_nothing(multibase: bytes) -> None:
    assert not matches_multibase(encode_base64url(multibase), of_bytes(DATA))


def test_the_contexts_that_are_used_are_those_that_are_published() -> None:
    # Verifiable Credentials 2.0, appendix B.1, has the first of these.
    context = "https://www.w3.org/ns/credentials/v2"
    digest = bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734")
    text = f"sha256-{base64.b64encode(digest).decode()}"
    good = [{"id": context, "digestSRI": text}]
    assert report({}, relatedResource=good).verified is True
    assert report({context: b"changed"}, relatedResource=good).verified is True
    bad = [{"id": context, "digestSRI": sri(b"other")}]
    assert report({}, relatedResource=bad).check("resources").code == "resources.altered"
    multibase = encode_base64url(b"\x12\x20" + digest)
    in_multibase = [{"id": context, "digestMultibase": multibase}]
    assert report({}, relatedResource=in_multibase).verified is True
    other_hash = [{"id": context, "digestMultibase": encode_base64url(b"\x16\x20" + digest)}]
    assert report({}, relatedResource=other_hash).verified is None
