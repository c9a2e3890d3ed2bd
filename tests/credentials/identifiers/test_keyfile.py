"""Private keys in files: every form, with a password and without."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OctKey

from guildmark.credentials import IdentifierError, KeyType, PrivateKey
from guildmark.credentials.identifiers import sealed
from guildmark.credentials.identifiers.keyfile import (
    read_key,
    read_key_file,
    write_jwk_file,
    write_multikey_file,
    write_pem_file,
)

DID = "did:web:works.example"
METHOD = f"{DID}#key"
PASSWORD = b"correct horse battery staple"
SECRETS = {kind: PrivateKey.generate(kind) for kind in KeyType}
FEW = 1_000
FORMS = ["multikey", "jwk", "pem"]


def written(path: Path, form: str, secret: PrivateKey, password: bytes | None) -> Path:
    """A file of that form."""
    if form == "pem":
        write_pem_file(path, secret, password=password)
    elif form == "jwk":
        write_jwk_file(path, secret, method_id=METHOD, password=password, iterations=FEW)
    else:
        write_multikey_file(
            path, secret, method_id=METHOD, controller=DID, password=password, iterations=FEW
        )
    return path


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "password"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", list(KeyType))
def test_what_is_written_is_read(
    tmp_path: Path, kind: KeyType, form: str, password: bytes | None
) -> None:
    secret, path = SECRETS[kind], tmp_path / "key"
    if kind is KeyType.RSA and form == "multikey":
        with pytest.raises(IdentifierError, match="as a JWK"):
            written(path, form, secret, password)
        return
    written(path, form, secret, password)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    named = METHOD if form == "pem" else None
    signer = read_key_file(path, password=password, verification_method=named)
    assert signer.verification_method == METHOD
    assert signer.public_key == secret.public
    secret.public.verify(signer.sign(b"data"), b"data")
    if password is not None:
        text = path.read_text()
        assert all(part not in text for part in (secret.to_jwk()["d"], "secretKeyMultibase"))
        for wrong in (None, b"another"):
            with pytest.raises(IdentifierError, match="password"):
                read_key_file(path, password=wrong, verification_method=METHOD)
    else:
        with pytest.raises(IdentifierError, match="password"):
            read_key_file(path, password=PASSWORD, verification_method=METHOD)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for form in FORMS:
        path.write_text("something")
        with pytest.raises(IdentifierError, match="there already"):
            written(path, form, SECRETS[KeyType.P256], None)
        assert path.read_text() == "something"


def multikey(**changes: Any) -> dict[str, Any]:
    """A Multikey document."""
    secret = SECRETS[KeyType.ED25519]
    return {
        "id": METHOD,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": secret.public.to_multikey(),
        "secretKeyMultibase": secret.to_multikey(),
        **changes,
    }


def read(document: Any, **options: Any) -> Any:
    """Read it as JSON."""
    return read_key(json.dumps(document).encode(), **options)


def test_names() -> None:
    assert read(multikey(id="#key")).verification_method == METHOD
    assert read(multikey(), verification_method="did:x:1#a").verification_method == "did:x:1#a"
    jwk = SECRETS[KeyType.P256].to_jwk()
    assert read({**jwk, "kid": METHOD}).verification_method == METHOD
    old = multikey()
    old["privateKeyMultibase"] = old.pop("secretKeyMultibase")
    assert read(old).public_key == SECRETS[KeyType.ED25519].public
    for unnamed in (jwk, {**jwk, "kid": "1"}, multikey(id=None), multikey(id="#key", controller=1)):
        with pytest.raises(IdentifierError, match="nothing names the key"):
            read(unnamed)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"kty": "EC"},
        SECRETS[KeyType.P256].public.to_jwk(),
        {**SECRETS[KeyType.P256].to_jwk(), "x": SECRETS[KeyType.ED25519].to_jwk()["x"]},
        multikey(publicKeyMultibase=SECRETS[KeyType.P256].public.to_multikey()),
        multikey(publicKeyMultibase=4),
        multikey(secretKeyMultibase=SECRETS[KeyType.P256].to_multikey()),
        multikey(secretKeyMultibase=SECRETS[KeyType.P256].public.to_multikey()),
        multikey(secretKeyMultibase=None),
        multikey(privateKeyMultibase=SECRETS[KeyType.ED25519].to_multikey()),
        multikey(encryptedSecretKey="a.b.c.d.e"),
    ],
)
def test_what_is_no_key_is_refused_without_repeating_it(document: Any) -> None:
    with pytest.raises(IdentifierError) as caught:
        read(document, verification_method=METHOD)
    for secret in SECRETS.values():
        assert secret.to_jwk()["d"] not in str(caught.value)
    assert SECRETS[KeyType.ED25519].to_multikey() not in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_any_bytes_end_in_an_identifier_error(data: bytes) -> None:
    for begin in (b"", b"-----BEGIN PRIVATE KEY-----\n", b'{"kty":', b"eyJ.a.b.c."):
        with pytest.raises(IdentifierError):
            read_key(begin + data, password=b"x", verification_method=METHOD)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b" " * 60_000)
    with pytest.raises(IdentifierError, match="bytes"):
        read_key_file(path)


def test_others_open_what_we_seal_and_we_what_others_seal() -> None:
    algorithms = ["PBES2-HS512+A256KW", "A256GCM"]
    password = OctKey.import_key(PASSWORD)
    text = sealed.seal(b"secret", PASSWORD, content="multikey", iterations=FEW)
    opened = jwe.decrypt_compact(text, password, algorithms=algorithms)
    assert opened.plaintext == b"secret"
    header = {"alg": algorithms[0], "enc": algorithms[1], "p2c": FEW, "p2s": "c2FsdCBvZiBhIHRlc3Q"}
    theirs = jwe.encrypt_compact(header, b"secret", password, algorithms=algorithms)
    assert sealed.unseal(theirs, PASSWORD) == b"secret"


def test_the_cost_of_a_password_is_bounded() -> None:
    header = {"alg": "PBES2-HS512+A256KW", "enc": "A256GCM", "p2s": "c2FsdHNhbHQ"}
    for count in (999, 5_000_001, 10**20, True, "1000", 1000.0, None):
        first = sealed._b64(json.dumps({**header, "p2c": count}).encode())
        with pytest.raises(IdentifierError, match="p2c"):
            sealed.unseal(f"{first}.AA.AA.AA.AA", b"x")


def test_other_algorithms_and_changed_text_are_refused() -> None:
    text = sealed.seal(b"secret", PASSWORD, content="multikey", iterations=FEW)
    first, *rest = text.split(".")
    for name in ("alg", "enc", "crit"):
        header = json.loads(sealed.decode_base64url(f"u{first}"))
        other = sealed._b64(json.dumps({**header, name: "dir"}).encode())
        with pytest.raises(IdentifierError, match="not sealed with"):
            sealed.unseal(".".join([other, *rest]), PASSWORD)
    for place in range(1, 5):
        parts = text.split(".")
        parts[place] = ("A" if parts[place][0] != "A" else "B") + parts[place][1:]
        with pytest.raises(IdentifierError, match="does not open"):
            sealed.unseal(".".join(parts), PASSWORD)
    renamed = sealed._b64(first.encode())
    with pytest.raises(IdentifierError):
        sealed.unseal(".".join([renamed, *rest]), PASSWORD)
