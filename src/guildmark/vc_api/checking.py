"""The library's checks of credentials and presentations, as the operations ask for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from guildmark.credentials import Check, CheckCode, Outcome, Report, Resolver, verify
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.signature import ProofTerms, check_proof

MAX_CREDENTIALS = 32


@dataclass(frozen=True, kw_only=True)
class Presented:
    """The checks of a presentation itself, and the report of each credential in it."""

    checks: tuple[Check, ...]
    credentials: tuple[Report, ...]

    @property
    def verified(self) -> bool:
        """Whether everything that applies passed."""
        bad = (Outcome.FAILED, Outcome.COULD_NOT_BE_CHECKED)
        return not any(one.outcome in bad for one in self.checks) and all(
            report.verified is True for report in self.credentials
        )


def check_credential(credential: Json | str, resolver: Resolver, now: dt.datetime) -> Report:
    """The report on a credential, enveloped or not."""
    return verify(credential, resolver=resolver, now=now)


def check_presentation(
    presentation: Json,
    resolver: Resolver,
    now: dt.datetime,
    *,
    challenge: str | None,
    domain: str | None,
    signed: bool = True,
) -> Presented:
    """The report on a presentation with a Data Integrity proof; with `signed` false on one that
    is not meant to have any."""
    checks = [_structure(presentation)]
    if signed and checks[0].outcome is Outcome.PASSED:
        terms = ProofTerms(
            purpose="authentication",
            domains=None if domain is None else frozenset({domain}),
            challenge=challenge,
        )
        proof, methods = check_proof(presentation, Unsecured.of(presentation), resolver, now, terms)
        holder = _identifier(presentation.get("holder"))
        checks.append(proof)
        if holder is not None and methods and holder not in {one.controller for one in methods}:
            checks.append(
                Check(
                    check="proof",
                    outcome=Outcome.FAILED,
                    code=CheckCode.PROOF_INVALID,
                    message="It was signed by somebody other than the holder it names.",
                )
            )
    given = _credentials(presentation)[:MAX_CREDENTIALS]
    reports = tuple(check_credential(one, resolver, now) for one in given)
    return Presented(checks=tuple(checks), credentials=reports)


def _structure(presentation: Json) -> Check:
    types = presentation.get("type")
    types = types if isinstance(types, list) else [types]
    given = _credentials(presentation)
    reason = ""
    if "VerifiablePresentation" not in types:
        reason = "type does not include VerifiablePresentation"
    elif len(given) > MAX_CREDENTIALS:
        reason = f"it holds over {MAX_CREDENTIALS} credentials"
    elif not all(isinstance(one, dict) for one in given):
        reason = "verifiableCredential holds something other than credentials"
    elif "holder" in presentation and ":" not in str(_identifier(presentation["holder"])):
        reason = "holder is not an identifier"
    return Check(
        check="structure",
        outcome=Outcome.FAILED if reason else Outcome.PASSED,
        code=CheckCode.STRUCTURE_INVALID if reason else CheckCode.STRUCTURE_OK,
        message="This is not a valid presentation." if reason else "It has a presentation's form.",
        data={"reason": reason} if reason else {},
    )


def _credentials(presentation: Json) -> list[Any]:
    given = presentation.get("verifiableCredential", [])
    return given if isinstance(given, list) else [given]


def _identifier(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else None
