"""Whether the Data Integrity proofs of a document hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from guildmark.credentials.errors import (
    CredentialError,
    IdentifierError,
    NotAvailableError,
    ProofError,
    UnknownContextError,
)
from guildmark.credentials.identifiers.keys import PublicKey
from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment
from guildmark.credentials.proofs import ecdsa_sd_2023
from guildmark.credentials.proofs.chains import (
    MAX_PROOFS,
    previous_proofs,
    proofs_of,
    require_no_circle,
)
from guildmark.credentials.proofs.jose.jws import AlgorithmError
from guildmark.credentials.proofs.registry import Checker, suite_of
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.issuer import Methods
from guildmark.credentials.verification.keys import NOBODY, find_key
from guildmark.credentials.verification.report import Check, CheckCode, failed, passed, unknown
from guildmark.credentials.verification.resolver import Resolver

_MAX_DOMAINS = 20

Proven = set[tuple[int, PublicKey]]
"""Which proofs of one document hold with which keys: true for ever, whosever the keys are."""


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

VALID = passed(
    CheckCode.PROOF_VALID, "The signature holds: nothing was changed since it was signed."
)
_MESSAGES = {
    CheckCode.PROOF_ALGORITHM_REFUSED: (
        "It names a way of signing that its key does not have, or that proves nothing."
    ),
    CheckCode.PROOF_CLAIMS_CONTRADICT: "The signature holds, but what was signed says two things.",
    CheckCode.PROOF_WRONG_PURPOSE: "The signature was made for another purpose.",
    CheckCode.PROOF_WRONG_KEY: "The key that it names may not be used for this.",
    CheckCode.PROOF_WRONG_DOMAIN: "The signature was made for somebody else to see.",
    CheckCode.PROOF_WRONG_CHALLENGE: "The signature was not made for this occasion.",
    CheckCode.PROOF_EXPIRED: "The signature's own time has run out.",
    CheckCode.PROOF_INVALID: (
        "The signature does not hold: the content was changed or signed by another key."
    ),
}


class RefusedProofError(ProofError):
    """A proof that is not to be taken, with the code for it."""

    def __init__(self, code: CheckCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_proof(
    document: Json,
    unsecured: Unsecured,
    resolver: Resolver,
    now: dt.datetime,
    terms: ProofTerms = FOR_CREDENTIALS,
    proven: Proven | None = None,
) -> tuple[Check, Methods]:
    """Data Integrity 1.0, sections 4.4 and 4.5: each proof of a suite known here must hold.

    A proof of another suite beside one that holds proves nothing and takes nothing away, and
    `data` names it; but a proof of a chain holds only together with those it names. With the
    check come the methods of the proofs that hold. `proven` is taken for proven, and added to.
    """
    if document.get("proof") is None:
        return failed(CheckCode.PROOF_MISSING, "The document is not signed."), ()
    proofs = proofs_of(document)
    known = _known(proofs)
    if not known:
        message = "It is signed in a way that this verifier does not know."
        data = {"unsupported": _names(proofs)} if proofs else {}
        return unknown(CheckCode.PROOF_UNSUPPORTED, message, **data), ()
    methods = []
    try:
        chained = [previous_proofs(part, proofs) for _, _, part in known]
        if any(suite_of(part) is None for previous in chained for part in previous):
            message = "It builds on a signature of a kind that this verifier does not know."
            return unknown(CheckCode.PROOF_UNSUPPORTED, message), ()
        if any(chained):
            require_no_circle([part for _, _, part in known])
        for (place, suite, part), previous in zip(known, chained, strict=True):
            created = _require_proof_terms(part, now, terms)
            method = find_key(part["verificationMethod"], resolver, terms.purpose)
            require_valid(method, created, now)
            if proven is None or (place, method.public_key) not in proven:
                secured = unsecured.with_proofs(previous) if previous else unsecured
                suite.check(secured, part, method.public_key)
                if proven is not None:
                    proven.add((place, method.public_key))
            methods.append(method)
    except UnknownContextError as error:
        message = "What was signed cannot be known, so the signature was not checked."
        return unknown(CheckCode.PROOF_UNSUPPORTED, message, reason=str(error)), ()
    except CredentialError as error:
        return refused(error), ()
    return held(methods, proofs, known), methods


def is_derived(document: Json) -> bool:
    """Whether a proof is of a suite with which holders show parts of a document."""
    proof = document.get("proof")
    return any(
        isinstance(part, dict) and part.get("cryptosuite") == ecdsa_sd_2023.NAME
        for part in (proof if isinstance(proof, list) else (proof,))
    )


def held(methods: Methods, proofs: list[Any], known: list[Any]) -> Check:
    """The check of proofs that all hold."""
    data: Json = {}
    if len(proofs) > 1:
        # What was taken out of a set leaves no trace, so the report tells who is left in it.
        data["signedWith"] = [method.id[:500] for method in methods]
    if len(known) < len(proofs):
        data["unsupported"] = _names(part for part in proofs if suite_of(part) is None)
    if all(method.controller == NOBODY for method in methods):
        return own_key(**data)
    return passed(VALID.code, VALID.message, **data) if data else VALID


def own_key(**data: Any) -> Check:
    """The check of a signature that holds with a key that came along with it."""
    message = "The signature holds with a key that came along with it; whose that is, is open."
    return passed(CheckCode.PROOF_VALID_WITH_OWN_KEY, message, **data)


def refused(error: CredentialError) -> Check:
    """The check of a proof that does not hold, or whose key is not to be had."""
    if isinstance(error, NotAvailableError):
        message = "The signer's public key could not be had, so the signature was not checked."
        return unknown(CheckCode.PROOF_KEY_UNAVAILABLE, message, reason=str(error))
    code = CheckCode.PROOF_INVALID
    if isinstance(error, RefusedProofError):
        code = error.code
    elif isinstance(error, AlgorithmError):
        code = CheckCode.PROOF_ALGORITHM_REFUSED
    elif isinstance(error, IdentifierError):
        code = CheckCode.PROOF_WRONG_KEY
    return failed(code, _MESSAGES[code], reason=str(error))


def require_valid(method: Any, created: dt.datetime | None, now: dt.datetime) -> None:
    """Raise RefusedProofError where the key's time was over, or it has been revoked."""
    try:
        method.require_valid(created, now)
    except ProofError as error:
        raise RefusedProofError(CheckCode.PROOF_WRONG_KEY, str(error)) from error


def _known(proofs: list[Any]) -> list[tuple[int, Checker, Json]]:
    """The proofs of known suites with their places; none where the set is too large."""
    if len(proofs) > MAX_PROOFS:
        return []
    return [
        (place, suite, part)
        for place, part in enumerate(proofs)
        if (suite := suite_of(part)) is not None
    ]


def _names(proofs: Any) -> list[str]:
    """How the proofs name their suites."""
    return [
        str(part.get("cryptosuite", part.get("type")))[:120]
        for part in list(proofs)[:MAX_PROOFS]
        if isinstance(part, dict)
    ]


def _require_proof_terms(proof: Json, now: dt.datetime, terms: ProofTerms) -> dt.datetime | None:
    """Data Integrity 1.0, section 4.4: purpose, method, domain, challenge and times.

    Gives the time at which the proof says that it was made.
    """
    if proof.get("proofPurpose") != terms.purpose:
        raise RefusedProofError(
            CheckCode.PROOF_WRONG_PURPOSE, f"proofPurpose is not {terms.purpose}"
        )
    if terms.domains is not None:
        named = proof.get("domain")
        named = named if isinstance(named, list) else [named]
        if len(named) > _MAX_DOMAINS or not all(isinstance(name, str) for name in named):
            raise RefusedProofError(CheckCode.PROOF_WRONG_DOMAIN, "the proof names no domain")
        if set(named) != terms.domains:
            message = "the proof was made for another domain"
            raise RefusedProofError(CheckCode.PROOF_WRONG_DOMAIN, message)
    if terms.challenge is not None and proof.get("challenge") != terms.challenge:
        message = "the proof does not repeat the challenge"
        raise RefusedProofError(CheckCode.PROOF_WRONG_CHALLENGE, message)
    if not isinstance(proof.get("verificationMethod"), str):
        raise ProofError("verificationMethod is not an identifier")
    created = None
    if "created" in proof:
        created = moment(proof["created"])
        if created is None:
            raise ProofError("created is not a time with its zone")
    if "expires" in proof:
        expires = moment(proof["expires"])
        if expires is None or expires <= now:
            message = "the proof has expired or its expiry cannot be read"
            raise RefusedProofError(CheckCode.PROOF_EXPIRED, message)
    return created
