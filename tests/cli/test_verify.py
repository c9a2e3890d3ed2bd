"""`guildmark verify`: without the database, from files and from the network."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guildmark.cli.verify import verify
from guildmark.credentials import (
    KeyType,
    LocalSigner,
    PrivateKey,
    VerificationMethod,
    add_proof,
    did_document,
)
from guildmark.credentials.carriers import svg
from guildmark.credentials.proofs.jose import vc_jwt
from guildmark.credentials.status import bitstring
from tests.credentials import builders

DID = "did:web:works.example:o:works"
ADDRESS = "https://works.example/o/works/did.json"
LIST = "https://works.example/status/1"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


class Works:
    """An issuer with its files in a folder that has an index."""

    def __init__(self, folder: Path) -> None:
        secret = PrivateKey.generate(KeyType.ED25519)
        self.signer = LocalSigner(secret, verification_method=f"{DID}#key")
        key = VerificationMethod(id=f"{DID}#key", controller=DID, public_key=secret.public)
        self.folder = folder
        self.index: dict[str, Any] = {ADDRESS: "did.json", LIST: "list.json"}
        self.did = self.put("did.json", did_document(DID, [key]))
        self.revoke()
        self.credential = self.put("credential.json", self.sign(badge()))

    def sign(self, document: dict[str, Any]) -> dict[str, Any]:
        return add_proof(document, signer=self.signer, created=dt.datetime.now(dt.UTC))

    def revoke(self, *indexes: int) -> None:
        self.put("list.json", self.sign(self.list_document(*indexes)))

    def list_document(self, *indexes: int) -> dict[str, Any]:
        return bitstring.status_list_document(
            list_url=LIST,
            issuer=DID,
            purpose="revocation",
            encoded_list=bitstring.encode(indexes),
            valid_from="2026-01-01T00:00:00Z",
        )

    def put(self, name: str, document: Any) -> Path:
        path = self.folder / name
        path.write_text(json.dumps(document))
        (self.folder / "index.json").write_text(json.dumps(self.index))
        return path


def badge(**others: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialStatus": bitstring.status_entry(list_url=LIST, purpose="revocation", index=7),
        "credentialSubject": {"id": "urn:uuid:1c2a4a0e-7e55-4cfd-8a44-3a6ff1ef2c0a"},
        **others,
    }


@pytest.fixture
def works(tmp_path: Path) -> Works:
    return Works(tmp_path)


def run(*arguments: object, given: bytes | str | None = None) -> Result:
    return CliRunner().invoke(verify, [str(argument) for argument in arguments], input=given)


def checked(works: Works, *arguments: object) -> tuple[int, dict[str, Any]]:
    source = arguments or (works.credential,)
    done = run("--json", "--offline", "--documents", works.folder, *source)
    return done.exit_code, json.loads(done.stdout)


def test_one_object_says_it_all(works: Works) -> None:
    code, said = checked(works, works.credential, "--at", "2026-05-01T12:00:00+02:00")
    assert code == 0
    wanted = {"verified", "format", "checks", "issuer", "name", "validFrom", "validUntil"}
    assert wanted <= said.keys()
    assert (said["verified"], said["format"], said["issuer"]) == (
        *(True, "verifiable-credential", DID),
    )
    assert (said["carrier"], said["securedBy"]) == ("json", "data-integrity")
    assert said["validUntil"] == "2027-01-01T00:00:00Z"
    for one in said["checks"]:
        assert {"check", "outcome", "code", "message"} <= one.keys()
        assert one["outcome"] in {"passed", "not applicable"}


def test_outcomes_are_written_in_words(works: Works) -> None:
    at = ("--at", "2026-05-01T00:00:00Z")
    works.revoke(7)
    code, said = checked(works, works.credential, *at)
    status = next(one for one in said["checks"] if one["check"] == "status")
    assert (code, status["outcome"], status["code"]) == (1, "failed", "status.revoked")
    done = run("--json", "--offline", works.credential, *at)
    outcomes = {one["outcome"] for one in json.loads(done.stdout)["checks"]}
    assert done.exit_code == 2
    assert json.loads(done.stdout)["verified"] is None
    assert outcomes == {"passed", "could not be checked", "not applicable"}


def test_a_newer_version_is_asked_for_on_demand(tmp_path: Path) -> None:
    service = {"id": "https://works.example/newer/1", "type": "1EdTechCredentialRefresh"}
    context = [
        *builders.badge()["@context"],
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ]
    older, newer = (
        builders.signed(**{"refreshService": service, "@context": context, "validFrom": begin})
        for begin in ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    )
    names = {**builders.Documents().known, service["id"]: newer}
    index = {}
    for place, (address, document) in enumerate(names.items()):
        index[address] = f"{place}.json"
        (tmp_path / index[address]).write_text(json.dumps(document))
    (tmp_path / "index.json").write_text(json.dumps(index))
    path = tmp_path / "older.json"
    path.write_text(json.dumps(older))
    for asked, code in (((), "refresh.offered"), (("--refresh",), "refresh.newer")):
        arguments = ("--json", "--offline", "--documents", tmp_path, "--at", "2026-06-01T12:00:00Z")
        done = run(*arguments, *asked, path)
        assert code in {one["code"] for one in json.loads(done.stdout)["checks"]}
        assert done.exit_code == 0


def test_the_time_is_the_one_given(works: Works) -> None:
    code, said = checked(works, works.credential, "--at", "2027-05-01T00:00:00Z")
    assert (code, said["verified"]) == (1, False)
    assert "dates.expired" in {one["code"] for one in said["checks"]}
    done = run(works.credential, "--at", "yesterday")
    assert done.exit_code == 2
    assert "'yesterday' is not a time with its zone, such as 2026-03-31T12:00:00Z" in done.stderr


def test_known_documents_come_from_files(works: Works) -> None:
    document = {name: part for name, part in badge().items() if name != "credentialStatus"}
    signed = json.dumps(works.sign(document))
    at = ("--at", "2026-05-01T00:00:00Z")
    done = run("-", "--known", works.did, "--offline", *at, given=signed)
    assert done.exit_code == 0
    assert done.output.startswith("Verified.")
    changed = json.dumps(json.loads(signed) | {"validUntil": "2999-01-01T00:00:00Z"})
    assert run("-", "--known", works.did, "--offline", *at, given=changed).exit_code == 1
    missing = run("-", "--offline", *at, given=signed)
    assert missing.exit_code == 2
    assert "leave --offline out" in missing.output


def test_a_url_is_read_from_the_folder_as_well(works: Works) -> None:
    url = "https://works.example/badges/1"
    works.index[url] = "credential.json"
    works.put("credential.json", works.sign(badge()))
    code, said = checked(works, url, "--at", "2026-05-01T00:00:00Z")
    assert (code, said["verified"]) == (0, True)
    done = run("https://elsewhere.example/1", "--offline")
    assert done.exit_code == 2
    assert "on the network" in done.stderr


def test_a_picture_is_unbaked(works: Works) -> None:
    picture = works.folder / "badge.txt"
    picture.write_bytes(svg.bake(SVG, works.credential.read_bytes()))
    code, said = checked(works, picture, "--at", "2026-05-01T00:00:00Z")
    assert (code, said["carrier"]) == (0, "svg")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"hello", b'{"a": 1, "a": 2}', b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", SVG]
)
def test_what_cannot_be_read_is_said(works: Works, data: bytes) -> None:
    path = works.folder / "thing"
    path.write_bytes(data)
    code, said = checked(works, path)
    assert (code, said["verified"], said["format"]) == (2, None, None)
    assert [one["code"] for one in said["checks"]] == ["structure.unreadable"]
    done = run(path)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.output


def test_a_token_is_read_and_a_wrong_one_is_not_verified(works: Works) -> None:
    token = vc_jwt.issue(badge(id="urn:uuid:1"), works.signer)
    at = ("--at", "2026-05-01T00:00:00Z")
    path = works.folder / "badge.jwt"
    path.write_text(token)
    code, said = checked(works, path, *at)
    assert (code, said["carrier"], said["securedBy"]) == (0, "jwt", "vc-jwt")
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    path.write_text(f"{header}.{token.split('.')[1]}.")
    code, said = checked(works, path, *at)
    assert (code, said["verified"]) == (1, False)
    works.put("list.json", {})
    (works.folder / "list.json").write_text(vc_jwt.issue(works.list_document(7), works.signer))
    code, said = checked(works, works.credential, *at)
    assert (code, said["verified"]) == (1, False)
    assert "status.revoked" in {one["code"] for one in said["checks"]}


def test_files_that_are_not_there_are_named(works: Works) -> None:
    done = run(works.folder / "nothing.json")
    assert done.exit_code == 2
    assert "nothing.json: No such file" in done.stderr
    assert checked(works, works.folder / "nothing.json")[1]["verified"] is None
    assert run(works.folder).exit_code == 2


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("[]", "one JSON object from URL to file name"),
        ("{", "one JSON object from URL to file name"),
        ('{"https://a.example/": 1}', "stands no file name"),
        ('{"https://a.example/": "gone.json"}', "no file 'gone.json'"),
        ('{"https://a.example/": "../../etc/passwd"}', "outside of the folder"),
        ('{"https://a.example/": "/etc/passwd"}', "outside of the folder"),
    ],
)
def test_a_wrong_index_is_told(works: Works, index: str, said: str) -> None:
    (works.folder / "index.json").write_text(index)
    done = run(works.credential, "--documents", works.folder)
    assert done.exit_code == 2
    assert "index.json" in done.stderr
    assert said in done.stderr


def test_a_folder_without_index_is_told(tmp_path: Path) -> None:
    done = run("-", "--documents", tmp_path, given="{}")
    assert done.exit_code == 2
    assert "index.json" in done.stderr


def test_a_file_of_the_index_that_is_broken_is_could_not_be_checked(works: Works) -> None:
    (works.folder / "list.json").write_text("<html>")
    code, said = checked(works, works.credential, "--at", "2026-05-01T00:00:00Z")
    status = next(one for one in said["checks"] if one["check"] == "status")
    assert (code, status["code"]) == (2, "status.unavailable")


def test_a_known_document_that_is_none_is_told(works: Works) -> None:
    nothing = works.put("nothing.json", [])
    done = run(works.credential, "--known", nothing)
    assert done.exit_code == 2
    assert "nothing.json" in done.output


def test_what_others_wrote_cannot_steer_the_terminal(works: Works) -> None:
    path = works.put("named.json", works.sign(badge(name="\x1b[2J\u202egood")))
    done = run(path, "--offline", "--documents", works.folder)
    assert "\x1b" not in done.output
    assert "\u202e" not in done.output


def test_it_needs_neither_django_nor_the_network_modules(works: Works) -> None:
    script = (
        "import sys; from guildmark.cli import main\n"
        f"sys.argv = ['guildmark', 'verify', '--offline', {str(works.credential)!r}]\n"
        "try: main.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('django', 'psycopg', 'guildmark.documents.network')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.splitlines()[-1] == "[]"
