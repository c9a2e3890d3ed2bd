"""The checks of a credential signed with a Data Integrity proof.

Fails closed: what cannot be checked is never reported as passed. Nothing is fetched: the caller's
resolver gives DID documents and status lists, the caller gives the time.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Protocol

from guildmark.credentials.errors import (
    CredentialError,
    IdentifierError,
    JsonLdError,
    NotAvailableError,
    ProofError,
    StatusError,
    UnreadableError,
)
from guildmark.credentials.identifiers.did import VerificationMethod, did_key_method, find_method
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2
from guildmark.credentials.model.reading import Json, check_bounds, read_json
from guildmark.credentials.proofs import eddsa_rdfc_2022
from guildmark.credentials.status import bitstring
from guildmark.credentials.verification.report import Check, CheckCode, Outcome, Report

_TIME = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"  # XML Schema dateTimeStamp
)
_MAX_STATUS_ENTRIES = 8


class Resolver(Protocol):
    """Where DID documents and status list credentials come from."""

    def resolve(self, identifier: str) -> Json:
        """The document of a DID, or the credential at a URL.

        Raises NotAvailableError where the caller has none or will not fetch it.
        """


def verify(document: Json | bytes | str, *, resolver: Resolver, now: dt.datetime) -> Report:
    """Check a credential: structure, content, proof, issuer, dates, status.

    `document` is JSON text or the parsed object; `now` must know its time zone. Never raises for
    what the document holds: everything ends in the report.
    """
    try:
        if isinstance(document, bytes | str):
            document = read_json(document)
        else:
            check_bounds(document)
    except UnreadableError as error:
        return _unreadable(str(error))
    structure = _check_structure(document)
    if structure.outcome is Outcome.FAILED:
        return _report(document, [structure, *_not_reached()])
    content = _check_content(document)
    proof, method = _check_proof(document, resolver, now)
    checks = [
        structure,
        content,
        proof,
        _check_issuer(document, method, proof),
        _check_dates(document, now),
        _check_status(document, resolver, now),
    ]
    return _report(document, checks)


def _report(document: Json, checks: list[Check]) -> Report:
    def text(key: str) -> str | None:
        value = document.get(key)
        return value[:500] if isinstance(value, str) else None

    return Report(
        checks=tuple(checks),
        issuer=_issuer_id(document),
        name=text("name"),
        valid_from=text("validFrom"),
        valid_until=text("validUntil"),
    )


def _unreadable(message: str) -> Report:
    failed = Check(
        check="structure",
        outcome=Outcome.FAILED,
        code=CheckCode.STRUCTURE_INVALID,
        message=f"This cannot be read: {message}.",
        data={"reason": message},
    )
    return _report({}, [failed, *_not_reached()])


def _not_reached() -> list[Check]:
    codes = {
        "content": CheckCode.CONTENT_NOT_PROTECTED,
        "proof": CheckCode.PROOF_UNSUPPORTED,
        "issuer": CheckCode.ISSUER_UNAVAILABLE,
        "dates": CheckCode.DATES_INVALID,
        "status": CheckCode.STATUS_UNAVAILABLE,
    }
    return [
        Check(
            check=name,
            outcome=Outcome.COULD_NOT_BE_CHECKED,
            code=code,
            message="Not checked, because the document is not a credential that can be read.",
        )
        for name, code in codes.items()
    ]


def _check_structure(document: Json) -> Check:
    """Verifiable Credentials Data Model 2.0, sections 4.3 to 4.8 (what must be there)."""
    reason = _structure_problem(document)
    if reason is not None:
        return Check(
            check="structure",
            outcome=Outcome.FAILED,
            code=CheckCode.STRUCTURE_INVALID,
            message=f"This is not a valid credential: {reason}.",
            data={"reason": reason},
        )
    return Check(
        check="structure",
        outcome=Outcome.PASSED,
        code=CheckCode.STRUCTURE_OK,
        message="The document has the form of a verifiable credential.",
    )


def _structure_problem(document: Json) -> str | None:
    context = document.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    if first != CREDENTIALS_V2:
        return f"@context does not begin with {CREDENTIALS_V2}"
    types = document.get("type")
    if not isinstance(types, list | str) or "VerifiableCredential" not in (
        types if isinstance(types, list) else [types]
    ):
        return "type does not include VerifiableCredential"
    if _issuer_id(document) is None:
        return "issuer is missing or is not an identifier"
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict | list) or not subject:
        return "credentialSubject is missing"
    if "id" in document and not isinstance(document["id"], str):
        return "id is not text"
    return None


def _issuer_id(document: Json) -> str | None:
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) and ":" in issuer else None


def _check_content(document: Json) -> Check:
    try:
        canonicalize({key: value for key, value in document.items() if key != "proof"})
    except JsonLdError as error:
        return Check(
            check="content",
            outcome=Outcome.FAILED,
            code=CheckCode.CONTENT_NOT_PROTECTED,
            message=f"Part of the content has no defined meaning: {error}.",
            data={"reason": str(error)},
        )
    return Check(
        check="content",
        outcome=Outcome.PASSED,
        code=CheckCode.CONTENT_PROTECTED,
        message="Every part of the content has a defined meaning and is covered by the signature.",
    )


def _check_proof(
    document: Json, resolver: Resolver, now: dt.datetime
) -> tuple[Check, VerificationMethod | None]:
    def result(outcome: Outcome, code: CheckCode, message: str, reason: str = "") -> Check:
        return Check(
            check="proof",
            outcome=outcome,
            code=code,
            message=message,
            data={"reason": reason} if reason else {},
        )

    proof = document.get("proof")
    if proof is None:
        return (
            result(Outcome.FAILED, CheckCode.PROOF_MISSING, "The document is not signed."),
            None,
        )
    if (
        not isinstance(proof, dict)
        or proof.get("type") != "DataIntegrityProof"
        or proof.get("cryptosuite") != eddsa_rdfc_2022.CRYPTOSUITE
    ):
        message = "It is signed in a way that this verifier does not know."
        return result(Outcome.COULD_NOT_BE_CHECKED, CheckCode.PROOF_UNSUPPORTED, message), None
    try:
        _require_proof_terms(proof, now)
        method = _method(str(proof["verificationMethod"]), resolver)
        eddsa_rdfc_2022.verify_proof(
            document, proof, public_key_multibase=method.public_key_multibase
        )
    except NotAvailableError as error:
        message = "The signer's public key could not be had, so the signature was not checked."
        unavailable = CheckCode.PROOF_KEY_UNAVAILABLE
        return result(Outcome.COULD_NOT_BE_CHECKED, unavailable, message, str(error)), None
    except CredentialError as error:
        message = "The signature does not hold: the content was changed or signed by another key."
        return result(Outcome.FAILED, CheckCode.PROOF_INVALID, message, str(error)), None
    return (
        result(
            Outcome.PASSED,
            CheckCode.PROOF_VALID,
            "The signature holds: nothing was changed since it was signed.",
        ),
        method,
    )


def _require_proof_terms(proof: Json, now: dt.datetime) -> None:
    """Data Integrity 1.0, section 4.4: purpose, method and times of the proof."""
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofError("proofPurpose is not assertionMethod")
    if not isinstance(proof.get("verificationMethod"), str):
        raise ProofError("verificationMethod is not an identifier")
    if "created" in proof and _moment(proof["created"]) is None:
        raise ProofError("created is not a time with its zone")
    if "expires" in proof:
        expires = _moment(proof["expires"])
        if expires is None or expires <= now:
            raise ProofError("the proof has expired or its expiry cannot be read")


def _method(method_id: str, resolver: Resolver) -> VerificationMethod:
    """Controlled Identifiers 1.0, section 3.3 (retrieve verification method)."""
    if method_id.startswith("did:key:"):
        return did_key_method(method_id)
    controller = method_id.partition("#")[0]
    document = resolver.resolve(controller)
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


def _check_issuer(document: Json, method: VerificationMethod | None, proof: Check) -> Check:
    issuer = _issuer_id(document)
    data = {"issuer": issuer}
    if method is None:
        failed = proof.outcome is Outcome.FAILED
        return Check(
            check="issuer",
            outcome=Outcome.FAILED if failed else Outcome.COULD_NOT_BE_CHECKED,
            code=CheckCode.ISSUER_NOT_BOUND if failed else CheckCode.ISSUER_UNAVAILABLE,
            message="Nothing shows that the named issuer signed this.",
            data=data,
        )
    if method.controller != issuer:
        return Check(
            check="issuer",
            outcome=Outcome.FAILED,
            code=CheckCode.ISSUER_NOT_BOUND,
            message="It was signed by somebody other than the issuer it names.",
            data={**data, "controller": method.controller},
        )
    return Check(
        check="issuer",
        outcome=Outcome.PASSED,
        code=CheckCode.ISSUER_BOUND,
        message="The key that signed it belongs to the named issuer.",
        data=data,
    )


def _moment(value: Any) -> dt.datetime | None:
    if not isinstance(value, str) or not _TIME.match(value):
        return None
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None


def _check_dates(document: Json, now: dt.datetime) -> Check:
    moments: dict[str, dt.datetime] = {}
    for key in ("validFrom", "validUntil"):
        if key in document:
            moment = _moment(document[key])
            if moment is None:
                return Check(
                    check="dates",
                    outcome=Outcome.FAILED,
                    code=CheckCode.DATES_INVALID,
                    message=f"{key} is not a time with its zone.",
                    data={"field": key},
                )
            moments[key] = moment
    data = {key: moment.isoformat() for key, moment in moments.items()} | {"now": now.isoformat()}
    if "validFrom" in moments and now < moments["validFrom"]:
        return Check(
            check="dates",
            outcome=Outcome.FAILED,
            code=CheckCode.DATES_NOT_YET,
            message="It is not valid yet.",
            data=data,
        )
    if "validUntil" in moments and now >= moments["validUntil"]:
        return Check(
            check="dates",
            outcome=Outcome.FAILED,
            code=CheckCode.DATES_EXPIRED,
            message="It has expired.",
            data=data,
        )
    return Check(
        check="dates",
        outcome=Outcome.PASSED,
        code=CheckCode.DATES_VALID,
        message="It is valid at this time.",
        data=data,
    )


def _check_status(document: Json, resolver: Resolver, now: dt.datetime) -> Check:
    if "credentialStatus" not in document:
        return _status(
            Outcome.NOT_APPLICABLE,
            CheckCode.STATUS_NONE,
            "It names no list of revoked ones.",
        )
    entries = document["credentialStatus"]
    entries = entries if isinstance(entries, list) else [entries]
    if not 0 < len(entries) <= _MAX_STATUS_ENTRIES:
        return _status(
            Outcome.FAILED, CheckCode.STATUS_INVALID, "Its status entries cannot be read."
        )
    worst: Check | None = None
    for entry in entries:
        found = _check_entry(document, entry, resolver, now)
        if found.outcome is Outcome.FAILED:
            return found
        if found.outcome is Outcome.COULD_NOT_BE_CHECKED:
            worst = found
    return worst or _status(
        Outcome.PASSED, CheckCode.STATUS_ACTIVE, "It has been neither revoked nor suspended."
    )


def _status(outcome: Outcome, code: CheckCode, message: str, **data: str) -> Check:
    return Check(check="status", outcome=outcome, code=code, message=message, data=data)


def _check_entry(document: Json, entry: Any, resolver: Resolver, now: dt.datetime) -> Check:
    """Bitstring Status List 1.0, section 3.2 (validate algorithm)."""
    if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
        return _status(
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.STATUS_UNSUPPORTED,
            "Its status is kept in a way that this verifier does not know.",
        )
    purpose, index, url = (
        entry.get(key) for key in ("statusPurpose", "statusListIndex", "statusListCredential")
    )
    if (
        purpose not in bitstring.PURPOSES
        or not isinstance(index, str)
        or not re.fullmatch(r"[0-9]{1,9}", index)
        or not isinstance(url, str)
    ):
        return _status(
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.STATUS_UNSUPPORTED,
            "Its status entry is of a form that this verifier does not know.",
        )
    try:
        bits = _status_bits(document, resolver.resolve(url), url, purpose, resolver, now)
        revoked = bitstring.is_set(bits, int(index))
    except NotAvailableError as error:
        return _status(
            Outcome.COULD_NOT_BE_CHECKED,
            CheckCode.STATUS_UNAVAILABLE,
            "The issuer's list of revoked credentials could not be had.",
            reason=str(error),
            url=url[:500],
        )
    except CredentialError as error:
        return _status(
            Outcome.FAILED,
            CheckCode.STATUS_INVALID,
            "The issuer's list of revoked credentials does not hold itself.",
            reason=str(error),
            url=url[:500],
        )
    if not revoked:
        return _status(Outcome.PASSED, CheckCode.STATUS_ACTIVE, f"No {purpose} is recorded.")
    if purpose == "revocation":
        return _status(Outcome.FAILED, CheckCode.STATUS_REVOKED, "The issuer has revoked it.")
    return _status(Outcome.FAILED, CheckCode.STATUS_SUSPENDED, "The issuer has suspended it.")


def _status_bits(
    document: Json, listed: Json, url: str, purpose: str, resolver: Resolver, now: dt.datetime
) -> bytes:
    """The list's bits, once the list's own signature, issuer, dates and purpose hold."""
    check_bounds(listed)
    if listed.get("id") != url:
        raise StatusError("the status list is not the one at its address")
    structure = _check_structure(listed)
    if structure.outcome is not Outcome.PASSED:
        raise StatusError(structure.message)
    if _issuer_id(listed) != _issuer_id(document):
        raise StatusError("the status list was issued by somebody else")
    proof, method = _check_proof(listed, resolver, now)
    issuer = _check_issuer(listed, method, proof)
    for check in (proof, issuer, _check_dates(listed, now)):
        if check.outcome is Outcome.COULD_NOT_BE_CHECKED:
            raise NotAvailableError(check.message)
        if check.outcome is Outcome.FAILED:
            raise StatusError(check.message)
    subject = listed.get("credentialSubject")
    if (
        not isinstance(subject, dict)
        or subject.get("type") != "BitstringStatusList"
        or subject.get("statusPurpose") != purpose
    ):
        raise StatusError("the status list is for another purpose")
    return bitstring.decode(subject.get("encodedList"))
