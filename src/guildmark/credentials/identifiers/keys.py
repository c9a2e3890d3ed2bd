"""Public and private keys, and how they are written: Multikey, JWK, PEM.

Multikey: Controlled Identifiers 1.0, section 2.2.2 (https://www.w3.org/TR/cid-1.0/); JWK: RFC 7517
and RFC 8037. Signatures are Ed25519 (RFC 8032), ECDSA as the fixed-length r and s (FIPS 186-5,
IEEE P1363) over SHA-256 for P-256 and SHA-384 for P-384, and RSASSA-PKCS1-v1_5 with SHA-256.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from guildmark.credentials.errors import IdentifierError, ProofError
from guildmark.credentials.identifiers.multibase import decode_base58btc, encode_base58btc
from guildmark.credentials.model.reading import Json

_MIN_RSA_BITS = 2048
_MAX_RSA_BITS = 8192
_MAX_MULTIKEY = 1_000
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class KeyType(StrEnum):
    """The kinds of keys that this library signs and verifies with."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA"


# Multicodec (https://github.com/multiformats/multicodec) as varint bytes, and the key's length.
_PUBLIC_CODECS = {
    KeyType.ED25519: (bytes.fromhex("ed01"), 32),
    KeyType.P256: (bytes.fromhex("8024"), 33),
    KeyType.P384: (bytes.fromhex("8124"), 49),
}
_SECRET_CODECS = {
    KeyType.ED25519: (bytes.fromhex("8026"), 32),
    KeyType.P256: (bytes.fromhex("8626"), 32),
    KeyType.P384: (bytes.fromhex("8726"), 48),
}
_CURVES: dict[KeyType, ec.EllipticCurve] = {
    KeyType.P256: ec.SECP256R1(),
    KeyType.P384: ec.SECP384R1(),
}
_HASHES: dict[KeyType, hashes.HashAlgorithm] = {
    KeyType.P256: hashes.SHA256(),
    KeyType.P384: hashes.SHA384(),
}
_COORDINATE_BYTES = {KeyType.P256: 32, KeyType.P384: 48}


def _signing(digest: hashes.HashAlgorithm) -> ec.ECDSA:
    """Deterministic (RFC 6979), as FIPS 186-5 prefers it: no bad random number gives a key away.
    OpenSSL before 3.2 has it not."""
    try:
        return ec.ECDSA(digest, deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ec.ECDSA(digest)


_SIGNING = {kind: _signing(digest) for kind, digest in _HASHES.items()}
_VERIFYING = {kind: ec.ECDSA(digest) for kind, digest in _HASHES.items()}
_RSA = (padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: 32 bytes for Ed25519, the compressed point for P-256 and P-384, DER
    (SubjectPublicKeyInfo) for RSA; written as Multikey (Controlled Identifiers 1.0, section
    2.2.2), JWK (RFC 7517) and PEM. Equal keys compare equal however they were written."""

    type: KeyType
    data: bytes

    @classmethod
    def from_multikey(cls, text: str) -> PublicKey:
        """The key of a `publicKeyMultibase`. Raises IdentifierError for any other text."""
        if not isinstance(text, str) or len(text) > _MAX_MULTIKEY:
            raise IdentifierError(f"{str(text)[:60]!r} is not a public key")
        return _public_multikey(text)

    @classmethod
    def from_jwk(cls, jwk: Any) -> PublicKey:
        """The key of a JWK (RFC 7517); private members are not looked at.

        Raises IdentifierError for a key of another type or curve, or an RSA key under 2048 bits.
        """
        if not isinstance(jwk, dict):
            raise IdentifierError("the JWK is not an object")
        try:
            return _public_from_jwk(jwk)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise IdentifierError(f"the JWK holds no usable public key: {error}") from error

    @classmethod
    def from_public_jwk(cls, jwk: Any) -> PublicKey:
        """The same for a JWK that others gave: raises IdentifierError also where it holds any
        private member (Controlled Identifiers 1.0, section 2.2.3), as its key is no secret now."""
        if isinstance(jwk, dict) and (shown := sorted(_PRIVATE_MEMBERS & jwk.keys())):
            raise IdentifierError(f"the JWK shows the private member {shown[0]!r}")
        return cls.from_jwk(jwk)

    @classmethod
    def from_pem(cls, pem: bytes) -> PublicKey:
        """The key of a PEM file with a public key. Raises IdentifierError for anything else."""
        try:
            return _public_of(serialization.load_pem_public_key(pem))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise IdentifierError(f"this is not a PEM public key: {error}") from error

    @classmethod
    def from_der(cls, der: bytes) -> PublicKey:
        """The key of DER bytes, a SubjectPublicKeyInfo or a PKCS#1 RSAPublicKey.

        Raises IdentifierError for anything else.
        """
        try:
            return _public_of(serialization.load_der_public_key(der))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise IdentifierError(f"this is not a public key in DER: {error}") from error

    def to_multikey(self) -> str:
        """The key as `publicKeyMultibase`; raises IdentifierError for RSA, which has none."""
        return _write_multikey(self.type, self.data, _PUBLIC_CODECS)

    def to_pkcs1(self) -> bytes:
        """An RSA key as RSAPublicKey in DER (RFC 8017); raises IdentifierError for another type."""
        loaded = _loaded(self) if self.type is KeyType.RSA else None
        if not isinstance(loaded, rsa.RSAPublicKey):
            raise IdentifierError(f"a {self.type.value} key has no PKCS#1 form")
        return loaded.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)

    def to_jwk(self) -> Json:
        """The key as a JWK without `kid`, its members in the order of a thumbprint."""
        if self.type is KeyType.ED25519:
            return {"crv": "Ed25519", "kty": "OKP", "x": _b64(self.data)}
        loaded = _loaded(self)
        if isinstance(loaded, rsa.RSAPublicKey):
            numbers = loaded.public_numbers()
            return {"e": _b64_int(numbers.e), "kty": "RSA", "n": _b64_int(numbers.n)}
        point = loaded.public_numbers()
        size = _COORDINATE_BYTES[self.type]
        return {
            "crv": self.type.value,
            "kty": "EC",
            "x": _b64_int(point.x, size),
            "y": _b64_int(point.y, size),
        }

    def thumbprint(self) -> str:
        """The SHA-256 thumbprint of the JWK (RFC 7638), base64url."""
        return _b64(
            hashlib.sha256(json.dumps(self.to_jwk(), separators=(",", ":")).encode()).digest()
        )

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return where the signature over `data` is right; raise ProofError where it is not.

        Ed25519 through libsodium, which also refuses keys and points of small order, with which
        one signature fits many texts, and an S that is not reduced; OpenSSL takes the former.
        """
        try:
            if self.type is KeyType.ED25519:
                # Below its own classes libsodium is handed what it is handed: lengths are ours.
                if len(signature) != 64 or len(self.data) != 32:
                    raise ValueError("the signature or the key has another length")
                crypto_sign_open(signature + data, self.data)
                return
            loaded = _loaded(self)
            if isinstance(loaded, rsa.RSAPublicKey):
                loaded.verify(signature, data, *_RSA)
                return
            half = _COORDINATE_BYTES[self.type]
            if len(signature) != 2 * half:
                raise ProofError(f"the signature has {len(signature)} bytes, not {2 * half}")
            r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
            loaded.verify(encode_dss_signature(r, s), data, _VERIFYING[self.type])
        except (BadSignatureError, InvalidSignature, IdentifierError, ValueError):
            raise ProofError("the signature does not fit the content and the key") from None


class PrivateKey:
    """A private key in this process's memory. Its text forms are secrets; `repr` shows none."""

    def __init__(self, key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        self._key = key
        self._public = _public_of(key.public_key())

    def __repr__(self) -> str:
        return f"<PrivateKey {self.type.value}>"

    @property
    def type(self) -> KeyType:
        """The kind of key."""
        return self._public.type

    @property
    def public(self) -> PublicKey:
        """The public key that belongs to it."""
        return self._public

    @classmethod
    def generate(cls, kind: KeyType) -> PrivateKey:
        """A fresh random key; RSA with 3072 bits."""
        if kind is KeyType.ED25519:
            return cls(Ed25519PrivateKey.generate())
        if kind is KeyType.RSA:
            return cls(rsa.generate_private_key(public_exponent=65537, key_size=3072))
        return cls(ec.generate_private_key(_CURVES[kind]))

    @classmethod
    def from_seed(cls, seed: bytes) -> PrivateKey:
        """The Ed25519 key of a 32-byte seed (RFC 8032, 5.1.5)."""
        if len(seed) != 32:
            raise IdentifierError(f"an Ed25519 seed has 32 bytes, not {len(seed)}")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_multikey(cls, text: str) -> PrivateKey:
        """The key of a `secretKeyMultibase`. The error never repeats the text."""
        kind, data = _read_multikey(text, _SECRET_CODECS, "the text is not a secret key")
        if kind is KeyType.ED25519:
            return cls.from_seed(data)
        try:
            return cls(ec.derive_private_key(int.from_bytes(data), _CURVES[kind]))
        except ValueError:
            raise IdentifierError("the text is not a secret key of its curve") from None

    @classmethod
    def from_jwk(cls, jwk: Any) -> PrivateKey:
        """The key of a private JWK. The error never repeats its members.

        Raises IdentifierError also where the public members do not belong to the private ones.
        """
        public = PublicKey.from_jwk(jwk)
        try:
            key = cls(_private_from_jwk(jwk, public.type))
        except (KeyError, TypeError, ValueError, UnsupportedAlgorithm):
            raise IdentifierError("the JWK holds no usable private key") from None
        if key.public != public:
            raise IdentifierError("the JWK's public members do not belong to its private key")
        return key

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> PrivateKey:
        """The key of a PEM file (PKCS#8 or traditional), opened with `password` where it is
        encrypted. Raises IdentifierError for anything else."""
        try:
            key = serialization.load_pem_private_key(pem, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise IdentifierError(
                "this is not a PEM private key, or the password does not open it"
            ) from None
        if isinstance(key, Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            return cls(key)
        raise IdentifierError("the PEM private key is of a type that is not used here")

    def to_seed(self) -> bytes:
        """The 32-byte seed of an Ed25519 key; raises IdentifierError for another type."""
        if not isinstance(self._key, Ed25519PrivateKey):
            raise IdentifierError(f"a {self.type.value} key has no seed")
        return self._key.private_bytes_raw()

    def to_multikey(self) -> str:
        """The key as `secretKeyMultibase`; raises IdentifierError for RSA, which has none."""
        return _write_multikey(self.type, self._scalar(), _SECRET_CODECS)

    def to_jwk(self) -> Json:
        """The key as a private JWK."""
        public = self._public.to_jwk()
        if not isinstance(self._key, rsa.RSAPrivateKey):
            return {**public, "d": _b64(self._scalar())}
        numbers = self._key.private_numbers()
        return {
            **public,
            "d": _b64_int(numbers.d),
            "p": _b64_int(numbers.p),
            "q": _b64_int(numbers.q),
            "dp": _b64_int(numbers.dmp1),
            "dq": _b64_int(numbers.dmq1),
            "qi": _b64_int(numbers.iqmp),
        }

    def to_pem(self, password: bytes | None = None) -> bytes:
        """The key as PKCS#8 PEM, encrypted (PBES2) where a password is given."""
        encryption = (
            serialization.BestAvailableEncryption(password)
            if password
            else serialization.NoEncryption()
        )
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        )

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, in the form that `PublicKey.verify` takes."""
        if isinstance(self._key, Ed25519PrivateKey):
            # libsodium signs in two thirds of OpenSSL's time.
            return crypto_sign(data, self._libsodium)[:64]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, *_RSA)
        r, s = decode_dss_signature(self._key.sign(data, _SIGNING[self.type]))
        half = _COORDINATE_BYTES[self.type]
        return r.to_bytes(half) + s.to_bytes(half)

    @functools.cached_property
    def _libsodium(self) -> bytes:
        return crypto_sign_seed_keypair(self.to_seed())[1]

    def _scalar(self) -> bytes:
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.private_bytes_raw()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            number = self._key.private_numbers().private_value
            return number.to_bytes(_COORDINATE_BYTES[self.type])
        return b""


@functools.lru_cache(maxsize=256)
def _loaded(key: PublicKey) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    """The key as its library holds it. Raises IdentifierError for a point off the curve."""
    try:
        if key.type is KeyType.RSA:
            loaded = serialization.load_der_public_key(key.data)
            if isinstance(loaded, rsa.RSAPublicKey):
                return loaded
            raise IdentifierError("the key is not an RSA key")
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[key.type], key.data)
    except (KeyError, ValueError) as error:
        raise IdentifierError(f"the {key.type.value} key is not valid: {error}") from None


def _public_of(key: Any) -> PublicKey:
    if isinstance(key, Ed25519PublicKey):
        return PublicKey(KeyType.ED25519, key.public_bytes_raw())
    if isinstance(key, rsa.RSAPublicKey):
        if not _MIN_RSA_BITS <= key.key_size <= _MAX_RSA_BITS:
            raise IdentifierError(
                f"the RSA key has {key.key_size} bits; use {_MIN_RSA_BITS} to {_MAX_RSA_BITS}"
            )
        der = key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return PublicKey(KeyType.RSA, der)
    if isinstance(key, ec.EllipticCurvePublicKey):
        for kind, curve in _CURVES.items():
            if key.curve.name == curve.name:
                point = key.public_bytes(
                    serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
                )
                return PublicKey(kind, point)
    raise IdentifierError("the key is of a type or curve that is not used here")


def _public_from_jwk(jwk: Json) -> PublicKey:
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if kind == "OKP" and curve == "Ed25519":
        data = _unb64(jwk, "x")
        if len(data) != 32:
            raise IdentifierError(f"an Ed25519 key has 32 bytes, not {len(data)}")
        return PublicKey(KeyType.ED25519, data)
    if kind == "EC" and curve in (KeyType.P256.value, KeyType.P384.value):
        size = _COORDINATE_BYTES[KeyType(curve)]
        x, y = _unb64(jwk, "x"), _unb64(jwk, "y")
        if len(x) != size or len(y) != size:
            raise IdentifierError(f"the coordinates of a {curve} key have {size} bytes each")
        point = b"\x04" + x + y
        return _public_of(
            ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[KeyType(curve)], point)
        )
    if kind == "RSA":
        numbers = rsa.RSAPublicNumbers(_unb64_int(jwk, "e"), _unb64_int(jwk, "n"))
        return _public_of(numbers.public_key())
    raise IdentifierError(
        f"the JWK is of kty {str(kind)[:20]!r} and crv {str(curve)[:20]!r}; "
        "use OKP with Ed25519, EC with P-256 or P-384, or RSA"
    )


def _private_from_jwk(
    jwk: Json, kind: KeyType
) -> Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    if kind is KeyType.ED25519:
        return Ed25519PrivateKey.from_private_bytes(_unb64(jwk, "d"))
    if kind is not KeyType.RSA:
        return ec.derive_private_key(_unb64_int(jwk, "d"), _CURVES[kind])
    names = ("p", "q", "d", "dp", "dq", "qi")
    p, q, d, dp, dq, qi = (_unb64_int(jwk, name) for name in names)
    public = rsa.RSAPublicNumbers(_unb64_int(jwk, "e"), _unb64_int(jwk, "n"))
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key()


# An issuer's key is read with each of its credentials.
@functools.lru_cache(maxsize=1_024)
def _public_multikey(text: str) -> PublicKey:
    kind, data = _read_multikey(text, _PUBLIC_CODECS, f"{text[:60]!r} is not a public key")
    key = PublicKey(kind, data)
    if kind is not KeyType.ED25519:
        _loaded(key)
    return key


def _read_multikey(
    text: str, codecs: dict[KeyType, tuple[bytes, int]], what: str
) -> tuple[KeyType, bytes]:
    if not isinstance(text, str) or len(text) > _MAX_MULTIKEY:
        raise IdentifierError(what)
    try:
        data = decode_base58btc(text)
    except IdentifierError:
        raise IdentifierError(f"{what}: it is not base58btc text that starts with z") from None
    for kind, (prefix, length) in codecs.items():
        if data.startswith(prefix) and len(data) == len(prefix) + length:
            return kind, data[len(prefix) :]
    raise IdentifierError(f"{what} of Ed25519, P-256 or P-384")


def _write_multikey(kind: KeyType, data: bytes, codecs: dict[KeyType, tuple[bytes, int]]) -> str:
    if kind not in codecs:
        raise IdentifierError(f"a {kind.value} key has no Multikey form; write it as a JWK")
    return encode_base58btc(codecs[kind][0] + data)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _b64_int(number: int, size: int = 0) -> str:
    return _b64(number.to_bytes(size or (number.bit_length() + 7) // 8 or 1))


def _unb64(jwk: Json, name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str) or "=" in text or len(text) > 2_000:
        raise IdentifierError(f"the JWK's {name} is not unpadded base64url text")
    try:
        raw = text.encode("ascii")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise IdentifierError(f"the JWK's {name} is not base64url text") from None


def _unb64_int(jwk: Json, name: str) -> int:
    return int.from_bytes(_unb64(jwk, name))
