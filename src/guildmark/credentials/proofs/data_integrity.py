"""Adding a proof to a document (Verifiable Credential Data Integrity 1.0, section 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from guildmark.credentials.errors import ProofError
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs import ecdsa_sd_2023, eddsa_rdfc_2022
from guildmark.credentials.proofs.chains import MAX_PROOFS, previous_proofs, proofs_of
from guildmark.credentials.proofs.registry import SUITES
from guildmark.credentials.proofs.unsecured import Unsecured

PURPOSES = ("assertionMethod", "authentication")


def add_proof(
    document: Json,
    *,
    signer: Signer,
    created: dt.datetime,
    expires: dt.datetime | None = None,
    suite: str = eddsa_rdfc_2022.NAME,
    purpose: str = "assertionMethod",
    proof_id: str | None = None,
    previous_proof: str | Sequence[str] | None = None,
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
    nonce: str | None = None,
    mandatory: Sequence[str] | None = None,
) -> Json:
    """A copy of the document with one more proof.

    On a document with proofs the new one stands beside them: a proof set (section 2.1.1). With
    `previous_proof`, the `id` of one or several of them, it is made over those as well, and holds
    only as long as they do: a proof chain (section 2.1.2). Give a proof that others are to build
    on a `proof_id`, such as `urn:uuid:…`.

    `created` and `expires` must know their time zones and are written in whole seconds of UTC.
    `expires` ends the proof, not the credential: for that set the document's `validUntil`.
    `purpose` is `assertionMethod` for credentials and `authentication` for presentations, which
    repeat the verifier's `domain` and `challenge`. `mandatory`, with ecdsa-sd-2023 alone, are JSON
    pointers to what its holder always discloses. Raises ProofError for an unknown suite, a
    signer whose key the suite does not use, over MAX_PROOFS proofs, and an identifier that is
    missing or taken; JsonLdError where the document has no canonical form.
    """
    proofs = proofs_of(document)
    options: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": _as_text("created", created),
        "verificationMethod": signer.verification_method,
        "proofPurpose": purpose,
    }
    if suite not in SUITES:
        raise ProofError(f"suite is {suite!r}: give one of {', '.join(SUITES)}")
    if purpose not in PURPOSES:
        raise ProofError(f"purpose is {purpose!r}: give one of {', '.join(PURPOSES)}")
    if len(proofs) >= MAX_PROOFS:
        raise ProofError(f"the document has {len(proofs)} proofs; it may have {MAX_PROOFS}")
    if expires is not None:
        options["expires"] = _as_text("expires", expires)
        if expires <= created:
            raise ProofError(f"expires is {expires.isoformat()}: give a time after created")
    if proof_id is not None:
        if any(isinstance(proof, dict) and proof.get("id") == proof_id for proof in proofs):
            raise ProofError(f"proof_id is {proof_id!r}: another proof has it already")
        options["id"] = proof_id
    for name, value in (
        ("previousProof", previous_proof),
        ("domain", domain),
        ("challenge", challenge),
        ("nonce", nonce),
    ):
        if value is not None:
            options[name] = value if isinstance(value, str) else list(value)
    unsecured = Unsecured.of(document)
    if previous := previous_proofs(options, proofs):
        unsecured = unsecured.with_proofs(previous)
    if suite == ecdsa_sd_2023.NAME:
        proof = ecdsa_sd_2023.create(unsecured, options, signer, mandatory=mandatory)
    elif mandatory is not None:
        raise ProofError(f"{suite} discloses all or nothing: leave mandatory out")
    else:
        proof = SUITES[suite].create(unsecured, options, signer)
    return {**document, "proof": [*proofs, proof] if proofs else proof}


def _as_text(field: str, moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        raise ProofError(f"{field} is {moment.isoformat()}: give it a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
