"""Every parser and codec of the library, with what it may refuse an input by.

A target is called with bytes; those that read JSON are given mutated JSON. What it returns does
not matter: another error than those it names, a second of work, or 200 MB is a finding.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from guildmark.credentials import (
    CarrierError,
    CredentialError,
    Expected,
    IdentifierError,
    JsonLdError,
    ModelError,
    NotAvailableError,
    PrivateKey,
    ProofError,
    PublicKey,
    StatusError,
    UnreadableError,
    add_proof,
    cbor,
    did_web_url,
    read_json,
    verify,
    verify_presentation,
)
from guildmark.credentials.carriers import detect, pdf, png, svg
from guildmark.credentials.carriers.bundle import BundleResolver, read_bundle
from guildmark.credentials.identifiers import controllers, keyfile, multibase
from guildmark.credentials.identifiers.did import (
    did_jwk,
    did_jwk_method,
    did_key,
    did_key_method,
    method_within,
)
from guildmark.credentials.jsonld import canonical, labelling
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.quads import Quad, to_quads
from guildmark.credentials.model import data_model
from guildmark.credentials.model import openbadges2 as ob2
from guildmark.credentials.model.identity import identity_matches
from guildmark.credentials.model.reading import check_bounds, read_strictly
from guildmark.credentials.model.times import moment
from guildmark.credentials.proofs import chains, ecdsa_sd_2023, jcs, selection
from guildmark.credentials.proofs.data_integrity import PURPOSES
from guildmark.credentials.proofs.jose import cose, envelopes, sd_jwt, segments
from guildmark.credentials.proofs.jose.reading import read_envelope, read_token
from guildmark.credentials.proofs.jose.secured import SecuredToken, seconds_of, text_of
from guildmark.credentials.proofs.registry import SUITES
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.schemas import validation
from guildmark.credentials.status import bitstring, revocation_list, status_list_2021
from guildmark.credentials.verification import lookalikes, refresh, schema
from guildmark.credentials.verification.known_lists import KnownLists
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, signed, signer
from tests.credentials.fuzzing import mutations, samples
from tests.credentials.fuzzing.mutations import Mutate, mutate_bytes, mutate_json
from tests.credentials.verification.test_presentations import SIGNER as HOLDER

Errors = tuple[type[Exception], ...]
Seeds = Callable[[], Sequence[bytes]]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One parser: what it is called with, first and after, and how it may refuse."""

    name: str
    run: Callable[[bytes], Any]
    seeds: Seeds
    errors: Errors = ()
    mutate: Mutate = mutate_bytes
    longest: int = 20_000

    def __call__(self, data: bytes) -> bool:
        """Whether the input was read; raises for a finding only."""
        try:
            self.run(data)
        except self.errors:
            return False
        return True


TARGETS: Final[dict[str, Target]] = {}


def target(
    *errors: type[Exception], seeds: Seeds, mutate: Mutate = mutate_bytes, longest: int = 20_000
) -> Callable[[Callable[[bytes], Any]], Callable[[bytes], Any]]:
    """Adds a function to the table under its name."""

    def add(run: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
        name = run.__name__.replace("_", "-")
        TARGETS[name] = Target(
            name=name, run=run, seeds=seeds, errors=errors, mutate=mutate, longest=longest
        )
        return run

    return add


def on_json(
    *errors: type[Exception], seeds: Callable[[], Sequence[Any]], longest: int = 40_000
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """The same for a function of a document that was read."""

    def add(run: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @functools.wraps(run)
        def of_bytes(data: bytes) -> Any:
            return run(read_json(data))

        target(
            UnreadableError,
            *errors,
            seeds=lambda: [samples.text(seed) for seed in seeds()],
            mutate=mutate_json,
            longest=longest,
        )(of_bytes)
        return run

    return add


def outcome(function: Callable[..., Any], *given: Any) -> Any:
    """What comes out, and one value for every refusal, to compare two ways."""
    try:
        return function(*given)
    except CredentialError:
        return CredentialError


def equal(one: Any, other: Any) -> None:
    assert one == other, f"{one!r:.300} is not {other!r:.300}"


# Reading.


def _texts() -> list[bytes]:
    return [
        *map(samples.text, samples.documents()),
        b'{"a": 1.5e3, "b": [true, null, -0, 0.1, 12345678901234567890], "c": "\\ud83d\\ude00"}',
        b'\xef\xbb\xbf {"a": "\\u0061", "b": {"b": {}}}',
    ]


def _same_json(one: Any, other: Any) -> None:
    # As texts: 1, 1.0 and true are equal to Python.
    equal(json.dumps(one) if one is not CredentialError else one, json.dumps(other))


@target(UnreadableError, seeds=_texts, longest=40_000)
def json_text(data: bytes) -> None:
    """The quick reader is the strict one."""
    quick = read_json(data)
    _same_json(quick, read_strictly(data))
    _same_json(segments.read_object(data), quick)
    check_bounds(quick)


@target(UnreadableError, seeds=_texts, mutate=mutate_json, longest=40_000)
def json_structure(data: bytes) -> None:
    """The same on JSON."""
    json_text(data)


@target(UnreadableError, seeds=lambda: [b"[1,2]", b'"x"', b"1e3", b'["salt","name",{"a":[]}]'])
def json_value(data: bytes) -> None:
    segments.read_value(data)


@on_json(ProofError, seeds=samples.documents)
def canonical_json(document: Any) -> None:
    equal(jcs.canonical_json(document), rfc8785.dumps(document))


# JSON-LD.


def _linked() -> list[Any]:
    return [*samples.documents(), signed()["proof"] | {"@context": signed()["@context"]}]


@on_json(JsonLdError, seeds=_linked)
def canonical_form(document: Any) -> None:
    """By shapes and in the plain way, twice, because a shape's template is used from then on."""
    plain = outcome(lambda: _labelled(to_quads(expand(document))))
    for _ in range(2):
        quick = outcome(canonical.canonicalize, document)
        equal(quick, plain)


@on_json(JsonLdError, seeds=samples.documents)
def longer_hash(document: Any) -> None:
    labelling.canonicalize_with(document, "sha384")


@target(JsonLdError, seeds=lambda: [bytes(range(40)), b"\0\1\1\0\2\1\1\2", bytes(24)], longest=600)
def blank_nodes(data: bytes) -> None:
    """Graphs of few names; other names for the same nodes, in another order, change nothing."""
    names = ["_:b0", "_:b1", "_:b2", "_:b3", "_:b4", "_:b5", "_:b6", "_:b7", "<urn:x:y>"]
    others = [*reversed(names[:8]), names[8]]

    def quads(names: list[str]) -> list[Quad]:
        return [
            Quad(
                names[a % 9], f"<urn:p:{b % 3}>", names[c % 9], names[b // 3 % 9] if b > 200 else ""
            )
            for a, b, c in zip(data[::3], data[1::3], data[2::3], strict=False)
        ]

    first = outcome(_labelled, quads(names))
    second = outcome(_labelled, quads(others)[::-1])
    if CredentialError not in (first, second):
        equal(first, second)


def _labelled(quads: list[Quad]) -> str:
    return "".join(labelling.canonicalize_quads(quads)[0])


def _pointed() -> list[Any]:
    return [
        {"document": document, "pointers": ["/credentialSubject", "/issuer/id", "/evidence/0/name"]}
        for document in samples.documents()[:2]
    ]


@on_json(JsonLdError, ProofError, seeds=_pointed)
def chosen_parts(given: Any) -> None:
    document, pointers = given.get("document"), given.get("pointers")
    if isinstance(document, dict) and isinstance(pointers, list):
        selection.Statements(document).part(pointers)


# Data models.


@on_json(seeds=lambda: [*samples.documents(), *samples.presentations()])
def data_model_rules(document: Any) -> None:
    data_model.credential_problems(document)
    data_model.presentation_problems(document)
    data_model.self_asserted_problems(document)
    refresh.check_refresh(document)


@on_json(seeds=samples.documents)
def json_schemas(document: Any) -> None:
    problems = validation.validate(document)
    json.dumps([vars(problem) for problem in problems])
    schema.check_schema(document)
    schema.check_schema(document, is_part=True)


@target(ModelError, IdentifierError, UnreadableError, seeds=samples.badges2, mutate=mutate_json)
def open_badges_2(data: bytes) -> None:
    document = read_json(data)
    assertion = outcome(ob2.read_assertion, document)
    outcome(ob2.read_badge_class, document)
    profile = outcome(ob2.read_profile, document)
    known = ob2.read_profile(samples.ob2.profile())
    if isinstance(profile, ob2.Profile):
        ob2.is_in_scope("https://works.example/assertions/1", profile)
        outcome(ob2.read_key, samples.ob2.key_document(), profile)
    if isinstance(assertion, ob2.Assertion):
        ob2.is_in_scope(assertion.id, known)
        ob2.signing_keys(assertion, known)
        if assertion.recipient is not None:
            assertion.recipient.matches("worker@works.example")
        outcome(ob2.is_listed_as_revoked, assertion, samples.ob2.revocations("x"), known)
    outcome(ob2.read_key, document, known)
    first = ob2.read_assertion(samples.ob2.assertion())
    ob2.is_listed_as_revoked(first, document, known)


@target(
    seeds=lambda: [b"2026-06-01T12:00:00Z", b"0001-01-01T00:00:00.123456789+14:00", b"20260601T12Z"]
)
def times(data: bytes) -> None:
    given = data.decode("utf-8", "replace")
    found = moment(given), seconds_of(given), ob2.moment(given)
    if found[0] is not None:
        found[0] < NOW, found[0].isoformat()
    if found[1] is not None:
        text_of(found[1])


@on_json(
    seeds=lambda: [
        samples.badge()["credentialSubject"]["identifier"][0],
        {"hashed": True, "identityHash": "sha256$ab", "salt": "x"},
    ]
)
def identities(entry: Any) -> None:
    identity_matches(entry, "worker@works.example")


@on_json(
    seeds=lambda: [
        {"name": "Nоrvale", "id": "did:web:xn--wrks-55d.example"},
        {"name": [{"@value": "x"}], "id": "https://xn--a.example"},
    ]
)
def names_that_look_alike(issuer: Any) -> None:
    identifier = issuer.get("id")
    lookalikes.warnings_of(issuer, identifier if isinstance(identifier, str) else None)


# Codecs and keys.


@target(
    UnreadableError,
    seeds=lambda: [cbor.encode({1: -7, "x": [b"y", None, True, {2: 2**63}]}), b"\xd8\x40\x80"],
)
def cbor_items(data: bytes) -> None:
    value = cbor.decode(data)
    equal(cbor.decode(cbor.encode(value)), value)


@target(ProofError, UnreadableError, seeds=lambda: [samples.tokens()[-1]])
def cose_sign1(data: bytes) -> None:
    outcome(cose.read, data)
    _use(envelopes.read_cose(data))


@target(IdentifierError, seeds=lambda: [b"z6Mk", b"z11111", b"uAAAA", b"z" + b"k" * 90])
def multibases(data: bytes) -> None:
    given = data.decode("latin-1")
    for read, write in (
        (multibase.decode_base58btc, multibase.encode_base58btc),
        (multibase.decode_base64url, multibase.encode_base64url),
    ):
        found = outcome(read, given)
        if found is not CredentialError:
            equal(read(write(found)), found)
    if given.startswith("z") and outcome(multibase.decode_base58btc, given) is not CredentialError:
        equal(multibase.encode_base58btc(multibase.decode_base58btc(given)), given)
    equal(multibase.decode_base58btc(multibase.encode_base58btc(data[:700])), data[:700])
    outcome(segments.decode, "it", data)


@target(IdentifierError, seeds=samples.identifiers, longest=5_000)
def identifier_texts(data: bytes) -> None:
    given = data.decode("utf-8", "replace")
    for function in (did_web_url, did_key_method, did_jwk_method, method_within):
        outcome(function, given)
    key = outcome(PublicKey.from_multikey, given)
    if isinstance(key, PublicKey):
        equal(PublicKey.from_multikey(key.to_multikey()), key)
    key = did_key_method(given).public_key
    equal(did_key_method(did_key(key)).public_key, key)
    outcome(key.verify, bytes(64), b"x")


@target(IdentifierError, UnreadableError, seeds=samples.public_keys, mutate=mutate_json)
def json_web_keys(data: bytes) -> None:
    jwk = read_json(data)
    outcome(PrivateKey.from_jwk, jwk)
    outcome(PublicKey.from_public_jwk, jwk)
    key = PublicKey.from_jwk(jwk)
    equal(PublicKey.from_jwk(key.to_jwk()), key)
    equal(did_jwk_method(did_jwk(key)).public_key, key)
    for signature in (bytes(64), bytes(96), bytes(256), b""):
        outcome(key.verify, signature, b"x")


@target(
    IdentifierError,
    seeds=lambda: [
        samples.ob2.pem(samples.ob2.RSA).encode(),
        samples.ob2.pem(samples.P256).encode(),
    ],
)
def pem_keys(data: bytes) -> None:
    outcome(PublicKey.from_der, data)
    outcome(PrivateKey.from_pem, data)
    PublicKey.from_pem(data)


@target(IdentifierError, seeds=samples.key_files)
def key_files(data: bytes) -> None:
    if b"p2c" not in data and data.count(b".") < 4:
        outcome(keyfile.read_key, data)
    keyfile.read_key(data, password=samples.PASSWORD, verification_method="did:x:y#z")


@target(IdentifierError, seeds=lambda: samples.key_files()[:5], mutate=mutate_json)
def key_documents(data: bytes) -> None:
    """The same on JSON."""
    key_files(data)


@on_json(IdentifierError, seeds=lambda: [samples.served()[DID]])
def controller_documents(document: Any) -> None:
    for purpose in controllers.RELATIONSHIPS:
        for method in outcome(lambda: list(controllers.methods_for(document, purpose))) or ():  # noqa: B023
            method.as_json()
    controllers.find_method(document, f"{DID}#key").require_valid(NOW, NOW)


# Status lists.


@target(StatusError, seeds=lambda: [bitstring.encode([1, 9]).encode(), b"uH4sIAAAAAAAAAA"])
def encoded_lists(data: bytes) -> None:
    given = data.decode("latin-1")
    for decode in (bitstring.decode_bits, status_list_2021.decode_bits):
        bits = outcome(decode, given)
        if isinstance(bits, bytes):
            for size in (1, 3, 12):
                listed = outcome(functools.partial(bitstring.StatusList.of, bits, size=size))
                if listed is not CredentialError:
                    _ = listed[0], listed[len(listed) - 1]
    packed = outcome(bitstring.inflate, data)
    assert packed is CredentialError or len(packed) <= bitstring.MAX_BITS // 8


@on_json(StatusError, seeds=lambda: [samples.served()["https://works.example/revocations"]])
def revocation_lists(document: Any) -> None:
    revocation_list.list_issuer(document)
    revocation_list.read_revocation_list(document)


_LISTS = KnownLists()


@on_json(ProofError, seeds=lambda: [Documents().known[LIST_URL]])
def known_lists(document: Any) -> None:
    known = _LISTS.find(LIST_URL, document)
    known.bits = bytes(9)
    _LISTS.keep(LIST_URL, known)
    assert _LISTS.find(LIST_URL, document) is known or document != document


# Tokens.

_TYPES = ("JWT", "vc+jwt", "vp+jwt", "vc+sd-jwt", "dc+sd-jwt", "vp+sd-jwt", "")
_KEYS = (samples.ED25519.public, samples.P256.public)


def _use(token: SecuredToken) -> None:
    """What a verifier asks of a token."""
    _ = token.verification_method, token.not_before, token.expires, token.own_key
    for key in _KEYS:
        outcome(token.check, key)
    if isinstance(token, sd_jwt.SecuredSdJwt):
        read = token.sd_jwt
        outcome(functools.partial(read.check_binding, nonce="c1", audience="gate.example", now=NOW))


@target(ProofError, UnreadableError, seeds=samples.tokens)
def token_texts(data: bytes) -> None:
    outcome(sd_jwt.read, data.decode("latin-1"))
    _use(read_token(data))


def _parts() -> list[Any]:
    header = {"alg": "EdDSA", "kid": f"{DID}#key", "typ": "vc+jwt", "jwk": _KEYS[0].to_jwk()}
    return [
        {"header": header, "payload": samples.badge()},
        {
            "header": {**header, "typ": "JWT"},
            "payload": {"vc": samples.about(), "iss": DID, "exp": 1},
        },
        {"header": {"alg": "EdDSA"}, "payload": {"vp": samples.presentation(), "nonce": "c1"}},
        {
            "header": {"alg": "EdDSA", "typ": "dc+sd-jwt"},
            "payload": {"vct": "x", "_sd": ["#0", "#3"], "list": [{"...": "#1"}, {"...": "#2"}]},
            "texts": [
                ["salt", "name", {"_sd": ["#1"]}],
                ["salt", 1],
                ["s", {"a": 1}],
                ["s", "b", 1],
            ],
            "binding": {"iat": 1780315200, "aud": "gate.example", "nonce": "c1", "sd_hash": "#"},
        },
        {
            "header": {"alg": "ES256", "typ": "vc+sd-jwt", "x5c": ["MIIB"]},
            "payload": samples.plain(),
            "texts": [],
        },
    ]


def _assembled(given: Any) -> str:
    """A token of these parts whose signature holds, and whose digests are those of its texts."""
    texts = given.get("texts")
    listed = texts[:50] if isinstance(texts, list) else []
    written = [segments.encode(json.dumps(content).encode()) for content in listed]
    payload = json.dumps(given.get("payload")).encode()
    for _ in range(2):
        for place, content in enumerate(listed):
            # A mutation cannot guess digests: it writes their place.
            named = segments.encode(hashlib.sha256(written[place]).digest())
            payload = payload.replace(b'"#%d"' % place, b'"%b"' % named)
            for other in range(place + 1, len(listed)):
                raw = json.dumps(listed[other]).encode().replace(b'"#%d"' % place, b'"%b"' % named)
                written[other] = segments.encode(raw)
            del content
    header = segments.encode(json.dumps(given.get("header")).encode())
    first = b"%b.%b" % (header, segments.encode(payload))
    token = b"%b.%b" % (first, segments.encode(samples.ED25519.sign(first)))
    if not isinstance(texts, list):
        return token.decode()
    shown = b"~".join([token, *written, b""])
    if "binding" not in given:
        return shown.decode()
    claims = given["binding"]
    if isinstance(claims, dict) and claims.get("sd_hash") == "#":
        claims = claims | {"sd_hash": segments.encode(hashlib.sha256(shown).digest()).decode()}
    kind = segments.encode(b'{"alg":"EdDSA","typ":"kb+jwt"}')
    last = b"%b.%b" % (kind, segments.encode(json.dumps(claims).encode()))
    return (shown + b"%b.%b" % (last, segments.encode(samples.ED25519.sign(last)))).decode()


@on_json(ProofError, seeds=_parts)
def token_parts(given: Any) -> None:
    """Tokens that are signed after they were changed, so that what is in them is reached."""
    _use(read_token(_assembled(given)))


@on_json(
    ProofError,
    seeds=lambda: [
        envelopes.envelop(token.decode(), envelopes.TokenFormat.VC)
        for token in samples.tokens()[:3]
    ],
)
def enveloped_tokens(document: Any) -> None:
    _use(read_envelope(document))


# Proofs.


def _proof_values() -> list[bytes]:
    return [
        multibase.decode_base64url(document["proof"]["proofValue"])
        for document in samples.disclosed()
    ]


@target(ProofError, JsonLdError, seeds=_proof_values)
def selective_proofs(data: bytes) -> None:
    """The value of a proof for selective disclosure, for the document that it was made for."""
    base, derived = samples.disclosed()
    value = multibase.encode_base64url(data)
    outcome(
        ecdsa_sd_2023.derive, {**base, "proof": {**base["proof"], "proofValue": value}}, ["/name"]
    )
    ecdsa_sd_2023.check(
        Unsecured.of(derived), {**derived["proof"], "proofValue": value}, samples.P256.public
    )


@on_json(
    ProofError,
    seeds=lambda: [
        {
            "proof": [
                {"id": "a"},
                {"id": "b", "previousProof": "a"},
                {"id": "c", "previousProof": ["a", "b"]},
            ]
        }
    ],
)
def proof_chains(document: Any) -> None:
    proofs = chains.proofs_of(document)[:20]
    known = [proof for proof in proofs if isinstance(proof, dict)]
    for proof in known:
        outcome(chains.previous_proofs, proof, proofs)
    chains.require_no_circle(known)


# Carriers.


def _carried(kind: bytes) -> list[bytes]:
    return [data for data in samples.carried() if data.startswith(kind)]


@target(CarrierError, seeds=lambda: _carried(b"\x89PNG"))
def png_pictures(data: bytes) -> None:
    outcome(png.bake, data, "{}")
    png.unbake(data)


@target(CarrierError, seeds=lambda: [*_carried(b"<"), *_carried(b"\xff\xfe")])
def svg_pictures(data: bytes) -> None:
    baked = outcome(svg.bake, data, "{}")
    if baked is not CredentialError:
        equal(svg.unbake(baked).payload, "{}")
    svg.unbake(data)


@target(CarrierError, seeds=lambda: _carried(b"%PDF"))
def pdf_documents(data: bytes) -> None:
    outcome(pdf.bake, data, samples.files.CREDENTIAL)
    pdf.unbake(data)


@target(CarrierError, seeds=samples.carried)
def any_file(data: bytes) -> None:
    detect.unbake(data)


@target(
    CarrierError,
    NotAvailableError,
    UnreadableError,
    seeds=lambda: [samples.bundle()],
    mutate=mutate_json,
)
def bundles(data: bytes) -> None:
    bundle = read_bundle(data)
    equal(read_bundle(bundle.to_bytes()).credential, bundle.credential)
    BundleResolver(bundle, now=NOW).resolve(DID)


# Verification as a whole: it refuses nothing, so no error is allowed.


class _Served:
    """The samples' documents and some of these."""

    def __init__(self, known: Any = None) -> None:
        self._known = samples_served() | (known if isinstance(known, dict) else {})

    def resolve(self, identifier: str) -> Any:
        """The document, where it is known."""
        found = self._known.get(identifier)
        if not isinstance(found, dict):
            raise NotAvailableError(identifier)
        return found


@functools.cache
def samples_served() -> dict[str, Any]:
    return samples.served()


class _Trusting:
    """Trust in the samples' issuer."""

    def is_trusted(self, issuer: str, document: Any) -> bool | None:  # noqa: ARG002
        """Whether it is that one."""
        return issuer == DID


_ASKED: Final[dict[str, Any]] = {
    "now": NOW,
    "trust": _Trusting(),
    "expected": Expected(issuer=DID, achievement="x", recipient=("name", "Łukasz Öztürk")),
}


def _verify(given: Any, known: Any = None) -> None:
    report = verify(given, resolver=_Served(known), **_ASKED)
    json.dumps(report.as_json(), ensure_ascii=False, allow_nan=False).encode()


def _verify_presentation(given: Any) -> None:
    found = verify_presentation(
        given, resolver=_Served(), now=NOW, challenge="c1", domain="gate.example"
    )
    json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False).encode()


def _anything() -> list[bytes]:
    signed_ones = [samples.text(signed()), samples.text(samples.ob2.assertion())]
    # Reading PDFs takes ten times as long as all else, and has a target of its own.
    files = [data for data in samples.carried() if not data.startswith(b"%PDF")]
    return [*signed_ones, *samples.tokens(), *files]


@target(seeds=_anything)
def verify_anything(data: bytes) -> None:
    _verify(data)
    if data[:1] not in b"%\x89":
        _verify(data.decode("utf-8", "replace"))


def _secured() -> list[Any]:
    suites = ["eddsa-rdfc-2022", "eddsa-jcs-2022", "", "eddsa-rdfc-2022", "eddsa-jcs-2022"]
    return [
        *({"suite": s, "document": d} for s, d in zip(suites, samples.documents(), strict=True)),
        {"suite": "ecdsa-rdfc-2019", "document": samples.disclosed()[1]},
        {"suite": "", "document": samples.disclosed()[1]},
    ]


def _signed(document: Any, suite: Any, purpose: str = PURPOSES[0], **options: Any) -> Any:
    """The document, signed where that can be done, after it was changed."""
    if not isinstance(document, dict) or not isinstance(suite, str):
        return document
    by = HOLDER if purpose != PURPOSES[0] else samples.P256_SIGNER if "ecdsa" in suite else signer()
    if suite == "jwt":
        return outcome(envelopes.secure, document, by)
    if suite in SUITES:
        signed_one = outcome(
            functools.partial(
                add_proof, document, signer=by, created=NOW, suite=suite, purpose=purpose, **options
            )
        )
        return document if signed_one is CredentialError else signed_one
    return document


@target(
    UnreadableError,
    seeds=lambda: [samples.text(seed) for seed in _secured()],
    mutate=mutate_json,
    longest=40_000,
)
def verify_documents(data: bytes) -> None:
    """Documents that are signed after they were changed, as text and as parsed."""
    given = read_json(data)
    document = _signed(given.get("document"), given.get("suite"))
    if isinstance(document, dict):
        _verify(document)
        _verify(json.dumps(document))


@target(UnreadableError, seeds=lambda: [samples.text(signed())], mutate=mutate_json, longest=40_000)
def verify_changed(data: bytes) -> None:
    """Documents that were changed after they were signed: none that says otherwise holds."""
    given = read_json(data)
    _verify(given)
    report = verify(given, resolver=_Served(), now=NOW)
    if report.verified is True:
        original = signed()
        equal((report.issuer, report.name), (DID, original["name"]))
        for name in ("validFrom", "validUntil", "id"):
            equal(given.get(name), original[name])
        assert report.check("status").code == "status.active"


@target(
    UnreadableError,
    seeds=lambda: [samples.text(part) for part in _parts()],
    mutate=mutate_json,
    longest=40_000,
)
def verify_tokens(data: bytes) -> None:
    """Tokens that are signed after they were changed."""
    token = _assembled(read_json(data))
    _verify(token)
    _verify_presentation(token)


@functools.cache
def _credentials() -> list[Any]:
    listed = samples.badge(
        credentialStatus={
            "id": "https://works.example/revocations",
            "type": "1EdTechRevocationList",
        }
    )
    hosted = samples.ob2.assertion()
    return [
        signed(),
        samples.tokens()[0],
        samples.tokens()[7],
        _signed(listed, "eddsa-jcs-2022"),
        hosted,
    ]


@target(
    UnreadableError,
    seeds=lambda: [samples.text({"known": samples_served()})],
    mutate=mutate_json,
    longest=60_000,
)
def verify_served(data: bytes) -> None:
    """Good credentials, while what stands at the addresses that they name was changed."""
    given = read_json(data)
    known = given.get("known")
    for credential in _credentials():
        _verify(credential, known if isinstance(known, dict) else {})


@target(
    UnreadableError,
    seeds=lambda: [
        samples.text({"suite": "eddsa-rdfc-2022", "document": one})
        for one in samples.presentations()
    ],
    mutate=mutate_json,
    longest=60_000,
)
def verify_presentations(data: bytes) -> None:
    """Presentations that are signed after they were changed."""
    given = read_json(data)
    document = _signed(
        given.get("document"),
        given.get("suite"),
        PURPOSES[1],
        challenge="c1",
        domain="gate.example",
    )
    if isinstance(document, dict | str):
        _verify_presentation(document)


@target(seeds=samples.presented_ones)
def verify_any_presentation(data: bytes) -> None:
    _verify_presentation(data)


def inputs(name: str, count: int) -> Any:
    """The seeds of a target and `count` mutations of them, the same each time."""
    found = TARGETS[name]
    return mutations.sequence(list(found.seeds()), found.mutate, count, name)
