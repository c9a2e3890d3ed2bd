"""Keys in the documents of their controllers: where they stand, and how long they are good."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import (
    CheckCode,
    IdentifierError,
    KeyType,
    LocalSigner,
    PrivateKey,
    ProofError,
    VerificationMethod,
    add_proof,
    did_document,
    verify,
)
from guildmark.credentials.identifiers.controllers import find_method
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, badge, signer, status_list

SECRETS = {kind: PrivateKey.generate(kind) for kind in KeyType}
KEY = SECRETS[KeyType.ED25519].public
DAY = dt.timedelta(days=1)


def entry(**changes: Any) -> dict[str, Any]:
    """A Multikey of the controller."""
    return {
        "id": f"{DID}#key",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": KEY.to_multikey(),
        **changes,
    }


def document(*methods: Any, listed: Any = (f"{DID}#key",), **changes: Any) -> dict[str, Any]:
    """A controller document without any context."""
    return {
        "id": DID,
        "verificationMethod": list(methods),
        "assertionMethod": list(listed),
        **changes,
    }


@pytest.mark.parametrize("kind", list(KeyType))
def test_what_we_write_we_read(kind: KeyType) -> None:
    method = VerificationMethod(
        id=f"{DID}#key",
        controller=DID,
        public_key=SECRETS[kind].public,
        expires=NOW,
        revoked=NOW + DAY,
    )
    written = did_document(DID, [method])
    assert find_method(written, method.id) == method
    del written["@context"]
    assert find_method(written, method.id) == method


@pytest.mark.parametrize(
    "written",
    [
        document(entry()),
        document(entry(id="#key"), listed=["#key"]),
        document(entry(id="#key")),
        document(entry(), listed=["#key"]),
        document(listed=[entry(id="#key")]),
        document(entry(), listed=[entry()]),
        document(listed=["#key"], authentication=[entry()]),
        document() | {"verificationMethod": entry(), "assertionMethod": "#key"},
    ],
    ids=["plain", "relative", "its id", "its name", "within", "twice", "elsewhere", "single"],
)
def test_places_and_names(written: Any) -> None:
    method = find_method(written, f"{DID}#key")
    assert (method.id, method.controller, method.public_key) == (f"{DID}#key", DID, KEY)


@pytest.mark.parametrize(
    "form",
    [
        {"type": "Ed25519VerificationKey2020"},
        {"type": "JsonWebKey", "publicKeyJwk": KEY.to_jwk(), "publicKeyMultibase": None},
        {"type": "JsonWebKey2020", "publicKeyJwk": KEY.to_jwk(), "publicKeyMultibase": None},
    ],
    ids=lambda form: str(form["type"]),
)
def test_types(form: dict[str, Any]) -> None:
    written = {key: part for key, part in entry(**form).items() if part is not None}
    assert find_method(document(written), f"{DID}#key").public_key == KEY


@pytest.mark.parametrize(
    "written",
    [
        None,
        [],
        {},
        document(),
        document(entry(), listed=[]),
        document(entry(), listed=[f"{DID}#other"]),
        document(entry(), listed=["key"]),
        document(entry(), assertionMethod=None, authentication=["#key"]),
        document(entry(), entry(publicKeyMultibase=SECRETS[KeyType.P256].public.to_multikey())),
        document(entry(type="JsonWebKey")),
        document(entry(type="X25519KeyAgreementKey2020")),
        document(entry(type=["Multikey"])),
        document(entry(publicKeyMultibase=4)),
        document(entry(publicKeyJwk=KEY.to_jwk())),
        document(entry(controller=None)),
        document(entry(secretKeyMultibase="z3u2")),
        document(entry(expires="soon")),
        document(entry(revoked=None)),
        document(entry(revoked="2026-06-01T12:00:00")),
        document(
            entry(
                type="Ed25519VerificationKey2020",
                publicKeyMultibase=SECRETS[KeyType.P256].public.to_multikey(),
            )
        ),
        document(*[entry()] * 1_001),
    ],
)
def test_what_is_refused(written: Any) -> None:
    with pytest.raises(IdentifierError):
        find_method(written, f"{DID}#key")


def test_a_published_private_jwk_is_refused() -> None:
    jwk = SECRETS[KeyType.P256].to_jwk()
    written = {**entry(type="JsonWebKey", publicKeyJwk=jwk)}
    del written["publicKeyMultibase"]
    with pytest.raises(IdentifierError, match="private member"):
        find_method(document(written), f"{DID}#key")


def test_a_purpose_is_kept_apart() -> None:
    written = document(entry(), assertionMethod=[], authentication=["#key"])
    assert find_method(written, f"{DID}#key", "authentication").public_key == KEY
    with pytest.raises(IdentifierError, match="not listed under assertionMethod"):
        find_method(written, f"{DID}#key")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["#key", f"{DID}#key", "Multikey"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(list(entry())), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(JSON, JSON, JSON)
def test_any_document_ends_in_an_identifier_error(own: Any, methods: Any, listed: Any) -> None:
    written = {"id": own, "verificationMethod": methods, "assertionMethod": listed}
    with pytest.raises(IdentifierError):
        find_method(written, f"{DID}#key")


def test_the_time_of_a_key() -> None:
    method = VerificationMethod(id=f"{DID}#key", controller=DID, public_key=KEY)
    method.require_valid(None, NOW)
    rotated = VerificationMethod(id=f"{DID}#key", controller=DID, public_key=KEY, expires=NOW)
    rotated.require_valid(NOW - DAY, NOW + DAY)
    rotated.require_valid(None, NOW - DAY)
    for created in (NOW, NOW + DAY, None):
        with pytest.raises(ProofError, match="good until"):
            rotated.require_valid(created, NOW + DAY)
    revoked = VerificationMethod(id=f"{DID}#key", controller=DID, public_key=KEY, revoked=NOW)
    revoked.require_valid(NOW - DAY, NOW - DAY)
    for created in (NOW - DAY, NOW, None):
        with pytest.raises(ProofError, match="revoked"):
            revoked.require_valid(created, NOW)


def test_a_rotated_key_proves_what_was_made_in_its_time() -> None:
    resolver = Documents()
    before = add_proof(badge(), signer=signer(), created=NOW - DAY)
    resolver.known[LIST_URL] = status_list()
    after = add_proof(badge(), signer=signer(), created=NOW)
    new = PrivateKey.generate(KeyType.P256)
    old = {**resolver.known[DID]["verificationMethod"][0], "expires": "2026-06-01T00:00:00Z"}
    added = VerificationMethod(id=f"{DID}#new", controller=DID, public_key=new.public)
    resolver.known[DID] = {
        "id": DID,
        "verificationMethod": [old, added.as_json()],
        "assertionMethod": ["#key", "#new"],
    }
    renewed = {key: part for key, part in status_list().items() if key != "proof"}
    with_new = LocalSigner(new, verification_method=f"{DID}#new")
    suite = "ecdsa-rdfc-2019"
    resolver.known[LIST_URL] = add_proof(renewed, signer=with_new, created=NOW, suite=suite)
    assert verify(before, resolver=resolver, now=NOW).verified is True
    report = verify(after, resolver=resolver, now=NOW)
    assert report.check("proof").code is CheckCode.PROOF_WRONG_KEY
    assert "good until" in report.check("proof").data["reason"]
    again = add_proof(badge(), signer=with_new, created=NOW, suite=suite)
    assert verify(again, resolver=resolver, now=NOW).verified is True
    old["revoked"] = "2026-06-01T00:00:00Z"
    report = verify(before, resolver=resolver, now=NOW)
    assert report.check("proof").code is CheckCode.PROOF_WRONG_KEY
    assert verify(before, resolver=resolver, now=NOW - DAY / 2 - DAY / 4).check("proof").code is (
        CheckCode.PROOF_VALID
    )
