"""SD-JWT (RFC 9901), with it SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) and vc+sd-jwt (VC-JOSE-COSE).

The issuer hides members behind digests (`issue`), the holder shows some of them (`present`) and
proves to be the holder (`bind`), the verifier reads (`read`, `read_token`) and checks both.
"""

from __future__ import annotations

import datetime as dt
import functools
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from guildmark.credentials.errors import ProofError, UnreadableError
from guildmark.credentials.identifiers.keys import PublicKey
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import envelopes, jws, segments
from guildmark.credentials.proofs.jose.disclosures import (
    DEFAULT_HASH,
    MAX_DISCLOSURES,
    Disclosures,
    Path,
    digest,
    hide,
    new_salt,
)
from guildmark.credentials.proofs.jose.secured import (
    SecuredToken,
    TokenFormat,
    has_type,
    of_jws,
    require_claims,
    split_claims,
)

KEY_BINDING: Final = "kb+jwt"
# SD-JWT VC, section "Registered JWT Claims".
_NEVER_HIDDEN: Final = frozenset(
    {"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"}
)
# VC-JOSE-COSE, section 3.2.1, names the first five as examples; without the others nobody can say
# whose credential it is and whether it is valid yet.
_NEEDED: Final = frozenset(
    {"@context", "type", "credentialStatus", "credentialSchema", "relatedResource"}
    | {"issuer", "holder", "validFrom", "validUntil"}
)
_FORMATS: Final = (TokenFormat.VC_SD_JWT, TokenFormat.VP_SD_JWT, TokenFormat.SD_JWT_VC)


@dataclass(frozen=True, kw_only=True)
class SdJwt:
    """An SD-JWT that was read, its disclosures put in their places, and not yet checked."""

    signed: jws.Jws
    disclosures: Disclosures
    text: str
    """The issuer's JWT and the disclosures, each with its tilde: what the holder signs."""
    binding: jws.Jws | None
    """The holder's Key Binding JWT, where there is one."""

    @property
    def payload(self) -> Json:
        """The processed payload: what is disclosed stands in its place."""
        return self.disclosures.payload

    @property
    def disclosed(self) -> tuple[Path, ...]:
        """The places of what was disclosed selectively."""
        return tuple(self.disclosures.paths.values())

    @functools.cached_property
    def holder_key(self) -> PublicKey | None:
        """The key of the holder that the issuer signed (`cnf` with `jwk`, RFC 7800, 3.2).

        Raises ProofError where it cannot be used.
        """
        confirmation = self.payload.get("cnf")
        if confirmation is None:
            return None
        if not isinstance(confirmation, dict):
            raise ProofError("cnf is not an object")
        return jws.key_of_jwk("cnf", confirmation["jwk"]) if "jwk" in confirmation else None

    def check(self, key: PublicKey) -> None:
        """Return where the issuer's signature is this key's; raise ProofError where it is not."""
        self.signed.check(key)

    def check_binding(
        self,
        *,
        nonce: str,
        audience: str,
        now: dt.datetime,
        max_age: dt.timedelta = dt.timedelta(minutes=5),
        key: PublicKey | None = None,
    ) -> None:
        """Return where the holder bound the presentation to this verifier (section 7.3, step 5).

        `nonce` and `audience` are what the verifier asked for; the binding is at most `max_age` old
        and as much ahead of `now`. `key` is the holder's where `cnf` does not hold it. Raises
        ProofError that says what is wrong; also where there is no binding.
        """
        binding = self.binding
        if binding is None:
            raise ProofError("the holder did not bind the presentation to this verifier")
        key = key or self.holder_key
        if key is None:
            raise ProofError("cnf holds no key, so nobody can be told to be the holder")
        if binding.header.get("typ") != KEY_BINDING:
            raise ProofError(f"typ of the key binding is not {KEY_BINDING}")
        binding.check(key)
        claims = segments.read_object(binding.payload)
        require_claims(claims)
        if "iat" not in claims:
            raise ProofError("the key binding does not say when it was made (iat)")
        moment = now.timestamp()
        if abs(moment - claims["iat"]) > max_age.total_seconds():
            raise ProofError("the key binding was not made just now (iat)")
        if not claims.get("nbf", moment) <= moment < claims.get("exp", moment + 1):
            raise ProofError("the key binding is not valid at this time (nbf, exp)")
        expected = digest(self.disclosures.hash_name, self.text.encode())
        for name, value in (("aud", audience), ("nonce", nonce), ("sd_hash", expected)):
            said = claims.get(name)
            if not isinstance(said, str) or not hmac.compare_digest(said.encode(), value.encode()):
                raise ProofError(f"{name} of the key binding is not what is expected here")


@dataclass(kw_only=True, eq=False)
class SecuredSdJwt(SecuredToken):
    """A credential in an SD-JWT; `sd_jwt.check_binding` is for who asked for the presentation."""

    sd_jwt: SdJwt


def issue(
    payload: Json,
    signer: Signer,
    *,
    form: TokenFormat = TokenFormat.VC_SD_JWT,
    disclosable: Iterable[Path] = (),
    holder: PublicKey | None = None,
    hash_name: str = DEFAULT_HASH,
    decoys: int = 0,
    salt: Callable[[], str] = new_salt,
) -> str:
    """The SD-JWT with all disclosures, for the holder (sections 4 and 4.1).

    `form` is vc+sd-jwt for a credential or vp+sd-jwt for a presentation of Verifiable Credentials
    2.0, or dc+sd-jwt for claims with `vct`. `disclosable` names what the holder may show or keep
    back, as paths from the top: `("credentialSubject", "result", 0)`. `holder` becomes `cnf`.
    `salt` is for vectors. Raises ProofError for a payload that is not of the form, and for members
    that must not be hidden.
    """
    if form not in _FORMATS:
        raise ProofError(f"form is {form.value!r}: give one of {', '.join(_FORMATS)}")
    if holder is not None:
        if "cnf" in payload:
            raise ProofError("the payload has a cnf already")
        payload = {**payload, "cnf": {"jwk": holder.to_jwk()}}
    paths = [tuple(path) for path in disclosable]
    document, claims = split_claims(payload)
    problems = _problems(document, claims, form, paths, None)
    for path in paths:
        if form is not TokenFormat.SD_JWT_VC and path[:1] and path[0] in _NEEDED:
            problems.append(f"{path[0]} is needed to verify the credential: do not hide it")
    if problems:
        raise ProofError("; ".join(problems))
    hidden, made = hide(payload, paths, hash_name=hash_name, decoys=decoys, salt=salt)
    header = {"kid": signer.verification_method, "typ": form.value}
    return "~".join([jws.sign(segments.write_json(hidden), signer, header), *made, ""])


def read(text: str) -> SdJwt:
    """The parts of an SD-JWT or SD-JWT+KB of any type, with what is disclosed in its place.

    Raises UnreadableError for text that is none, ProofError where section 7.1 has it rejected.
    """
    if len(text) > segments.MAX_TOKEN:
        raise UnreadableError(f"the token has over {segments.MAX_TOKEN} characters")
    if not 0 < text.count("~") <= MAX_DISCLOSURES + 1:
        raise UnreadableError(f"an SD-JWT has a tilde, and at most {MAX_DISCLOSURES} disclosures")
    first, *texts, binding = text.split("~")
    signed = jws.read(first)
    return SdJwt(
        signed=signed,
        disclosures=Disclosures(segments.read_object(signed.payload), texts),
        text="~".join([first, *texts, ""]),
        binding=jws.read(binding) if binding else None,
    )


def read_token(text: str) -> SecuredSdJwt:
    """The credential or presentation in an SD-JWT; contradictions become its `problems`.

    Raises as `read`, and ProofError for a `typ` that is none of the three.
    """
    sd_jwt = read(text)
    document, claims = split_claims(sd_jwt.payload)
    typ = envelopes.subtype(sd_jwt.signed.header.get("typ"))
    # SD-JWT VC was called vc+sd-jwt before its draft 06.
    if typ == TokenFormat.VC_SD_JWT and "vct" in claims and "@context" not in document:
        typ = TokenFormat.SD_JWT_VC
    if not typ and "@context" in document:
        presents = has_type(document, envelopes.PRESENTATION)
        typ = TokenFormat.VP_SD_JWT if presents else TokenFormat.VC_SD_JWT
    if typ not in _FORMATS:
        raise ProofError(f"typ is {typ[:60]!r}: none of {', '.join(_FORMATS)}")
    form = TokenFormat(typ)
    content_type = sd_jwt.signed.header.get("cty")
    problems = _problems(document, claims, form, sd_jwt.disclosed, content_type)
    token = of_jws(
        sd_jwt.signed,
        form=form,
        document=document,
        claims=claims,
        problems=problems,
        disclosed=sd_jwt.disclosed,
    )
    return SecuredSdJwt(**vars(token), sd_jwt=sd_jwt)


def present(token: str, disclose: Iterable[Path] = ()) -> str:
    """The SD-JWT with only the disclosures for these places, and those that they stand in.

    A place that is always visible needs none. What is hidden within a place is shown only where it
    is named too; `read(token).disclosed` lists all. Raises ProofError for a place that is not in
    the token, and for a token that is bound to a verifier already.
    """
    issued = read(token)
    if issued.binding is not None:
        raise ProofError("the token is bound to a verifier: present the one that was issued")
    wanted: set[Path] = set()
    for path in disclose:
        _require_place(issued.payload, path)
        wanted.update(tuple(path[: end + 1]) for end in range(len(path)))
    first, *texts, _ = issued.text.split("~")
    shown = [text for text in texts if issued.disclosures.paths[text] in wanted]
    return "~".join([first, *shown, ""])


def bind(
    presentation: str, holder: Signer, *, nonce: str, audience: str, issued_at: dt.datetime
) -> str:
    """The presentation with the holder's signature for one verifier (section 4.3).

    Raises ProofError where the token names another key as its holder's, or is bound already.
    """
    presented = read(presentation)
    if presented.binding is not None:
        raise ProofError("the token is bound to a verifier already")
    if presented.holder_key not in (None, holder.public_key):
        raise ProofError("the token names another key as its holder's")
    if issued_at.tzinfo is None:
        raise ProofError(f"issued_at is {issued_at.isoformat()}: give it a time zone")
    claims = {
        "iat": int(issued_at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest(presented.disclosures.hash_name, presented.text.encode()),
    }
    header = {"typ": KEY_BINDING}
    return presented.text + jws.sign(segments.write_json(claims), holder, header)


def _problems(
    document: Json,
    claims: Json,
    form: TokenFormat,
    hidden: Iterable[Path],
    content_type: str | None,
) -> list[str]:
    problems = [
        f"{path[0]} must not be hidden" for path in hidden if path[:1] and path[0] in _NEVER_HIDDEN
    ]
    if form is TokenFormat.SD_JWT_VC and not isinstance(claims.get("vct"), str):
        problems.append("vct is missing, which says the type of an SD-JWT VC")
    if form is not TokenFormat.SD_JWT_VC or "@context" in document:
        problems += envelopes.contradictions(document, claims, form, content_type)
    return problems


def _require_place(payload: Any, path: Path) -> None:
    value = payload
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            raise ProofError(f"the token has no {tuple(path)}") from None
