"""The operations: from a request's object to an answer, a status and an object.

Options that are not known are passed over, as the W3C's suites send some of their own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from guildmark import securing
from guildmark.credentials import (
    Check,
    CheckCode,
    CredentialError,
    Outcome,
    PresentationReport,
    Report,
    Resolver,
    Signer,
    UnreadableError,
    verify,
)
from guildmark.credentials import verify_presentation as check_presentation
from guildmark.credentials.model.data_model import version_of
from guildmark.credentials.model.reading import Json, check_bounds
from guildmark.credentials.proofs import ecdsa_sd_2023
from guildmark.credentials.proofs.chains import proofs_of
from guildmark.credentials.proofs.jose.envelopes import envelop
from guildmark.credentials.proofs.jose.secured import TokenFormat
from guildmark.credentials.verification.dates import check_dates
from guildmark.credentials.verification.structure import (
    check_presentation_structure,
    check_structure,
)
from guildmark.vc_api.lists import StatusLists
from guildmark.vc_api.problems import GENERATION, RefusedError, of_checks, problem

Answer = tuple[int, Json]
_MAX_POINTERS = 500
_MAX_CREDENTIALS = 64
# JWS and SD-JWT in their compact forms.
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")


class Statuses(Protocol):
    """Where the status of a credential that was issued here is kept."""

    def set(self, credential_id: str, purpose: str, *, to: bool) -> None:
        """Set or clear it. Raises RefusedError."""


_FINE = (Outcome.PASSED, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, kw_only=True)
class Issuing:
    """With which key, in which way and under which name is issued.

    With `sets_issuer` the credential's issuer becomes this one whatever it was; else another is
    refused. With `lists` every credential gets its places in them.
    """

    signer: Signer
    suite: str
    issuer: str
    sets_issuer: bool = False
    lists: StatusLists | None = None


def issue(request: Any, *, issuing: Issuing, now: dt.datetime) -> Answer:
    """POST /credentials/issue: 201 with the credential. Raises RefusedError.

    One of version 1.1 without its `issuanceDate`, which that version needs, is given it.
    """
    credential = dict(_document(request, "credential"))
    options = _options(request)
    if version_of(credential) == "1.1":
        credential.setdefault("issuanceDate", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _require_sound(credential, now)
    _take_issuer(credential, issuing)
    has_terms = version_of(credential) == "2.0"  # version 1.1 knows no entries of such lists
    if issuing.lists is not None and has_terms and "credentialStatus" not in credential:
        named = options.get("credentialId") or credential.get("id")
        credential["credentialStatus"] = issuing.lists.assign(
            named if isinstance(named, str) else None
        )
    mandatory = None
    if issuing.suite == ecdsa_sd_2023.NAME and "mandatoryPointers" in options:
        mandatory = _pointers(options, "mandatoryPointers")
    return 201, {"verifiableCredential": _secured(credential, issuing, now, mandatory=mandatory)}


def verify_credential(
    request: Any, *, resolver: Resolver, now: dt.datetime, any_issuer: bool = False
) -> Answer:
    """POST /credentials/verify: 200 where it verifies, else 400 with the problems.

    With `any_issuer`, a signature whose key nothing ties to the named issuer counts as well, and
    the problem is a warning (VCALM, section "Error Handling"): Data Integrity leaves it to the
    application whether whose key it is, is the issuer.
    """
    given = _secured_member(request, "verifiableCredential")
    options = _options(request)
    report = verify(given, resolver=resolver, now=now)
    answer = _result(report, any_issuer=any_issuer)
    if options.get("returnCredential") is True and isinstance(given, dict):
        answer["credential"] = given
    if options.get("returnResults") is True and isinstance(given, dict):
        answer["results"] = _results(report, given)
    return (200 if answer["verified"] else 400), answer


def derive(request: Any) -> Answer:
    """POST /credentials/derive: 201 with the part that is disclosed. Raises RefusedError."""
    document = _document(request, "verifiableCredential")
    pointers = _pointers(_options(request), "selectivePointers")
    try:
        part = ecdsa_sd_2023.derive(document, pointers)
    except CredentialError as error:
        raise RefusedError(str(error), kind=GENERATION) from error
    return 201, {"verifiableCredential": part}


def update_status(request: Any, *, lists: Statuses | None) -> Answer:
    """POST /credentials/status: 200 where it is set. Raises RefusedError, 404 where the credential
    is not known; `status` left out means set."""
    named, entry = _member(request, "credentialId"), _document(request, "credentialStatus")
    purpose, status = entry.get("statusPurpose"), request.get("status", True)
    if not isinstance(named, str) or not isinstance(purpose, str):
        raise RefusedError("credentialId and credentialStatus.statusPurpose must be texts")
    if not isinstance(status, bool):
        raise RefusedError("status is neither true nor false")
    if lists is None:
        raise RefusedError("this service keeps no status lists", status=404)
    lists.set(named, purpose, to=status)
    return 200, {"credentialId": named, "statusPurpose": purpose, "status": status}


def verify_presentation(
    request: Any, *, resolver: Resolver, now: dt.datetime, any_issuer: bool = False
) -> Answer:
    """POST /presentations/verify: 200 where it and all its credentials verify, else 400.
    `any_issuer` as for a credential.

    One in the member `presentation` is not signed; then only its credentials are verified.
    """
    options = _options(request) if isinstance(request, dict) else {}
    if isinstance(request, dict) and "presentation" in request:
        given: Any = _document(request, "presentation")
        entries = _listed(given.get("verifiableCredential"))
        if "VerifiablePresentation" not in _listed(given.get("type")):
            raise RefusedError("presentation.type does not include VerifiablePresentation")
        if len(entries) > _MAX_CREDENTIALS:
            raise RefusedError(f"the presentation holds over {_MAX_CREDENTIALS} credentials")
        if not all(isinstance(one, dict) for one in entries):
            raise RefusedError("verifiableCredential holds something other than credentials")
        reports = [verify(one, resolver=resolver, now=now) for one in entries]
        is_shown, problems, shown = True, [], {}
    else:
        given = _secured_member(request, "verifiablePresentation")
        challenge, domain = _text(options, "challenge"), _text(options, "domain")
        found = check_presentation(
            given, resolver=resolver, now=now, challenge=challenge, domain=domain
        )
        reports = list(found.credentials)
        is_shown = all(one.outcome in _FINE for one in found.checks)
        problems, shown = of_checks(found.checks), _presented(found, challenge, domain)
    results = [_result(one, any_issuer=any_issuer) for one in reports]
    verified = is_shown and all(one["verified"] for one in results)
    answer: Json = {
        "verified": verified,
        "problemDetails": problems,
        "results": {"presentation": shown, "credentials": results},
    }
    if options.get("returnPresentation") is True:
        answer["verifiablePresentation"] = given
    return (200 if verified else 400), answer


def prove_presentation(request: Any, *, issuing: Issuing, now: dt.datetime) -> Answer:
    """POST /presentations/prove: 201 with the presentation signed. Raises RefusedError."""
    presentation = _document(request, "presentation")
    structure = check_presentation_structure(presentation)
    if structure.outcome is Outcome.FAILED:
        raise RefusedError(structure.message)
    options = _options(request)
    proven = _secured(
        presentation,
        issuing,
        now,
        purpose="authentication",
        challenge=_text(options, "challenge"),
        domain=_text(options, "domain"),
    )
    return 201, {"verifiablePresentation": proven}


def _secured(document: Json, issuing: Issuing, now: dt.datetime, **options: Any) -> Json:
    if securing.is_token(issuing.suite):
        options = {}
    try:
        secured = securing.secure(
            document, signer=issuing.signer, suite=issuing.suite, created=now, **options
        )
    except CredentialError as error:
        raise RefusedError(str(error), kind=GENERATION) from error
    if isinstance(secured, dict):
        return secured
    if issuing.suite == securing.VC_JWT:
        # Open Badges registers no type of its own, and `vc+jwt` is another format.
        return {**envelop(secured, TokenFormat.VC), "id": f"data:application/jwt,{secured}"}
    is_presentation = "VerifiablePresentation" in _listed(document.get("type"))
    return envelop(secured, TokenFormat.VP if is_presentation else TokenFormat.VC)


def _require_sound(credential: Json, now: dt.datetime) -> None:
    """Refuse to sign what no verifier could accept at any time."""
    structure, dates = check_structure(credential), check_dates(credential, now)
    if structure.outcome is Outcome.FAILED:
        raise RefusedError(structure.message)
    if dates.code is CheckCode.DATES_INVALID:
        raise RefusedError(dates.message)


def _take_issuer(credential: Json, issuing: Issuing) -> None:
    """Have the credential name who issues here, or refuse it."""
    named, own = credential["issuer"], issuing.issuer
    if issuing.sets_issuer:
        credential["issuer"] = {**named, "id": own} if isinstance(named, dict) else own
        return
    identifier = named["id"] if isinstance(named, dict) else named
    if identifier != own:
        raise RefusedError(f"issuer is {identifier[:200]!r}, and this service issues as {own}")


def _result(report: Report, *, any_issuer: bool) -> Json:
    verified = all(
        one.outcome in _FINE
        or (
            any_issuer
            and one.check == "issuer"
            and one.outcome is Outcome.COULD_NOT_BE_CHECKED
            and _passed(report, "proof")
        )
        for one in report.checks
    )
    return {"verified": verified, "problemDetails": of_checks(report.checks)}


def _presented(report: PresentationReport, challenge: str | None, domain: str | None) -> Json:
    """The results of the presentation itself, by what was asked and what it holds."""
    proof = _passed(report, "proof")
    shown: Json = {}
    for name, value in (("challenge", challenge), ("domain", domain)):
        if value is not None:
            shown[name] = {"verified": proof, "input": value}
    if report.holder is not None:
        shown["holder"] = {"verified": _passed(report, "holder"), "input": report.holder}
    shown["proof"] = [
        {"verified": proof, "input": entry}
        for entry in proofs_of(report.document)
        if isinstance(entry, dict)
    ]
    return shown


def _results(report: Report, credential: Json) -> Json:
    """What the specification calls the results: by the members of the data model."""
    results: Json = {}
    dates = _passed(report, "dates")
    for name in ("validFrom", "validUntil"):
        if isinstance(credential.get(name), str):
            results[name] = {"verified": dates, "input": credential[name]}
    for name, entries, check in (
        ("credentialStatus", _listed(credential.get("credentialStatus")), "status"),
        ("proof", proofs_of(credential), "proof"),
    ):
        if entries:
            passed = _passed(report, check)
            results[name] = [{"verified": passed, "input": entry} for entry in entries]
    return results


def _passed(report: Report | PresentationReport, name: str) -> bool:
    found: list[Check] = [one for one in report.checks if one.check == name]
    return bool(found) and all(one.outcome in _FINE for one in found)


def _member(request: Any, name: str) -> Any:
    if not isinstance(request, dict):
        raise RefusedError("the body is not a JSON object")
    if name not in request:
        raise RefusedError(f"{name} is missing")
    return request[name]


def _secured_member(request: Any, name: str) -> Json | str:
    """A document, or a token; JSON written into a text is neither."""
    value = _member(request, name)
    if not isinstance(value, dict) and not (isinstance(value, str) and _TOKEN.fullmatch(value)):
        raise RefusedError(f"{name} is neither an object nor a token")
    found: Json | str = value
    return found


def _document(request: Any, name: str) -> Json:
    value = _member(request, name)
    if not isinstance(value, dict):
        raise RefusedError(f"{name} is not an object")
    try:
        check_bounds(value)
    except UnreadableError as error:
        raise RefusedError(f"{name}: {error}") from error
    return value


def _options(request: Any) -> Json:
    options = request.get("options") or {}
    if not isinstance(options, dict):
        raise RefusedError("options is not an object")
    return options


def _text(options: Json, name: str) -> str | None:
    value = options.get(name)
    if value is not None and not isinstance(value, str):
        raise RefusedError(f"options.{name} is not a text")
    return value


def _pointers(options: Json, name: str) -> Sequence[str]:
    value = options.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RefusedError(f"options.{name} is not a list of JSON pointers")
    if len(value) > _MAX_POINTERS:
        raise RefusedError(f"options.{name} has over {_MAX_POINTERS} pointers")
    return value


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def refusal(error: RefusedError) -> Answer:
    """The answer to a request that was refused: the problem, and `verified` for verifiers."""
    found = problem(error.kind, str(error))
    return error.status, {
        **found,
        "status": error.status,
        "verified": False,
        "problemDetails": [found],
    }
