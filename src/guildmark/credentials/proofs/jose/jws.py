"""Compact JSON Web Signatures (RFC 7515), with the care that RFC 8725 asks for.

The key's type decides the algorithm; what the header says must agree with it and chooses nothing.
Algorithms: EdDSA with Ed25519 (RFC 8037; also under its name `Ed25519`, RFC 9864), ES256, ES384
and RS256 (RFC 7518).
"""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Mapping
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildmark.credentials.errors import IdentifierError, ProofError, UnreadableError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose import segments

ALGORITHMS: Final[Mapping[KeyType, tuple[str, ...]]] = {
    KeyType.ED25519: ("EdDSA", "Ed25519"),
    KeyType.P256: ("ES256",),
    KeyType.P384: ("ES384",),
    KeyType.RSA: ("RS256",),
}
SIGNATURE_BYTES: Final = {KeyType.ED25519: 64, KeyType.P256: 64, KeyType.P384: 96}

_KNOWN: Final = frozenset(name for names in ALGORITHMS.values() for name in names)
_MAX_HEADER: Final = 16_000
_SHORT_HEADER: Final = 300
_MAX_SIGNATURE: Final = 1_400
_MAX_CHAIN: Final = 10
_SECRET_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class AlgorithmError(ProofError):
    """The header names an algorithm that is not accepted, or not the one of the key."""


class Jws:
    """A signature that was read and not yet checked: `check` says whether it holds."""

    def __init__(self, header: Json, payload: bytes, signed: bytes, signature: bytes) -> None:
        self.header = header
        self.payload = payload
        self._signed = signed
        self._signature = signature

    @property
    def algorithm(self) -> str:
        """The `alg` of the header, one of ALGORITHMS."""
        return str(self.header["alg"])

    @property
    def key_id(self) -> str | None:
        """The `kid` of the header: a hint where the key is to be found."""
        return self.header.get("kid")

    @property
    def own_key(self) -> PublicKey | None:
        """The key that the header brings along itself (`jwk`, or the first of `x5c`).

        It can prove the signature, never the issuer: anybody can bring one. Raises ProofError
        where it cannot be read, holds private members, or the two name different keys. What `jku`
        and `x5u` point to is not asked.
        """
        header = self.header
        if "jwk" not in header and "x5c" not in header:
            return None
        keys = [
            read(name, header[name])
            for name, read in (("jwk", key_of_jwk), ("x5c", _key_of_chain))
            if name in header
        ]
        if len(set(keys)) > 1:
            raise ProofError("jwk and x5c in the header are different keys")
        return keys[0]

    def check(self, key: PublicKey) -> None:
        """Return where the signature is this key's; raise ProofError where it is not.

        Whose key it is, is for the caller to have settled.
        """
        fitting = ALGORITHMS[key.type]
        if self.algorithm not in fitting:
            raise AlgorithmError(
                f"alg is {self.algorithm!r}, but the key is of type {key.type.value}, "
                f"which signs with {fitting[0]}"
            )
        key.verify(self._signature, self._signed)


def sign(payload: bytes, signer: Signer, header: Mapping[str, Any]) -> str:
    """The compact serialization (RFC 7515, section 7.1) of `payload` with the signer's signature.

    `header` is the protected header; `alg` is the first that the key has, or one of those where the
    header names it. Raises ProofError for another, and where the signer's bytes have not the length
    of its signatures.
    """
    kind = signer.public_key.type
    protected_header = {"alg": ALGORITHMS[kind][0], **header}
    if protected_header["alg"] not in ALGORITHMS[kind]:
        raise ProofError(f"alg is {protected_header['alg']!r}: a {kind.value} key cannot sign so")
    protected = segments.write_json(protected_header)
    signed = b"%b.%b" % (segments.encode(protected), segments.encode(payload))
    signature = signer.sign(signed)
    require_length(signature, kind)
    return (b"%b.%b" % (signed, segments.encode(signature))).decode()


def require_length(signature: bytes, kind: KeyType) -> None:
    """Raise ProofError where a signer gave bytes that cannot be a signature of its key."""
    if len(signature) != SIGNATURE_BYTES.get(kind, len(signature)):
        raise ProofError(
            f"the signer gave {len(signature)} bytes; "
            f"a {kind.value} signature has {SIGNATURE_BYTES[kind]}"
        )


def read(token: str) -> Jws:
    """The parts of a compact serialization (RFC 7515, section 5.2, steps 1 to 7).

    Raises UnreadableError for text that is not one: a number of parts other than three, base64url
    that is not strict, a header that is no JSON object or has a name twice, over MAX_TOKEN.
    Raises ProofError for `alg` none or another that is not known here, and for a header that asks
    for an extension (`crit`) or an unencoded payload (`b64`, RFC 7797).
    """
    if len(token) > segments.MAX_TOKEN:
        raise UnreadableError(
            f"the token has {len(token)} characters; at most {segments.MAX_TOKEN} are read"
        )
    try:
        raw = token.encode("ascii")
        first, second, third = raw.split(b".", 3)
    except (UnicodeEncodeError, ValueError):
        raise UnreadableError("the text is not three base64url parts with dots between") from None
    if len(first) > _MAX_HEADER or len(third) > _MAX_SIGNATURE:
        raise UnreadableError("the header or the signature of the token is too long")
    return Jws(
        _flat_header(first) if len(first) <= _SHORT_HEADER else _read_header(first),
        segments.decode("the payload", second),
        raw[: len(first) + 1 + len(second)],
        segments.decode("the signature", third),
    )


def _read_header(text: bytes) -> Json:
    header = segments.read_object(segments.decode("the header", text))
    _require_header(header)
    return header


def _flat_header(text: bytes) -> Json:
    known = _known_header(text)
    return _read_header(text) if known is None else dict(known)


@functools.lru_cache(maxsize=128)
def _known_header(text: bytes) -> tuple[tuple[str, Any], ...] | None:
    """One issuer's headers are all alike; remembered are those without parts to be changed."""
    items = tuple(_read_header(text).items())
    return None if any(isinstance(value, dict | list) for _, value in items) else items


def _require_header(header: Json) -> None:
    algorithm = header.get("alg")
    if algorithm not in _KNOWN if isinstance(algorithm, str) else True:
        raise AlgorithmError(
            f"alg is {str(algorithm)[:40]!r}: only {', '.join(sorted(_KNOWN))} are accepted"
        )
    if "crit" in header:
        raise ProofError(f"crit asks for {str(header['crit'])[:60]}, which is not known here")
    if header.get("b64", True) is not True:
        raise ProofError("b64 says that the payload is not encoded, which is not accepted here")
    for name in ("kid", "typ", "cty"):
        if not isinstance(header.get(name, ""), str):
            raise ProofError(f"{name} in the header is not a text")


def key_of_jwk(where: str, jwk: Any) -> PublicKey:
    """The public key of a JWK in a token; raises ProofError where it holds private members too."""
    if isinstance(jwk, dict) and not _SECRET_MEMBERS.isdisjoint(jwk):
        raise ProofError(f"{where} holds members of a private key, which is no secret any more")
    try:
        return PublicKey.from_jwk(jwk)
    except IdentifierError as error:
        raise ProofError(f"{where} cannot be used: {error}") from error


def _key_of_chain(where: str, chain: Any) -> PublicKey:
    # RFC 7515, section 4.1.6: plain base64 of DER, the signer's certificate first.
    try:
        if not isinstance(chain, list) or len(chain) > _MAX_CHAIN:
            raise ValueError("it is not a short list")
        certificate = x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True))
        public = certificate.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return PublicKey.from_pem(pem)
    except (
        IdentifierError,
        IndexError,
        TypeError,
        UnsupportedAlgorithm,
        ValueError,
        binascii.Error,
    ) as error:
        raise ProofError(f"{where} cannot be used: {error}") from None
