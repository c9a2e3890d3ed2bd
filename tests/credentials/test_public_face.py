"""What the library promises by name; a change here is a change for everyone who imports it."""

from __future__ import annotations

from guildmark import credentials
from guildmark.credentials import CredentialError
from guildmark.credentials.proofs.registry import SUITES, suite_of

FACE = {
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
}


def test_the_public_face() -> None:
    assert set(credentials.__all__) == FACE
    assert all(hasattr(credentials, name) for name in FACE)


def test_errors_have_one_base() -> None:
    errors = [getattr(credentials, name) for name in FACE if name.endswith("Error")]
    assert all(issubclass(error, CredentialError) for error in errors)


def test_the_registry_finds_a_suite_by_name_only() -> None:
    assert set(SUITES) == {
        "eddsa-rdfc-2022",
        "eddsa-jcs-2022",
        "ecdsa-rdfc-2019",
        "ecdsa-jcs-2019",
        "ecdsa-sd-2023",
    }
    named = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    assert suite_of(named) is SUITES["eddsa-rdfc-2022"]
    others: tuple[object, ...] = (
        {},
        None,
        "x",
        {**named, "type": "X"},
        {"type": "DataIntegrityProof", "cryptosuite": "Ed25519Signature2020"},
        {"type": "eddsa-2022", "cryptosuite": "eddsa-2022"},
        {"type": []},
        {**named, "cryptosuite": []},
    )
    assert all(suite_of(other) is None for other in others)
