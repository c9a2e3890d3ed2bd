"""Whether the signature holds, and whether it is the issuer's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from guildmark.credentials.errors import (
    CredentialError,
    IdentifierError,
    NotAvailableError,
    ProofError,
    UnknownContextError,
)
from guildmark.credentials.identifiers.did import VerificationMethod, did_key_method, find_method
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.proofs.registry import Cryptosuite, suite_of
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.report import Check, CheckCode, Outcome
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.structure import issuer_id, moment

_MAX_PROOFS = 4

Methods = Sequence[VerificationMethod]


def check_proof(
    document: Json, unsecured: Unsecured, resolver: Resolver, now: dt.datetime
) -> tuple[Check, Methods]:
    """Data Integrity 1.0, sections 4.4 and 4.5: each proof of a suite known here must hold.

    A proof of another suite beside one that holds proves nothing and takes nothing away. With
    the check come the methods of the proofs that hold.
    """
    proof = document.get("proof")
    if proof is None:
        missing = "The document is not signed."
        return _proof(Outcome.FAILED, CheckCode.PROOF_MISSING, missing), ()
    known = _known(proof)
    if not known:
        message = "It is signed in a way that this verifier does not know."
        return _proof(Outcome.COULD_NOT_BE_CHECKED, CheckCode.PROOF_UNSUPPORTED, message), ()
    methods = []
    try:
        for suite, part in known:
            _require_proof_terms(part, now)
            method = find_signing_method(str(part["verificationMethod"]), resolver)
            suite.check(unsecured, part, method.public_key)
            methods.append(method)
    except NotAvailableError as error:
        message = "The signer's public key could not be had, so the signature was not checked."
        code = CheckCode.PROOF_KEY_UNAVAILABLE
        return _proof(Outcome.COULD_NOT_BE_CHECKED, code, message, str(error)), ()
    except UnknownContextError as error:
        message = "What was signed cannot be known, so the signature was not checked."
        code = CheckCode.PROOF_UNSUPPORTED
        return _proof(Outcome.COULD_NOT_BE_CHECKED, code, message, str(error)), ()
    except CredentialError as error:
        message = "The signature does not hold: the content was changed or signed by another key."
        return _proof(Outcome.FAILED, CheckCode.PROOF_INVALID, message, str(error)), ()
    message = "The signature holds: nothing was changed since it was signed."
    return _proof(Outcome.PASSED, CheckCode.PROOF_VALID, message), methods


def check_issuer(document: Json, methods: Methods, proof: Check) -> Check:
    """Verifiable Credentials 2.0, section 4.7: a key that signed is the issuer's own."""
    issuer = issuer_id(document)
    data: dict[str, Any] = {"issuer": issuer}
    if not methods:
        failed = proof.outcome is Outcome.FAILED
        return Check(
            check="issuer",
            outcome=Outcome.FAILED if failed else Outcome.COULD_NOT_BE_CHECKED,
            code=CheckCode.ISSUER_NOT_BOUND if failed else CheckCode.ISSUER_UNAVAILABLE,
            message="Nothing shows that the named issuer signed this.",
            data=data,
        )
    for method in methods:
        if method.controller == issuer:
            return Check(
                check="issuer",
                outcome=Outcome.PASSED,
                code=CheckCode.ISSUER_BOUND,
                message="The key that signed it belongs to the named issuer.",
                data={**data, "verificationMethod": method.id},
            )
    return Check(
        check="issuer",
        outcome=Outcome.FAILED,
        code=CheckCode.ISSUER_NOT_BOUND,
        message="It was signed by somebody other than the issuer it names.",
        data={**data, "controller": methods[0].controller},
    )


def find_signing_method(method_id: str, resolver: Resolver) -> VerificationMethod:
    """Controlled Identifiers 1.0, section 3.3 (retrieve verification method)."""
    if method_id.startswith("did:key:"):
        return did_key_method(method_id)
    controller = method_id.partition("#")[0]
    document = resolver.resolve(controller)
    check_bounds(document)
    if document.get("id") != controller:
        raise IdentifierError(f"the document of {controller[:160]!r} is about another identifier")
    method = find_method(document, method_id)
    # Anybody can publish a document that names somebody else as the controller of a key.
    if method.controller != controller:
        raise IdentifierError(
            f"{method_id[:160]!r} says that {method.controller[:160]!r} controls it, "
            "but it stands in another's document"
        )
    return method


def _known(proof: Any) -> list[tuple[Cryptosuite, Json]]:
    """The proofs of known suites; none where the set is too large or makes a chain."""
    parts = proof if isinstance(proof, list) else [proof]
    if len(parts) > _MAX_PROOFS:
        return []
    known = [(suite, part) for part in parts if (suite := suite_of(part)) is not None]
    # A link of a chain also signs the links before it (section 4.5), which is not done here yet.
    return [] if any("previousProof" in part for _, part in known) else known


def _require_proof_terms(proof: Json, now: dt.datetime) -> None:
    """Data Integrity 1.0, section 4.4: purpose, method and times of the proof."""
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofError("proofPurpose is not assertionMethod")
    if not isinstance(proof.get("verificationMethod"), str):
        raise ProofError("verificationMethod is not an identifier")
    if "created" in proof and moment(proof["created"]) is None:
        raise ProofError("created is not a time with its zone")
    if "expires" in proof:
        expires = moment(proof["expires"])
        if expires is None or expires <= now:
            raise ProofError("the proof has expired or its expiry cannot be read")


def _proof(outcome: Outcome, code: CheckCode, message: str, reason: str = "") -> Check:
    return Check(
        check="proof",
        outcome=outcome,
        code=code,
        message=message,
        data={"reason": reason} if reason else {},
    )
