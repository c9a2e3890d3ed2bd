"""What the targets begin with: one of each kind of input that the library reads."""

from __future__ import annotations

import functools
import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from guildmark.credentials import KeyType, LocalSigner, PrivateKey, add_proof, did_document
from guildmark.credentials.carriers import pdf, png, svg
from guildmark.credentials.carriers.bundle import RecordingResolver
from guildmark.credentials.identifiers import keyfile
from guildmark.credentials.identifiers.did import VerificationMethod, did_jwk, did_key
from guildmark.credentials.proofs import ecdsa_sd_2023
from guildmark.credentials.proofs.jose import envelopes, sd_jwt, vc_jwt
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials import strategies
from tests.credentials.builders import DID, LIST_URL, NOW, SEED, Documents, badge, signed, signer
from tests.credentials.carriers import files
from tests.credentials.model import test_openbadges2 as ob2
from tests.credentials.verification.test_embedded import endorsed
from tests.credentials.verification.test_presentations import HOLDER, presentation, presented

ED25519 = PrivateKey.from_seed(SEED)
P256 = PrivateKey.from_jwk(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    }
)
P256_DID = did_key(P256.public)
P256_SIGNER = LocalSigner(P256, verification_method=f"{P256_DID}#{P256.public.to_multikey()}")
PASSWORD = b"correct horse"


def text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def about(**changes: Any) -> dict[str, Any]:
    """The badge about a subject with an identifier, as tokens need it."""
    made = badge(**changes)
    made["credentialSubject"]["id"] = "did:example:worker"
    return made


def record() -> dict[str, Any]:
    """A learner record with a badge, an endorsement and an association."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:9d4c3b7e-12b7-4f3c-8a55-6c2b0f1d9a77",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Works"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:worker",
            "type": ["ClrSubject"],
            "verifiableCredential": [signed()],
            "association": [
                {
                    "type": "Association",
                    "associationType": "isChildOf",
                    "sourceId": badge()["id"],
                    "targetId": "https://works.example/a/1",
                }
            ],
        },
    }


def plain() -> dict[str, Any]:
    """A credential of no special kind, with what the data model allows."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": DID, "name": [{"@value": "Werk", "@language": "de"}]},
        "name": {"@value": "Works", "@language": "en", "@direction": "ltr"},
        "validFrom": "2026-01-01T00:00:00.5+05:30",
        "credentialSubject": [{"id": "did:example:a"}, {"id": "_:b"}],
        "relatedResource": [{"id": "https://works.example/x", "digestSRI": "sha384-S57yQDg1"}],
        "refreshService": {"id": "https://works.example/r", "type": "VerifiableCredentialRefresh"},
        "termsOfUse": [{"type": "Terms"}],
        "credentialSchema": {"id": "https://works.example/s.json", "type": "JsonSchema"},
    }


def documents() -> list[dict[str, Any]]:
    """Unsigned credentials of every kind."""
    endorsement = {name: part for name, part in endorsed().items() if name != "proof"}
    carrying = badge(endorsement=[endorsed()], endorsementJwt=[vc_jwt.issue(about(), signer())])
    return [badge(), plain(), endorsement, carrying, record()]


def generated(count: int) -> list[dict[str, Any]]:
    """Credentials with every feature of their data models, the same each time."""
    made: list[dict[str, Any]] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.documents())
    def collect(document: dict[str, Any]) -> None:
        made.append(document)

    collect()
    return made


def served() -> dict[str, Any]:
    """What stands at the addresses that the samples name."""
    known = {**Documents().known, **ob2.world()}
    known["https://works.example/.well-known/jwks.json"] = {"keys": [ED25519.public.to_jwk()]}
    method = VerificationMethod(id=f"{DID}#key", controller=DID, public_key=ED25519.public)
    known[DID] = did_document(DID, [method])
    known["https://works.example/revocations"] = {
        "id": "https://works.example/revocations",
        "issuer": DID,
        "revokedCredential": [{"id": "urn:x:1", "revoked": True, "revocationReason": "x"}],
    }
    return known


def presentations() -> list[dict[str, Any]]:
    """Unsigned presentations."""
    token = envelopes.envelop(envelopes.secure(badge(), signer()), TokenFormat.VC)
    own = {**plain(), "issuer": HOLDER}
    return [
        presentation(signed(), token),
        presentation(own),
        presentation(),
        presentation(record()),
    ]


def tokens() -> list[bytes]:
    """Every kind of token."""
    hidden = sd_jwt.issue(
        badge(),
        signer(),
        disclosable=[("evidence", 0), ("evidence", 0, "name"), ("name",)],
        holder=P256.public,
        salt=lambda: "salt",
    )
    holder = LocalSigner(P256, verification_method=P256_DID)
    bound = sd_jwt.bind(hidden, holder, nonce="c1", audience="gate.example", issued_at=NOW)
    claims = sd_jwt.issue(
        {"vct": "https://works.example/t", "iss": DID, "name": "x", "list": [1, [2]]},
        signer(),
        form=TokenFormat.SD_JWT_VC,
        disclosable=[("name",), ("list", 1), ("list", 1, 0)],
        salt=lambda: "salt",
    )
    held = envelopes.secure(presentation(signed()), signer())
    texts = [
        vc_jwt.issue(about(), signer()),
        vc_jwt.issue(about(), P256_SIGNER, bring_key=True),
        envelopes.secure(badge(), signer()),
        *(held, hidden, bound, claims, ob2.signed_badge()),
    ]
    return [*(token.encode() for token in texts), envelopes.secure_cose(badge(), signer())]


def carried() -> list[bytes]:
    """Files that carry a credential in every way."""
    small = files.CREDENTIAL
    return [
        png.bake(files.picture(), small),
        png.bake(files.picture(), files.JWT),
        files.picture(files.chunk(b"tEXt", b"openbadges\0https://works.example/assertions/1")),
        files.picture(files.chunk(b"zTXt", b"openbadges\0\0x\x9c\xab\xae\x05\x00\x01u\x00\xf9")),
        svg.bake(files.drawing(), small),
        svg.bake(files.drawing(), files.JWT),
        svg.bake(files.drawing(head="<?xml version='1.0'?><!DOCTYPE svg>"), small),
        files.drawing("<![CDATA[x]]>&amp;").decode().encode("utf-16"),
        pdf.bake(files.document(("a.txt", b"x")), small),
        files.document(("credential.json", small.encode())),
        small.encode(),
        files.JWT.encode(),
        files.SD_JWT.encode(),
    ]


@functools.cache
def disclosed() -> tuple[dict[str, Any], dict[str, Any]]:
    """A badge with a base proof for selective disclosure, and one derived from it."""
    base = add_proof(badge(), signer=P256_SIGNER, created=NOW, suite=ecdsa_sd_2023.NAME)
    return base, ecdsa_sd_2023.derive(base, ["/credentialSubject/achievement/name", "/evidence/0"])


def bundle() -> bytes:
    """A credential with what it takes to verify it."""
    recording = RecordingResolver(Documents(), now=NOW)
    for address in (DID, LIST_URL):
        recording.resolve(address)
    return recording.bundle(text(signed())).to_bytes()


def key_files() -> list[bytes]:
    """Private keys in every form."""
    name = {"method_id": f"{DID}#key"}
    whole = {**name, "controller": DID}
    few = {"password": PASSWORD, "iterations": 1_000}
    return [
        keyfile.multikey_text(ED25519, **whole).encode(),
        keyfile.multikey_text(P256, **whole).encode(),
        keyfile.multikey_text(ED25519, **whole, **few).encode(),
        keyfile.jwk_text(P256, **name).encode(),
        keyfile.jwk_text(ED25519, **name, **few).encode(),
        P256.to_pem(),
        ED25519.to_pem(PASSWORD),
    ]


def identifiers() -> list[bytes]:
    """Identifiers of every kind, and public keys as texts."""
    rsa = PrivateKey.generate(KeyType.RSA).public
    keys = (ED25519.public, P256.public, PrivateKey.generate(KeyType.P384).public, rsa)
    return [
        *(did_key(key).encode() for key in keys),
        *(did_jwk(key).encode() for key in keys),
        *(key.to_multikey().encode() for key in keys[:3]),
        *(
            b"did:web:works.example%3A8443:o:works",
            b"https://works.example:443/x#y",
            b"did:web:xn--a",
        ),
    ]


def public_keys() -> list[bytes]:
    """Public keys as JWK."""
    kinds = (KeyType.ED25519, KeyType.P256, KeyType.P384, KeyType.RSA)
    return [text(PrivateKey.generate(kind).public.to_jwk()) for kind in kinds]


def badges2() -> list[bytes]:
    """The documents of Open Badges 2.0."""
    signed_one = ob2.assertion(verification={"type": "SignedBadge", "creator": f"{ob2.SITE}/key"})
    held = ob2.profile(verification={"startsWith": ob2.SITE, "allowedOrigins": "works.example"})
    return [text(one) for one in (*ob2.world().values(), signed_one, held, ob2.BADGE)]


def presented_ones() -> list[bytes]:
    """Signed presentations, as JSON and as tokens."""
    return [
        text(presented(presentation(signed()))),
        envelopes.secure(presentation(signed()), signer()).encode(),
        *tokens()[4:6],
    ]
