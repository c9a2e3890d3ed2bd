"""The checks of a credential signed with a Data Integrity proof, in order.

Fails closed: what cannot be checked is never reported as passed. Nothing is fetched: the caller's
resolver gives DID documents and status lists, the caller gives the time.
"""

from __future__ import annotations

import datetime as dt

from guildmark.credentials.errors import UnreadableError
from guildmark.credentials.model.reading import Json, check_bounds, read_json
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.content import check_content
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.report import Check, CheckCode, Outcome, Report
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.signature import check_issuer, check_proof
from guildmark.credentials.verification.status import check_status
from guildmark.credentials.verification.structure import check_structure, issuer_id
from guildmark.credentials.verification.trust import Expected, Trust, check_expected, check_trust


def verify(
    document: Json | bytes | str,
    *,
    resolver: Resolver,
    now: dt.datetime,
    trust: Trust | None = None,
    expected: Expected | None = None,
) -> Report:
    """Check a credential: structure, content, proof, issuer, dates, status.

    `document` is JSON text or the parsed object; `now` must know its time zone. With `trust` a
    check of that name follows, with `expected` one of that name; without them the report is
    silent on both. Never raises for what the document holds: everything ends in the report.
    """
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()}: give it a time zone")
    try:
        if isinstance(document, bytes | str):
            document = read_json(document)
        else:
            check_bounds(document)
    except UnreadableError as error:
        return _unreadable(str(error), trust, expected)
    structure = check_structure(document)
    if structure.outcome is Outcome.FAILED:
        return _report(document, [structure, *_not_reached(trust, expected)])
    unsecured = Unsecured.of(document)
    content = check_content(unsecured)
    proof, methods = check_proof(document, unsecured, resolver, now)
    checks = [
        structure,
        content,
        proof,
        check_issuer(document, methods, proof),
        check_dates(document, now),
        check_status(document, resolver, now),
    ]
    if trust is not None:
        checks.append(check_trust(document, trust))
    if expected is not None:
        checks.append(check_expected(document, expected))
    return _report(document, checks)


def _report(document: Json, checks: list[Check]) -> Report:
    def text(key: str) -> str | None:
        value = document.get(key)
        return value[:500] if isinstance(value, str) else None

    return Report(
        checks=tuple(checks),
        issuer=issuer_id(document),
        name=text("name"),
        valid_from=text("validFrom") or text("issuanceDate"),
        valid_until=text("validUntil") or text("expirationDate"),
    )


def _unreadable(message: str, trust: Trust | None, expected: Expected | None) -> Report:
    failed = Check(
        check="structure",
        outcome=Outcome.FAILED,
        code=CheckCode.STRUCTURE_INVALID,
        message=f"This cannot be read: {message}.",
        data={"reason": message},
    )
    return _report({}, [failed, *_not_reached(trust, expected)])


def _not_reached(trust: Trust | None, expected: Expected | None) -> list[Check]:
    codes = {
        "content": CheckCode.CONTENT_NOT_PROTECTED,
        "proof": CheckCode.PROOF_UNSUPPORTED,
        "issuer": CheckCode.ISSUER_UNAVAILABLE,
        "dates": CheckCode.DATES_INVALID,
        "status": CheckCode.STATUS_UNAVAILABLE,
    }
    if trust is not None:
        codes["trust"] = CheckCode.TRUST_UNKNOWN
    if expected is not None:
        codes["expected"] = CheckCode.EXPECTED_NOT_MET
    return [
        Check(
            check=name,
            outcome=Outcome.COULD_NOT_BE_CHECKED,
            code=code,
            message="Not checked, because the document is not a credential that can be read.",
        )
        for name, code in codes.items()
    ]
