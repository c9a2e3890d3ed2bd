"""Keys in a device: SoftHSM, with a token of the test's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from pkcs11.util.ec import encode_named_curve_parameters

from guildmark.credentials import IdentifierError, KeyType, ProofError, add_proof, verify
from guildmark.credentials.identifiers.did import did_key, did_key_method
from guildmark.credentials.identifiers.pkcs11 import Pkcs11Signer
from tests.credentials.builders import NOW, Documents, badge

PLACES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
)
PIN, TOKEN = "1234", "guildmark"
CURVES = {
    KeyType.ED25519: (pkcs11.KeyType.EC_EDWARDS, "1.3.101.112"),
    KeyType.P256: (pkcs11.KeyType.EC, "secp256r1"),
    KeyType.P384: (pkcs11.KeyType.EC, "secp384r1"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """SoftHSM's library, with a token that holds a key pair of each type."""
    found = next((place for place in PLACES if place.exists()), None)
    if found is None or shutil.which("softhsm2-util") is None:
        pytest.fail("SoftHSM is missing: install the Debian package softhsm2")
    folder = tmp_path_factory.mktemp("softhsm")
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        # Read when the library is first loaded, which is once in a process.
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        subprocess.run(
            f"softhsm2-util --init-token --free --label {TOKEN} --pin {PIN} --so-pin 5678".split(),
            check=True,
            capture_output=True,
        )
        with (
            pkcs11.lib(str(found))
            .get_token(token_label=TOKEN)
            .open(rw=True, user_pin=PIN) as session
        ):
            make_keys(session)
        yield found


def make_keys(session: Any) -> None:
    """A pair for each type by its name, and two that are no pair."""
    for kind, (family, curve) in CURVES.items():
        parameters = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
        domain = session.create_domain_parameters(family, parameters, local=True)
        domain.generate_keypair(store=True, label=kind.value)
        public, private = domain.generate_keypair(store=True)
        if kind is KeyType.P256:
            public.copy({pkcs11.Attribute.LABEL: "no pair", pkcs11.Attribute.TOKEN: True})
            _, private = domain.generate_keypair(store=True)
            private.copy({pkcs11.Attribute.LABEL: "no pair", pkcs11.Attribute.TOKEN: True})
    session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=KeyType.RSA.value)


def opened(library: Path, kind: KeyType) -> Pkcs11Signer:
    """A signer with the token's key of that type, named after itself."""
    with Pkcs11Signer(
        library, token=TOKEN, pin=PIN, key=kind.value, verification_method="urn:x"
    ) as first:
        method = did_key_method(did_key(first.public_key)).id
    return Pkcs11Signer(library, token=TOKEN, pin=PIN, key=kind.value, verification_method=method)


@pytest.mark.parametrize("kind", list(KeyType))
def test_every_type_of_key_signs(library: Path, kind: KeyType) -> None:
    with opened(library, kind) as signer:
        assert signer.public_key.type is kind
        with ThreadPoolExecutor(4) as pool:
            texts = [bytes([number]) * 100 for number in range(20)]
            for text, signature in zip(texts, pool.map(signer.sign, texts), strict=True):
                signer.public_key.verify(signature, text)
    with pytest.raises(ProofError, match="closed"):
        signer.sign(b"")


@pytest.mark.parametrize(
    ("suite", "kind"),
    [
        ("eddsa-rdfc-2022", KeyType.ED25519),
        ("ecdsa-jcs-2019", KeyType.P384),
        ("ecdsa-rdfc-2019", KeyType.P256),
    ],
)
def test_a_badge_is_signed_by_the_device(library: Path, suite: str, kind: KeyType) -> None:
    with opened(library, kind) as signer:
        document = badge(issuer=signer.verification_method.partition("#")[0])
        del document["credentialStatus"]
        made = add_proof(document, signer=signer, created=NOW, suite=suite)
    assert verify(made, resolver=Documents(), now=NOW).verified is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"library": "/nowhere/lib.so"}, "cannot be opened"),
        ({"token": "another"}, "cannot be opened"),
        ({"pin": "9999"}, "cannot be opened"),
        ({"key": "another"}, "no one private_key 'another'"),
        ({"key": "no pair"}, "do not belong together"),
    ],
)
def test_what_is_not_there_is_told(library: Path, changes: dict[str, str], message: str) -> None:
    given = {"library": library, "token": TOKEN, "pin": PIN, "key": KeyType.P256.value} | changes
    with pytest.raises(IdentifierError, match=message) as caught:
        Pkcs11Signer(verification_method="urn:x", **given)  # type: ignore[arg-type]
    assert given["pin"] not in str(caught.value)


def test_signers_share_a_token_and_the_last_one_leaves_it(library: Path) -> None:
    first, second = (opened(library, kind) for kind in (KeyType.P256, KeyType.ED25519))
    with pytest.raises(IdentifierError, match="another PIN"):
        Pkcs11Signer(library, token=TOKEN, pin="9999", key="P-256", verification_method="urn:x")
    first.close()
    first.close()
    second.public_key.verify(second.sign(b"data"), b"data")
    second.close()
    with opened(library, KeyType.P384) as again:
        again.public_key.verify(again.sign(b"data"), b"data")


def test_without_the_extra_the_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(IdentifierError, match=r"install guildmark\[pkcs11\]"):
        Pkcs11Signer("lib.so", token=TOKEN, pin=PIN, key="x", verification_method="urn:x")
