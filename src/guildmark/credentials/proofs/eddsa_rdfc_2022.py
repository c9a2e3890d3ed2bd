"""The cryptosuite eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites 1.0, section 3.2)."""

from __future__ import annotations

import datetime as dt
import hashlib

from guildmark.credentials.errors import IdentifierError, ProofError
from guildmark.credentials.identifiers.multibase import decode_base58btc, encode_base58btc
from guildmark.credentials.identifiers.signer import Signer, verify_ed25519
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.model.reading import Json

CRYPTOSUITE = "eddsa-rdfc-2022"
_SIGNATURE_BYTES = 64


def add_proof(
    document: Json, *, signer: Signer, created: dt.datetime, expires: dt.datetime | None = None
) -> Json:
    """A copy of the unsigned document with a proof for assertion (section 3.2.1).

    `created` and `expires` must know their time zones and are written in whole seconds of UTC.
    `expires` ends the proof, not the credential: for that set the document's `validUntil`. Raises
    ProofError for a document that carries a proof already or a signer that does not give 64
    bytes, JsonLdError where the document has no canonical form.
    """
    if "proof" in document:
        raise ProofError("the document has a proof already; sign the document without it")
    proof: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": _as_text("created", created),
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
    }
    if expires is not None:
        proof["expires"] = _as_text("expires", expires)
        if expires <= created:
            raise ProofError(f"expires is {expires.isoformat()}: give a time after created")
    signature = signer.sign(hash_data(document, proof))
    if len(signature) != _SIGNATURE_BYTES:
        raise ProofError(
            f"the signer gave {len(signature)} bytes; an Ed25519 signature has {_SIGNATURE_BYTES}"
        )
    return {**document, "proof": {**proof, "proofValue": encode_base58btc(signature)}}


def verify_proof(document: Json, proof: Json, *, public_key_multibase: str) -> None:
    """Return where the proof is right for the document without its proofs (section 3.2.2).

    Raises ProofError where it is not. Whose key it is, is for the caller to have settled.
    """
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != CRYPTOSUITE:
        raise ProofError("the proof is not a DataIntegrityProof of eddsa-rdfc-2022")
    value = proof.get("proofValue")
    try:
        signature = decode_base58btc(value if isinstance(value, str) else "")
    except IdentifierError as error:
        raise ProofError(f"proofValue cannot be read: {error}") from error
    if len(signature) != _SIGNATURE_BYTES:
        raise ProofError(
            f"proofValue has {len(signature)} bytes; an Ed25519 signature has {_SIGNATURE_BYTES}"
        )
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    verify_ed25519(
        public_key_multibase=public_key_multibase,
        signature=signature,
        data=hash_data(unsigned, options),
    )


def hash_data(document: Json, proof_options: Json) -> bytes:
    """SHA-256 of the canonical proof options, then of the document (sections 3.2.4 and 3.2.5)."""
    options = {**proof_options, "@context": document.get("@context")}
    return b"".join(
        hashlib.sha256(canonicalize(part).encode()).digest() for part in (options, document)
    )


def _as_text(field: str, moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        raise ProofError(f"{field} is {moment.isoformat()}: give it a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
