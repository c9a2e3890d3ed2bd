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
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from guildmark.credentials.proofs.unsecured import Unsecured


class Cryptosuite(Protocol):
    """How one kind of proof is made and checked."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a module's constant
        """Its name in a proof."""

    def create(self, unsecured: Unsecured, options: Json, signer: Signer) -> Json:
        """The finished proof from its options (type, cryptosuite, method, purpose, times …)."""

    def check(self, unsecured: Unsecured, proof: Json, key: PublicKey) -> None:
        """Return where the proof is right; raise ProofError where it is not."""


_KNOWN: tuple[Cryptosuite, ...] = (
    eddsa_rdfc_2022,
    eddsa_jcs_2022,
    ecdsa_rdfc_2019,
    ecdsa_jcs_2019,
    ecdsa_sd_2023,
)
SUITES: Mapping[str, Cryptosuite] = MappingProxyType({suite.NAME: suite for suite in _KNOWN})


def suite_of(proof: Any) -> Cryptosuite | None:
    """The suite that a proof names, or None where it is not one of these."""
    if not isinstance(proof, dict) or proof.get("type") != "DataIntegrityProof":
        return None
    name = proof.get("cryptosuite")
    return SUITES.get(name) if isinstance(name, str) else None
