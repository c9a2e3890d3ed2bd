"""Keys, signing, baking, status lists, disclosing, bundles: the commands on credentials."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfWriter

from guildmark.cli.main import group
from guildmark.credentials import KeyType, PrivateKey
from guildmark.credentials.identifiers.controllers import find_method
from guildmark.credentials.identifiers.did import did_key
from guildmark.credentials.proofs.jose.reading import read_token
from guildmark.securing import NAMES

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
AT = ("--created", "2026-03-31T12:00:00Z")


def run(*arguments: object, given: bytes | str | None = None, **env: str) -> Result:
    return CliRunner().invoke(
        group, [str(argument) for argument in arguments], input=given, env=env or None
    )


def good(*arguments: object, given: bytes | str | None = None, **env: str) -> str:
    done = run(*arguments, given=given, **env)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*arguments: object, given: bytes | str | None = None, **env: str) -> str:
    done = run(*arguments, given=given, **env)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.output
    return done.stderr


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    made = {}
    for kind in ("ed25519", "p256", "p384", "rsa"):
        made[kind] = folder / f"{kind}.json"
        good("keys", "new", "--type", kind, "--out", made[kind])
    return made


def controller(key: Path) -> str:
    document = json.loads(key.read_text())
    return str(document.get("controller") or document["kid"].partition("#")[0])


def badge(key: Path, **others: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:0b0f6a3a-6d34-4a2c-8f9d-5b8f9f3f0f10",
        "type": ["VerifiableCredential"],
        "issuer": controller(key),
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Robot cell restart",
        "credentialSubject": {"id": "urn:uuid:1c2a4a0e-7e55-4cfd-8a44-3a6ff1ef2c0a"},
        **others,
    }


@pytest.fixture
def unsigned(tmp_path: Path, keys: dict[str, Path]) -> Path:
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(badge(keys["ed25519"])))
    return path


@pytest.mark.parametrize("suite", NAMES)
def test_every_suite_signs(tmp_path: Path, keys: dict[str, Path], suite: str) -> None:
    key = keys["p256" if suite.startswith("ecdsa") else "ed25519"]
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(badge(key)))
    signed = good("sign", "--key", key, "--suite", suite, path)
    if suite.endswith("jwt"):
        token = read_token(signed)
        assert token.format.value == suite
        token.check(find_method(_document(key), str(token.verification_method)).public_key)
    elif suite == "ecdsa-sd-2023":
        pointers = ("--pointer", "/name", "--pointer", "/credentialSubject")
        shown = good("derive", *pointers, "-", given=signed)
        assert json.loads(shown)["name"] == "Robot cell restart"
        assert run("verify", "--offline", "-", given=shown).exit_code == 0
    else:
        assert run("verify", "--offline", "-", given=signed).exit_code == 0


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_every_kind_of_key_signs(tmp_path: Path, keys: dict[str, Path], kind: str) -> None:
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(badge(keys[kind])))
    suite = "vc-jwt" if kind == "rsa" else "ecdsa-rdfc-2019"
    assert good("sign", "--key", keys[kind], "--suite", suite, path)


def _document(key: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good("keys", "document", key))
    return found


def test_a_key_is_a_secret_of_its_owner(tmp_path: Path, keys: dict[str, Path]) -> None:
    key = keys["ed25519"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "secret" not in json.dumps(_document(key))
    said = refused("keys", "new", "--type", "ed25519", "--out", key)
    assert "never written over" in said
    printed = json.loads(good("keys", "new", "--type", "p384"))
    assert set(printed) == {
        *("@context", "id", "type", "controller", "publicKeyMultibase", "secretKeyMultibase")
    }
    assert printed["id"].startswith(f"{printed['controller']}#")


def test_a_key_of_a_did_web_has_its_document(tmp_path: Path) -> None:
    for kind in ("ed25519", "rsa"):
        key = tmp_path / kind
        good("keys", "new", "--type", kind, "-o", key, "--controller", "did:web:works.example")
        document = _document(key)
        assert document["id"] == "did:web:works.example"
        assert find_method(document, document["assertionMethod"][0])
    said = refused("keys", "new", "--type", "p256", "--controller", "works")
    assert "--controller" in said
    assert "did:web:example.com" in said


def test_a_password_is_asked_from_the_environment(tmp_path: Path, unsigned: Path) -> None:
    key = tmp_path / "locked.json"
    password = {"GUILDMARK_KEY_PASSWORD": "correct horse"}
    good("keys", "new", "--type", "ed25519", "-o", key, "--password", **password)
    assert "secretKeyMultibase" not in key.read_text()
    sign = ("sign", "--key", key, "--suite", "eddsa-jcs-2022", unsigned)
    assert good(*sign, **password)
    assert "GUILDMARK_KEY_PASSWORD" in refused(*sign)
    said = refused(*sign, GUILDMARK_KEY_PASSWORD="wrong horse")
    assert "locked.json" in said
    assert "horse" not in said


def test_keys_in_other_files(tmp_path: Path, unsigned: Path) -> None:
    secret = PrivateKey.generate(KeyType.ED25519)
    method = f"{did_key(secret.public)}#{secret.public.to_multikey()}"
    pem, jwk = tmp_path / "key.pem", tmp_path / "key.jwk"
    pem.write_bytes(secret.to_pem())
    jwk.write_text(json.dumps(secret.to_jwk()))
    for key in (pem, jwk):
        sign = ("sign", "--key", key, "--suite", "eddsa-rdfc-2022", unsigned, *AT)
        assert "--verification-method" in refused(*sign)
        signed = json.loads(good(*sign, "--verification-method", method))
        assert signed["proof"]["verificationMethod"] == method
        assert signed["proof"]["created"] == "2026-03-31T12:00:00Z"


def test_another_issuer_is_noted(tmp_path: Path, keys: dict[str, Path]) -> None:
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(badge(keys["p256"])))
    done = run("sign", "--key", keys["ed25519"], "--suite", "eddsa-jcs-2022", path)
    assert done.exit_code == 0
    assert done.stderr.startswith("Note: issuer is did:key:zDna")


def test_a_presentation_repeats_what_it_was_asked(keys: dict[str, Path]) -> None:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": controller(keys["ed25519"]),
    }
    signed = good(
        *("sign", "--key", keys["ed25519"], "--suite", "eddsa-rdfc-2022", "-"),
        *("--purpose", "authentication", "--challenge", "c-1", "--domain", "v.example"),
        given=json.dumps(presentation),
    )
    proof = json.loads(signed)["proof"]
    assert (proof["proofPurpose"], proof["challenge"], proof["domain"]) == (
        *("authentication", "c-1", "v.example"),
    )


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        ({}, ("--suite", "rot13"), "'rot13' is not one of 'eddsa-rdfc-2022'"),
        ({}, ("--suite", "ecdsa-sd-2023"), "P-256"),
        ({}, ("--suite", "eddsa-jcs-2022", "--created", "now"), "'now' is not a time"),
        ({}, ("--suite", "eddsa-jcs-2022", "--mandatory", "/a"), "mandatory"),
        ({}, ("--suite", "vc-jwt", *AT), "--created belongs to proofs"),
        ({"jti": "x"}, ("--suite", "vc-jwt"), "badge.json: jti is a claim"),
        ({"nobody": 1}, ("--suite", "eddsa-rdfc-2022"), "badge.json: no context defines nobody"),
    ],
)
def test_what_cannot_be_signed_is_told(
    tmp_path: Path, keys: dict[str, Path], change: Any, arguments: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(badge(keys["ed25519"], **change)))
    assert said in refused("sign", "--key", keys["ed25519"], path, *arguments)


def test_files_that_are_not_right_are_named(tmp_path: Path, keys: dict[str, Path]) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"secretKeyMultibase": "z3u2SECRET"}')
    sign = ("sign", "--suite", "eddsa-jcs-2022", "--key")
    said = refused(*sign, wrong, "-", given="{}")
    assert "wrong.json" in said
    assert "SECRET" not in said
    assert "standard input: the document is not JSON" in refused(
        *sign, keys["ed25519"], "-", given="{"
    )
    gone = tmp_path / "gone.json"
    assert "gone.json: No such file" in refused(*sign, keys["ed25519"], gone)
    assert "gone.json" in refused(*sign, gone, "-", given="{}")
    nowhere = tmp_path / "no" / "where.json"
    assert "No such file" in refused(
        *sign, keys["ed25519"], "-", "-o", nowhere, given=json.dumps(badge(keys["ed25519"]))
    )


def _png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _pdf() -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(72, 72)
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("make", [_png, lambda: SVG, _pdf], ids=["png", "svg", "pdf"])
def test_baked_and_taken_out_again(
    tmp_path: Path, keys: dict[str, Path], unsigned: Path, make: Any
) -> None:
    image, baked = tmp_path / "image", tmp_path / "baked"
    image.write_bytes(make())
    signed = good("sign", "--key", keys["ed25519"], "--suite", "eddsa-rdfc-2022", unsigned)
    good("bake", "-", "--image", image, "-o", baked, given=signed)
    assert json.loads(good("unbake", baked)) == json.loads(signed)
    assert run("verify", "--offline", baked).exit_code == 0
    if make is not _pdf:
        good("bake", "-", "--image", image, "-o", baked, "--open-badges", "3", given=signed)
        assert "carries no credential" in refused("unbake", image)
    else:
        both = ("--image", image, "-o", baked, "--open-badges", "2")
        assert "one way only" in refused("bake", "-", *both, given=signed)
    assert "nothing.txt" in refused(
        "bake", "-", "--image", tmp_path / "nothing.txt", "-o", baked, given=signed
    )
    assert "neither a PNG" in refused("bake", "-", "--image", unsigned, "-o", baked, given=signed)


def test_canonical_statements(unsigned: Path) -> None:
    lines = good("canonicalize", unsigned).splitlines()
    assert len(lines) == 5
    assert lines == sorted(lines)
    assert all(line.endswith(" .") for line in lines)
    said = refused("canonicalize", "-", given='{"@context": "https://evil.example/", "a": 1}')
    assert "standard input: the context 'https://evil.example/'" in said


def test_a_status_list_from_making_to_revoking(tmp_path: Path, keys: dict[str, Path]) -> None:
    key, url = keys["ed25519"], "https://works.example/status/1"
    entry = json.loads(good("status", "entry", "--list", url, "--index", 94567))
    assert 0 <= int(json.loads(good("status", "entry", "--list", url))["statusListIndex"]) < 131072
    credential, listed = tmp_path / "credential.json", tmp_path / "list.json"
    (tmp_path / "index.json").write_text(json.dumps({url: "list.json"}))
    sign = ("sign", "--key", key, "--suite", "eddsa-rdfc-2022", "-", "-o")
    good(*sign, credential, given=json.dumps(badge(key, credentialStatus=entry)))
    new = good("status", "new", "--id", url, "--issuer", controller(key))
    assert "proof" not in json.loads(new)
    good(*sign, listed, given=new)
    verify = ("verify", "--offline", "--documents", tmp_path, credential)
    assert run(*verify).exit_code == 0
    good(*sign, listed, given=good("status", "set", listed, 94567, 3))
    assert good("status", "get", listed, 94567) == "1\n"
    assert run(*verify).exit_code == 1
    good(*sign, listed, given=good("status", "set", listed, 94567, "--clear"))
    assert good("status", "get", listed, 94567) == "0\n"
    assert good("status", "get", listed, 3) == "1\n"
    assert run(*verify).exit_code == 0
    assert "outside the list of 131072" in refused("status", "get", listed, 131072)
    assert "outside the list of 131072" in refused("status", "set", listed, 131072)
    assert "no encodedList" in refused("status", "get", credential, 1)
    assert "--issuer" in refused("status", "new", "--id", url, "--issuer", "works")


def test_entries_of_several_bits(tmp_path: Path) -> None:
    listed = tmp_path / "list.json"
    url = "https://works.example/status/2"
    new = ("status", "new", "--id", url, "--issuer", "did:web:works.example", "--size", 4)
    good(*new, "--purpose", "suspension", "-o", listed)
    good("status", "set", listed, 5, "--to", 9, "--size", 4, "-o", listed)
    assert good("status", "get", listed, 5, "--size", 4) == "9\n"
    assert "does not fit" in refused("status", "set", listed, 5, "--to", 16, "--size", 4)


def test_a_bundle_verifies_without_anything_else(tmp_path: Path) -> None:
    key, did = tmp_path / "key.json", "did:web:works.example"
    good("keys", "new", "--type", "p256", "-o", key, "--controller", did)
    (tmp_path / "did.json").write_text(good("keys", "document", key))
    (tmp_path / "index.json").write_text(
        json.dumps({"https://works.example/.well-known/did.json": "did.json"})
    )
    signed, made = tmp_path / "signed.json", tmp_path / "bundle.json"
    sign = ("sign", "--key", key, "--suite", "ecdsa-rdfc-2019", "-", "-o", signed)
    good(*sign, given=json.dumps(badge(key)))
    done = run("credential", "bundle", signed, "-o", made, "--offline")
    assert done.exit_code == 2
    assert "no bundle was written" in done.stderr
    assert not made.exists()
    bundle = ("credential", "bundle", signed, "-o", made, "--offline", "--documents", tmp_path)
    assert run(*bundle).exit_code == 0
    said = json.loads(good("verify", "--json", "--offline", made))
    assert said["verified"] is True
    assert len(said["bundle"]) == 64
    assert run("verify", "--offline", signed).exit_code == 2
    assert "worth what its maker is worth" in good("verify", made)
    changed = json.loads(made.read_text())
    changed["credential"] = changed["credential"].replace("restart", "stop")
    made.write_text(json.dumps(changed))
    assert run("verify", "--offline", made).exit_code == 1
    made.write_text(json.dumps(changed | {"version": 2}))
    assert "version" in refused("verify", made)


def test_part_is_disclosed(tmp_path: Path, keys: dict[str, Path]) -> None:
    signed = good(
        *("sign", "--key", keys["p256"], "--suite", "ecdsa-sd-2023", "-"),
        *("--mandatory", "/issuer"),
        given=json.dumps(badge(keys["p256"])),
    )
    shown = json.loads(good("derive", "-", "--pointer", "/validFrom", given=signed))
    assert shown["validFrom"] == "2026-01-01T00:00:00Z"
    assert "name" not in shown
    said = refused("derive", "-", "--pointer", "/nowhere", given=signed)
    assert "nowhere" in said
    done = run("derive", "-", "--pointer", "/validFrom", given=signed)
    assert "without /credentialSubject" in done.stderr
    assert "0 base proofs" in refused(
        "derive", "-", "--pointer", "/name", given=json.dumps(badge(keys["p256"]))
    )


def test_nothing_is_needed_but_the_files(keys: dict[str, Path]) -> None:
    assert "DJANGO_SETTINGS_MODULE" in os.environ  # of the tests, not of these commands
    done = run("keys", "document", keys["p256"], DJANGO_SETTINGS_MODULE="not.there")
    assert done.exit_code == 0
