"""Whether the signature holds, and whether it is the issuer's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guildmark.credentials.errors import (
    CredentialError,
    IdentifierError,
    NotAvailableError,
    ProofError,
    UnknownContextError,
)
from guildmark.credentials.identifiers.controllers import find_method
from guildmark.credentials.identifiers.did import VerificationMethod, method_within
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.model.times import moment
from guildmark.credentials.proofs.chains import (
    MAX_PROOFS,
    previous_proofs,
    proofs_of,
    require_no_circle,
)
from guildmark.credentials.proofs.registry import Checker, suite_of
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.report import Check, CheckCode, Outcome
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.structure import issuer_id

_MAX_DOMAINS = 20

Methods = Sequence[VerificationMethod]


@dataclass(frozen=True, kw_only=True)
class ProofTerms:
    """What a verifier asks of each proof beside the signature (Data Integrity 1.0, section 4.4).

    `domains` are all those that the proof must name, `challenge` the one it must repeat; None
    asks nothing.
    """

    purpose: str = "assertionMethod"
    domains: frozenset[str] | None = None
    challenge: str | None = None


FOR_CREDENTIALS = ProofTerms()


def check_proof(
    document: Json,
    unsecured: Unsecured,
    resolver: Resolver,
    now: dt.datetime,
    terms: ProofTerms = FOR_CREDENTIALS,
) -> tuple[Check, Methods]:
    """Data Integrity 1.0, sections 4.4 and 4.5: each proof of a suite known here must hold.

    A proof of another suite beside one that holds proves nothing and takes nothing away; but a
    proof of a chain holds only together with those it names. With the check come the methods of
    the proofs that hold.
    """
    if document.get("proof") is None:
        missing = "The document is not signed."
        return _proof(Outcome.FAILED, CheckCode.PROOF_MISSING, missing), ()
    proofs = proofs_of(document)
    known = _known(proofs)
    if not known:
        message = "It is signed in a way that this verifier does not know."
        return _proof(Outcome.COULD_NOT_BE_CHECKED, CheckCode.PROOF_UNSUPPORTED, message), ()
    methods = []
    try:
        chained = [previous_proofs(part, proofs) for _, part in known]
        if any(suite_of(part) is None for previous in chained for part in previous):
            message = "It builds on a signature of a kind that this verifier does not know."
            code = CheckCode.PROOF_UNSUPPORTED
            return _proof(Outcome.COULD_NOT_BE_CHECKED, code, message), ()
        require_no_circle([part for _, part in known])
        for (suite, part), previous in zip(known, chained, strict=True):
            _require_proof_terms(part, now, terms)
            method = find_signing_method(str(part["verificationMethod"]), resolver, terms.purpose)
            method.require_valid(moment(part.get("created")), now)
            secured = unsecured.with_proofs(previous) if previous else unsecured
            suite.check(secured, part, method.public_key)
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


def find_signing_method(
    method_id: str, resolver: Resolver, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """Controlled Identifiers 1.0, section 3.3 (retrieve verification method).

    Raises IdentifierError where the controller's document does not have it for that purpose, and
    what the resolver raises. Whether it was valid at a time is asked from the method.
    """
    within = method_within(method_id, purpose)
    if within is not None:
        return within
    controller = method_id.partition("#")[0]
    document = resolver.resolve(controller)
    check_bounds(document)
    if document.get("id") != controller:
        raise IdentifierError(f"the document of {controller[:160]!r} is about another identifier")
    method = find_method(document, method_id, purpose)
    # Anybody can publish a document that names somebody else as the controller of a key.
    if method.controller != controller:
        raise IdentifierError(
            f"{method_id[:160]!r} says that {method.controller[:160]!r} controls it, "
            "but it stands in another's document"
        )
    return method


def _known(proofs: list[Any]) -> list[tuple[Checker, Json]]:
    """The proofs of known suites; none where the set is too large."""
    if len(proofs) > MAX_PROOFS:
        return []
    return [(suite, part) for part in proofs if (suite := suite_of(part)) is not None]


def _require_proof_terms(proof: Json, now: dt.datetime, terms: ProofTerms) -> None:
    """Data Integrity 1.0, section 4.4: purpose, method, domain, challenge and times."""
    if proof.get("proofPurpose") != terms.purpose:
        raise ProofError(f"proofPurpose is not {terms.purpose}")
    if terms.domains is not None:
        named = proof.get("domain")
        named = named if isinstance(named, list) else [named]
        if len(named) > _MAX_DOMAINS or not all(isinstance(name, str) for name in named):
            raise ProofError("the proof names no domain")
        if set(named) != terms.domains:
            raise ProofError("the proof was made for another domain")
    if terms.challenge is not None and proof.get("challenge") != terms.challenge:
        raise ProofError("the proof does not repeat the challenge")
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
