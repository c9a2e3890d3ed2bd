"""COSE_Sign1 (RFC 9052, section 4.2): one signature over bytes, in CBOR.

The key's type decides the algorithm, as in JWS. Algorithms (RFC 9053, RFC 8812, RFC 9864): EdDSA,
ES256, ES384, RS256, and the names that say the curve too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from guildmark.credentials import cbor
from guildmark.credentials.errors import ProofError, UnreadableError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.jose.jws import AlgorithmError, require_length

# The first is written.
ALGORITHMS: Final[Mapping[KeyType, tuple[int, ...]]] = {
    KeyType.ED25519: (-8, -19),
    KeyType.P256: (-7, -9),
    KeyType.P384: (-35, -51),
    KeyType.RSA: (-257,),
}
_KNOWN: Final = frozenset(number for numbers in ALGORITHMS.values() for number in numbers)
_SIGN1: Final = 18
_ALG, _CRIT, _CONTENT_TYPE, _KID, _CLAIMS, _TYP = 1, 2, 3, 4, 15, 16
_CWT_CLAIMS: Final = {1: "iss", 2: "sub", 3: "aud", 4: "exp", 5: "nbf", 6: "iat", 7: "cti"}


class Sign1:
    """A signature that was read and not yet checked: `check` says whether it holds."""

    def __init__(self, header: Json, payload: bytes, protected: bytes, signature: bytes) -> None:
        self.header = header
        """The protected parameters under the names of JOSE (`alg` as its number)."""
        self.payload = payload
        self._protected = protected
        self._signature = signature

    def check(self, key: PublicKey) -> None:
        """Return where the signature is this key's; raise ProofError where it is not."""
        number = self.header["alg"]
        if number not in ALGORITHMS[key.type]:
            raise AlgorithmError(
                f"alg is {number}, which a key of type {key.type.value} does not use"
            )
        key.verify(self._signature, _to_sign(self._protected, self.payload))


def sign(payload: bytes, signer: Signer, *, typ: str, content_type: str) -> bytes:
    """A tagged COSE_Sign1 of `payload`, its `kid` the signer's verification method."""
    kind = signer.public_key.type
    protected = cbor.encode(
        {
            _ALG: ALGORITHMS[kind][0],
            _CONTENT_TYPE: content_type,
            _KID: signer.verification_method.encode(),
            _TYP: typ,
        }
    )
    signature = signer.sign(_to_sign(protected, payload))
    require_length(signature, kind)
    return cbor.encode(cbor.Tagged(_SIGN1, [protected, {}, payload, signature]))


def read(data: bytes) -> Sign1:
    """The parts of a COSE_Sign1, with its tag or without.

    Raises UnreadableError for bytes that are none, a payload that stands elsewhere, and labels that
    stand in both headers; ProofError for an algorithm that is not known here or not protected, and
    for `crit`.
    """
    value = cbor.decode(data)
    if isinstance(value, cbor.Tagged) and value.tag == _SIGN1:
        value = value.value
    match value:
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)]:
            pass
        case _:
            raise UnreadableError("the CBOR is not a COSE_Sign1 with its payload")
    parameters = cbor.decode(protected) if protected else {}
    if not isinstance(parameters, dict) or parameters.keys() & unprotected.keys():
        raise UnreadableError("the COSE headers are not two maps with labels of their own")
    if _CRIT in parameters or _CRIT in unprotected:
        raise ProofError("crit asks for an extension, and none is known here")
    algorithm = parameters.get(_ALG)
    if not isinstance(algorithm, int) or isinstance(algorithm, bool) or algorithm not in _KNOWN:
        raise AlgorithmError(f"alg is {str(algorithm)[:40]} in the protected COSE header")
    return Sign1(_header(parameters, unprotected), payload, protected, signature)


def _header(parameters: dict[Any, Any], unprotected: dict[Any, Any]) -> Json:
    header: Json = {"alg": parameters[_ALG]}
    # The key's name is a hint that the signature does not need to protect.
    kid = parameters.get(_KID, unprotected.get(_KID))
    try:
        if kid is not None:
            header["kid"] = kid.decode() if isinstance(kid, bytes) else _text("kid", None)
    except UnicodeDecodeError:
        raise ProofError("kid in the COSE header is not UTF-8 text") from None
    for label, name in ((_TYP, "typ"), (_CONTENT_TYPE, "cty")):
        if label in parameters:
            header[name] = _text(name, parameters[label])
    claims = parameters.get(_CLAIMS, {})
    if not isinstance(claims, dict):
        raise ProofError("the CWT claims in the COSE header are not a map")
    header["claims"] = {
        _CWT_CLAIMS[label]: value for label, value in claims.items() if label in _CWT_CLAIMS
    }
    return header


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ProofError(f"{name} in the COSE header is not of its type")
    return value


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    # RFC 9052, section 4.4.
    return cbor.encode(["Signature1", protected, b"", payload])
