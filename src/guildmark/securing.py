"""Securing a document under a name: a cryptosuite of Data Integrity, or a token.

What `guildmark sign` and the VC-API call; the library's own functions stand behind it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from guildmark.credentials import KeyType, PublicKey, Signer, add_proof
from guildmark.credentials.errors import ProofError
from guildmark.credentials.jsonld.contexts import DATA_INTEGRITY_2, bundled, defining
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs import ecdsa_rdfc_2019, eddsa_rdfc_2022
from guildmark.credentials.proofs.jose import envelopes, vc_jwt
from guildmark.credentials.proofs.registry import SUITES

VC_JWT = "vc-jwt"
"""Open Badges 3.0, section 8.2, which Comprehensive Learner Record 2.0 shares."""
VC_JOSE = "vc+jwt"
"""Securing Verifiable Credentials using JOSE and COSE, section 3.1."""
NAMES = (*SUITES, VC_JWT, VC_JOSE)


def usual_suite(key: PublicKey) -> str:
    """The suite to take for a key where none is asked for."""
    if key.type is KeyType.ED25519:
        return eddsa_rdfc_2022.NAME
    return VC_JWT if key.type is KeyType.RSA else ecdsa_rdfc_2019.NAME


def is_token(suite: str) -> bool:
    """Whether the suite makes a token, and no document with a proof in it."""
    return suite in (VC_JWT, VC_JOSE)


def secure(
    document: Json,
    *,
    signer: Signer,
    suite: str,
    created: dt.datetime,
    purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
    mandatory: Sequence[str] | None = None,
) -> Json | str:
    """The document with a proof, or the token that holds it.

    `suite` is one of NAMES; `mandatory` are the JSON pointers of ecdsa-sd-2023 to what is always
    disclosed. Where the contexts do not define the terms of a proof, one that does is added. A
    token holds the document's own times and takes none of the other options. Raises
    CredentialError: for an unknown suite, a key of another type, and what the suite cannot carry.
    """
    if not is_token(suite):
        return add_proof(
            _with_terms_of_proofs(document),
            signer=signer,
            created=created,
            suite=suite,
            purpose=purpose,
            domain=domain,
            challenge=challenge,
            mandatory=mandatory,
        )
    for name, value in (("domain", domain), ("challenge", challenge), ("mandatory", mandatory)):
        if value is not None:
            raise ProofError(f"{name} belongs to proofs, and {suite} makes a token: leave it out")
    if suite == VC_JWT:
        return vc_jwt.issue(document, signer)
    return envelopes.secure(document, signer)


def _with_terms_of_proofs(document: Json) -> Json:
    """Verifiable Credential Data Integrity 1.0, section 2.4.2 (context injection)."""
    named = document.get("@context")
    contexts = named if isinstance(named, list) else [named]
    known = all(isinstance(one, str) and one in bundled() for one in contexts)
    if not known or not defining("DataIntegrityProof").isdisjoint(contexts):
        return document
    return {**document, "@context": [*contexts, DATA_INTEGRITY_2]}
