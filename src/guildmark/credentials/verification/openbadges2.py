"""Verifying Open Badges 2.0, hosted and signed.

Open Badges 2.0 (https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html),
section Verification. The report has the checks of `verify` that have a meaning there: structure,
proof, issuer, dates, status; the others do not apply.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from guildmark.credentials.errors import (
    CredentialError,
    ModelError,
    NotAvailableError,
    ProofError,
    UnreadableError,
)
from guildmark.credentials.identifiers.multibase import decode_base64url
from guildmark.credentials.model import openbadges2 as ob2
from guildmark.credentials.model.reading import Json, check_bounds, read_json
from guildmark.credentials.verification.context import NO_CONTEXT
from guildmark.credentials.verification.embedded import NO_ENDORSEMENTS
from guildmark.credentials.verification.refresh import NO_REFRESH
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    Report,
    failed,
    not_applicable,
    passed,
    unknown,
)
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.schema import NO_SCHEMA
from guildmark.credentials.verification.trust import Expected

# The names of Open Badges 3.0 (IdentifierTypeEnum) for properties of a 2.0 profile.
_RECIPIENTS = {"emailAddress": "email", "phoneNumber": "telephone"}
_MAX_KEYS = 8
_MAX_JWS = 1_500_000
_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was verified: the report, and the documents that it is about.

    Of a hosted badge `assertion` is what stands at its address, not what was handed in: only that
    is the issuer's word. `badge` and `issuer` are None where they could not be had.
    """

    report: Report
    assertion: Json | None = None
    badge: Json | None = None
    issuer: Json | None = None


def verify_openbadges2(
    badge: Json | bytes | str,
    *,
    resolver: Resolver,
    now: dt.datetime,
    recipient: str | None = None,
) -> Reading:
    """Check an Open Badge 2.0: an assertion as JSON or parsed, or a JWS that holds one.

    The resolver serves what stands at the addresses of assertion, badge class, profile, keys and
    revocation list. With `recipient` (an email address, for most) a check `expected` follows.
    Never raises for what the badge holds: everything ends in the report.
    """
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()}: give it a time zone")
    try:
        signed = _Jws.read(badge) if isinstance(badge, bytes | str) else None
        if signed is not None:
            document = signed.payload
        elif isinstance(badge, bytes | str):
            document = read_json(badge)
        else:
            check_bounds(badge)
            document = badge
        reading = _verify(document, signed, resolver, now, recipient)
        secured_by = "hosted" if signed is None else "jws"
        return replace(reading, report=replace(reading.report, secured_by=secured_by))
    except (UnreadableError, ModelError) as error:
        return Reading(report=_report([failed(CheckCode.STRUCTURE_INVALID, str(error))], {}))
    except NotAvailableError as error:
        message = f"What it refers to could not be had: {error}"
        return Reading(report=_report([unknown(CheckCode.ISSUER_UNAVAILABLE, message)], {}))


@dataclass(frozen=True, kw_only=True)
class _Jws:
    """A JWS in compact form (RFC 7515, section 7.1) whose payload is an assertion."""

    algorithm: str
    payload: Json
    signed: bytes
    signature: bytes

    @classmethod
    def read(cls, data: bytes | str) -> _Jws | None:
        """The JWS; None where this is something else, such as JSON. Raises UnreadableError."""
        raw = (data.encode(errors="replace") if isinstance(data, str) else data).strip()
        if len(raw) > _MAX_JWS or not _COMPACT.fullmatch(raw):
            return None
        try:
            parts = [decode_base64url(f"u{part}") for part in raw.decode("ascii").split(".")]
        except CredentialError as error:
            raise UnreadableError("the JWS is not base64url") from error
        header = read_json(parts[0])
        algorithm = header.get("alg")
        if (
            not isinstance(algorithm, str)
            or "crit" in header
            or header.get("b64", True) is not True
        ):
            raise UnreadableError("the JWS has a header that this verifier does not know")
        signed = raw.rpartition(b".")[0]
        return cls(
            algorithm=algorithm, payload=read_json(parts[1]), signed=signed, signature=parts[2]
        )


def _verify(
    document: Json,
    signed: _Jws | None,
    resolver: Resolver,
    now: dt.datetime,
    recipient: str | None,
) -> Reading:
    assertion = ob2.read_assertion(document)
    hosted = signed is None
    if hosted:
        # What was handed in is trusted to tell the address, nothing else.
        document = _at(assertion.id, resolver)
        assertion = ob2.read_assertion(document)
    if assertion.revoked:
        revoked = failed(CheckCode.STATUS_REVOKED, "The issuer has revoked it.")
        return Reading(report=_report([_structure(), revoked], document), assertion=document)
    how = assertion.verification
    if how is None or how.is_hosted is not hosted:
        message = "It is hosted, but says that it is signed, or the other way round."
        return Reading(report=_report([failed(CheckCode.STRUCTURE_INVALID, message)], document))
    badge = ob2.read_badge_class(_badge(assertion, resolver))
    profile = ob2.read_profile(_at(badge.issuer, resolver))
    if hosted:
        proof = passed(CheckCode.PROOF_VALID, "It stands at its address.")
        issuer = _scope(assertion, badge, profile)
        status = passed(CheckCode.STATUS_ACTIVE, "The issuer still publishes it.")
    else:
        assert signed is not None  # noqa: S101 -- for the type checker
        proof = _proof(assertion, signed, profile, resolver)
        issuer = _bound(proof)
        status = _revocation(assertion, profile, resolver)
    checks = [_structure(), proof, issuer, _dates(assertion, now), status]
    if recipient is not None:
        checks.append(_recipient(assertion, recipient))
    return Reading(
        report=_report(checks, document, badge, profile),
        assertion=document,
        badge=badge.document,
        issuer=profile.document,
    )


def _at(address: str, resolver: Resolver) -> Json:
    """What stands at an address, which must be what it says of itself."""
    document = resolver.resolve(address)
    check_bounds(document)
    if document.get("id") != address:
        raise ModelError(
            kind="Open Badges 2.0",
            field="id",
            value=document.get("id"),
            mend=f"what stands at {address[:160]} must say so",
        )
    return document


def _badge(assertion: ob2.Assertion, resolver: Resolver) -> Json:
    """The badge class. One that claims an address on the web is taken from there: a copy inside
    the assertion could say anything of a badge of somebody else's."""
    identifier = assertion.badge_id
    if identifier is not None and identifier.startswith(("http:", "https:")):
        return _at(identifier, resolver)
    if isinstance(assertion.badge, dict):
        return assertion.badge
    raise NotAvailableError(str(identifier)[:160])


def _scope(assertion: ob2.Assertion, badge: ob2.BadgeClass, profile: ob2.Profile) -> Check:
    allowed = ob2.is_in_scope(assertion.id, profile)
    if allowed and profile.verification is None and badge.id.startswith(("http:", "https:")):
        allowed = ob2.is_in_scope(badge.id, profile)
    if allowed:
        return passed(CheckCode.ISSUER_BOUND, "Its address is one of the named issuer's.")
    message = "Its address is not among those where the named issuer publishes."
    return failed(CheckCode.ISSUER_NOT_BOUND, message)


def _proof(
    assertion: ob2.Assertion, signed: _Jws, profile: ob2.Profile, resolver: Resolver
) -> Check:
    """SignedBadge Verification, steps 4 to 6."""
    keys = ob2.signing_keys(assertion, profile)
    if not keys:
        message = "The issuer's profile names no key that may have signed it."
        return failed(CheckCode.PROOF_INVALID, message)
    missing = ""
    for key in keys[:_MAX_KEYS]:
        try:
            public = ob2.read_key(key if isinstance(key, dict) else _at(key, resolver), profile)
            if ob2.ALGORITHMS[public.type] != signed.algorithm:
                continue
            public.verify(signed.signature, signed.signed)
        except NotAvailableError as error:
            missing = str(error) or "the key"
        except (ProofError, ModelError, UnreadableError, CredentialError):
            continue
        else:
            message = "The signature holds: nothing was changed since it was signed."
            return passed(CheckCode.PROOF_VALID, message)
    if missing:
        message = f"The signer's public key could not be had: {missing}"
        return unknown(CheckCode.PROOF_KEY_UNAVAILABLE, message)
    message = "The signature does not hold: the content was changed or signed by another key."
    return failed(CheckCode.PROOF_INVALID, message)


def _bound(proof: Check) -> Check:
    if proof.outcome is Outcome.PASSED:
        message = "The key that signed it belongs to the named issuer."
        return passed(CheckCode.ISSUER_BOUND, message)
    message = "Nothing shows that the named issuer signed this."
    if proof.outcome is Outcome.FAILED:
        return failed(CheckCode.ISSUER_NOT_BOUND, message)
    return unknown(CheckCode.ISSUER_UNAVAILABLE, message)


def _revocation(assertion: ob2.Assertion, profile: ob2.Profile, resolver: Resolver) -> Check:
    """SignedBadge Verification, step 7."""
    if profile.revocation_list is None:
        message = "The issuer names no list of revoked ones."
        return not_applicable(CheckCode.STATUS_NONE, message)
    try:
        listed = _at(profile.revocation_list, resolver)
        revoked = ob2.is_listed_as_revoked(assertion, listed, profile)
    except NotAvailableError as error:
        message = f"The issuer's list of revoked badges could not be had: {error}"
        return unknown(CheckCode.STATUS_UNAVAILABLE, message)
    except CredentialError as error:
        return failed(CheckCode.STATUS_INVALID, f"The list does not hold itself: {error}")
    if revoked:
        return failed(CheckCode.STATUS_REVOKED, "The issuer has revoked it.")
    return passed(CheckCode.STATUS_ACTIVE, "It has not been revoked.")


def _dates(assertion: ob2.Assertion, now: dt.datetime) -> Check:
    issued, ends = ob2.moment(assertion.issued_on), ob2.moment(assertion.expires)
    if issued is None or (ends is None and assertion.expires is not None):
        message = "issuedOn or expires is not a time with its zone."
        return failed(CheckCode.DATES_INVALID, message)
    if ends is not None and ends < issued:
        return failed(CheckCode.DATES_INVALID, "It would end before it begins.")
    if issued > now:
        return failed(CheckCode.DATES_NOT_YET, "It is not valid yet.")
    if ends is not None and ends <= now:
        return failed(CheckCode.DATES_EXPIRED, "It has expired.")
    return passed(CheckCode.DATES_VALID, "It is valid at this time.")


def check_expected(reading: Reading, expected: Expected) -> Check:
    """What the caller expected: the profile's id, the badge class's id, and a recipient, whose
    type may be the name that Open Badges 3.0 has for it."""
    assertion = reading.assertion and ob2.read_assertion(reading.assertion)
    recipient = assertion.recipient if assertion else None
    different = []
    if expected.issuer not in (None, reading.report.issuer):
        different.append("issuer")
    if expected.achievement is not None and (
        reading.badge is None or reading.badge.get("id") != expected.achievement
    ):
        different.append("achievement")
    if expected.recipient is not None:
        kind, value = expected.recipient
        if (
            recipient is None
            or recipient.type != _RECIPIENTS.get(kind, kind)
            or not recipient.matches(value)
        ):
            different.append("recipient")
    if different:
        message = f"It is not the credential expected: {', '.join(different)} differs."
        return failed(CheckCode.EXPECTED_NOT_MET, message, different=different)
    return passed(CheckCode.EXPECTED_MET, "It is the credential that was expected.")


def _recipient(assertion: ob2.Assertion, recipient: str) -> Check:
    if assertion.recipient is not None and assertion.recipient.matches(recipient):
        return passed(CheckCode.EXPECTED_MET, "It was awarded to the expected recipient.")
    message = "It was awarded to somebody else than expected."
    return failed(CheckCode.EXPECTED_NOT_MET, message)


def _structure() -> Check:
    message = "The document has the form of an Open Badge 2.0."
    return passed(CheckCode.STRUCTURE_OK, message)


def _report(
    checks: list[Check],
    document: Json,
    badge: ob2.BadgeClass | None = None,
    profile: ob2.Profile | None = None,
) -> Report:
    def text(name: str) -> str | None:
        value = document.get(name)
        return value[:500] if isinstance(value, str) else None

    parts = (
        document,
        badge.document if badge is not None else None,
        profile.document if profile is not None else None,
    )
    return Report(
        checks=tuple(_filled(checks, parts)),
        issuer=profile.id if profile else None,
        name=badge.name[:500] if badge else None,
        valid_from=text("issuedOn"),
        valid_until=text("expires"),
        format="open-badges-2.0" if document else "unknown",
        document=document,
    )


def _filled(checks: list[Check], parts: Iterable[Json | None]) -> list[Check]:
    """All checks in their order: with those that do not apply and those that were not reached."""
    made = {check.check: check for check in checks}
    for check in (NO_CONTEXT, NO_SCHEMA, NO_REFRESH, _endorsements(parts)):
        made.setdefault(check.check, check)
    message = "Not checked, because what comes before it did not hold or could not be had."
    for code in _NOT_REACHED:
        made.setdefault(code.value.partition(".")[0], unknown(code, message))
    return [*(made.pop(name) for name in _ORDER), *made.values()]


def _endorsements(parts: Iterable[Json | None]) -> Check:
    """Section Endorsement: those that stand in the documents, which are not verified here."""
    for part in parts:
        named = (part or {}).get("endorsement", [])
        if any(isinstance(one, dict) for one in (named if isinstance(named, list) else [named])):
            message = "Endorsements of Open Badges 2.0 are not verified here."
            return unknown(CheckCode.ENDORSEMENTS_NOT_CHECKED, message)
    return NO_ENDORSEMENTS


_NOT_REACHED = (
    CheckCode.STRUCTURE_INVALID,
    CheckCode.PROOF_UNSUPPORTED,
    CheckCode.ISSUER_UNAVAILABLE,
    CheckCode.DATES_INVALID,
    CheckCode.STATUS_UNAVAILABLE,
)
_ORDER = (
    "structure",
    "context",
    "schema",
    "proof",
    "issuer",
    "dates",
    "status",
    "refresh",
    "endorsements",
)
