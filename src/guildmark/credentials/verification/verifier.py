"""The checks of a credential, in order, whatever it is and however it is secured.

Fails closed: what cannot be checked is never reported as passed. Nothing is fetched: the caller's
resolver gives DID documents and status lists, the caller gives the time.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from guildmark.credentials.errors import (
    CarrierError,
    CredentialError,
    NotAvailableError,
    ProofError,
    UnreadableError,
)
from guildmark.credentials.jsonld.shapes import Form
from guildmark.credentials.model.openbadges2 import is_of_open_badges_2
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.proofs.jose.sd_jwt import SecuredSdJwt
from guildmark.credentials.proofs.jose.secured import SecuredToken, TokenFormat
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification import embedded, openbadges2
from guildmark.credentials.verification.context import (
    NO_CONTEXT,
    check_context,
    check_context_of_token,
)
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.forms import form_of
from guildmark.credentials.verification.issuer import Methods, check_issuer
from guildmark.credentials.verification.received import Received, receive
from guildmark.credentials.verification.refresh import (
    NO_REFRESH,
    ask_for_newer,
    check_refresh,
    is_due,
)
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    Report,
    failed,
    unknown,
)
from guildmark.credentials.verification.resolver import NO_DOCUMENTS, Resolver
from guildmark.credentials.verification.resources import check_resources
from guildmark.credentials.verification.schema import NO_SCHEMA, check_schema
from guildmark.credentials.verification.signature import check_proof, is_derived, refused
from guildmark.credentials.verification.status import check_status
from guildmark.credentials.verification.structure import (
    check_claims_structure,
    check_structure,
    issuer_id,
)
from guildmark.credentials.verification.token_status import check_status_claim
from guildmark.credentials.verification.tokens import check_token
from guildmark.credentials.verification.trust import Expected, Trust, check_expected, check_trust
from guildmark.credentials.verification.type_metadata import check_type

_MAY_BE_LEFT_OUT = frozenset({"schema", "status", "refresh", "endorsements"})
_OPEN_BADGES_3 = ("OpenBadgeCredential", "AchievementCredential", "EndorsementCredential")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the caller gave for the checks; `left` counts the embedded credentials to come."""

    resolver: Resolver
    now: dt.datetime
    trust: Trust | None = None
    expected: Expected | None = None
    left_out: Collection[str] = ()
    refresh: bool = False
    depth: int = 0
    left: list[int] = field(default_factory=lambda: [embedded.MAX_EMBEDDED])


def verify(
    credential: Json | bytes | str,
    *,
    now: dt.datetime,
    resolver: Resolver = NO_DOCUMENTS,
    trust: Trust | None = None,
    expected: Expected | None = None,
    leave_out: Collection[str] = (),
    refresh: bool = False,
) -> Report:
    """Check a credential: structure, context, schema, proof, issuer, dates, status, refresh,
    endorsements; in a learner record also its credentials (Verifiable Credentials 2.0, section 7;
    Open Badges 3.0, section "Verification and Validation").

    `credential` is the parsed object, or the text or bytes of JSON, a token (VC-JWT, JOSE, COSE,
    SD-JWT), a PNG, SVG or PDF that carries one, or an Open Badge 2.0. `now` must know its time
    zone; `resolver` answers for other people's documents, and without one there are none. With
    `trust` a check of that name follows, with `expected` one of that name; without them the report
    is silent on both, and on what `leave_out` names of schema, status, refresh and endorsements,
    for callers who look after that elsewhere. The issuer's newer version is asked for where this
    one has expired, and with `refresh` always; it gets a report of its own. Never raises for what
    the credential holds: everything ends in the report. Raises ValueError for a `now` without a
    zone, and for another name to leave out.
    """
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()}: give it a time zone")
    if leave_out and (others := set(leave_out) - _MAY_BE_LEFT_OUT):
        raise ValueError(
            f"leave_out is {sorted(others)}: give some of {', '.join(sorted(_MAY_BE_LEFT_OUT))}"
        )
    asked = Asked(
        resolver=resolver,
        now=now,
        trust=trust,
        expected=expected,
        left_out=leave_out,
        refresh=refresh,
    )
    return examine(credential, asked)


def examine(credential: Json | bytes | str, asked: Asked) -> Report:
    """The report on what was handed in, under what was asked."""
    try:
        received = receive(credential)
    except ProofError as error:
        return _report({}, [refused(error)], asked)
    except (UnreadableError, CarrierError) as error:
        return _report({}, [unreadable(error)], asked)
    if received.address is not None:
        try:
            document = asked.resolver.resolve(received.address)
            check_bounds(document)
        except (NotAvailableError, UnreadableError) as error:
            message = f"What it refers to could not be had: {error}."
            report = _report({}, [unknown(CheckCode.ISSUER_UNAVAILABLE, message)], asked)
            return replace(report, carrier=received.carrier)
        received = received._replace(document=document, unsecured=Unsecured.of(document))
    if is_of_open_badges_2(received.document) or received.address is not None:
        return _openbadges2(received, asked)
    if received.token is not None:
        return _of_token(received, received.token, asked)
    return _of_document(received, asked)


def _of_document(received: Received, asked: Asked) -> Report:
    document = received.document
    secured_by = "data-integrity" if document.get("proof") else None
    form = form_of(document, received.unsecured)
    structure = check_structure(document, form)
    if structure.outcome is Outcome.FAILED:
        return _report(document, [structure], asked, secured_by, received.carrier)
    unsecured = received.unsecured
    context = check_context(unsecured)
    checks = [structure, context]
    if "schema" not in asked.left_out:
        checks.append(check_schema(document, is_part=is_derived(document)))
    proof, methods = check_proof(document, unsecured, asked.resolver, asked.now)
    checks += (proof, *_of_both(document, methods, proof, asked, form))
    return _report(document, checks, asked, secured_by, received.carrier)


def _of_token(received: Received, token: SecuredToken, asked: Asked) -> Report:
    document, secured_by = token.document, token.format.value
    if token.format is TokenFormat.SD_JWT_VC:
        return _of_claims(received, token, asked)
    unsecured = received.unsecured
    form = form_of(document, unsecured)
    structure = check_structure(document, form)
    if structure.outcome is Outcome.FAILED:
        return _report(document, [structure], asked, secured_by, received.carrier)
    checks = [structure, check_context_of_token(unsecured)]
    if "schema" not in asked.left_out:
        checks.append(check_schema(document, is_part=token.format is TokenFormat.VC_SD_JWT))
    proof, methods = check_token(token, asked.resolver, asked.now)
    if "proof" in document and proof.outcome is Outcome.PASSED:
        # It was there before, and was signed as well: it has to hold too.
        inner, _ = check_proof(document, unsecured, asked.resolver, asked.now)
        proof = inner if inner.outcome is Outcome.FAILED else proof
    checks += (proof, *_of_both(document, methods, proof, asked, form, token))
    return _report(document, checks, asked, secured_by, received.carrier)


def _of_both(
    document: Json,
    methods: Methods,
    proof: Check,
    asked: Asked,
    form: Form | None = None,
    token: SecuredToken | None = None,
) -> list[Check]:
    """The checks from the issuer on."""
    resolver, now = asked.resolver, asked.now
    claimed = None
    if token is not None and "status" in token.claims and "status" not in asked.left_out:
        claimed = check_status_claim(token, proof, resolver, now)
    examine_embedded = functools.partial(_examine_embedded, asked)
    checks = [
        check_issuer(document, issuer_id(document), methods, proof, resolver, now),
        check_dates(document, now, token),
    ]
    if "status" not in asked.left_out:
        checks.append(check_status(document, resolver, now, claimed=claimed))
    if "refresh" not in asked.left_out:
        checks.append(_refresh(document, [proof, *checks], asked))
    if "endorsements" not in asked.left_out:
        checks.append(embedded.check_endorsements(document, examine_embedded, form))
    if (resources := check_resources(document, resolver)) is not None:
        checks.append(resources)
    if _format(document) == "clr-2.0":
        checks.append(embedded.check_entries(document, examine_embedded))
    if asked.trust is not None:
        checks.append(check_trust(document, issuer_id(document), asked.trust))
    if asked.expected is not None:
        checks.append(check_expected(document, asked.expected))
    return checks


def _refresh(document: Json, checks: list[Check], asked: Asked) -> Check:
    """Once: a newer version, and what is embedded, is not refreshed itself."""
    if asked.depth or "refreshService" not in document:
        return check_refresh(document)
    if not is_due(checks, always=asked.refresh):
        return check_refresh(document)
    return ask_for_newer(document, asked.resolver, functools.partial(_examine_embedded, asked))


def _of_claims(received: Received, token: SecuredToken, asked: Asked) -> Report:
    """An SD-JWT VC: claims of a type, and no data model of the W3C's."""
    claims = {**token.document, **token.claims}
    resolver, now = asked.resolver, asked.now
    proof, methods = check_token(token, resolver, now)
    claimed = check_status_claim(token, proof, resolver, now) if "status" in token.claims else None
    made = [
        check_claims_structure(claims),
        NO_CONTEXT,
        check_type(token, proof, resolver) if isinstance(token, SecuredSdJwt) else NO_SCHEMA,
        proof,
        check_issuer({}, token.issuer, methods, proof, resolver, now),
        check_dates({}, now, token),
        check_status({}, resolver, now, claimed=claimed),
        NO_REFRESH,
        embedded.NO_ENDORSEMENTS,
    ]
    checks = [check for check in made if check.check not in asked.left_out]
    if asked.trust is not None:
        checks.append(check_trust(claims, token.issuer, asked.trust))
    if asked.expected is not None:
        checks.append(check_expected({"issuer": token.issuer}, asked.expected))
    report = _report(claims, checks, asked, token.format.value, received.carrier)
    return replace(report, format="sd-jwt-vc", issuer=token.issuer)


def _openbadges2(received: Received, asked: Asked) -> Report:
    signed = received.token is not None
    reading = openbadges2.verify_openbadges2(
        received.text if signed else received.document, resolver=asked.resolver, now=asked.now
    )
    report, document = reading.report, reading.assertion or received.document
    checks = list(report.checks)
    if asked.trust is not None:
        checks.append(check_trust(document, report.issuer, asked.trust))
    if asked.expected is not None:
        checks.append(openbadges2.check_expected(reading, asked.expected))
    return replace(report, checks=tuple(checks), carrier=received.carrier, document=document)


def _examine_embedded(asked: Asked, credential: Any) -> Report | None:
    """The report of an embedded credential; None where there are too many, or too deep."""
    if asked.depth >= embedded.MAX_DEPTH or asked.left[0] <= 0:
        return None
    asked.left[0] -= 1
    inner = replace(asked, depth=asked.depth + 1, trust=None, expected=None)
    if not isinstance(credential, dict | str):
        error = UnreadableError("it is neither an object nor a token")
        return _report({}, [unreadable(error)], inner)
    return examine(credential, inner)


def _format(document: Json) -> str:
    kinds = document.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "ClrCredential" in kinds:
        return "clr-2.0"
    if any(kind in kinds for kind in _OPEN_BADGES_3):
        return "open-badges-3.0"
    return "verifiable-credential" if document else "unknown"


def _report(
    document: Json,
    checks: list[Check],
    asked: Asked,
    secured_by: str | None = None,
    carrier: str = "json",
) -> Report:
    """The report, with the checks that were not reached."""

    def text(key: str) -> str | None:
        value = document.get(key)
        return value[:500] if isinstance(value, str) else None

    if len(checks) < len(NOT_REACHED) - len(asked.left_out):
        checks = _filled(checks, asked)
    return Report(
        checks=tuple(checks),
        issuer=issuer_id(document),
        name=text("name"),
        valid_from=text("validFrom") or text("issuanceDate"),
        valid_until=text("validUntil") or text("expirationDate"),
        format=_format(document),
        secured_by=secured_by,
        carrier=carrier,
        document=document,
    )


def unreadable(error: CredentialError) -> Check:
    """The check of what cannot be read at all."""
    message = f"This cannot be read: {error}."
    return failed(CheckCode.STRUCTURE_INVALID, message, reason=str(error))


NOT_REACHED: Mapping[str, Check] = MappingProxyType(
    {
        code.value.partition(".")[0]: unknown(
            code, "Not checked, because the document is not a credential that can be read."
        )
        for code in (
            CheckCode.STRUCTURE_INVALID,
            CheckCode.CONTEXT_NOT_PROTECTED,
            CheckCode.SCHEMA_NOT_MET,
            CheckCode.PROOF_UNSUPPORTED,
            CheckCode.ISSUER_UNAVAILABLE,
            CheckCode.DATES_INVALID,
            CheckCode.STATUS_UNAVAILABLE,
            CheckCode.REFRESH_NONE,
            CheckCode.ENDORSEMENTS_NOT_CHECKED,
        )
    }
)
_ALSO_NOT_REACHED = {
    name: unknown(code, next(iter(NOT_REACHED.values())).message)
    for name, code in (
        ("trust", CheckCode.TRUST_UNKNOWN),
        ("expected", CheckCode.EXPECTED_NOT_MET),
    )
}


def _filled(checks: list[Check], asked: Asked) -> list[Check]:
    made: dict[str, Any] = {**NOT_REACHED, **{check.check: check for check in checks}}
    for name in asked.left_out:
        made.pop(name, None)
    for name, wanted in (("trust", asked.trust), ("expected", asked.expected)):
        if wanted is not None:
            made.setdefault(name, _ALSO_NOT_REACHED[name])
    return list(made.values())
