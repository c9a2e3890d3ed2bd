"""What a token secures, told the same way for every kind of token."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from guildmark.credentials.errors import ProofError
from guildmark.credentials.identifiers.keys import PublicKey
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose.jws import Jws

# RFC 7519, section 4.1, RFC 7800, and the claims of SD-JWT VC: they are about the token and stand
# beside the credential's own members.
TOKEN_CLAIMS: Final = frozenset(
    {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce"}
    | {"vct", "vct#integrity", "aka_vcts", "status"}
)
_TEXT_CLAIMS: Final = frozenset({"iss", "sub", "jti"})
_TIME_CLAIMS: Final = frozenset({"exp", "nbf", "iat"})
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_LONGEST_TIME: Final = 40
# The years that a date can be written for.
_FIRST_SECOND: Final = -62_135_596_800
_LAST_SECOND: Final = 253_402_300_799


class TokenFormat(StrEnum):
    """The kinds of tokens that are read here, named by `typ` where it has a name of its own."""

    VC_JWT = "vc-jwt"
    VP_JWT = "vp-jwt"
    VC = "vc+jwt"
    VP = "vp+jwt"
    VC_SD_JWT = "vc+sd-jwt"
    VP_SD_JWT = "vp+sd-jwt"
    SD_JWT_VC = "dc+sd-jwt"
    VC_COSE = "vc+cose"
    VP_COSE = "vp+cose"
    OPEN_BADGE_2 = "openbadges-2.0-jws"


@dataclass(kw_only=True, eq=False)
class SecuredToken:
    """A token that was read and not yet checked. `check` says whether it holds."""

    format: TokenFormat
    document: Json
    """The credential or presentation without the token's claims (as signed; nothing is added but
    what the format says a claim stands for)."""
    claims: Json
    """The token's claims (`iss`, `exp` …), which are signed too."""
    header: Json
    """The protected header; for COSE under the names that JOSE has for its parameters."""
    key_id: str | None
    """Where the key is to be found, as the header says it (`kid`): a hint, not a proof."""
    issuer: str | None
    """Who the token says signed it: `iss`, else the credential's issuer or presentation's holder.
    The key is to be this one's."""
    own_key: PublicKey | None = None
    """The key that the header brings along: it proves the signature, not the issuer."""
    problems: tuple[str, ...] = ()
    """What contradicts the format: claims that say other than the members they repeat …"""
    disclosed: tuple[tuple[str | int, ...], ...] = ()
    """For SD-JWT: the places of what was disclosed selectively."""
    verify: Callable[[PublicKey], None] = field(repr=False)
    """Checks the signature alone; raises ProofError."""

    @property
    def verification_method(self) -> str | None:
        """The identifier of the key: `key_id` where it is a URL, else as part of the issuer's."""
        if self.key_id is None or ":" in self.key_id:
            return self.key_id
        if self.issuer is None:
            return None
        return f"{self.issuer}#{self.key_id.removeprefix('#')}"

    @property
    def not_before(self) -> dt.datetime | None:
        """The `nbf` claim: before it the token is not to be accepted."""
        return self._moment("nbf")

    @property
    def expires(self) -> dt.datetime | None:
        """The `exp` claim: from then on the token is not to be accepted."""
        return self._moment("exp")

    def _moment(self, name: str) -> dt.datetime | None:
        seconds = self.claims.get(name)
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)

    def check(self, key: PublicKey) -> None:
        """Return where the signature is this key's and nothing contradicts the format.

        Raises ProofError that says what is wrong. Whose key it is, and what `not_before` and
        `expires` mean now, is for the caller.
        """
        self.verify(key)
        if self.problems:
            raise ProofError("; ".join(self.problems))


def split_claims(payload: Json) -> tuple[Json, Json]:
    """The document and the token's claims of a payload that holds both side by side.

    Raises ProofError for a claim that is not of its type (RFC 7519, section 4.1).
    """
    names = TOKEN_CLAIMS.intersection(payload)
    if not names:
        return payload, {}
    document = dict(payload)
    claims = {name: document.pop(name) for name in names}
    require_claims(claims)
    return document, claims


def require_claims(claims: Json) -> None:
    """Raise ProofError for a registered claim that is not of its type."""
    for name, value in claims.items():
        if name in _TEXT_CLAIMS:
            if not isinstance(value, str):
                raise ProofError(f"{name} is {str(value)[:60]}: it must be a text")
        elif name in _TIME_CLAIMS and (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not _FIRST_SECOND <= value <= _LAST_SECOND
        ):
            raise ProofError(f"{name} is {str(value)[:60]}: it must be a number of seconds")


def of_jws(
    jws: Jws,
    *,
    form: TokenFormat,
    document: Json,
    claims: Json,
    problems: Iterable[str] = (),
    disclosed: Iterable[tuple[str | int, ...]] = (),
) -> SecuredToken:
    """The token of a JWS; claims that its header repeats (RFC 7519, section 5.3) are compared."""
    found = list(problems)
    issuer = claims.get("iss")
    repeated = jws.header.get("iss")
    if repeated is not None and not isinstance(repeated, str):
        raise ProofError("iss in the header is not a text")
    if issuer is not None and repeated is not None and issuer != repeated:
        found.append(f"iss is {issuer[:120]!r}, but {repeated[:120]!r} in the header")
    return SecuredToken(
        format=form,
        document=document,
        claims=claims,
        header=jws.header,
        key_id=jws.key_id,
        issuer=issuer or repeated or signer_of(document),
        own_key=jws.own_key,
        problems=tuple(found),
        disclosed=tuple(disclosed),
        verify=jws.check,
    )


def signer_of(document: Json) -> str | None:
    """The identifier of the issuer of a credential, or of the holder of a presentation."""
    return identifier_of(document.get("issuer", document.get("holder")))


def identifier_of(value: Any) -> str | None:
    """The identifier that a text is or an object has as its `id`."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else None


def has_type(document: Json, name: str) -> bool:
    """Whether the document's `type` is, or lists, this one."""
    types = document.get("type")
    return name == types or (isinstance(types, list) and name in types)


def seconds_of(text: Any) -> float | None:
    """The seconds since 1970 (NumericDate, RFC 7519, section 2) of a time with its zone; an int
    where they are whole. None for anything else."""
    return _seconds_of(text) if isinstance(text, str) and len(text) <= _LONGEST_TIME else None


# Credentials of one issue begin and end together.
@functools.lru_cache(maxsize=256)
def _seconds_of(text: str) -> float | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        seconds = dt.datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
    if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
        return None
    return int(seconds) if seconds.is_integer() else seconds


def text_of(seconds: float) -> str:
    """The time in UTC of a NumericDate that `require_claims` accepts."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat().replace("+00:00", "Z")
