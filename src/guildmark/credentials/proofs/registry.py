"""The cryptosuites that this library knows, by name.

A suite is a module with these names (Data Integrity 1.0, section 3.1, cryptosuite instances); a
further one is written as its own module and listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from guildmark.credentials.identifiers.keys import PublicKey
from guildmark.credentials.identifiers.signer import Signer
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_2022,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from guildmark.credentials.proofs.unsecured import Unsecured


class Checker(Protocol):
    """How one kind of proof is checked."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a module's constant
        """Its name in a proof."""

    def check(self, unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
        """Return where the proof is right; raise ProofError where it is not."""


class Cryptosuite(Checker, Protocol):
    """How one kind of proof is made and checked."""

    def create(self, unsecured: Unsecured, options: Json, signer: Signer) -> Json:
        """The finished proof from its options (type, cryptosuite, method, purpose, times …)."""


_KNOWN: tuple[Cryptosuite, ...] = (
    eddsa_rdfc_2022,
    eddsa_jcs_2022,
    ecdsa_rdfc_2019,
    ecdsa_jcs_2019,
    ecdsa_sd_2023,
)
SUITES: Mapping[str, Cryptosuite] = MappingProxyType({suite.NAME: suite for suite in _KNOWN})
_BY_CRYPTOSUITE: dict[str, Checker] = {**SUITES, eddsa_2022.NAME: eddsa_2022}
_BY_TYPE: dict[str, Checker] = {ed25519_signature_2020.NAME: ed25519_signature_2020}


def suite_of(proof: Any) -> Checker | None:
    """The suite that a proof names, or None where it is not one of these.

    Older ones are among them that are not in SUITES, because nothing is signed with them here.
    """
    if not isinstance(proof, dict):
        return None
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if kind == "DataIntegrityProof":
        return _BY_CRYPTOSUITE.get(name) if isinstance(name, str) else None
    return _BY_TYPE.get(kind) if isinstance(kind, str) else None
