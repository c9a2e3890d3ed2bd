"""Proof sets and chains: what each proof is made over, and what cannot be taken away."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guildmark.credentials import (
    Check,
    CheckCode,
    KeyType,
    LocalSigner,
    Outcome,
    PrivateKey,
    ProofError,
    add_proof,
    verify,
)
from guildmark.credentials.proofs.registry import SUITES
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.signature import (
    FOR_CREDENTIALS,
    ProofTerms,
    check_proof,
)
from tests.credentials.builders import NOW, SEED, Documents, badge

VECTORS = json.loads(
    (Path(__file__).parent / "data" / "proof_sets_and_chains.json").read_text("utf-8")
)
KEYS = {
    name: PrivateKey.from_multikey(pair["privateKeyMultibase"])
    for name, pair in VECTORS["multiKeyPairs"].items()
}
FIRST, SECOND = "urn:uuid:00000000-0000-4000-8000-000000000001", "urn:example:second"


def as_vector(document: Any, key: str, options: Any) -> Any:
    """Add the proof with the vector's options."""
    return add_proof(
        document,
        signer=LocalSigner(KEYS[key], verification_method=options["verificationMethod"]),
        created=dt.datetime.fromisoformat(options["created"]),
        proof_id=options.get("id"),
        previous_proof=options.get("previousProof"),
    )


@pytest.mark.usefixtures("vector_contexts")
def test_the_published_set_and_chain() -> None:
    document = VECTORS["unsigned"]
    for step, key in (("Set1", "keyPair1"), ("Set2", "keyPair2")):
        document = as_vector(document, key, VECTORS[f"proof{step[:3]}Config{step[3]}"])
        assert proofs(document) == proofs(VECTORS[f"signedProof{step}"])
    for step, key in (("Chain1", "keyPair3"), ("Chain2", "keyPair4")):
        document = as_vector(document, key, VECTORS[f"proofChainConfig{step[5]}"])
        assert proofs(document) == proofs(VECTORS[f"signedProof{step}"])
    assert checked(document).code is CheckCode.PROOF_VALID


def checked(document: Any, terms: ProofTerms = FOR_CREDENTIALS) -> Check:
    """The check of the proofs alone."""
    return check_proof(document, Unsecured.of(document), Documents(), NOW, terms)[0]


def proofs(document: Any) -> list[Any]:
    """The document's proofs as a list."""
    proof = document["proof"]
    return proof if isinstance(proof, list) else [proof]


def signer(number: int, kind: KeyType = KeyType.ED25519) -> LocalSigner:
    """A signer whose identifier is a did:key."""
    secret = PrivateKey.from_seed(bytes([number]) * 32)
    if kind is not KeyType.ED25519:
        secret = PrivateKey.generate(kind)
    key = secret.public.to_multikey()
    return LocalSigner(secret, verification_method=f"did:key:{key}#{key}")


def issuer() -> LocalSigner:
    """Who issues the badge below."""
    key = PrivateKey.from_seed(SEED).public.to_multikey()
    return LocalSigner(PrivateKey.from_seed(SEED), verification_method=f"did:key:{key}#{key}")


def chain(suite: str = "eddsa-rdfc-2022") -> dict[str, Any]:
    """A badge by the issuer, countersigned, and countersigned again over both."""
    document = badge(issuer=issuer().verification_method.partition("#")[0])
    del document["credentialStatus"]
    document = add_proof(document, signer=issuer(), created=NOW, proof_id=FIRST, suite=suite)
    document = add_proof(
        document,
        signer=signer(1),
        created=NOW,
        proof_id=SECOND,
        previous_proof=FIRST,
        suite=suite,
    )
    return add_proof(
        document, signer=signer(2), created=NOW, previous_proof=[FIRST, SECOND], suite=suite
    )


def code(document: Any) -> CheckCode:
    """What the check of the proofs says, through the front door."""
    return verify(document, resolver=Documents(), now=NOW).check("proof").code


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_chain_holds_and_none_of_its_links_can_be_taken_out(suite: str) -> None:
    document = chain(suite)
    assert verify(document, resolver=Documents(), now=NOW).verified is True
    first, second, third = document["proof"]
    for left in ([second, third], [first, third], [second], [third]):
        assert code({**document, "proof": left}) is CheckCode.PROOF_INVALID
    # Nothing can show that a later one was there.
    assert code({**document, "proof": [first, second]}) is CheckCode.PROOF_VALID


def test_the_order_of_a_chain_is_in_its_names_and_not_in_the_list() -> None:
    document = chain()
    for order in itertools.permutations(document["proof"]):
        assert code({**document, "proof": list(order)}) is CheckCode.PROOF_VALID


def test_a_link_cannot_be_replaced_or_made_free() -> None:
    document = chain()
    first, second, third = document["proof"]
    other = add_proof(
        {key: part for key, part in document.items() if key != "proof"},
        signer=issuer(),
        created=NOW - dt.timedelta(days=1),
        proof_id=FIRST,
    )["proof"]
    free = {key: part for key, part in second.items() if key != "previousProof"}
    for left in (
        [other, second, third],
        [first, free, third],
        [first, free],
        [first, {**second, "previousProof": [FIRST, FIRST]}],
        [first, {**second, "previousProof": []}],
        [first, {**second, "previousProof": [4]}],
        [first, {**second, "previousProof": {}}],
        [first, first, second, third],
    ):
        assert code({**document, "proof": left}) is CheckCode.PROOF_INVALID


def test_a_set_needs_no_order_and_each_of_it_must_hold() -> None:
    document = badge(issuer=issuer().verification_method.partition("#")[0])
    del document["credentialStatus"]
    suites = [name for name in SUITES if name != "ecdsa-sd-2023"]
    for number, suite in enumerate(suites, start=3):
        kind = KeyType.P384 if suite.startswith("ecdsa-r") else KeyType.P256
        kind = KeyType.ED25519 if suite.startswith("eddsa") else kind
        document = add_proof(document, signer=signer(number, kind), created=NOW, suite=suite)
    by_others = verify(document, resolver=Documents(), now=NOW)
    assert by_others.check("proof").code is CheckCode.PROOF_VALID
    assert by_others.check("issuer").code is CheckCode.ISSUER_NOT_BOUND
    document = add_proof(document, signer=issuer(), created=NOW)
    for order in (document["proof"], document["proof"][::-1], document["proof"][-1:]):
        ordered = {**document, "proof": order}
        assert verify(ordered, resolver=Documents(), now=NOW).verified is True
    for place in range(len(document["proof"])):
        broken = [dict(proof) for proof in document["proof"]]
        broken[place]["created"] = "2020-01-01T00:00:00Z"
        assert code({**document, "proof": broken}) is CheckCode.PROOF_INVALID


def test_circles_are_refused() -> None:
    document = chain()
    first, second, _ = document["proof"]
    for left in (
        [{**first, "previousProof": SECOND}, second],
        [{**first, "previousProof": FIRST}],
    ):
        check = checked({**document, "proof": left})
        assert check.code is CheckCode.PROOF_INVALID
        assert "circle" in check.data["reason"]


def test_a_link_onto_a_foreign_kind_of_proof_leaves_the_result_open() -> None:
    document = chain()
    first, second, _ = document["proof"]
    foreign = {**first, "cryptosuite": "other-2030"}
    check = checked({**document, "proof": [foreign, second]})
    assert check.outcome is Outcome.COULD_NOT_BE_CHECKED


def test_adding_says_what_is_wrong() -> None:
    document = chain()
    with pytest.raises(ProofError, match="another proof has it"):
        add_proof(document, signer=issuer(), created=NOW, proof_id=FIRST)
    with pytest.raises(ProofError, match="is missing"):
        add_proof(document, signer=issuer(), created=NOW, previous_proof="urn:none")
    with pytest.raises(ProofError, match="purpose"):
        add_proof(document, signer=issuer(), created=NOW, purpose="keyAgreement")
    full = {**document, "proof": document["proof"][:1] * 8}
    with pytest.raises(ProofError, match="it may have 8"):
        add_proof(full, signer=issuer(), created=NOW)


def test_domain_and_challenge_and_purpose_are_the_verifiers() -> None:
    document = add_proof(
        badge(),
        signer=issuer(),
        created=NOW,
        purpose="authentication",
        domain=["works.example", "https://works.example"],
        challenge="1235abcd6789",
        nonce="once",
    )
    domains = frozenset({"https://works.example", "works.example"})
    terms = ProofTerms(purpose="authentication", domains=domains, challenge="1235abcd6789")
    assert checked(document, terms).code is CheckCode.PROOF_VALID
    authentication = ProofTerms(purpose="authentication")
    for other, code in (
        (ProofTerms(), CheckCode.PROOF_WRONG_PURPOSE),
        (replace(authentication, challenge="another"), CheckCode.PROOF_WRONG_CHALLENGE),
        (
            replace(authentication, domains=frozenset({"works.example"})),
            CheckCode.PROOF_WRONG_DOMAIN,
        ),
        (
            replace(authentication, domains=frozenset({"evil.example"})),
            CheckCode.PROOF_WRONG_DOMAIN,
        ),
    ):
        assert checked(document, other).code is code
    for member, code in (
        ("domain", CheckCode.PROOF_WRONG_DOMAIN),
        ("challenge", CheckCode.PROOF_WRONG_CHALLENGE),
        ("nonce", CheckCode.PROOF_INVALID),
    ):
        proof = {key: part for key, part in document["proof"].items() if key != member}
        left = {**document, "proof": proof}
        assert checked(left, terms).code is code
        named = {**document, "proof": {**document["proof"], member: [{}]}}
        assert checked(named, terms).code is code
