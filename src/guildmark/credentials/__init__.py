"""Credentials of skills as open standards: Open Badges 3.0 on Verifiable Credentials 2.0.

Build a credential from typed parts, sign it with `add_proof` or as a token, `verify` it, take it
back by a status list, show it in a presentation or in part, carry it in a picture or a bundle:
all of that by the names of this module. docs/credentials.md teaches it by examples.

Stands alone: no web framework, no database, no network and no clock of its own. The caller hands
in the time, the signer, and a resolver for other people's documents. All errors are
`CredentialError`, and say what is wrong, with which value, and what mends it.
"""

from guildmark.credentials.carriers.bundle import (
    Bundle,
    BundleResolver,
    RecordingResolver,
    read_bundle,
)
from guildmark.credentials.carriers.carried import Carried
from guildmark.credentials.carriers.detect import bake, unbake
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
    did_jwk,
    did_key,
    did_web,
    did_web_url,
)
from guildmark.credentials.identifiers.keyfile import (
    read_key_file,
    write_jwk_file,
    write_multikey_file,
    write_pem_file,
)
from guildmark.credentials.identifiers.keys import KeyType, PrivateKey, PublicKey
from guildmark.credentials.identifiers.signer import LocalSigner, Signer
from guildmark.credentials.jsonld.canonical import canonicalize
from guildmark.credentials.model.achievement import (
    Achievement,
    Alignment,
    Criteria,
    Related,
    ResultDescription,
    RubricCriterionLevel,
)
from guildmark.credentials.model.clr import Association, ClrCredential, ClrSubject
from guildmark.credentials.model.credential import (
    CredentialSchema,
    CredentialStatus,
    LanguageValue,
    RefreshService,
    RelatedResource,
    TermsOfUse,
    VerifiableCredential,
    VerifiablePresentation,
)
from guildmark.credentials.model.identity import IdentityObject, identity_matches
from guildmark.credentials.model.openbadges import (
    AchievementCredential,
    AchievementSubject,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    OpenBadgeCredential,
    Result,
)
from guildmark.credentials.model.profile import (
    Address,
    GeoCoordinates,
    IdentifierEntry,
    Image,
    Profile,
)
from guildmark.credentials.model.reading import read_json
from guildmark.credentials.proofs.data_integrity import add_proof
from guildmark.credentials.proofs.ecdsa_sd_2023 import derive
from guildmark.credentials.proofs.jose import sd_jwt, status_list_token, vc_jwt
from guildmark.credentials.proofs.jose.envelopes import envelop, secure, secure_cose
from guildmark.credentials.proofs.jose.reading import read_token
from guildmark.credentials.proofs.jose.secured import SecuredToken, TokenFormat
from guildmark.credentials.status.allocation import IndexAllocator
from guildmark.credentials.status.bitstring import (
    StatusList,
    status_entry,
    status_list_document,
)
from guildmark.credentials.status.token_status_list import status_list
from guildmark.credentials.verification.presentation import verify_presentation
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    PresentationReport,
    Report,
)
from guildmark.credentials.verification.resolver import ByteResolver, KnownResolver, Resolver
from guildmark.credentials.verification.trust import Expected, Trust
from guildmark.credentials.verification.verifier import verify

__all__ = [
    "Achievement",
    "AchievementCredential",
    "AchievementSubject",
    "Address",
    "Alignment",
    "Association",
    "Bundle",
    "BundleResolver",
    "ByteResolver",
    "Carried",
    "CarrierError",
    "Check",
    "CheckCode",
    "ClrCredential",
    "ClrSubject",
    "CredentialError",
    "CredentialSchema",
    "CredentialStatus",
    "Criteria",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "Expected",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentifierError",
    "IdentityObject",
    "Image",
    "IndexAllocator",
    "JsonLdError",
    "KeyType",
    "KnownResolver",
    "LanguageValue",
    "LocalSigner",
    "ModelError",
    "NotAvailableError",
    "OpenBadgeCredential",
    "Outcome",
    "PresentationReport",
    "PrivateKey",
    "Profile",
    "ProofError",
    "PublicKey",
    "RecordingResolver",
    "RefreshService",
    "Related",
    "RelatedResource",
    "Report",
    "Resolver",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "SecuredToken",
    "Signer",
    "StatusError",
    "StatusList",
    "TermsOfUse",
    "TokenFormat",
    "Trust",
    "UnknownContextError",
    "UnreadableError",
    "VerifiableCredential",
    "VerifiablePresentation",
    "VerificationMethod",
    "add_proof",
    "bake",
    "canonicalize",
    "derive",
    "did_document",
    "did_jwk",
    "did_key",
    "did_web",
    "did_web_url",
    "envelop",
    "identity_matches",
    "read_bundle",
    "read_json",
    "read_key_file",
    "read_token",
    "sd_jwt",
    "secure",
    "secure_cose",
    "status_entry",
    "status_list",
    "status_list_document",
    "status_list_token",
    "unbake",
    "vc_jwt",
    "verify",
    "verify_presentation",
    "write_jwk_file",
    "write_multikey_file",
    "write_pem_file",
]
