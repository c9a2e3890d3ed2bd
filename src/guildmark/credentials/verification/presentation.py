"""Verifying a presentation: the holder's proof, and each credential in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from guildmark.credentials.errors import (
    CarrierError,
    CredentialError,
    ProofError,
    UnreadableError,
)
from guildmark.credentials.model.data_model import self_asserted_problems
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose.sd_jwt import SecuredSdJwt
from guildmark.credentials.proofs.jose.secured import SecuredToken, identifier_of
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.context import check_context, check_context_of_token
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.issuer import Methods
from guildmark.credentials.verification.keys import NOBODY, is_key_of
from guildmark.credentials.verification.received import Received, receive
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    PresentationReport,
    Report,
    failed,
    passed,
    unknown,
)
from guildmark.credentials.verification.resolver import NO_DOCUMENTS, Resolver
from guildmark.credentials.verification.signature import (
    VALID,
    ProofTerms,
    RefusedProofError,
    check_proof,
    refused,
)
from guildmark.credentials.verification.structure import (
    check_presentation_structure,
    issuer_id,
)
from guildmark.credentials.verification.tokens import check_token
from guildmark.credentials.verification.trust import Trust
from guildmark.credentials.verification.verifier import Asked, examine, unreadable

PURPOSE = "authentication"
_NOTHING = Received(document={}, unsecured=Unsecured({}))
MAX_CREDENTIALS = 64
_NAMES = ("structure", "context", "proof", "holder", "dates")
_NOT_REACHED = {
    code.value.partition(".")[0]: unknown(
        code, "Not checked, because this is not a presentation that can be read."
    )
    for code in (
        CheckCode.STRUCTURE_INVALID,
        CheckCode.CONTEXT_NOT_PROTECTED,
        CheckCode.PROOF_UNSUPPORTED,
        CheckCode.HOLDER_UNAVAILABLE,
        CheckCode.DATES_INVALID,
    )
}


def verify_presentation(
    presentation: Json | bytes | str,
    *,
    now: dt.datetime,
    resolver: Resolver = NO_DOCUMENTS,
    challenge: str | None = None,
    domain: str | None = None,
    trust: Trust | None = None,
) -> PresentationReport:
    """Check a presentation: structure, context, the holder's proof, holder, dates; and verify each
    credential in it as `verify` does (Verifiable Credentials 2.0, sections 4.13 and 7.1).

    `presentation` is what `verify` takes: a verifiable presentation as JSON or in a token, or an
    SD-JWT with the holder's key binding, whose one credential it is. `challenge` and `domain` are
    what the verifier gave the holder for this occasion; the proof must repeat them (in tokens as
    `nonce` and `aud`). Without a challenge a presentation of another day may be shown again.
    Never raises for what the presentation holds.
    """
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()}: give it a time zone")
    asked = Asked(resolver=resolver, now=now, trust=trust)
    try:
        received = receive(presentation)
    except ProofError as error:
        return _report(_NOTHING, [refused(error)], ())
    except (UnreadableError, CarrierError) as error:
        return _report(_NOTHING, [unreadable(error)], ())
    token, document = received.token, received.document
    if isinstance(token, SecuredSdJwt) and "verifiableCredential" not in document:
        return _key_binding(received, token, asked, challenge, domain)
    structure = check_presentation_structure(document)
    entries = _entries(document)
    if structure.outcome is Outcome.FAILED or len(entries) > MAX_CREDENTIALS:
        if structure.outcome is not Outcome.FAILED:
            message = f"It holds over {MAX_CREDENTIALS} credentials."
            structure = failed(CheckCode.STRUCTURE_INVALID, message)
        return _report(received, [structure], ())
    unsecured = received.unsecured
    if token is not None:
        context = check_context_of_token(unsecured)
        proof, methods = _check_token(token, asked, challenge, domain)
    else:
        context = check_context(unsecured)
        terms = ProofTerms(
            purpose=PURPOSE,
            domains=None if domain is None else frozenset({domain}),
            challenge=challenge,
        )
        proof, methods = check_proof(document, unsecured, resolver, now, terms)
    holder = _check_holder(document, methods, proof, asked)
    dates = check_dates({}, now, token)
    checks = [structure, context, proof, holder, dates]
    is_held = holder.outcome is Outcome.PASSED and not self_asserted_problems(document)
    reports = [_credential(entry, document, is_held, asked) for entry in entries]
    return _report(received, checks, reports)


def _check_token(
    token: SecuredToken, asked: Asked, challenge: str | None, domain: str | None
) -> tuple[Check, Methods]:
    """VC-JOSE-COSE, section 3.1.2; `nonce` and `aud` are what OpenID4VP and VC 1.1 put there."""
    audience = token.claims.get("aud")
    if challenge is not None and token.claims.get("nonce") != challenge:
        message = "the token's nonce is not the challenge"
        return refused(RefusedProofError(CheckCode.PROOF_WRONG_CHALLENGE, message)), ()
    if domain is not None and domain not in (
        audience if isinstance(audience, list) else [audience]
    ):
        message = "the token's aud is not the domain"
        return refused(RefusedProofError(CheckCode.PROOF_WRONG_DOMAIN, message)), ()
    return check_token(token, asked.resolver, asked.now, PURPOSE)


def _check_holder(document: Json, methods: Methods, proof: Check, asked: Asked) -> Check:
    """Verifiable Credentials 2.0, section 4.13: the key is the holder's, where one is named."""
    holder = identifier_of(document.get("holder"))
    data: dict[str, Any] = {"holder": holder}
    if not methods:
        message = "Nothing shows that its holder made it."
        if proof.outcome is Outcome.FAILED:
            return failed(CheckCode.HOLDER_NOT_BOUND, message, **data)
        return unknown(CheckCode.HOLDER_UNAVAILABLE, message, **data)
    controllers = [method.controller for method in methods]
    if holder is None and controllers[0] != NOBODY:
        message = "The key that signed it tells who holds it."
        return passed(CheckCode.HOLDER_BOUND, message, holder=controllers[0])
    if holder in controllers:
        return passed(CheckCode.HOLDER_BOUND, "The key belongs to the named holder.", **data)
    answers = [
        is_key_of(method, holder, asked.resolver, None, asked.now, PURPOSE)
        for method in methods
        if holder is not None and method.controller == NOBODY
    ]
    if True in answers:
        return passed(CheckCode.HOLDER_BOUND, "The named holder lists the key.", **data)
    if holder is None or None in answers:
        message = "The key came along with it, and nothing shows whose it is."
        return unknown(CheckCode.HOLDER_UNAVAILABLE, message, **data)
    message = "It was signed by somebody other than the holder it names."
    return failed(CheckCode.HOLDER_NOT_BOUND, message, **data)


def _credential(entry: Any, presentation: Json, is_held: bool, asked: Asked) -> Report:
    """The report of one credential. The holder's own, without a proof of its own, has that of the
    presentation (Verifiable Credentials 2.0, section 4.13.3)."""
    report = examine(entry, asked)
    own = isinstance(entry, dict) and report.check("proof").code is CheckCode.PROOF_MISSING
    if not own or not is_held or issuer_id(entry) != identifier_of(presentation.get("holder")):
        return report
    message = "Its holder, who issued it, signed it with the presentation."
    held = {
        "proof": passed(CheckCode.PROOF_OF_PRESENTATION, message),
        "issuer": passed(CheckCode.ISSUER_BOUND, message, issuer=report.issuer),
    }
    checks = tuple(held.get(check.check, check) for check in report.checks)
    return replace(report, checks=checks, secured_by="presentation")


def _key_binding(
    received: Received,
    token: SecuredSdJwt,
    asked: Asked,
    challenge: str | None,
    domain: str | None,
) -> PresentationReport:
    """An SD-JWT with the holder's key binding (RFC 9901, section 7.3)."""
    report = examine(received.text, asked)
    if challenge is None or domain is None:
        message = "Whether the holder showed it here is open: no challenge and domain were given."
        proof = unknown(CheckCode.PROOF_WRONG_CHALLENGE, message)
        holder = unknown(CheckCode.HOLDER_UNAVAILABLE, message)
    else:
        try:
            token.sd_jwt.check_binding(nonce=challenge, audience=domain, now=asked.now)
            proof = VALID
            holder = passed(CheckCode.HOLDER_BOUND, "The holder signed it with the key it names.")
        except CredentialError as error:
            proof = refused(error)
            message = "Nothing shows that its holder showed it here."
            holder = failed(CheckCode.HOLDER_NOT_BOUND, message)
    checks = [report.check("structure"), report.check("context"), proof, holder]
    return _report(received, [*checks, report.check("dates")], (report,))


def _entries(document: Json) -> list[Any]:
    entries = document.get("verifiableCredential", [])
    return entries if isinstance(entries, list) else [entries]


def _report(received: Received, checks: list[Check], credentials: Any) -> PresentationReport:
    made = {**_NOT_REACHED, **{check.check: check for check in checks}}
    token, document = received.token, received.document
    signed = "data-integrity" if document.get("proof") else None
    return PresentationReport(
        checks=tuple(made[name] for name in _NAMES),
        credentials=tuple(credentials),
        holder=identifier_of(document.get("holder")),
        secured_by=token.format.value if token is not None else signed,
        carrier=received.carrier,
        document=document,
    )
