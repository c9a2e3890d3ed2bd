"""JWS: vectors, another party's library both ways, and what is refused."""

from __future__ import annotations

import base64
import binascii
import contextlib
import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws as peer
from joserfc.jwk import ECKey, OKPKey, RSAKey

from guildmark.credentials import KeyType, PrivateKey, ProofError, PublicKey, UnreadableError
from guildmark.credentials.model.reading import read_strictly
from guildmark.credentials.proofs.jose import jws, segments
from tests.credentials.proofs.jose.tokens import KEYS, b64, header_of, signer, token, unb64

# The other library warns of `EdDSA` since RFC 9864, which most others know by no other name.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

NAMES = [name for names in jws.ALGORITHMS.values() for name in names]
PEER_KEYS = {
    KeyType.ED25519: OKPKey,
    KeyType.P256: ECKey,
    KeyType.P384: ECKey,
    KeyType.RSA: RSAKey,
}
# RFC 8037, appendix A.
OKP = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
OKP_TOKEN = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
# RFC 7515, appendix A.3.
EC = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
EC_TOKEN = (
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
    "pmWQxfKTUJqPP3-Kg6NU1Q"
)


def peer_key(kind: KeyType) -> Any:
    """The key as the other library holds it."""
    return PEER_KEYS[kind].import_key(KEYS[kind].to_jwk())


def test_the_vector_of_rfc_8037() -> None:
    secret = PrivateKey.from_jwk(OKP)

    class Signer:
        verification_method = "#"
        public_key = secret.public
        sign = staticmethod(secret.sign)

    assert jws.sign(b"Example of Ed25519 signing", Signer(), {}) == OKP_TOKEN
    jws.read(OKP_TOKEN).check(secret.public)


def test_the_vector_of_rfc_7515() -> None:
    read = jws.read(EC_TOKEN)
    read.check(PublicKey.from_jwk(EC))
    assert json.loads(read.payload)["iss"] == "joe"


@pytest.mark.parametrize("kind", list(KeyType))
def test_another_library_verifies_what_is_signed_here(kind: KeyType) -> None:
    made = jws.sign(b"data \xff", signer(kind), {"kid": "did:example:1#key", "typ": "x"})
    seen = peer.deserialize_compact(made, peer_key(kind), algorithms=NAMES)
    assert seen.payload == b"data \xff"
    assert seen.headers() == {
        "alg": jws.ALGORITHMS[kind][0],
        "kid": "did:example:1#key",
        "typ": "x",
    }


def test_the_newer_name_can_be_asked_for() -> None:
    made = jws.sign(b"data", signer(), {"alg": "Ed25519"})
    peer.deserialize_compact(made, peer_key(KeyType.ED25519), algorithms=NAMES)
    with pytest.raises(ProofError, match="alg is 'none'"):
        jws.sign(b"data", signer(), {"alg": "none"})


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, ns in jws.ALGORITHMS.items() for n in ns])
def test_what_another_library_signs_is_verified_here(kind: KeyType, name: str) -> None:
    made = peer.serialize_compact({"alg": name}, b"data", peer_key(kind), algorithms=NAMES)
    read = jws.read(made)
    read.check(KEYS[kind].public)
    assert read.payload == b"data"
    assert read.own_key is None
    with pytest.raises(ProofError):
        read.check(PrivateKey.generate(kind).public)


@pytest.mark.parametrize("kind", list(KeyType))
@pytest.mark.parametrize("other", list(KeyType))
def test_the_key_decides_the_algorithm(kind: KeyType, other: KeyType) -> None:
    made = token({"alg": jws.ALGORITHMS[other][0]}, {}, kind)
    read = jws.read(made)
    if kind is other:
        read.check(KEYS[kind].public)
        return
    with pytest.raises(ProofError, match=r"alg is .* but the key is of type"):
        read.check(KEYS[kind].public)


@pytest.mark.parametrize(
    "name", ["none", "None", "HS256", "PS256", "ES512", "ES256K", "", None, 7, ["EdDSA"]]
)
def test_other_algorithms_are_refused(name: Any) -> None:
    with pytest.raises(ProofError, match="alg is"):
        jws.read(token({"alg": name}, {}))


def test_no_algorithm_is_refused() -> None:
    with pytest.raises(ProofError, match="alg is 'None'"):
        jws.read(token({}, {}))


def test_a_public_key_is_no_secret_of_a_mac() -> None:
    signed = f"{b64(json.dumps({'alg': 'HS256'}))}.{b64('{}')}"
    secret = KEYS[KeyType.ED25519].public.data
    mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
    with pytest.raises(ProofError, match="alg is 'HS256'"):
        jws.read(f"{signed}.{b64(mac)}")


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"b64": 0},
        {"kid": 1},
        {"typ": ["JWT"]},
        {"cty": None},
    ],
)
def test_extensions_and_odd_members_are_refused(header: Any) -> None:
    with pytest.raises(ProofError):
        jws.read(token({"alg": "EdDSA", **header}, {}))


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"EdDSA","alg":"EdDSA"}',
        '{"alg":"none","alg":"EdDSA"}',
        '{"alg":"EdDSA","x":{"a":1,"a":2}}',
        '["EdDSA"]',
        '"EdDSA"',
        "",
        '{"alg":"EdDSA"',
        '{"alg":"EdDSA","x":"\\ud800"}',
        '{"alg":"EdDSA","x":NaN}',
    ],
)
def test_headers_that_are_no_plain_object_are_refused(header: str) -> None:
    with pytest.raises(UnreadableError):
        jws.read(token(header, {}))


def spoiled() -> dict[str, str]:
    """One valid token spoiled in one way each."""
    head, payload, signature = token({"alg": "EdDSA"}, {"a": 1}).split(".")
    assert len(signature) % 4 == 2
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    idle = signature[:-1] + digits[digits.index(signature[-1]) + 1]
    assert unb64(idle) == unb64(signature)
    return {
        "idle bits": f"{head}.{payload}.{idle}",
        "padding": f"{head}.{payload}.{signature}==",
        "plain digits": f"{head}.{payload}.{'+/' + signature[2:]}",
        "blank": f"{head}.{payload}. {signature}",
        "line end": f"{head}.{payload}.{signature}\n",
        "one digit over": f"{head}.{payload}.{signature}AAA",
        "two parts": f"{head}.{payload}",
        "four parts": f"{head}.{payload}.{signature}.",
        "five parts": f"{head}.{payload}.{signature}.a.a",
        "no text": "",
        "only dots": "..",
        "beyond ASCII": f"{head}.{payload}.é{signature}",
        "long header": f"{b64(json.dumps({'alg': 'EdDSA', 'x': 'x' * 20_000}))}.{payload}.",
        "long signature": f"{head}.{payload}.{'A' * 2_000}",
        "long": f"{head}.{'A' * segments.MAX_TOKEN}.{signature}",
    }


@pytest.mark.parametrize("how", list(spoiled()))
def test_text_that_is_not_strictly_a_token_is_refused(how: str) -> None:
    with pytest.raises(UnreadableError):
        jws.read(spoiled()[how])


@pytest.mark.parametrize("part", range(3))
def test_any_change_breaks_the_signature(part: int) -> None:
    parts = token({"alg": "EdDSA", "kid": "a"}, {"a": 1}).split(".")
    raw = bytearray(unb64(parts[part]))
    raw[-3] ^= 1
    parts[part] = b64(bytes(raw))
    with pytest.raises((ProofError, UnreadableError)):
        jws.read(".".join(parts)).check(KEYS[KeyType.ED25519].public)


def test_no_signature_is_none() -> None:
    head, payload, _ = token({"alg": "EdDSA"}, {}).split(".")
    with pytest.raises(ProofError):
        jws.read(f"{head}.{payload}.").check(KEYS[KeyType.ED25519].public)


def certificate(kind: KeyType) -> str:
    """A self-made certificate of the key."""
    secret = serialization.load_pem_private_key(KEYS[kind].to_pem(), None)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "works")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())  # type: ignore[arg-type]
        .serial_number(1)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
        .sign(secret, None if kind is KeyType.ED25519 else hashes.SHA256())  # type: ignore[arg-type]
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_key_that_is_brought_along_is_told_apart(kind: KeyType) -> None:
    key = KEYS[kind].public
    for header in ({"jwk": key.to_jwk()}, {"x5c": [certificate(kind)]}):
        read = jws.read(token({"alg": jws.ALGORITHMS[kind][0], **header}, {}, kind))
        assert read.own_key == key
        assert read.key_id is None
        # It is offered, never taken: only the caller's key is asked.
        with pytest.raises(ProofError):
            read.check(PrivateKey.generate(kind).public)


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": KEYS[KeyType.ED25519].to_jwk()},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}},
        {"jwk": "key"},
        {"jwk": None},
        {"x5c": []},
        {"x5c": "AAAA"},
        {"x5c": ["AAAA"]},
        {"x5c": [1]},
        {"x5c": ["é"]},
        {"x5c": [certificate(KeyType.P256)] * 11},
        {"jwk": KEYS[KeyType.P384].public.to_jwk(), "x5c": [certificate(KeyType.P256)]},
    ],
)
def test_a_key_brought_along_that_is_none_is_refused(header: Any) -> None:
    read = jws.read(token({"alg": "EdDSA", **header}, {}))
    with pytest.raises(ProofError, match=r"x5c|jwk"):
        _ = read.own_key


def test_addresses_of_keys_in_the_header_are_not_asked() -> None:
    read = jws.read(token({"alg": "EdDSA", "jku": "https://x.example", "x5u": "https://x"}, {}))
    assert read.own_key is None


def test_a_signer_that_gives_another_length_is_refused() -> None:
    class Signer:
        verification_method = "#"
        public_key = KEYS[KeyType.P256].public

        def sign(self, _data: bytes) -> bytes:
            return b"\x30" + bytes(70)

    with pytest.raises(ProofError, match="71 bytes"):
        jws.sign(b"", Signer(), {})


@given(st.binary(max_size=100))
def test_base64url_round_trips(data: bytes) -> None:
    text = segments.encode(data)
    assert text.decode() == b64(data)
    assert segments.decode("it", text) == data


@given(st.binary(max_size=40) | st.text("AQgwZz-_09+/=", max_size=9).map(str.encode))
def test_each_text_is_for_one_sequence_of_bytes(text: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        assert segments.encode(segments.decode("it", text)) == text


def plainly_decoded(text: bytes) -> bytes | None:
    """The bytes of base64url, by the standard library and by writing them again."""
    try:
        data = base64.b64decode(
            text.replace(b"-", b"+").replace(b"_", b"/") + b"=" * (-len(text) % 4), validate=True
        )
    except binascii.Error:
        return None
    return data if b64(data).encode() == text else None


@given(
    st.binary(max_size=90)
    | st.text("AQgwZz-_09+/= \n", max_size=9).map(str.encode)
    | st.tuples(st.binary(min_size=1, max_size=200), st.integers(0, 255), st.integers(0)).map(
        lambda made: spoil(b64(made[0]).encode(), made[1], made[2])
    )
)
def test_decoding_is_what_the_standard_library_makes_of_it(text: bytes) -> None:
    expected = plainly_decoded(text)
    if expected is None:
        with pytest.raises(UnreadableError):
            segments.decode("it", text)
    else:
        assert segments.decode("it", text) == expected


def spoil(text: bytes, byte: int, place: int) -> bytes:
    """The text with one byte of it replaced."""
    place %= len(text)
    return text[:place] + bytes([byte]) + text[place + 1 :]


@given(st.text(max_size=200) | st.text('ABab01-_.~{}":=', max_size=80))
def test_reading_ends_in_a_token_or_its_own_error(text: str) -> None:
    with contextlib.suppress(UnreadableError, ProofError):
        jws.read(text)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none()))
def test_any_header_ends_in_a_token_or_its_own_error(header: dict[str, Any]) -> None:
    with contextlib.suppress(UnreadableError, ProofError):
        read = jws.read(token({"alg": "EdDSA", **header}, {}))
        read.check(KEYS[KeyType.ED25519].public)
        _ = read.own_key


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_the_quick_reader_reads_what_the_slow_one_reads(
    value: Any, indent: int | None, escape: bool
) -> None:
    text = json.dumps({"a": value}, indent=indent, ensure_ascii=escape)
    data = text.encode(errors="surrogatepass")
    compact = text.encode(errors="surrogatepass").replace(b": ", b":")
    for form in (data, compact):
        try:
            read = segments.read_object(form)
        except UnreadableError:
            continue
        assert repr(read) == repr(json.loads(form))


def test_the_bounds_of_documents_hold_for_payloads() -> None:
    for text in (
        "[" * 41 + "]" * 41,
        "[" * 5_000 + "]" * 5_000,
        "[" + "0," * 20_000 + "0]",
        "1e999",
        "1" * 31,
    ):
        with pytest.raises(UnreadableError):
            segments.read_object(f'{{"a":{text}}}'.encode())
    for inside, deep in ((b"", 39), (b"1", 38)):
        for blank in (b"", b" "):
            read = b'{"a":' + blank + b"[" * deep + inside + b"]" * deep + b"}"
            assert segments.read_object(read)
            with pytest.raises(UnreadableError, match="nested"):
                segments.read_object(read.replace(b"[", b"[[", 1).replace(b"]", b"]]", 1))


OPENINGS = st.sampled_from(['{"a":', "[", "[[],", '{"":{},"\\"[":', '{"}]":'])


@example(["[", '{"a":'] * 19, "[]", 0)
@example(["[", '{"a":'] * 19, "[1]", 0)
@example(["[", '{"a":'] * 19 + ["["], "1", 0)
@example(["[", '{"a":'] * 19 + ["["], "[]", 0)
@example(["[", '{"a":'] * 35, "1", 0)
@given(
    st.lists(OPENINGS, max_size=8) | st.lists(OPENINGS, min_size=34, max_size=42),
    st.sampled_from(["1", "[]", "{}", '"[{"', '"\\\\"', '{"}":"]"}', "[" * 20 + "]" * 20]),
    st.integers(0, 60),
)
def test_nesting_is_bounded_as_in_the_slow_reader(
    opened: list[str], inside: str, beside: int
) -> None:
    closed = "".join("}" if part[0] == "{" else "]" for part in reversed(opened))
    many = ",".join(['{"x":[]}'] * beside)
    data = f'{{"a":{"".join(opened)}{inside}{closed},"b":[{many}]}}'.encode()
    try:
        expected = read_strictly(data)
    except UnreadableError:
        with pytest.raises(UnreadableError, match="nested"):
            segments.read_object(data)
    else:
        assert segments.read_object(data) == expected


@pytest.mark.parametrize("text", ["", "1,2", '1,"a":2', "1}", "}{", '1,"":2'])
def test_one_value_is_one_value(text: str) -> None:
    with pytest.raises(UnreadableError):
        segments.read_value(text.encode())


@pytest.mark.parametrize(
    "value", [float("nan"), {"a": [float("inf")]}, 2**64, object(), {1: 2}, "\ud800", [b""]]
)
def test_what_json_does_not_have_is_not_written(value: Any) -> None:
    with pytest.raises(UnreadableError):
        segments.write_json(value)


def test_null_is_written() -> None:
    assert segments.write_json({"a": None, "b": 1.5}) == b'{"a":null,"b":1.5}'
    assert header_of(jws.sign(b"", signer(), {"jwk": None}))["jwk"] is None
