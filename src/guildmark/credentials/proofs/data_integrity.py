"""Adding a proof to a document (Verifiable Credential Data Integrity 1.0, section 4.2)."""

from __future__ import annotations

import datetime as dt

from guildmark.credentials.errors import ProofError
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs import eddsa_rdfc_2022
from guildmark.credentials.proofs.registry import SUITES
from guildmark.credentials.proofs.unsecured import Unsecured


def add_proof(
    document: Json,
    *,
    signer: Signer,
    created: dt.datetime,
    expires: dt.datetime | None = None,
    suite: str = eddsa_rdfc_2022.NAME,
) -> Json:
    """A copy of the unsigned document with a proof for assertion.

    `created` and `expires` must know their time zones and are written in whole seconds of UTC.
    `expires` ends the proof, not the credential: for that set the document's `validUntil`. Raises
    ProofError for a document that carries a proof already, an unknown suite, or a signer whose key
    the suite does not use; JsonLdError where the document has no canonical form.
    """
    if "proof" in document:
        raise ProofError("the document has a proof already; sign the document without it")
    if suite not in SUITES:
        raise ProofError(f"suite is {suite!r}: give one of {', '.join(SUITES)}")
    options: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": _as_text("created", created),
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
    }
    if expires is not None:
        options["expires"] = _as_text("expires", expires)
        if expires <= created:
            raise ProofError(f"expires is {expires.isoformat()}: give a time after created")
    proof = SUITES[suite].create(Unsecured(document), options, signer)
    return {**document, "proof": proof}


def _as_text(field: str, moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        raise ProofError(f"{field} is {moment.isoformat()}: give it a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
