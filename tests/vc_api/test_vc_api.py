"""The VC-API through its server, as a conformance suite asks it."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from guildmark.cli.main import group
from guildmark.credentials import KeyType, PrivateKey, add_proof
from guildmark.credentials.identifiers import keyfile
from guildmark.credentials.identifiers.did import did_key

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    made = {}
    for name, kind in (("ed25519", KeyType.ED25519), ("p256", KeyType.P256)):
        secret = PrivateKey.generate(kind)
        own = did_key(secret.public)
        made[name] = folder / f"{name}.json"
        keyfile.write_multikey_file(
            made[name], secret, method_id=f"{own}#{own[8:]}", controller=own
        )
    return made


@contextmanager
def serving(*arguments: object) -> Iterator[Call]:
    command = [sys.executable, "-m", "guildmark.cli.main", "vc-api", "--port", "0", "--offline"]
    with subprocess.Popen(
        [*command, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line, process.stderr.read() if process.stderr else ""
        port = int(line.partition("127.0.0.1:")[2].partition(".")[0])

        def call(
            path: str, body: Any = None, *, method: str = "POST", **headers: str
        ) -> tuple[int, dict[str, Any]]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            named = {"Content-Type": "application/json"} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            connection.request(method, path, data if method == "POST" else None, named)
            answer = connection.getresponse()
            found = json.loads(answer.read())
            connection.close()
            return answer.status, found

        try:
            yield call
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert errors == ""


@pytest.fixture(scope="module")
def api(keys: dict[str, Path]) -> Iterator[Call]:
    with serving("--key", keys["ed25519"], "--status-lists") as call:
        yield call


@pytest.fixture(scope="module")
def any_issuer(keys: dict[str, Path]) -> Iterator[Call]:
    with serving("--key", keys["ed25519"], "--set-issuer") as call:
        yield call


def controller(key: Path) -> str:
    return str(json.loads(key.read_text())["controller"])


def credential(key: Path, **others: Any) -> dict[str, Any]:
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


def issued(api: Call, key: Path, **others: Any) -> dict[str, Any]:
    status, answer = api("/credentials/issue", {"credential": credential(key, **others)})
    assert status == 201, answer
    found: dict[str, Any] = answer["verifiableCredential"]
    return found


def test_what_is_issued_verifies(api: Call, keys: dict[str, Path]) -> None:
    made = issued(api, keys["ed25519"])
    assert made["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    body = {
        "verifiableCredential": made,
        "options": {"checks": ["proof"], "returnCredential": True, "returnResults": True},
    }
    status, answer = api("/credentials/verify", body, Content_Type="application/ld+json")
    assert (status, answer["verified"], answer["problemDetails"]) == (200, True, [])
    assert answer["credential"] == made
    assert answer["results"]["validFrom"] == {"verified": True, "input": "2026-01-01T00:00:00Z"}
    assert [one["verified"] for one in answer["results"]["proof"]] == [True]


def test_a_key_that_nothing_ties_to_the_issuer_is_a_warning_here(
    api: Call, keys: dict[str, Path]
) -> None:
    key = keyfile.read_key_file(keys["ed25519"])
    document = credential(keys["ed25519"], issuer="https://works.example/issuers/1")
    made = add_proof(document, signer=key, created=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    status, answer = api("/credentials/verify", {"verifiableCredential": made})
    assert (status, answer["verified"]) == (200, True)
    assert [one["code"] for one in answer["problemDetails"]] == ["issuer.key_unconfirmed"]
    shown = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [made],
    }
    assert api("/presentations/verify", {"presentation": shown})[0] == 200
    made["name"] = "Another"
    status, answer = api("/credentials/verify", {"verifiableCredential": made})
    assert (status, answer["verified"]) == (400, False)


def test_what_does_not_verify_has_400_and_its_problem(api: Call, keys: dict[str, Path]) -> None:
    made = issued(api, keys["ed25519"])
    for change, kind in (
        ({"name": "Another"}, "CRYPTOGRAPHIC_SECURITY_ERROR"),
        ({"type": ["Something"]}, "MALFORMED_VALUE_ERROR"),
        ({"nobody": "knows"}, "DATA_LOSS_DETECTION_ERROR"),
        ({"proof": None}, "CRYPTOGRAPHIC_SECURITY_ERROR"),
    ):
        status, answer = api("/credentials/verify", {"verifiableCredential": made | change})
        assert (status, answer["verified"]) == (400, False)
        assert kind in {one["title"] for one in answer["problemDetails"]}
        for one in answer["problemDetails"]:
            assert one["type"].startswith("https://")


def test_status_is_set_and_taken_back(api: Call, keys: dict[str, Path]) -> None:
    made = issued(api, keys["ed25519"], id="urn:uuid:5d3f4b1e-6a52-4f42-a7a0-1b1f5f2c9d11")
    purposes = [one["statusPurpose"] for one in made["credentialStatus"]]
    assert purposes == ["revocation", "suspension"]
    listed = made["credentialStatus"][0]["statusListCredential"]
    status, published = api(f"/status-lists/{listed.rpartition('/')[2]}", method="GET")
    assert (status, published["id"]) == (200, listed)
    body = {"verifiableCredential": made}
    assert api("/credentials/verify", body)[0] == 200
    update = {
        "credentialId": made["id"],
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
    }
    assert api("/credentials/status", update)[0] == 200
    status, answer = api("/credentials/verify", body)
    assert (status, answer["verified"]) == (400, False)
    assert [one["code"] for one in answer["problemDetails"]] == ["status.revoked"]
    assert api("/credentials/status", update | {"status": False})[0] == 200
    assert api("/credentials/verify", body)[0] == 200
    assert api("/credentials/status", update | {"credentialId": "urn:x:1"})[0] == 404
    assert api("/credentials/status", update | {"status": "yes"})[0] == 400
    other = {"credentialStatus": {"statusPurpose": "refresh"}}
    assert api("/credentials/status", update | other)[0] == 400


def test_a_presentation_is_proven_and_verified(api: Call, keys: dict[str, Path]) -> None:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": controller(keys["ed25519"]),
        "verifiableCredential": [issued(api, keys["ed25519"])],
    }
    asked = {"challenge": "c-1", "domain": "verifier.example"}
    status, answer = api("/presentations/prove", {"presentation": presentation, "options": asked})
    assert status == 201
    made = answer["verifiablePresentation"]
    body = {"verifiablePresentation": made, "options": asked | {"returnPresentation": True}}
    status, answer = api("/presentations/verify", body)
    assert (status, answer["verified"]) == (200, True), answer
    assert answer["verifiablePresentation"] == made
    assert [one["verified"] for one in answer["results"]["credentials"]] == [True]
    for wrong in ({"challenge": "c-2"}, {"domain": "other.example"}):
        status, answer = api("/presentations/verify", body | {"options": asked | wrong})
        assert (status, answer["verified"]) == (400, False)
    forged = made | {"verifiableCredential": [made["verifiableCredential"][0] | {"name": "x"}]}
    assert api("/presentations/verify", body | {"verifiablePresentation": forged})[0] == 400
    someone = {"holder": controller(keys["p256"])}
    assert api("/presentations/verify", body | {"verifiablePresentation": made | someone})[0] == 400
    assert api("/presentations/verify", {"presentation": presentation})[0] == 200
    assert api("/presentations/verify", {"verifiablePresentation": presentation})[0] == 400


def test_part_is_derived(keys: dict[str, Path]) -> None:
    with serving("--key", keys["p256"], "--suite", "ecdsa-sd-2023") as api:
        body = {
            "credential": credential(keys["p256"]),
            "options": {"mandatoryPointers": ["/issuer"]},
        }
        status, answer = api("/credentials/issue", body)
        assert status == 201
        made = answer["verifiableCredential"]
        # A base proof is for the holder.
        assert api("/credentials/verify", {"verifiableCredential": made})[0] == 400
        chosen = {"selectivePointers": ["/credentialSubject"]}
        status, answer = api(
            "/credentials/derive", {"verifiableCredential": made, "options": chosen}
        )
        assert status == 201
        shown = answer["verifiableCredential"]
        assert "name" not in shown
        assert api("/credentials/verify", {"verifiableCredential": shown})[0] == 200
        wrong = {"selectivePointers": ["/nowhere"]}
        status, answer = api(
            "/credentials/derive", {"verifiableCredential": made, "options": wrong}
        )
        assert (status, answer["title"]) == (400, "PROOF_GENERATION_ERROR")
        update = {"credentialId": "x", "credentialStatus": {"statusPurpose": "revocation"}}
        assert api("/credentials/status", update)[0] == 404


def test_a_token_comes_in_an_envelope(keys: dict[str, Path]) -> None:
    with serving("--key", keys["p256"], "--suite", "vc-jwt", "--set-issuer") as api:
        body = {"credential": credential(keys["ed25519"])}
        status, answer = api("/credentials/issue", body)
        assert status == 201
        made = answer["verifiableCredential"]
        assert made["type"] == "EnvelopedVerifiableCredential"
        assert made["id"].startswith("data:application/jwt,eyJ")
        assert api("/credentials/verify", {"verifiableCredential": made})[0] == 200
        token = made["id"].partition(",")[2]
        assert api("/credentials/verify", {"verifiableCredential": token})[0] == 200
        assert api("/credentials/verify", {"verifiableCredential": f"{token[:-4]}AAAA"})[0] == 400


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/credentials/issue", {}, 400, "credential is missing"),
        ("/credentials/issue", {"credential": []}, 400, "credential is not an object"),
        ("/credentials/issue", {"credential": {}, "options": []}, 400, "not a valid credential"),
        ("/credentials/issue", {"credential": {}, "options": 1}, 400, "options is not an object"),
        ("/credentials/verify", {"verifiableCredential": 1}, 400, "neither an object nor a token"),
        ("/credentials/derive", {"verifiableCredential": {}}, 400, "0 base proofs"),
        ("/credentials/verify", {"verifiableCredential": "{}"}, 400, "neither an object nor"),
        ("/presentations/verify", {"verifiablePresentation": "{}"}, 400, "neither an object nor"),
        ("/presentations/prove", {"presentation": {}}, 400, "not a valid presentation"),
        ("/presentations/verify", {}, 400, "verifiablePresentation is missing"),
        ("/nowhere", {}, 404, "nothing at this address"),
        ("/credentials/issue", b"[]", 400, "cannot be read"),
        ("/credentials/issue", b'{"a": 1, "a": 2}', 400, "occurs twice"),
        ("/credentials/issue", b"[" * 100_000, 400, "nested"),
        ("/credentials/issue", b" " * 1_000_001, 413, "over 1000000 bytes"),
    ],
)
def test_what_is_refused(api: Call, path: str, body: Any, status: int, said: str) -> None:
    found, answer = api(path, body)
    assert (found, answer["verified"]) == (status, False)
    assert said in answer["detail"]
    assert answer["problemDetails"][0]["type"].startswith("https://")


def test_nothing_is_issued_under_anothers_name(api: Call, keys: dict[str, Path]) -> None:
    status, answer = api("/credentials/issue", {"credential": credential(keys["p256"])})
    assert status == 400
    assert "this service issues as" in answer["detail"]
    undefined = credential(keys["ed25519"], nobody="knows")
    status, answer = api("/credentials/issue", {"credential": undefined})
    assert (status, answer["title"]) == (400, "PROOF_GENERATION_ERROR")


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "somebody"},
        {"issuer": None},
        {"issuer": {"id": "somebody"}},
        {"issuer": {"id": None}},
        {"validFrom": "yesterday"},
        {"validUntil": "2030-01-01T00:00:00"},
        {"validUntil": "2020-01-01T00:00:00Z"},
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https ://no-address"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2", {"name": "https://a.example/n"}]},
    ],
)
def test_what_no_verifier_could_take_is_not_signed(
    keys: dict[str, Path], any_issuer: Call, wrong: dict[str, Any]
) -> None:
    body = {"credential": credential(keys["p256"], **wrong)}
    assert any_issuer("/credentials/issue", body)[0] == 400


def test_the_issuer_is_put_in(keys: dict[str, Path], any_issuer: Call) -> None:
    own = controller(keys["ed25519"])
    for named in (controller(keys["p256"]), {"id": controller(keys["p256"]), "name": "Works"}):
        made = issued(any_issuer, keys["p256"], issuer=named)
        assert made["issuer"] == ({**named, "id": own} if isinstance(named, dict) else own)
        assert any_issuer("/credentials/verify", {"verifiableCredential": made})[0] == 200


@pytest.mark.parametrize(
    "more",
    [
        {"name": {"@value": "Wiederanlauf", "@language": "de", "@direction": "ltr"}},
        {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://www.w3.org/ns/credentials/examples/v2",
            ],
            "type": ["VerifiableCredential", "AlumniCredential"],
        },
        {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                {"Evening": "https://works.example/terms#Evening"},
            ],
            "evidence": {"id": "https://works.example/e/1", "type": "Evening"},
        },
    ],
)
def test_what_the_data_model_allows_is_signed_and_verifies(
    api: Call, keys: dict[str, Path], more: dict[str, Any]
) -> None:
    made = issued(api, keys["ed25519"], **more)
    status, answer = api("/credentials/verify", {"verifiableCredential": made})
    assert (status, answer["verified"]) == (200, True), answer


def test_version_1_1_is_given_what_it_lacks(api: Call, keys: dict[str, Path]) -> None:
    # Data Integrity 1.0, section 2.4.2: its context does not have the terms of the proof.
    old = credential(keys["ed25519"])
    for name in ("validFrom", "name"):
        del old[name]
    old["@context"] = ["https://www.w3.org/2018/credentials/v1"]
    status, answer = api("/credentials/issue", {"credential": old})
    assert status == 201, answer
    made = answer["verifiableCredential"]
    assert made["@context"][1:] == ["https://w3id.org/security/data-integrity/v2"]
    assert made["issuanceDate"].endswith("Z")
    assert "credentialStatus" not in made
    assert api("/credentials/verify", {"verifiableCredential": made})[0] == 200


def test_a_page_in_a_browser_cannot_ask(api: Call) -> None:
    assert api("/credentials/verify", {}, Host="attacker.example:80")[0] == 400
    assert api("/credentials/verify", {}, Content_Type="text/plain")[0] == 415
    assert api("/status-lists/none", method="GET")[0] == 404


def test_a_taken_port_is_told(keys: dict[str, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = CliRunner().invoke(
            group, ["vc-api", "--port", str(port), "--key", str(keys["p256"])]
        )
    assert done.exit_code == 2
    assert f"port {port}" in done.stderr
