"""SD-JWT: the RFC's examples, the ways of issuer, holder and verifier, and every refusal."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import hashlib
import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import KeyType, LocalSigner, ProofError, PublicKey, UnreadableError
from guildmark.credentials.proofs.jose import sd_jwt
from guildmark.credentials.proofs.jose.disclosures import Disclosures, digest, hide
from guildmark.credentials.proofs.jose.reading import read_token
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials.builders import DID, NOW, badge
from tests.credentials.proofs.jose.tokens import (
    KEYS,
    b64,
    header_of,
    payload_of,
    signer,
    token,
    unb64,
)

RFC = json.loads((Path(__file__).parent / "data" / "rfc9901.json").read_text())
RFC_KEY = PublicKey.from_jwk(RFC["issuerKey"])
KEY = KEYS[KeyType.ED25519].public
HOLDER = LocalSigner(KEYS[KeyType.P256], verification_method="did:example:holder#key")
AUDIENCE = "https://verifier.example"
RESULT = ("credentialSubject", "result", 0)
NAME = ("credentialSubject", "identifier")
EVIDENCE = ("evidence", 0, "narrative")


def issued(**options: Any) -> str:
    """A badge whose name, result and evidence the holder may keep back."""
    paths = [NAME, RESULT, (*RESULT, "status"), EVIDENCE]
    return sd_jwt.issue(badge(), signer(), disclosable=paths, holder=HOLDER.public_key, **options)


def bound(presentation: str, **changes: Any) -> str:
    """The presentation, bound to the verifier by the holder."""
    options = {"nonce": "n-1", "audience": AUDIENCE, "issued_at": NOW, **changes}
    return sd_jwt.bind(presentation, HOLDER, **options)


def check_binding(text: str, **changes: Any) -> None:
    """Check as the verifier that asked for it."""
    options = {"nonce": "n-1", "audience": AUDIENCE, "now": NOW, **changes}
    sd_jwt.read(text).check_binding(**options)


def disclosure(*content: Any) -> str:
    """An encoded disclosure."""
    return b64(json.dumps(content))


def hashed(text: str) -> str:
    """Its digest."""
    return b64(hashlib.sha256(text.encode()).digest())


def made(payload: Any, *texts: str) -> str:
    """An SD-JWT made by hand, truly signed."""
    return "~".join([token({"alg": "EdDSA"}, payload), *texts, ""])


@pytest.mark.parametrize("name", list(RFC["examples"]))
def test_the_examples_of_the_specification(name: str) -> None:
    example = RFC["examples"][name]
    read = sd_jwt.read(example["token"])
    read.check(RFC_KEY)
    assert read.payload == example["processed"]


def test_the_key_binding_of_the_specification() -> None:
    read = sd_jwt.read(RFC["examples"]["A.4"]["token"])
    assert read.binding is not None
    options: dict[str, Any] = {"nonce": "1234567890", "audience": "https://verifier.example.org"}
    moment = dt.datetime.fromtimestamp(json.loads(read.binding.payload)["iat"], dt.UTC)
    read.check_binding(now=moment, **options)


def test_the_digests_of_the_specification() -> None:
    # RFC 9901, sections 4.2.1 to 4.2.4.2.
    for text, content, expected in (
        (
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
            ["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"],
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
        ),
        (
            "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0",
            ["lklxF5jMYlGTPUovMNIvCA", "FR"],
            "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs",
        ),
    ):
        assert digest("sha-256", text.encode()) == expected
        assert json.loads(unb64(text)) == content
    # One claim in the RFC's ways of writing it.
    for text in (
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
        "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
    ):
        read = sd_jwt.read(made({"_sd": [hashed(text)]}, text))
        assert read.payload == {"family_name": "Möbius"}


def test_issue_hides_what_the_issuer_names() -> None:
    whole = issued()
    signed = payload_of(whole.split("~", maxsplit=1)[0])
    assert "identifier" not in signed["credentialSubject"]
    assert list(signed["credentialSubject"]["result"][0]) == ["..."]
    assert signed["_sd_alg"] == "sha-256"
    assert header_of(whole)["typ"] == "vc+sd-jwt"
    read = read_token(whole)
    assert read.format is TokenFormat.VC_SD_JWT
    assert read.document == badge()
    assert set(read.disclosed) == {NAME, RESULT, (*RESULT, "status"), EVIDENCE}
    assert read.issuer == DID
    assert read.verification_method == f"{DID}#key"
    read.check(KEY)
    with pytest.raises(ProofError):
        read.check(HOLDER.public_key)


def test_the_same_salts_make_the_same_token() -> None:
    tokens = {issued(salt=map(str, count()).__next__) for _ in range(2)}
    assert len(tokens) == 1
    assert issued() != issued()
    texts = next(iter(tokens)).split("~")[1:-1]
    assert [json.loads(unb64(text))[0] for text in texts] == ["0", "1", "2", "3"]


def test_the_holder_shows_a_selection() -> None:
    shown = sd_jwt.present(issued(), [RESULT, ("issuer", "name")])
    read = read_token(shown)
    read.check(KEY)
    expected = badge()
    del expected["credentialSubject"]["identifier"]
    del expected["credentialSubject"]["result"][0]["status"]
    del expected["evidence"][0]["narrative"]
    assert read.document == expected
    assert read.disclosed == (RESULT,)
    nothing = read_token(sd_jwt.present(issued()))
    assert nothing.document["credentialSubject"]["result"] == []
    nothing.check(KEY)


def test_what_lies_within_brings_along_what_it_lies_in() -> None:
    read = read_token(sd_jwt.present(issued(), [(*RESULT, "status")]))
    assert set(read.disclosed) == {RESULT, (*RESULT, "status")}


@pytest.mark.parametrize("path", [("nothing",), (*RESULT, "nothing"), ("type", 9), ("id", "x")])
def test_what_is_not_there_cannot_be_shown(path: Any) -> None:
    with pytest.raises(ProofError, match="the token has no"):
        sd_jwt.present(issued(), [path])


def test_decoys_look_like_the_rest() -> None:
    whole = issued(decoys=3)
    signed = payload_of(whole.split("~", maxsplit=1)[0])
    assert len(signed["credentialSubject"]["_sd"]) == 4
    assert signed["credentialSubject"]["_sd"] == sorted(signed["credentialSubject"]["_sd"])
    assert len(signed["credentialSubject"]["result"]) == 4
    assert read_token(whole).document == badge()


@pytest.mark.parametrize("name", ["sha-256", "sha-384", "sha-512"])
def test_each_hash_works(name: str) -> None:
    text = bound(issued(hash_name=name))
    assert read_token(text).document == badge()
    check_binding(text)


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({}, {"disclosable": [()]}, "whole payload"),
        ({}, {"disclosable": [("nothing",)]}, "has no"),
        ({}, {"disclosable": [("name", "x")]}, "nothing below"),
        ({}, {"disclosable": [("evidence", 1)]}, "has no"),
        ({}, {"disclosable": [("evidence", -1)]}, "has no"),
        ({}, {"disclosable": [("evidence", "name")]}, "has no"),
        ({}, {"disclosable": [("@context",)]}, "@context is needed"),
        ({}, {"disclosable": [("type", 0)]}, "type is needed"),
        ({}, {"disclosable": [("issuer", "id")]}, "issuer is needed"),
        ({}, {"disclosable": [("credentialStatus",)]}, "credentialStatus is needed"),
        ({"exp": 1}, {"disclosable": [("exp",)]}, "exp must not be hidden"),
        ({"iss": "did:web:other"}, {}, "iss is 'did:web:other'"),
        ({"type": "Profile"}, {}, "type does not include"),
        ({"_sd": []}, {}, "reserves"),
        ({"name": {"...": 1}}, {}, "reserves"),
        ({"name": [{"_sd_alg": 1}]}, {}, "reserves"),
        ({"cnf": {}}, {"holder": HOLDER.public_key}, "cnf already"),
        ({}, {"hash_name": "md5"}, "hash is 'md5'"),
        ({}, {"form": TokenFormat.VC}, "form is"),
        ({}, {"form": TokenFormat.VP_SD_JWT}, "VerifiablePresentation"),
        ({}, {"form": TokenFormat.SD_JWT_VC}, "vct is missing"),
    ],
)
def test_what_cannot_be_hidden_is_not_issued(changes: Any, options: Any, reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        sd_jwt.issue({**badge(), **changes}, signer(), **options)


def test_deep_payloads_are_not_issued() -> None:
    deep: Any = {}
    for _ in range(50):
        deep = {"a": deep}
    with pytest.raises(UnreadableError, match="nested"):
        sd_jwt.issue({**badge(), "name": deep}, signer())


A, B, LISTED = disclosure("s1", "a", 1), disclosure("s2", "b", {"c": 2}), disclosure("s3", "x")
INNER = disclosure("s4", "inner", 4)
OUTER = disclosure("s5", "outer", {"_sd": [hashed(INNER)]})


@pytest.mark.parametrize(
    ("payload", "texts", "processed"),
    [
        ({"z": 0, "_sd": [hashed(A), hashed(B)]}, [A, B], {"z": 0, "a": 1, "b": {"c": 2}}),
        ({"z": 0, "_sd": [hashed(A), "decoy"]}, [], {"z": 0}),
        ({"z": {"_sd": []}}, [], {"z": {}}),
        ({"l": [1, {"...": hashed(LISTED)}, {"...": "decoy"}]}, [LISTED], {"l": [1, "x"]}),
        ({"l": [{"...": hashed(LISTED)}]}, [], {"l": []}),
        ({"l": [[{"...": hashed(LISTED)}]]}, [LISTED], {"l": [["x"]]}),
        ({"_sd": [hashed(OUTER)]}, [INNER, OUTER], {"outer": {"inner": 4}}),
        ({"_sd": [hashed(OUTER)]}, [OUTER], {"outer": {}}),
        ({"_sd_alg": "sha-256", "a": 1}, [], {"a": 1}),
    ],
)
def test_disclosures_find_their_places(payload: Any, texts: list[str], processed: Any) -> None:
    assert sd_jwt.read(made(payload, *texts)).payload == processed


@pytest.mark.parametrize(
    ("payload", "texts", "reason"),
    [
        # Section 7.1, step 3.3.2 and 3.3.3.
        ({"_sd": [hashed(LISTED)]}, [LISTED], "has 2 entries, not 3"),
        ({"l": [{"...": hashed(A)}]}, [A], "has 3 entries, not 2"),
        ({"_sd": [hashed(disclosure("s", "_sd", []))]}, [disclosure("s", "_sd", [])], "names"),
        ({"_sd": [hashed(disclosure("s", "...", 1))]}, [disclosure("s", "...", 1)], "names"),
        (
            {"_sd": [hashed(disclosure("s", "_sd_alg", 1))]},
            [disclosure("s", "_sd_alg", 1)],
            "names",
        ),
        ({"_sd": [hashed(disclosure("s", 1, 1))]}, [disclosure("s", 1, 1)], "names the member '1'"),
        ({"a": 0, "_sd": [hashed(A)]}, [A], "there already"),
        (
            {"_sd": [hashed(A), hashed(disclosure("s", "a", 2))]},
            [A, disclosure("s", "a", 2)],
            "there already",
        ),
        # Step 4.
        ({"_sd": [hashed(A), hashed(A)]}, [A], "occurs twice"),
        ({"_sd": ["decoy", "decoy"]}, [], "occurs twice"),
        ({"x": {"_sd": ["decoy"]}, "l": [{"...": "decoy"}]}, [], "occurs twice"),
        ({"_sd": [hashed(OUTER), hashed(INNER)]}, [OUTER, INNER], "occurs twice"),
        # Step 5.
        ({}, [A], "belongs to no digest"),
        ({"_sd": [hashed(OUTER)]}, [INNER], "belongs to no digest"),
        ({"_sd": [hashed(A)]}, [A, A], "occurs twice"),
        # Sections 4.1 and 4.2: forms.
        ({"_sd": hashed(A)}, [A], "_sd is not an array"),
        ({"_sd": [1]}, [], "_sd is not an array"),
        ({"_sd": None}, [], "_sd is not an array"),
        ({"...": hashed(LISTED)}, [LISTED], "out of its place"),
        ({"a": {"...": "x"}}, [], "out of its place"),
        ({"a": {"_sd_alg": "sha-256"}}, [], "out of its place"),
        ({"l": [{"...": "x", "y": 1}]}, [], "one digest alone"),
        ({"l": [{"...": 1}]}, [], "one digest alone"),
        ({"_sd_alg": "md5"}, [], "_sd_alg is 'md5'"),
        ({"_sd_alg": "SHA-256"}, [], "_sd_alg is"),
        ({"_sd_alg": None}, [], "_sd_alg is"),
        ({"_sd_alg": ["sha-256"]}, [], "_sd_alg is"),
        ({}, [disclosure()], "begins with a salt"),
        ({}, [disclosure(1, "a", 1)], "begins with a salt"),
        ({}, [b64('{"a":1}')], "begins with a salt"),
        ({}, [b64('"text"')], "begins with a salt"),
        ({}, [""], "begins with a salt"),
    ],
)
def test_what_the_specification_rejects_is_refused(
    payload: Any, texts: list[str], reason: str
) -> None:
    with pytest.raises(ProofError, match=reason):
        sd_jwt.read(made(payload, *texts))


@pytest.mark.parametrize(
    "texts", [["not base64"], ["é"], [b64("no json")], [b64('["s","a",1,]')], [A + "="], ["A"]]
)
def test_disclosures_that_cannot_be_read_are_refused(texts: list[str]) -> None:
    with pytest.raises(UnreadableError):
        sd_jwt.read(made({}, *texts))


def test_bounds() -> None:
    with pytest.raises(UnreadableError, match="at most 1000 disclosures"):
        sd_jwt.read(made({}, *["AA"] * 1_001))
    with pytest.raises(UnreadableError, match="characters"):
        sd_jwt.read("~" * 2_000_000)
    text, texts = disclosure("s", "end", 1), []
    for _ in range(4):
        inner: Any = {"_sd": [hashed(text)]}
        texts.append(text)
        for _ in range(15):
            inner = {"a": inner}
        text = disclosure("s", "a", inner)
    with pytest.raises(UnreadableError, match="nested"):
        sd_jwt.read(made({"_sd": [hashed(text)]}, *texts, text))


@pytest.mark.parametrize(
    "text",
    ["", "~", "~~", "a.b.c", "a.b.c~", token({"alg": "EdDSA"}, {}), f"~{A}~", "x" * 9 + "~"],
)
def test_text_that_is_no_sd_jwt_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        sd_jwt.read(text)


def test_the_issuer_must_sign_with_an_algorithm() -> None:
    with pytest.raises(ProofError, match="alg is 'none'"):
        sd_jwt.read(token({"alg": "none"}, {}) + "~")


def test_a_disclosure_that_was_changed_is_none() -> None:
    whole = issued()
    first, *texts, _ = whole.split("~")
    salt, *content = json.loads(unb64(texts[0]))
    content[-1] = "somebody else"
    texts[0] = disclosure(salt, *content)
    with pytest.raises(ProofError, match="belongs to no digest"):
        sd_jwt.read("~".join([first, *texts, ""]))


def test_the_holder_binds_the_presentation() -> None:
    text = bound(sd_jwt.present(issued(), [RESULT]))
    read = read_token(text)
    read.check(KEY)
    assert isinstance(read, sd_jwt.SecuredSdJwt)
    assert read.sd_jwt.holder_key == HOLDER.public_key
    assert header_of(text.rpartition("~")[2]) == {"alg": "ES256", "typ": "kb+jwt"}
    check_binding(text)
    check_binding(text, now=NOW + dt.timedelta(seconds=299))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nonce": "n-2"}, "nonce"),
        ({"nonce": "ñ"}, "nonce"),
        ({"audience": "https://other.example"}, "aud"),
        ({"now": NOW + dt.timedelta(minutes=6)}, "not made just now"),
        ({"now": NOW - dt.timedelta(minutes=6)}, "not made just now"),
        ({"max_age": dt.timedelta(0), "now": NOW + dt.timedelta(seconds=1)}, "not made just now"),
        ({"key": KEYS[KeyType.P384].public}, "alg is"),
        ({"key": KEY}, "alg is"),
    ],
)
def test_a_binding_to_something_else_is_refused(changes: Any, reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        check_binding(bound(issued()), **changes)


def test_a_presentation_without_binding_is_told() -> None:
    with pytest.raises(ProofError, match="did not bind"):
        check_binding(issued())


def test_a_binding_is_for_the_disclosures_that_it_was_made_for() -> None:
    whole = issued()
    binding = bound(sd_jwt.present(whole, [RESULT])).rpartition("~")[2]
    check_binding(sd_jwt.present(whole, [RESULT]) + binding)
    with pytest.raises(ProofError, match="sd_hash"):
        check_binding(sd_jwt.present(whole, [NAME]) + binding)


def kb(header: Any = None, **changes: Any) -> str:
    """A presentation with a binding made by hand by the holder."""
    whole = issued()
    claims = {
        "iat": int(NOW.timestamp()),
        "aud": AUDIENCE,
        "nonce": "n-1",
        "sd_hash": hashed(whole),
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not ...}
    made_header = {"alg": "ES256", "typ": "kb+jwt", **(header or {})}
    return whole + token(made_header, claims, KeyType.P256)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (kb({"typ": "JWT"}), "typ"),
        (kb({"typ": "vc+jwt"}), "typ"),
        (kb(iat=...), "iat"),
        (kb(iat="now"), "iat"),
        (kb(aud=[AUDIENCE]), "aud"),
        (kb(aud=...), "aud"),
        (kb(nonce=...), "nonce"),
        (kb(nonce=1), "nonce"),
        (kb(sd_hash=...), "sd_hash"),
        (kb(exp=int(NOW.timestamp())), "not valid at this time"),
        (kb(nbf=int(NOW.timestamp()) + 1), "not valid at this time"),
    ],
)
def test_bindings_that_lack_something_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        check_binding(text)


def test_a_binding_by_hand_holds() -> None:
    check_binding(kb())


def test_somebody_else_cannot_bind() -> None:
    stranger = LocalSigner(KEYS[KeyType.ED25519], verification_method="did:example:stranger#key")
    with pytest.raises(ProofError, match="another key"):
        sd_jwt.bind(issued(), stranger, nonce="n", audience="a", issued_at=NOW)
    forged = bound(issued()).rpartition("~")[0] + "~" + token({"alg": "EdDSA", "typ": "kb+jwt"}, {})
    with pytest.raises(ProofError, match="alg is"):
        check_binding(forged)


def test_a_binding_cannot_be_bound_or_presented_again() -> None:
    for again in (bound, sd_jwt.present):
        with pytest.raises(ProofError, match="bound to a verifier"):
            again(bound(issued()))
    with pytest.raises(ProofError, match="time zone"):
        bound(issued(), issued_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("confirmation", "reason"),
    [
        ("key", "cnf is not an object"),
        ({"jwk": KEYS[KeyType.P256].to_jwk()}, "private key"),
        ({"jwk": {}}, "cnf cannot be used"),
        ({"kid": "x"}, "cnf holds no key"),
    ],
)
def test_keys_of_holders_that_are_none_are_refused(confirmation: Any, reason: str) -> None:
    whole = made({"cnf": confirmation})
    with pytest.raises(ProofError, match=reason):
        check_binding(whole + token({"alg": "ES256", "typ": "kb+jwt"}, {}, KeyType.P256))


CLAIMS = {"vct": "https://works.example/robot-cell", "iss": DID, "name": "Ada", "exp": 1830297600}


def test_sd_jwt_vc() -> None:
    whole = sd_jwt.issue(
        CLAIMS, signer(), form=TokenFormat.SD_JWT_VC, disclosable=[("name",)], holder=KEY
    )
    assert header_of(whole)["typ"] == "dc+sd-jwt"
    read = read_token(whole)
    read.check(KEY)
    assert read.format is TokenFormat.SD_JWT_VC
    assert read.document == {"name": "Ada"}
    assert read.claims == {
        **{name: value for name, value in CLAIMS.items() if name != "name"},
        "cnf": {"jwk": KEY.to_jwk()},
    }
    assert read.issuer == DID
    assert read.expires == dt.datetime(2028, 1, 1, tzinfo=dt.UTC)


def test_a_badge_as_sd_jwt_vc_is_held_against_its_claims() -> None:
    form, vct = TokenFormat.SD_JWT_VC, "https://purl.imsglobal.org/spec/ob/v3p0"
    whole = sd_jwt.issue({**badge(), "vct": vct, "iss": DID}, signer(), form=form)
    read = read_token(whole)
    read.check(KEY)
    assert read.document == badge()
    with pytest.raises(ProofError, match="iss is"):
        sd_jwt.issue({**badge(), "vct": vct, "iss": "did:web:other"}, signer(), form=form)


@pytest.mark.parametrize("name", ["iss", "exp", "vct", "cnf", "nbf", "status"])
def test_claims_that_decide_must_not_be_hidden(name: str) -> None:
    claims = {"iss": DID, "exp": 1, "vct": "x", "cnf": {}, "nbf": 1, "status": {}}
    text = disclosure("s", name, claims.pop(name))
    made_token = token({"alg": "EdDSA", "typ": "dc+sd-jwt"}, {**claims, "_sd": [hashed(text)]})
    read = read_token(f"{made_token}~{text}~")
    with pytest.raises(ProofError, match=f"{name} must not be hidden"):
        read.check(KEY)


@pytest.mark.parametrize(
    ("typ", "payload", "form"),
    [
        ("vc+sd-jwt", badge(), TokenFormat.VC_SD_JWT),
        ("application/vc+sd-jwt", badge(), TokenFormat.VC_SD_JWT),
        ("vc+ld+json+sd-jwt", badge(), TokenFormat.VC_SD_JWT),
        ("vc+sd-jwt", CLAIMS, TokenFormat.SD_JWT_VC),
        ("dc+sd-jwt", CLAIMS, TokenFormat.SD_JWT_VC),
        (None, badge(), TokenFormat.VC_SD_JWT),
        (
            None,
            {"@context": [], "type": "VerifiablePresentation"},
            TokenFormat.VP_SD_JWT,
        ),
    ],
)
def test_typ_tells_the_format(typ: str | None, payload: Any, form: TokenFormat) -> None:
    header = {"alg": "EdDSA"} if typ is None else {"alg": "EdDSA", "typ": typ}
    read = read_token(token(header, payload) + "~")
    assert read.format is form
    read.check(KEY)


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt", "kb+jwt", "sd-jwt", None])
def test_other_types_are_refused(typ: str | None) -> None:
    header = {"alg": "EdDSA"} if typ is None else {"alg": "EdDSA", "typ": typ}
    with pytest.raises(ProofError, match="typ is"):
        read_token(token(header, CLAIMS) + "~")


def test_contradictions_are_refused_by_name() -> None:
    for header, payload, reason in (
        ({"typ": "vc+sd-jwt"}, {**badge(), "vc": {}}, "claim vc"),
        ({"typ": "vc+sd-jwt", "cty": "vp"}, badge(), "cty is"),
        ({"typ": "vp+sd-jwt"}, badge(), "VerifiablePresentation"),
        ({"typ": "dc+sd-jwt"}, {"iss": DID}, "vct is missing"),
    ):
        read = read_token(token({"alg": "EdDSA", **header}, payload) + "~")
        with pytest.raises(ProofError, match=reason):
            read.check(KEY)


SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text('aé\\"', max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text("abcd", max_size=2), VALUES, max_size=4)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """All places below a value."""
    if not isinstance(value, dict | list):
        return []
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [p for step, part in steps for p in ((*path, step), *places(part, (*path, step)))]


@given(OBJECTS, st.data(), st.integers(0, 2))
def test_any_selection_shows_what_was_hidden(value: Any, data: Any, decoys: int) -> None:
    every = places(value)
    hidden = data.draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    before = copy.deepcopy(value)
    payload, texts = hide(value, hidden, decoys=decoys)
    assert value == before
    whole = Disclosures(payload, texts)
    assert whole.payload == value
    assert set(whole.paths.values()) == set(hidden)
    shown = data.draw(st.lists(st.sampled_from(hidden), unique=True)) if hidden else []
    wanted = {path[:end] for path in shown for end in range(1, len(path) + 1)}
    kept = [text for text in texts if whole.paths[text] in wanted]
    some = Disclosures(payload, kept)
    assert len(some.paths) == len(wanted & set(hidden))
    text = json.dumps(payload)
    for path in hidden:
        if len(path) == 1 and isinstance(path[0], str):
            assert path[0] not in payload
    assert "_sd_alg" not in text or hidden


@given(OBJECTS, st.lists(st.text("A1~._-", max_size=9) | st.sampled_from([A, B, LISTED, OUTER])))
def test_any_disclosures_end_in_a_payload_or_their_own_error(
    payload: dict[str, Any], texts: list[str]
) -> None:
    for extra in ({}, {"_sd": [hashed(A), hashed(OUTER)]}, {"l": [{"...": hashed(LISTED)}]}):
        with contextlib.suppress(ProofError, UnreadableError):
            sd_jwt.read(made({**payload, **extra}, *texts))


NASTY = st.recursive(
    SCALARS | st.sampled_from([hashed(A), hashed(LISTED), "_sd", "..."]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["_sd", "...", "_sd_alg", "a", "cnf"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["_sd", "...", "a", "vct", "exp", "cnf"]), NASTY))
def test_any_digests_end_in_a_payload_or_their_own_error(payload: dict[str, Any]) -> None:
    for typ in ("dc+sd-jwt", "vc+sd-jwt"):
        head = token({"alg": "EdDSA", "typ": typ}, payload)
        with contextlib.suppress(ProofError, UnreadableError):
            read_token(f"{head}~{A}~{LISTED}~").check(KEY)
