"""Status List Tokens (draft-ietf-oauth-status-list, section 5): a signed list of statuses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, Final

from guildmark.credentials import cbor
from guildmark.credentials.errors import ProofError, UnreadableError
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import cose, envelopes, jws, segments
from guildmark.credentials.proofs.jose.secured import (
    SecuredToken,
    TokenFormat,
    of_jws,
    require_claims,
)

JWT: Final = "statuslist+jwt"
CWT: Final = "statuslist+cwt"
_COSE: Final = (b"\xd2", b"\x84")
_CWT_CLAIMS: Final = {
    1: "iss",
    2: "sub",
    4: "exp",
    5: "nbf",
    6: "iat",
    65533: "status_list",
    65534: "ttl",
}


def issue(
    listed: Json,
    signer: Signer,
    *,
    uri: str,
    issued_at: dt.datetime,
    issuer: str | None = None,
    expires: dt.datetime | None = None,
    ttl: int | None = None,
) -> str:
    """The Status List Token in JWT format (section 5.1) for what stands at `uri`.

    `listed` is what `status.token_status_list.status_list` makes; `ttl` are the seconds that the
    token may be kept. Raises ProofError for a time without its zone and a ttl that is not positive.
    """
    claims: Json = {"sub": uri, "iat": _seconds("issued_at", issued_at), "status_list": listed}
    if issuer is not None:
        claims["iss"] = issuer
    if expires is not None:
        claims["exp"] = _seconds("expires", expires)
    if ttl is not None:
        if ttl <= 0:
            raise ProofError(f"ttl is {ttl}: give seconds, more than 0")
        claims["ttl"] = ttl
    header = {"kid": signer.verification_method, "typ": JWT}
    return jws.sign(segments.write_json(claims), signer, header)


def read(data: bytes, *, uri: str, issuer: str | None, form: TokenFormat) -> SecuredToken:
    """The Status List Token in JWT or CWT format that stands at `uri`, unchecked.

    Its key is to be found as that of the token that names it, which is of `form` and of `issuer`.
    Raises UnreadableError for bytes that are none, ProofError for one that cannot be accepted
    from anybody (section 8.3, steps 3 and 4).
    """
    token = _of_cose(data, form) if data[:1] in _COSE else _of_text(data, form)
    claims = token.claims
    if claims.get("sub") != uri:
        raise ProofError("sub of the status list token is not the address it stands at")
    if "iat" not in claims:
        raise ProofError("iat of the status list token is missing")
    ttl = claims.get("ttl", 1)
    if not isinstance(ttl, int | float) or isinstance(ttl, bool) or ttl <= 0:
        raise ProofError("ttl of the status list token is not a positive number")
    return token if token.issuer is not None else dataclasses.replace(token, issuer=issuer)


def _of_text(data: bytes, form: TokenFormat) -> SecuredToken:
    try:
        token = jws.read(data.decode("ascii").strip())
    except UnicodeDecodeError:
        raise UnreadableError("the bytes are no status list token") from None
    _require_type(token.header.get("typ"), JWT)
    claims = segments.read_object(token.payload)
    require_claims(claims)
    return of_jws(token, form=form, document={}, claims=claims)


def _of_cose(data: bytes, form: TokenFormat) -> SecuredToken:
    sign1 = cose.read(data)
    _require_type(sign1.header.get("typ"), CWT)
    found: Any = cbor.decode(sign1.payload)
    if not isinstance(found, dict):
        raise UnreadableError("the CWT holds no map of claims")
    claims = {_CWT_CLAIMS[label]: value for label, value in found.items() if label in _CWT_CLAIMS}
    require_claims(claims)
    return SecuredToken(
        format=form,
        document={},
        claims=claims,
        header=sign1.header,
        key_id=sign1.header.get("kid"),
        issuer=claims.get("iss"),
        verify=sign1.check,
    )


def _require_type(typ: Any, wanted: str) -> None:
    if not isinstance(typ, str) or envelopes.subtype(typ) != wanted:
        raise ProofError(f"typ is {str(typ)[:60]!r}: a status list token has {wanted}")


def _seconds(name: str, moment: dt.datetime) -> int:
    if moment.tzinfo is None:
        raise ProofError(f"{name} is {moment.isoformat()}: give it a time zone")
    return int(moment.timestamp())
