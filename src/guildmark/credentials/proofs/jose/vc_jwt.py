"""VC-JWT: a credential as the claims of a JWT, with registered claims that repeat its members.

Open Badges 3.0, section 8.2 "JSON Web Token Proof Format"
(https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof), which Comprehensive Learner Record 2.0 shares:
the members stand at the top. Credentials and presentations of Verifiable Credentials 1.1, section
6.3.1 (https://www.w3.org/TR/vc-data-model/#json-web-token), in the claims `vc` and `vp`, are read.
"""

from __future__ import annotations

from typing import Any, Final

from guildmark.credentials.errors import ProofError
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import jws, segments
from guildmark.credentials.proofs.jose.secured import (
    TOKEN_CLAIMS,
    SecuredToken,
    TokenFormat,
    has_type,
    identifier_of,
    of_jws,
    require_claims,
    seconds_of,
    split_claims,
    text_of,
)

CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"


def issue(document: Json, signer: Signer, *, bring_key: bool = False) -> str:
    """The credential as a VC-JWT. Proofs that it carries already are kept and signed too.

    `bring_key` puts the public key into the header instead of naming the verification method; such
    a token shows by itself that it was signed, not by whom. Raises ProofError for a document that
    the format cannot carry: without issuer, `id` or `validFrom`, with several subjects, or with
    members named like claims.
    """
    header: Json = {"jwk": signer.public_key.to_jwk()} if bring_key else {}
    if not bring_key:
        header["kid"] = signer.verification_method
    header["typ"] = "JWT"
    payload = {**document, **_claims_for(document)}
    return jws.sign(segments.write_json(payload), signer, header)


def read(token: jws.Jws, payload: Json) -> SecuredToken:
    """The credential of a VC-JWT whose payload was read; mismatches become its `problems`.

    Raises ProofError for a payload that carries no credential.
    """
    if "vc" not in payload:
        document, claims = split_claims(payload)
        document, problems = _settle(document, claims, wrapped=False)
    else:
        claims = {name: value for name, value in payload.items() if name != "vc"}
        require_claims(claims)
        document = payload["vc"]
        if not isinstance(document, dict):
            raise ProofError("the claim vc is not an object")
        document, problems = _settle(document, claims, wrapped=True)
    return of_jws(
        token, form=TokenFormat.VC_JWT, document=document, claims=claims, problems=problems
    )


def read_presentation(token: jws.Jws, payload: Json) -> SecuredToken:
    """The presentation in the claim `vp` (Verifiable Credentials 1.1, section 6.3.1), where `iss`
    stands for its holder; mismatches become its `problems`.

    Raises ProofError for a claim that holds no presentation.
    """
    claims = {name: value for name, value in payload.items() if name != "vp"}
    require_claims(claims)
    if not isinstance(payload["vp"], dict):
        raise ProofError("the claim vp is not an object")
    document, problems = dict(payload["vp"]), []
    if not has_type(document, "VerifiablePresentation"):
        problems.append("the type in vp does not include VerifiablePresentation")
    for claim, member in (("iss", "holder"), ("jti", "id")):
        value, said = claims.get(claim), document.get(member)
        said = identifier_of(said) if member == "holder" else said
        if value is not None and said is None:
            document[member] = value
        elif value != said and (value is not None or claim == "iss"):
            problems.append(f"{claim} is {value!r:.120}, but {member} is {said!r:.120}")
    return of_jws(
        token, form=TokenFormat.VP_JWT, document=document, claims=claims, problems=problems
    )


def _claims_for(document: Json) -> Json:
    clash = TOKEN_CLAIMS & document.keys()
    if clash or "vc" in document:
        raise ProofError(f"{min(clash or {'vc'})} is a claim of the token: take the member out")
    issuer, subject = identifier_of(document.get("issuer")), _subject(document)
    claims: Json = {"iss": issuer, "jti": document.get("id")}
    for name, member in (("iss", "issuer"), ("jti", "id")):
        if not isinstance(claims[name], str):
            raise ProofError(f"{member} is missing: a VC-JWT repeats it as {name}")
    claims["nbf"] = _seconds(document, "validFrom", "nbf")
    if "validUntil" in document:
        claims["exp"] = _seconds(document, "validUntil", "exp")
    if subject is not None:
        claims["sub"] = subject
    return claims


def _seconds(document: Json, member: str, claim: str) -> float:
    seconds = seconds_of(document.get(member))
    if seconds is None:
        value = str(document.get(member))[:60]
        raise ProofError(f"{member} is {value!r}: give a time with its zone, repeated as {claim}")
    return seconds


def _subject(document: Json) -> str | None:
    subjects = document.get("credentialSubject")
    if isinstance(subjects, list):
        if len(subjects) > 1:
            raise ProofError("credentialSubject has several entries: a VC-JWT is about one subject")
        subjects = subjects[0] if subjects else None
    return identifier_of(subjects) if isinstance(subjects, dict) else None


def _settle(document: Json, claims: Json, *, wrapped: bool) -> tuple[Json, list[str]]:
    """Section 8.2.4.1 of Open Badges: each claim against the member that it repeats.

    Version 1.1 lets a claim stand for a member that `vc` leaves out; it is then put in.
    """
    if not wrapped and _agree(document, claims):
        return document, []
    contexts = document.get("@context")
    old = CREDENTIALS_V1 in (contexts if isinstance(contexts, list) else [contexts])
    start, end = ("issuanceDate", "expirationDate") if old else ("validFrom", "validUntil")
    settled, problems = dict(document), list[str]()

    def settle(claim: str, member: str, said: Any, fill: bool) -> None:
        """`said` is the member's value, in the form of the claim."""
        value = claims.get(claim)
        if value is None:
            if said is not None and claim != "exp":
                problems.append(f"{claim} is missing: it must repeat {member}")
        elif said is None:
            if fill:
                settled[member] = text_of(value) if claim in ("nbf", "exp") else value
            else:
                problems.append(f"{claim} is {value!r:.120}, but the credential has no {member}")
        elif not _same(value, said):
            problems.append(f"{claim} is {value!r:.120}, but {member} is {said!r:.120}")

    issuer = document.get("issuer")
    if isinstance(issuer, dict) and "id" not in issuer and wrapped and "iss" in claims:
        settled["issuer"] = issuer = {**issuer, "id": claims["iss"]}
    settle("iss", "issuer", identifier_of(issuer), wrapped and issuer is None)
    settle("jti", "id", document.get("id"), wrapped)
    for claim, member in (("nbf", start), ("exp", end)):
        written = document.get(member)
        said = seconds_of(written)
        if written is not None and said is None:
            problems.append(f"{member} is {str(written)[:60]!r}: it is not a time with its zone")
        else:
            # Open Badges has `exp` set validUntil; nothing else of a credential may come from a
            # claim there.
            settle(claim, member, said, wrapped or claim == "exp")
    try:
        subject = _subject(document)
    except ProofError as error:
        problems.append(str(error))
        return settled, problems
    if subject is None and wrapped and "sub" in claims:
        parts = document.get("credentialSubject", {})
        part = parts[0] if isinstance(parts, list) and parts else parts
        if isinstance(part, dict):
            filled = {"id": claims["sub"], **part}
            settled["credentialSubject"] = [filled] if isinstance(parts, list) else filled
            subject = identifier_of(filled)
    settle("sub", "credentialSubject.id", subject, False)
    # Within `vc` (version 1.1, section 6.3.1) nbf only repeats a time, where one is stated.
    for claim, required in (("iss", True), ("nbf", not wrapped), ("jti", not wrapped)):
        if (
            required
            and claims.get(claim) is None
            and not any(problem.startswith(f"{claim} ") for problem in problems)
        ):
            problems.append(f"{claim} is missing, which a VC-JWT must have")
    return settled, problems


def _agree(document: Json, claims: Json) -> bool:
    """The usual case at once: every claim is there and says what its member says."""
    subject, contexts = document.get("credentialSubject"), document.get("@context")
    return (
        isinstance(subject, dict)
        and isinstance(contexts, list)
        and CREDENTIALS_V1 not in contexts
        and claims.keys() >= {"iss", "jti", "nbf"}
        and claims["iss"] == identifier_of(document.get("issuer"))
        and claims["jti"] == document.get("id")
        and claims["nbf"] == seconds_of(document.get("validFrom"))
        and claims.get("sub") == identifier_of(subject)
        and ("exp" in claims) == ("validUntil" in document)
        and claims.get("exp") == seconds_of(document.get("validUntil"))
    )


def _same(claim: Any, member: Any) -> bool:
    if isinstance(claim, int | float) and isinstance(member, int | float):
        # A claim may leave out the fraction of a second.
        return abs(claim - member) < 1
    return bool(claim == member)
