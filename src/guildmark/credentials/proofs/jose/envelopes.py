"""Securing Verifiable Credentials using JOSE and COSE (https://www.w3.org/TR/vc-jose-cose/).

The document itself is the payload. Inside other documents such a token stands as the `data:` URL of
an enveloped credential or presentation (Verifiable Credentials 2.0, sections 4.13.1 and 4.13.2).
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from guildmark.credentials.errors import ProofError, UnreadableError
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import cose, jws, segments
from guildmark.credentials.proofs.jose.secured import (
    SecuredToken,
    TokenFormat,
    has_type,
    of_jws,
    require_claims,
    signer_of,
    split_claims,
)

CREDENTIAL: Final = "VerifiableCredential"
PRESENTATION: Final = "VerifiablePresentation"
_ENVELOPES: Final = {
    CREDENTIAL: "EnvelopedVerifiableCredential",
    PRESENTATION: "EnvelopedVerifiablePresentation",
}
_VP_FORMATS: Final = frozenset({TokenFormat.VP, TokenFormat.VP_SD_JWT, TokenFormat.VP_COSE})
# Working drafts had other names for the same, and the types of content.
_SUBTYPES: Final = {
    "vc+ld+json+jwt": "vc+jwt",
    "vc+ld+jwt": "vc+jwt",
    "vp+ld+json+jwt": "vp+jwt",
    "vp+ld+jwt": "vp+jwt",
    "vc+ld+json+sd-jwt": "vc+sd-jwt",
    "vp+ld+json+sd-jwt": "vp+sd-jwt",
    "vc+ld+json": "vc",
    "vp+ld+json": "vp",
}


def secure(document: Json, signer: Signer) -> str:
    """The credential or presentation as application/vc+jwt or application/vp+jwt (section 3.1)."""
    kind = _kind(document)
    header = {"kid": signer.verification_method, "typ": f"{kind}+jwt", "cty": kind}
    return jws.sign(segments.write_json(document), signer, header)


def secure_cose(document: Json, signer: Signer) -> bytes:
    """The credential or presentation as application/vc+cose or vp+cose (section 3.3)."""
    kind = _kind(document)
    return cose.sign(
        segments.write_json(document),
        signer,
        typ=f"application/{kind}+cose",
        content_type=f"application/{kind}",
    )


def read(token: jws.Jws, payload: Json, form: TokenFormat) -> SecuredToken:
    """The document of a JWS whose payload was read; contradictions become its `problems`."""
    document, claims = split_claims(payload)
    problems = contradictions(document, claims, form, token.header.get("cty"))
    return of_jws(token, form=form, document=document, claims=claims, problems=problems)


def read_cose(data: bytes) -> SecuredToken:
    """The document of a COSE_Sign1; contradictions become its `problems`.

    Raises UnreadableError or ProofError as `cose.read`, and for a payload that is no JSON object.
    """
    sign1 = cose.read(data)
    document = segments.read_object(sign1.payload)
    claims = sign1.header.pop("claims")
    require_claims(claims)
    typ = subtype(sign1.header.get("typ"))
    guess = TokenFormat.VP_COSE if has_type(document, PRESENTATION) else TokenFormat.VC_COSE
    if typ not in ("", TokenFormat.VC_COSE, TokenFormat.VP_COSE):
        raise ProofError(f"typ is {typ[:60]!r}, which is no secured credential or presentation")
    form = TokenFormat(typ or guess)
    return SecuredToken(
        format=form,
        document=document,
        claims=claims,
        header=sign1.header,
        key_id=sign1.header.get("kid"),
        issuer=claims.get("iss") or signer_of(document),
        problems=tuple(contradictions(document, claims, form, sign1.header.get("cty"))),
        verify=sign1.check,
    )


def contradictions(
    document: Json, claims: Json, form: TokenFormat, content_type: str | None
) -> list[str]:
    """What a token says of itself that its document contradicts (sections 1.1.2, 3.1.3, 4.1)."""
    problems = [
        f"the claim {name} must not stand in a {form.value}"
        for name in ("vc", "vp")
        if name in document
    ]
    kind, expected = ("vp", PRESENTATION) if form in _VP_FORMATS else ("vc", CREDENTIAL)
    if not has_type(document, expected):
        problems.append(f"it is a {form.value}, but its type does not include {expected}")
    if {kind, subtype(content_type)} == {"vc", "vp"}:
        problems.append(f"cty is {str(content_type)[:60]!r} in a {form.value}")
    signer, subject = signer_of(document), document.get("credentialSubject")
    members = {
        "iss": ("issuer" if kind == "vc" else "holder", signer),
        "jti": ("id", document.get("id")),
        "sub": (
            "credentialSubject.id",
            subject.get("id") if isinstance(subject, dict) else None,
        ),
    }
    for claim, (member, said) in members.items():
        value = claims.get(claim)
        if value is not None and said is not None and value != said:
            problems.append(f"{claim} is {value[:120]!r}, but {member} is {str(said)[:120]!r}")
    return problems


def subtype(media_type: str | None) -> str:
    """A media type as `typ` has it (RFC 7515, section 4.1.9): small letters and without
    `application/`, under its final name; empty where there is none."""
    name = (media_type or "").lower().removeprefix("application/")
    return _SUBTYPES.get(name, name)


def envelop(token: str | bytes, form: TokenFormat) -> Json:
    """The enveloped credential or presentation that carries the token in a `data:` URL
    (Verifiable Credentials 2.0, sections 4.13.1 and 4.13.2)."""
    if isinstance(token, bytes):
        # RFC 2397, with the plain base64 that section 3.3.1 asks for.
        data = f";base64,{base64.b64encode(token).decode()}"
    else:
        data = f",{token}"
    kind = PRESENTATION if form in _VP_FORMATS else CREDENTIAL
    return {
        "@context": CREDENTIALS_V2,
        "id": f"data:application/{form.value}{data}",
        "type": _ENVELOPES[kind],
    }


def is_envelope(document: Json) -> bool:
    """Whether the document is an enveloped credential or presentation."""
    return any(has_type(document, name) for name in _ENVELOPES.values())


def unwrap(envelope: Json) -> tuple[str, str | bytes]:
    """The media type's name, as `subtype` gives it, and the token in an envelope.

    Raises UnreadableError for another document or a `data:` URL that is not one of a token.
    """
    contexts, url = envelope.get("@context"), envelope.get("id")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if first != CREDENTIALS_V2 or not is_envelope(envelope):
        raise UnreadableError("the document is not an enveloped credential or presentation")
    if not isinstance(url, str) or not url[:5].lower() == "data:" or "," not in url:
        raise UnreadableError("the id of the envelope is not a data: URL")
    if len(url) > segments.MAX_TOKEN:
        raise UnreadableError(f"the data: URL has over {segments.MAX_TOKEN} characters")
    described, data = url[5:].split(",", 1)
    media_type, *parameters = described.split(";")
    kind = subtype(media_type.strip())
    if not parameters:
        return kind, data
    if parameters != ["base64"]:
        raise UnreadableError("the data: URL of the envelope has parameters other than base64")
    try:
        # As browsers read a data: URL (Infra Standard, "forgiving-base64 decode"): the padding may
        # be left out.
        raw = base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError("the data: URL of the envelope is not base64") from None
    try:
        return kind, raw if kind.endswith("+cose") else raw.decode("ascii")
    except UnicodeDecodeError:
        raise UnreadableError("the data: URL of the envelope holds no token") from None


def _kind(document: Json) -> str:
    kinds = [
        kind
        for kind, name in (("vc", CREDENTIAL), ("vp", PRESENTATION))
        if has_type(document, name)
    ]
    if len(kinds) != 1:
        raise ProofError("type must include either VerifiableCredential or VerifiablePresentation")
    # Section 1.1.2: these names are claims of an older format.
    for name in ("vc", "vp"):
        if name in document:
            raise ProofError(f"the member {name} must not stand in a secured document")
    return kinds[0]
