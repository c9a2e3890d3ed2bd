"""Open Badges 2.0: hosted and signed ones are read and verified, and nothing else passes."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.credentials import CheckCode, KeyType, ModelError, NotAvailableError, PrivateKey
from guildmark.credentials.identifiers import multibase
from guildmark.credentials.model import openbadges2 as ob2
from guildmark.credentials.verification.openbadges2 import Reading, verify_openbadges2
from tests.credentials.builders import NOW

SITE = "https://works.example"
RSA = PrivateKey.generate(KeyType.RSA)
OTHER = PrivateKey.generate(KeyType.P256)


def assertion(**changes: Any) -> dict[str, Any]:
    """A hosted assertion."""
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{SITE}/assertions/1",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": "deadsea",
            "identity": "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942",
        },
        "badge": f"{SITE}/badge",
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2026-01-01T00:00:00+00:00",
        **changes,
    }


BADGE = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "BadgeClass",
    "id": f"{SITE}/badge",
    "name": "Robot cell entry",
    "description": "Enter safely.",
    "image": f"{SITE}/badge.png",
    "criteria": {"narrative": "Clears a jam."},
    "issuer": f"{SITE}/issuer",
}


def world(**changes: Any) -> dict[str, Any]:
    """What stands where, with changes by address."""
    documents = {
        f"{SITE}/assertions/1": assertion(),
        f"{SITE}/badge": BADGE,
        f"{SITE}/issuer": profile(),
        f"{SITE}/key": key_document(),
        f"{SITE}/revoked": revocations(),
    }
    documents.update(changes)
    return {address: document for address, document in documents.items() if document is not None}


def profile(**changes: Any) -> dict[str, Any]:
    """The issuer."""
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Issuer",
        "id": f"{SITE}/issuer",
        "name": "Works",
        "url": SITE,
        "email": "badges@works.example",
        "publicKey": f"{SITE}/key",
        "revocationList": f"{SITE}/revoked",
        **changes,
    }


def key_document(key: PrivateKey = RSA, **changes: Any) -> dict[str, Any]:
    """A CryptographicKey."""
    return {
        "type": "CryptographicKey",
        "id": f"{SITE}/key",
        "owner": f"{SITE}/issuer",
        "publicKeyPem": pem(key),
        **changes,
    }


@functools.cache
def pem(key: PrivateKey) -> str:
    """The public key as PEM (SubjectPublicKeyInfo)."""
    return (
        serialization.load_pem_private_key(key.to_pem(), None)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def revocations(*entries: Any, **changes: Any) -> dict[str, Any]:
    """The issuer's RevocationList."""
    return {
        "type": "RevocationList",
        "id": f"{SITE}/revoked",
        "issuer": f"{SITE}/issuer",
        "revokedAssertions": list(entries),
        **changes,
    }


class Documents:
    """A resolver over these documents."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known

    def resolve(self, identifier: str) -> dict[str, Any]:
        """The document, where it is known."""
        if identifier not in self.known:
            raise NotAvailableError(identifier)
        return self.known[identifier]


def signed_badge(
    key: PrivateKey = RSA, header: dict[str, Any] | None = None, **changes: Any
) -> str:
    """A JWS over a signed assertion."""
    document = assertion(
        **{
            "id": "urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f",
            "verification": {"type": "SignedBadge", "creator": f"{SITE}/key"},
            **changes,
        }
    )
    parts = [
        multibase.encode_base64url(json.dumps(part).encode())[1:]
        for part in (header or {"alg": "RS256"}, document)
    ]
    signature = key.sign(".".join(parts).encode())
    return ".".join([*parts, multibase.encode_base64url(signature)[1:]])


def check(badge: Any, recipient: str | None = None, **changes: Any) -> Reading:
    """Verify in this world."""
    resolver = Documents(world(**changes))
    return verify_openbadges2(badge, resolver=resolver, now=NOW, recipient=recipient)


def codes(reading: Reading) -> set[CheckCode]:
    """The codes of what did not pass."""
    return {part.code for part in reading.report.checks if part.outcome != "passed"}


def test_a_hosted_badge_is_verified_from_its_address() -> None:
    # Open Badges 2.0's own example of a recipient.
    reading = check(assertion(issuedOn="1999-01-01T00:00:00Z"), recipient="nobody@example.org")
    assert reading.report.verified is True
    reading = check(assertion(), recipient="somebody@example.org")
    assert reading.report.check("expected").code is CheckCode.EXPECTED_NOT_MET
    reading = check(assertion(badge="https://elsewhere.example/badge"))
    assert reading.report.verified is True
    # Only what stands at the address is the issuer's word.
    assert reading.assertion == assertion()
    assert reading.badge == BADGE
    assert reading.report.issuer == f"{SITE}/issuer"
    assert reading.report.name == "Robot cell entry"


def test_a_signed_badge_is_verified_by_the_issuers_key() -> None:
    reading = check(signed_badge())
    assert reading.report.verified is True
    assert check(signed_badge(), **{f"{SITE}/issuer": profile(publicKey=[key_document()])})
    made = signed_badge(key=OTHER, header={"alg": "ES256"})
    assert check(made, **{f"{SITE}/key": key_document(OTHER)}).report.verified is True
    without = signed_badge(verification={"type": "signed"})
    assert check(without).report.verified is True


def test_recipients_are_hashed_as_the_specification_does() -> None:
    recipient = ob2.Identity(
        type="email",
        identity="sha256$28d50415252ab6c689a54413da15b083034b66e5",
        hashed=True,
        salt="",
    )
    assert not recipient.matches("alice@example.org")
    plain = ob2.Identity(type="email", identity="a@b.example", hashed=False, salt="")
    assert plain.matches("a@b.example")
    assert not plain.matches("A@b.example")
    salted = assertion()["recipient"]
    salted["identity"] = "sha256$" + hashlib.sha256(b"a@b.exampledeadsea").hexdigest()
    known = {f"{SITE}/assertions/1": assertion(recipient=salted)}
    assert check(assertion(), recipient="a@b.example", **known).report.verified is True
    md5 = {**salted, "identity": "md5$" + hashlib.md5(b"a@b.exampledeadsea").hexdigest()}  # noqa: S324
    known = {f"{SITE}/assertions/1": assertion(recipient=md5)}
    assert check(assertion(), recipient="a@b.example", **known).report.verified is False


EVIL = "https://evil.example"


@pytest.mark.parametrize(
    ("badge", "changes", "code"),
    [
        # A stranger hosts an assertion of the issuer's badge.
        (
            assertion(id=f"{EVIL}/1"),
            {f"{EVIL}/1": assertion(id=f"{EVIL}/1")},
            CheckCode.ISSUER_NOT_BOUND,
        ),
        # A stranger embeds the issuer's badge class, or their own under the issuer's address.
        (
            assertion(),
            {
                f"{SITE}/assertions/1": assertion(badge={**BADGE, "name": "Forged"}),
                f"{SITE}/badge": None,
            },
            CheckCode.ISSUER_UNAVAILABLE,
        ),
        (
            assertion(),
            {f"{SITE}/badge": {**BADGE, "id": f"{SITE}/other"}},
            CheckCode.STRUCTURE_INVALID,
        ),
        (assertion(), {f"{SITE}/assertions/1": None}, CheckCode.ISSUER_UNAVAILABLE),
        (assertion(), {f"{SITE}/issuer": None}, CheckCode.ISSUER_UNAVAILABLE),
        (assertion(), {f"{SITE}/issuer": profile(email=" ")}, CheckCode.STRUCTURE_INVALID),
        (
            assertion(),
            {f"{SITE}/assertions/1": {**assertion(), "revoked": True}},
            CheckCode.STATUS_REVOKED,
        ),
        (
            assertion(),
            {f"{SITE}/assertions/1": assertion(expires="2026-05-31T00:00:00Z")},
            CheckCode.DATES_EXPIRED,
        ),
        (
            assertion(),
            {f"{SITE}/assertions/1": assertion(issuedOn="2027-05-31T00:00:00Z")},
            CheckCode.DATES_NOT_YET,
        ),
        (
            assertion(),
            {f"{SITE}/assertions/1": assertion(issuedOn="yesterday")},
            CheckCode.DATES_INVALID,
        ),
        (
            assertion(),
            {f"{SITE}/assertions/1": assertion(expires="2000-01-01T00:00:00Z")},
            CheckCode.DATES_INVALID,
        ),
        # A signed badge handed in as JSON has lost its signature.
        (
            assertion(),
            {f"{SITE}/assertions/1": assertion(verification={"type": "SignedBadge"})},
            CheckCode.STRUCTURE_INVALID,
        ),
        (signed_badge(key=PrivateKey.generate(KeyType.RSA)), {}, CheckCode.PROOF_INVALID),
        (signed_badge(header={"alg": "none"}), {}, CheckCode.PROOF_INVALID),
        (signed_badge(header={"alg": "HS256"}), {}, CheckCode.PROOF_INVALID),
        (signed_badge(header={"alg": "RS256", "crit": ["b64"]}), {}, CheckCode.STRUCTURE_INVALID),
        (signed_badge(header={"alg": "RS256", "b64": False}), {}, CheckCode.STRUCTURE_INVALID),
        (signed_badge()[:-8], {}, CheckCode.PROOF_INVALID),
        (signed_badge(verification={"type": "HostedBadge"}), {}, CheckCode.STRUCTURE_INVALID),
        (
            signed_badge(verification={"type": "SignedBadge", "creator": f"{EVIL}/key"}),
            {f"{EVIL}/key": key_document(id=f"{EVIL}/key")},
            CheckCode.PROOF_INVALID,
        ),
        (signed_badge(), {f"{SITE}/key": None}, CheckCode.PROOF_KEY_UNAVAILABLE),
        (signed_badge(), {f"{SITE}/key": key_document(owner=EVIL)}, CheckCode.PROOF_INVALID),
        (signed_badge(), {f"{SITE}/key": key_document(publicKeyPem=5)}, CheckCode.PROOF_INVALID),
        (signed_badge(), {f"{SITE}/issuer": profile(publicKey=[])}, CheckCode.PROOF_INVALID),
        (signed_badge(), {f"{SITE}/revoked": None}, CheckCode.STATUS_UNAVAILABLE),
        (signed_badge(), {f"{SITE}/revoked": revocations(issuer=EVIL)}, CheckCode.STATUS_INVALID),
        (signed_badge(), {f"{SITE}/revoked": revocations(5)}, CheckCode.STATUS_INVALID),
        (
            signed_badge(),
            {f"{SITE}/revoked": revocations("urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f")},
            CheckCode.STATUS_REVOKED,
        ),
        (
            signed_badge(uid="abc"),
            {f"{SITE}/revoked": revocations({"uid": "abc", "revocationReason": "Error"})},
            CheckCode.STATUS_REVOKED,
        ),
        (b"not a badge", {}, CheckCode.STRUCTURE_INVALID),
        (b"a.b.c", {}, CheckCode.STRUCTURE_INVALID),
        ("\ud800", {}, CheckCode.STRUCTURE_INVALID),
        ({"type": "Assertion"}, {}, CheckCode.STRUCTURE_INVALID),
    ],
)
def test_what_does_not_hold_is_told(badge: Any, changes: dict[str, Any], code: CheckCode) -> None:
    reading = check(badge, **changes)
    assert reading.report.verified is not True
    assert code in codes(reading)
    for name in ("structure", "proof", "issuer", "dates", "status"):
        assert reading.report.check(name).code.value.startswith(name)


def test_a_signed_badge_without_a_list_has_no_status() -> None:
    reading = check(signed_badge(), **{f"{SITE}/issuer": profile(revocationList=None)})
    assert reading.report.verified is True
    assert reading.report.check("status").code is CheckCode.STATUS_NONE


@pytest.mark.parametrize(
    ("rule", "address", "allowed"),
    [
        (None, f"{SITE}/a/1", True),
        (None, "http://works.example/a/1", False),
        (None, "https://works.example:8443/a/1", False),
        (None, f"{SITE}@evil.example/a/1", False),
        (None, "https://sub.works.example/a/1", False),
        (None, "urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f", False),
        ({"startsWith": f"{SITE}/a/"}, f"{SITE}/a/1", True),
        ({"startsWith": f"{SITE}/a/"}, f"{SITE}/b/1", False),
        ({"startsWith": f"{SITE}/a/"}, f"{SITE}/a/../b/1", False),
        ({"startsWith": f"{SITE}/a/"}, f"{SITE}/a/%2E%2e/b/1", False),
        ({"startsWith": [EVIL, SITE]}, f"{SITE}/a/1", True),
        ({"startsWith": SITE}, f"{SITE}.evil.example/1", False),
        ({"startsWith": []}, f"{SITE}/a/1", False),
        ({"allowedOrigins": "Badges.example"}, "https://badges.example/1", True),
        ({"allowedOrigins": ["badges.example"]}, f"{SITE}/1", False),
        ({"allowedOrigins": ["badges.example:8443"]}, "https://badges.example:8443/1", True),
        (
            {"allowedOrigins": "badges.example", "startsWith": "https://badges.example/a/"},
            "https://badges.example/b/1",
            False,
        ),
    ],
)
def test_a_profile_says_where_its_assertions_stand(
    rule: dict[str, Any] | None, address: str, allowed: bool
) -> None:
    how = {} if rule is None else {"verification": {"type": "VerificationObject", **rule}}
    assert ob2.is_in_scope(address, ob2.read_profile(profile(**how))) is allowed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "one"}, "id"),
        ({"type": "Badge"}, "type"),
        ({"@context": "https://w3id.org/openbadges/v1"}, "type"),
        ({"recipient": "a@b.example"}, "recipient"),
        ({"recipient": {"type": "email", "identity": "x", "hashed": "no"}}, "hashed"),
        ({"recipient": {"type": "email", "hashed": True}}, "identity"),
        ({"badge": 5}, "badge"),
        ({"verification": {"type": "Magic"}}, "type"),
        ({"verification": {"type": ["HostedBadge", "SignedBadge"]}}, "type"),
        ({"verification": {"type": "SignedBadge", "creator": "key"}}, "creator"),
        ({"verify": {"type": "SignedBadge"}}, "verify"),
        ({"issuedOn": None}, "issuedOn"),
        ({"revoked": "no"}, "revoked"),
    ],
)
def test_what_an_assertion_lacks_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ModelError) as caught:
        ob2.read_assertion(assertion(**changes))
    assert caught.value.field == field


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(f"{SITE}/issuer"),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["id", "type", "creator", "startsWith"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(assertion())), anything, max_size=3),
    st.dictionaries(st.sampled_from(sorted(BADGE)), anything, max_size=2),
    st.dictionaries(st.sampled_from(sorted(profile())), anything, max_size=2),
)
def test_anything_ends_in_a_report(one: Any, two: Any, three: Any) -> None:
    made = assertion(**one)
    changes = {
        f"{SITE}/assertions/1": made,
        f"{SITE}/badge": {**BADGE, **two},
        f"{SITE}/issuer": profile(**three),
    }
    assert check(made, **changes).report.verified in (True, False, None)
