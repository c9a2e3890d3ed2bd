"""Credentials of skills as open standards: Open Badges 3.0 on Verifiable Credentials 2.0.

Stands alone: no web framework, no database, no network and no clock of its own. The caller hands
in the time, the signer, and a resolver for other people's documents.
"""

from guildmark.credentials.errors import (
    CarrierError,
    CredentialError,
    IdentifierError,
    JsonLdError,
    ModelError,
    NotAvailableError,
    ProofError,
    StatusError,
    UnknownContextError,
    UnreadableError,
)
from guildmark.credentials.identifiers.did import (
    VerificationMethod,
    did_document,
    did_web,
    did_web_url,
)
from guildmark.credentials.identifiers.keys import KeyType, PrivateKey, PublicKey
from guildmark.credentials.identifiers.signer import LocalSigner, Signer
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.model.reading import read_json
from guildmark.credentials.proofs.data_integrity import add_proof
from guildmark.credentials.verification.presentation import verify_presentation
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    PresentationReport,
    Report,
)
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.trust import Expected, Trust
from guildmark.credentials.verification.verifier import verify

__all__ = [
    "CarrierError",
    "Check",
    "CheckCode",
    "CredentialError",
    "Expected",
    "IdentifierError",
    "JsonLdError",
    "KeyType",
    "LocalSigner",
    "ModelError",
    "NotAvailableError",
    "Outcome",
    "PresentationReport",
    "PrivateKey",
    "ProofError",
    "PublicKey",
    "Report",
    "Resolver",
    "Signer",
    "StatusError",
    "Trust",
    "UnknownContextError",
    "UnreadableError",
    "VerificationMethod",
    "add_proof",
    "canonicalize",
    "did_document",
    "did_web",
    "did_web_url",
    "read_json",
    "verify",
    "verify_presentation",
]
