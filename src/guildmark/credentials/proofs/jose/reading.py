"""Any token that secures a credential or presentation, read by what it is."""

from __future__ import annotations

from typing import Final

from guildmark.credentials.errors import ProofError, UnreadableError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import envelopes, jws, sd_jwt, segments, vc_jwt
from guildmark.credentials.proofs.jose.secured import (
    SecuredToken,
    TokenFormat,
    has_type,
    of_jws,
)

_OPEN_BADGES_2: Final = "https://w3id.org/openbadges/v2"
_BY_TYP: Final = {form.value: form for form in (TokenFormat.VC, TokenFormat.VP)}
# Types whose specification defines VC-JWT by its claims.
_BY_CLAIMS: Final = (
    "OpenBadgeCredential",
    "AchievementCredential",
    "EndorsementCredential",
    "ClrCredential",
)


def read_token(token: str | bytes) -> SecuredToken:
    """The token with what it secures, unchecked: call its `check` with the issuer's key.

    VC-JWT is that of Open Badges 3.0, section 8.2; vc+jwt and vc+cose those of VC-JOSE-COSE,
    section 3; SD-JWT is RFC 9901.

    Texts are compact JWS (VC-JWT, vc+jwt, vp+jwt, signed Open Badges 2.0) and SD-JWT, blanks around
    them left out; bytes are those or a COSE_Sign1. Raises UnreadableError for what is no token, and
    ProofError for one whose signature cannot be accepted from anybody.
    """
    if isinstance(token, bytes):
        # The tag of a COSE_Sign1, or its array of four: no letter of a token.
        if token[:1] in (b"\xd2", b"\x84"):
            return envelopes.read_cose(token)
        try:
            token = token.decode("ascii")
        except UnicodeDecodeError:
            raise UnreadableError("the bytes are neither a token's text nor a COSE_Sign1") from None
    text = token.strip()
    if "~" in text:
        return sd_jwt.read_token(text)
    read = jws.read(text)
    payload = segments.read_object(read.payload)
    form = _format_of(read, payload)
    if form is TokenFormat.VC_JWT:
        return vc_jwt.read(read, payload)
    if form is TokenFormat.VP_JWT:
        return vc_jwt.read_presentation(read, payload)
    if form is TokenFormat.OPEN_BADGE_2:
        return of_jws(read, form=form, document=payload, claims={})
    return envelopes.read(read, payload, form)


def read_envelope(document: Json) -> SecuredToken:
    """The token in an enveloped credential or presentation, read as `read_token` does.

    Raises ProofError where the token is not of the media type that the envelope names.
    """
    kind, token = envelopes.unwrap(document)
    secured = read_token(token)
    if secured.format.value != kind and not (
        kind == "jwt" or (secured.format is TokenFormat.VC_JWT and kind == TokenFormat.VC.value)
    ):
        raise ProofError(f"the envelope says {kind[:60]!r}, but holds a {secured.format.value}")
    return secured


def _format_of(token: jws.Jws, payload: Json) -> TokenFormat:
    typ = envelopes.subtype(token.header.get("typ"))
    if typ in _BY_TYP:
        return _BY_TYP[typ]
    if typ not in ("", "jwt", "jws"):
        raise ProofError(f"typ is {typ[:60]!r}, which is no secured credential or presentation")
    if "vc" in payload and "vp" in payload:
        raise ProofError("the payload has both a claim vc and a claim vp")
    if "vc" in payload:
        return TokenFormat.VC_JWT
    if "vp" in payload:
        return TokenFormat.VP_JWT
    if has_type(payload, envelopes.PRESENTATION):
        return TokenFormat.VP
    contexts = payload.get("@context")
    if _OPEN_BADGES_2 in (contexts if isinstance(contexts, list) else [contexts]):
        return TokenFormat.OPEN_BADGE_2
    # Without a type of its own only the claims tell the two ways apart.
    claims = payload.keys() & {"iss", "jti", "sub", "nbf"}
    if typ == "jwt" or (claims and any(has_type(payload, name) for name in _BY_CLAIMS)):
        return TokenFormat.VC_JWT
    return TokenFormat.VC
