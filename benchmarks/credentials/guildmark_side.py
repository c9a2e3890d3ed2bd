"""What the library does in the comparison, with the keys, documents and lists for all sides."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from badges import WORKS, large, small
from cryptography.hazmat.primitives.asymmetric import rsa
from measuring import Work

from guildmark.credentials import (
    KeyType,
    LocalSigner,
    NotAvailableError,
    PrivateKey,
    add_proof,
    canonicalize,
    verify,
)
from guildmark.credentials.proofs.jose import vc_jwt
from guildmark.credentials.proofs.jose.reading import read_token
from guildmark.credentials.status.bitstring import StatusList, status_list_document

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
_SECONDS = NOW.timestamp()
COUNT = 1_000
TOKENS = 300
MANY = 1_000
_NOT_BY_NPM = ("schema", "refresh", "endorsements")
# The fewest that RS256 allows (RFC 7518, section 3.3).
_RSA_BITS = 2_048


class Issuer:
    """A key, the identifier that it signs as, and what others need to know of it."""

    def __init__(self, key: PrivateKey, did: str, method: str, document: Any = None) -> None:
        self.key = key
        self.did = did
        self.signer = LocalSigner(key, verification_method=method)
        self.documents = {} if document is None else {did: document}


class Known:
    """A resolver that has the issuer's documents in memory."""

    def __init__(self, documents: dict[str, Any]) -> None:
        self._documents = documents

    def resolve(self, identifier: str) -> Any:
        """The document; raises NotAvailableError for any other."""
        try:
            return self._documents[identifier]
        except KeyError:
            raise NotAvailableError(identifier) from None


def _by_key(key: PrivateKey) -> Issuer:
    named = key.public.to_multikey()
    return Issuer(key, f"did:key:{named}", f"did:key:{named}#{named}")


def _by_web(key: PrivateKey, other: PrivateKey) -> Issuer:
    """RSA has no Multikey, so its issuer has a document, with a key for the status list in it."""
    did = "did:web:norvale.example"
    methods: list[Any] = [
        {"id": f"{did}#rsa", "type": "JsonWebKey", "publicKeyJwk": key.public.to_jwk()},
        {
            "id": f"{did}#list",
            "type": "Multikey",
            "publicKeyMultibase": other.public.to_multikey(),
        },
    ]
    document = {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": did,
        "verificationMethod": [{**method, "controller": did} for method in methods],
        "assertionMethod": [method["id"] for method in methods],
    }
    return Issuer(key, did, f"{did}#rsa", document)


_SEED = PrivateKey.from_seed(bytes(range(32)))
ISSUERS = {
    "EdDSA": _by_key(_SEED),
    "ES256": _by_key(PrivateKey.generate(KeyType.P256)),
    "RS256": _by_web(
        PrivateKey(rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)), _SEED
    ),
}
MAKERS: dict[str, Callable[[int, str], Any]] = {"small": small, "large": large}


def status_list(name: str) -> Any:
    """The issuer's signed list, on which nothing is revoked."""
    issuer = ISSUERS[name]
    by_web = LocalSigner(_SEED, verification_method=f"{issuer.did}#list")
    unsigned = status_list_document(
        list_url=f"{WORKS}/status/1",
        issuer=issuer.did,
        purpose="revocation",
        encoded_list=StatusList().encode(),
        valid_from="2026-01-01T00:00:00Z",
    )
    return add_proof(
        unsigned,
        signer=by_web if name == "RS256" else issuer.signer,
        created=NOW,
        suite="ecdsa-rdfc-2019" if name == "ES256" else "eddsa-rdfc-2022",
    )


def _resolver(name: str) -> Known:
    """What is asked for while a credential of this issuer is verified."""
    status = status_list(name)
    return Known({**ISSUERS[name].documents, status["id"]: status})


class Guildmark:
    """The operations by badge and name, as the peers have them too."""

    def __init__(self) -> None:
        self.documents = {
            badge: [make(number, ISSUERS["EdDSA"].did) for number in range(COUNT)]
            for badge, make in MAKERS.items()
        }
        self.credentials = {
            badge: [json.dumps(self.sign(document)).encode() for document in documents]
            for badge, documents in self.documents.items()
        }
        self.payloads = {
            (badge, name): [make(number, issuer.did) for number in range(TOKENS)]
            for badge, make in MAKERS.items()
            for name, issuer in ISSUERS.items()
        }
        self.tokens = {
            (badge, name): [vc_jwt.issue(document, ISSUERS[name].signer) for document in documents]
            for (badge, name), documents in self.payloads.items()
        }
        self._resolvers = {name: _resolver(name) for name in ISSUERS}
        self.work = {
            (badge, operation): work
            for badge in MAKERS
            for operation, work in self._operations(badge)
        }

    def _operations(self, badge: str) -> list[tuple[str, Work]]:
        documents, credentials = self.documents[badge], self.credentials[badge]
        found = [
            ("canonicalize", Work(documents, canonicalize)),
            ("issue", Work(documents, self.sign)),
            ("verify", Work(credentials, self.verify_as_npm)),
            ("report", Work(credentials, lambda text: self.verify("EdDSA", text))),
            ("issue to many", Work([documents[:MANY]], self.issue_to_many, each=MANY)),
        ]
        for name in ISSUERS:
            found += [
                (f"{name} sign", Work(self.payloads[badge, name], self._signing(name))),
                (f"{name} verify", Work(self.tokens[badge, name], self._checking(name))),
                (f"{name} report", Work(self.tokens[badge, name], self._reporting(name))),
            ]
        return found

    @staticmethod
    def sign(document: Any) -> Any:
        """With eddsa-rdfc-2022."""
        return add_proof(document, signer=ISSUERS["EdDSA"].signer, created=NOW)

    @staticmethod
    def issue_to_many(documents: list[Any]) -> list[Any]:
        """One achievement to each holder: what the library offers for that today."""
        return [
            add_proof(document, signer=ISSUERS["EdDSA"].signer, created=NOW)
            for document in documents
        ]

    def verify_as_npm(self, credential: Any) -> None:
        """With the checks that npm's `vc` makes too: it asks for no schema and no endorsements."""
        report = verify(
            credential, resolver=self._resolvers["EdDSA"], now=NOW, leave_out=_NOT_BY_NPM
        )
        assert report.verified, report

    def verify(self, name: str, credential: Any) -> None:
        """Every check of the report, the status looked up in a list that is in memory."""
        report = verify(credential, resolver=self._resolvers[name], now=NOW)
        assert report.verified, report

    def check_token(self, name: str, token: str) -> None:
        """What jose's `jwtVerify` does (signature, JSON, times), and the claims of a VC-JWT."""
        read = read_token(token)
        read.check(ISSUERS[name].key.public)
        assert read.claims["nbf"] <= _SECONDS < read.claims["exp"]

    def _signing(self, name: str) -> Callable[[Any], object]:
        signer = ISSUERS[name].signer
        return lambda document: vc_jwt.issue(document, signer)

    def _checking(self, name: str) -> Callable[[str], None]:
        return lambda token: self.check_token(name, token)

    def _reporting(self, name: str) -> Callable[[str], None]:
        return lambda token: self.verify(name, token)
