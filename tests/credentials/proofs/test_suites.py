"""Every suite alike: what it signs it verifies, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.credentials import (
    CheckCode,
    KeyType,
    LocalSigner,
    PrivateKey,
    ProofError,
    add_proof,
    verify,
)
from guildmark.credentials.proofs.registry import SUITES, suite_of
from guildmark.credentials.proofs.unsecured import Unsecured
from tests.credentials.builders import NOW, Documents, badge

SECRETS = {
    kind: PrivateKey.generate(kind) for kind in (KeyType.ED25519, KeyType.P256, KeyType.P384)
}
PAIRS = [
    *((name, KeyType.ED25519) for name in ("eddsa-rdfc-2022", "eddsa-jcs-2022")),
    *(
        (name, kind)
        for name in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019")
        for kind in (KeyType.P256, KeyType.P384)
    ),
]
JCS = [pair for pair in PAIRS if "jcs" in pair[0]]
CONTEXT_302 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"


def did(kind: KeyType) -> str:
    """The did:key of the test's key of that type."""
    return f"did:key:{SECRETS[kind].public.to_multikey()}"


def made(suite: str, kind: KeyType, **changes: Any) -> dict[str, Any]:
    """A badge without status, signed by its issuer, a did:key."""
    document = badge(issuer=did(kind), **changes)
    del document["credentialStatus"]
    method = f"{did(kind)}#{SECRETS[kind].public.to_multikey()}"
    signer = LocalSigner(SECRETS[kind], verification_method=method)
    return add_proof(document, signer=signer, created=NOW, suite=suite)


@pytest.mark.parametrize(("suite", "kind"), PAIRS)
def test_what_is_signed_verifies(suite: str, kind: KeyType) -> None:
    document = made(suite, kind)
    assert verify(document, resolver=Documents(), now=NOW).verified is True
    for changed in (
        {**document, "name": "Another"},
        {**document, "proof": {**document["proof"], "created": "2020-01-01T00:00:00Z"}},
        {**document, "proof": {**document["proof"], "nonce": "more"}},
        {key: part for key, part in document.items() if key != "validUntil"},
    ):
        report = verify(changed, resolver=Documents(), now=NOW)
        assert report.check("proof").code is CheckCode.PROOF_INVALID


@pytest.mark.parametrize(("suite", "kind"), PAIRS)
def test_a_proof_does_not_fit_another_suite_or_key(suite: str, kind: KeyType) -> None:
    document = made(suite, kind)
    for other in SUITES:
        if other != suite:
            named = {**document["proof"], "cryptosuite": other}
            with pytest.raises(ProofError):
                SUITES[other].check(Unsecured.of(document), named, SECRETS[kind].public)
    for other_kind in KeyType:
        key = PrivateKey.generate(other_kind).public
        with pytest.raises(ProofError):
            SUITES[suite].check(Unsecured.of(document), document["proof"], key)


@pytest.mark.parametrize(("suite", "kind"), PAIRS)
@pytest.mark.parametrize(
    "value", ["", "z", "zz", "uAAAA", "z" + "1" * 64, None, 4, "z" + "9" * 900]
)
def test_values_that_are_no_signature(suite: str, kind: KeyType, value: Any) -> None:
    document = made(suite, kind)
    proof = {**document["proof"], "proofValue": value}
    with pytest.raises(ProofError):
        SUITES[suite].check(Unsecured.of(document), proof, SECRETS[kind].public)


@pytest.mark.parametrize(("suite", "kind"), JCS)
def test_a_context_may_be_added_behind_those_signed(suite: str, kind: KeyType) -> None:
    # Section 3.3.2 of both specifications: a later signer of a set may need one more.
    document = made(suite, kind)
    key, contexts = SECRETS[kind].public, document["@context"]
    assert document["proof"]["@context"] == contexts
    more = {**document, "@context": [*contexts, CONTEXT_302]}
    SUITES[suite].check(Unsecured.of(more), more["proof"], key)
    for other in ([CONTEXT_302, *contexts], contexts[:1], contexts[0], None):
        with pytest.raises(ProofError, match="contexts"):
            SUITES[suite].check(Unsecured.of({**document, "@context": other}), more["proof"], key)


@pytest.mark.parametrize(("suite", "kind"), JCS)
def test_json_is_signed_without_any_context(suite: str, kind: KeyType) -> None:
    signer = LocalSigner(SECRETS[kind], verification_method="did:example:1#key")
    signed = add_proof({"any": ["thing", 1.5]}, signer=signer, created=NOW, suite=suite)
    assert "@context" not in signed["proof"]
    SUITES[suite].check(Unsecured.of(signed), signed["proof"], signer.public_key)


def test_a_signer_that_gives_something_else_is_told() -> None:
    class Broken(LocalSigner):
        """Gives the signature in DER, as some devices do."""

        def sign(self, data: bytes) -> bytes:
            """Seven bytes too many."""
            return super().sign(data) + bytes(7)

    signer = Broken(SECRETS[KeyType.P256], verification_method="did:example:1#key")
    with pytest.raises(ProofError, match="71 bytes"):
        add_proof(badge(), signer=signer, created=NOW, suite="ecdsa-jcs-2019")


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["proofValue", "created", "id", "@context"]), st.text()))
def test_any_members_end_in_a_proof_error(members: dict[str, str]) -> None:
    document = made("eddsa-jcs-2022", KeyType.ED25519)
    proof = {**document["proof"], **members, "nonce": "x"}
    suite = suite_of(proof)
    assert suite is not None
    with pytest.raises(ProofError):
        suite.check(Unsecured.of(document), proof, SECRETS[KeyType.ED25519].public)
