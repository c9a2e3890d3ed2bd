"""The cryptosuite ecdsa-sd-2023 (Data Integrity ECDSA Cryptosuites 1.0, sections 3.4 to 3.6).

The issuer gives the holder a document with a base proof, in which each statement is signed alone
by a key made for this one proof. The holder derives documents with part of the statements; the
issuer decides which ones are in all of them. A verifier takes derived proofs only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from guildmark.credentials import cbor
from guildmark.credentials.errors import IdentifierError, ProofError, UnreadableError
from guildmark.credentials.identifiers.keys import KeyType, PrivateKey, PublicKey
from guildmark.credentials.identifiers.multibase import decode_base64url, encode_base64url
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.jsonld.labelling import (
    canonicalize_quads,
    relabelled_lines,
    statements_of,
)
from guildmark.credentials.jsonld.quads import Quad
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.chains import proofs_of
from guildmark.credentials.proofs.proof_value import options_of, require_key
from guildmark.credentials.proofs.selection import Statements, select
from guildmark.credentials.proofs.unsecured import Unsecured

NAME = "ecdsa-sd-2023"
MAX_STATEMENTS = 4_000
# What a verifier judges a credential by; a holder who could leave it out could undo a revocation.
ALWAYS_DISCLOSED = (
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "termsOfUse",
)
_KEYS = (KeyType.P256,)
_KEY_CODEC = bytes.fromhex("8024")
_BASE, _DERIVED = bytes.fromhex("d95d00"), bytes.fromhex("d95d01")
_SIGNATURE_BYTES, _KEY_BYTES, _HMAC_BYTES = 64, 35, 32


class BaseProof(NamedTuple):
    """The parts of a base proof's value (section 3.5.2)."""

    signature: bytes
    public_key: bytes
    hmac_key: bytes
    signatures: list[bytes]
    mandatory: list[str]


class DerivedProof(NamedTuple):
    """The parts of a derived proof's value (section 3.5.7); labels by the number of the canonical
    label that the verifier gives the node."""

    signature: bytes
    public_key: bytes
    signatures: list[bytes]
    labels: dict[int, bytes]
    mandatory: list[int]


class _Grouped(NamedTuple):
    """The lines of a document with its secret labels, and which of them each group holds."""

    labels: dict[str, str]
    lines: list[str]
    statements: Statements

    def indexes(self, quads: Sequence[Quad]) -> set[int]:
        """The places of these statements among the lines."""
        chosen = set(relabelled_lines(quads, self.labels))
        return {index for index, line in enumerate(self.lines) if line in chosen}


def create(
    unsecured: Unsecured,
    options: Json,
    signer: Signer,
    *,
    mandatory: Sequence[str] | None = None,
    hmac_key: bytes | None = None,
    statement_key: PrivateKey | None = None,
) -> Json:
    """The base proof (section 3.6.1).

    `mandatory` are JSON pointers to what every derived document shows; without them it is what the
    document has of ALWAYS_DISCLOSED. The two keys are for vectors: fresh ones are made.
    """
    require_key(signer.public_key, _KEYS, NAME)
    _require_no_chain(unsecured)
    if mandatory is None:
        mandatory = [f"/{name}" for name in ALWAYS_DISCLOSED if name in unsecured.document]
    hmac_key = hmac_key or secrets.token_bytes(_HMAC_BYTES)
    statement_key = statement_key or PrivateKey.generate(KeyType.P256)
    grouped = _grouped(unsecured.document, hmac_key)
    chosen = grouped.indexes(grouped.statements.part(mandatory))
    public_key = _KEY_CODEC + statement_key.public.data
    shown = [line for index, line in enumerate(grouped.lines) if index in chosen]
    base = BaseProof(
        signature=signer.sign(_to_sign(unsecured, options, public_key, shown)),
        public_key=public_key,
        hmac_key=hmac_key,
        signatures=[
            statement_key.sign(line.encode())
            for index, line in enumerate(grouped.lines)
            if index not in chosen
        ],
        mandatory=list(mandatory),
    )
    if len(base.signature) != _SIGNATURE_BYTES:
        raise ProofError(f"the signer gave {len(base.signature)} bytes, not {_SIGNATURE_BYTES}")
    return {**options, "proofValue": encode_base64url(_BASE + cbor.encode(base))}


def derive(document: Json, pointers: Sequence[str]) -> Json:
    """The document with what the pointers lead to and what is mandatory, and the derived proof
    for it (section 3.6.6); for the holder, who needs no key.

    `document` has one base proof of this suite; other proofs are left out. Raises ProofError
    where it has none, or for a pointer that leads nowhere.
    """
    proof = _base_of(document)
    base = read_base(proof)
    unsecured = Unsecured.of(document)
    grouped = _grouped(unsecured.document, base.hmac_key)
    mandatory = grouped.indexes(grouped.statements.part(base.mandatory))
    selective = grouped.indexes(grouped.statements.part(pointers))
    together = [*base.mandatory, *pointers]
    if not together:
        raise ProofError("nothing is mandatory and nothing is chosen: give a pointer")
    combined = grouped.statements.part(together)
    signed = [index for index in range(len(grouped.lines)) if index not in mandatory]
    if len(signed) != len(base.signatures):
        raise ProofError("the base proof is for another document")
    revealed = select(unsecured.document, together)
    canonical, labels = canonicalize_quads(combined)
    if canonical != canonicalize_quads(statements_of(revealed))[0]:
        raise ProofError("the chosen part alone does not say what it says within the document")
    shown = sorted(grouped.indexes(combined))
    derived = DerivedProof(
        signature=base.signature,
        public_key=base.public_key,
        signatures=[
            signature
            for index, signature in zip(signed, base.signatures, strict=True)
            if index in selective
        ],
        labels={
            int(label.removeprefix("_:c14n")): _unlabelled(grouped.labels[node])
            for node, label in labels.items()
        },
        mandatory=[place for place, index in enumerate(shown) if index in mandatory],
    )
    value = encode_base64url(_DERIVED + cbor.encode(derived))
    return {**revealed, "proof": {**proof, "proofValue": value}}


def check(unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
    """Return where the derived proof is right for the document (section 3.6.7); raise ProofError
    where it is not. Whose key it is, is for the caller to have settled."""
    require_key(key, _KEYS, NAME)
    _require_no_chain(unsecured)
    derived = read_derived(proof)
    lines = _with_labels(unsecured.document, derived.labels)
    places = set(derived.mandatory)
    if len(places) != len(derived.mandatory) or not places <= set(range(len(lines))):
        raise ProofError("the proof counts statements as mandatory that are not there")
    others = [line for index, line in enumerate(lines) if index not in places]
    if len(others) != len(derived.signatures):
        raise ProofError(
            f"{len(others)} statements need a signature of their own, "
            f"and the proof has {len(derived.signatures)}"
        )
    shown = [line for index, line in enumerate(lines) if index in places]
    _check_signatures(
        _to_sign(unsecured, options_of(proof), derived.public_key, shown), others, derived, key
    )


def check_base(unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
    """Return where a base proof is right for the document, for a holder who was given it; raise
    ProofError where it is not."""
    require_key(key, _KEYS, NAME)
    _require_no_chain(unsecured)
    base = read_base(proof)
    grouped = _grouped(unsecured.document, base.hmac_key)
    places = grouped.indexes(grouped.statements.part(base.mandatory))
    shown = [line for index, line in enumerate(grouped.lines) if index in places]
    others = [line for index, line in enumerate(grouped.lines) if index not in places]
    if len(others) != len(base.signatures):
        raise ProofError("the base proof is for another document")
    _check_signatures(
        _to_sign(unsecured, options_of(proof), base.public_key, shown), others, base, key
    )


def is_base(proof: Any) -> bool:
    """Whether this is a base proof of this suite, which is for the holder alone."""
    if not isinstance(proof, dict) or proof.get("cryptosuite") != NAME:
        return False
    value = proof.get("proofValue")
    return isinstance(value, str) and value.startswith(encode_base64url(_BASE))


def read_base(proof: Json) -> BaseProof:
    """The parts of a base proof (section 3.5.3). Raises ProofError for anything else."""
    parts = _components(proof, _BASE, "it is not a base proof")
    signature, public_key, hmac_key, signatures, mandatory = parts
    _require_bytes(signature, _SIGNATURE_BYTES)
    _require_bytes(public_key, _KEY_BYTES)
    _require_bytes(hmac_key, _HMAC_BYTES)
    for part in _listed(signatures):
        _require_bytes(part, _SIGNATURE_BYTES)
    if not all(isinstance(pointer, str) for pointer in _listed(mandatory)):
        raise ProofError("the base proof's mandatory pointers are not texts")
    return BaseProof(signature, public_key, hmac_key, signatures, mandatory)


def read_derived(proof: Json) -> DerivedProof:
    """The parts of a derived proof (section 3.5.8). Raises ProofError for anything else.

    The section gives the key 36 bytes; with its two of the codec it has 35, as in the vectors.
    """
    if is_base(proof):
        raise ProofError("this is a base proof, which is for the holder: derive a proof from it")
    parts = _components(proof, _DERIVED, "it is not a derived proof")
    signature, public_key, signatures, labels, mandatory = parts
    _require_bytes(signature, _SIGNATURE_BYTES)
    _require_bytes(public_key, _KEY_BYTES)
    for part in _listed(signatures):
        _require_bytes(part, _SIGNATURE_BYTES)
    if not isinstance(labels, dict) or not all(type(number) is int for number in labels):
        raise ProofError("the proof's labels are not a map from numbers")
    for part in labels.values():
        _require_bytes(part, _HMAC_BYTES)
    if not all(type(index) is int for index in _listed(mandatory)):
        raise ProofError("the proof's mandatory indexes are not numbers")
    return DerivedProof(signature, public_key, signatures, labels, mandatory)


def _grouped(document: Json, hmac_key: bytes) -> _Grouped:
    """Section 3.4.16 (canonicalize and group), with the labels of section 3.4.4."""
    statements = Statements(document)
    if len(statements.quads) > MAX_STATEMENTS:
        raise ProofError(f"the document makes over {MAX_STATEMENTS} statements")
    labels = {
        node: _labelled(hmac.digest(hmac_key, label[2:].encode(), "sha256"))
        for node, label in statements.canonical_labels.items()
    }
    return _Grouped(labels, relabelled_lines(statements.quads, labels), statements)


def _with_labels(document: Json, labels: dict[int, bytes]) -> list[str]:
    """The lines of a derived document with the labels that were signed (section 3.5.9)."""
    quads = statements_of(document)
    if len(quads) > MAX_STATEMENTS:
        raise ProofError(f"the document makes over {MAX_STATEMENTS} statements")
    canonical = canonicalize_quads(quads)[1]
    numbers = {node: int(label.removeprefix("_:c14n")) for node, label in canonical.items()}
    # Two nodes with one label would be one in what was signed.
    if set(labels) != set(numbers.values()) or len(set(labels.values())) != len(labels):
        raise ProofError("the proof does not label each unnamed node of the document once")
    return relabelled_lines(quads, {node: _labelled(labels[n]) for node, n in numbers.items()})


def _to_sign(
    unsecured: Unsecured, options: Json, public_key: bytes, mandatory: Sequence[str]
) -> bytes:
    """Sections 3.5.1 (sign data) and 3.4.17 (hash of the mandatory statements)."""
    configuration = {**options, "@context": unsecured.document.get("@context")}
    return (
        hashlib.sha256(canonicalize(configuration).encode()).digest()
        + public_key
        + hashlib.sha256("".join(mandatory).encode()).digest()
    )


def _check_signatures(
    data: bytes, lines: Sequence[str], proof: BaseProof | DerivedProof, key: PublicKey
) -> None:
    if not proof.public_key.startswith(_KEY_CODEC):
        raise ProofError("the proof's own key is not on P-256")
    key.verify(proof.signature, data)
    own = PublicKey(KeyType.P256, proof.public_key[len(_KEY_CODEC) :])
    for line, signature in zip(lines, proof.signatures, strict=True):
        own.verify(signature, line.encode())


def _base_of(document: Json) -> Json:
    found = [proof for proof in proofs_of(document) if is_base(proof)]
    if len(found) != 1:
        raise ProofError(f"the document has {len(found)} base proofs of {NAME}, not one")
    return dict(found[0])


def _require_no_chain(unsecured: Unsecured) -> None:
    if "proof" in unsecured.document:
        raise ProofError(f"a proof of {NAME} cannot be made over other proofs")


def _components(proof: Json, header: bytes, what: str) -> list[Any]:
    value = proof.get("proofValue")
    if not isinstance(value, str) or len(value) > 2 * cbor.MAX_BYTES:
        raise ProofError("proofValue is missing or too long")
    try:
        data = decode_base64url(value)
    except IdentifierError as error:
        raise ProofError(f"proofValue cannot be read: {error}") from error
    if encode_base64url(data) != value:
        raise ProofError("proofValue is not in the one form of its base64url")
    if not data.startswith(header):
        raise ProofError(f"proofValue cannot be read: {what}")
    try:
        parts = cbor.decode(data[len(header) :])
    except UnreadableError as error:
        raise ProofError(f"proofValue cannot be read: {error}") from error
    if not isinstance(parts, list) or len(parts) != 5:
        raise ProofError("proofValue does not hold five parts")
    return parts


def _require_bytes(value: Any, length: int) -> None:
    if not isinstance(value, bytes) or len(value) != length:
        raise ProofError(f"a part of proofValue is not of {length} bytes")


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ProofError("a part of proofValue is not a list")
    return value


def _labelled(digest: bytes) -> str:
    return f"_:{encode_base64url(digest)}"


def _unlabelled(label: str) -> bytes:
    return base64.urlsafe_b64decode(label[3:] + "=" * (-len(label[3:]) % 4))
