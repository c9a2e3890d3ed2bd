"""1EdTech Revocation List Status Method 1.0 (https://www.imsglobal.org/spec/vcrl/v1p0/).

The status method that Open Badges 3.0 names (section "Verification and Validation", step "Check
the status"; section "Verifiable Credentials Extensions"): a JSON document at the address in
`credentialStatus.id` that names the revoked credentials by their `id`. It carries no signature:
it is worth what the way it came by is worth. Prefer Bitstring Status List for what you issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guildmark.credentials.errors import StatusError
from guildmark.credentials.model.reading import Json

TYPE = "1EdTechRevocationList"
MAX_ENTRIES = 200_000


@dataclass(frozen=True)
class Revocation:
    """One revoked credential; the reason is the issuer's, where it gave one."""

    credential: str
    reason: str | None = None


def revocation_entry(*, list_url: str) -> Json:
    """The `credentialStatus` of a credential in such a list.

    The credential needs an `id` and the Open Badges extensions context.
    """
    return {"id": list_url, "type": TYPE}


def write_revocation_list(*, list_url: str, issuer: str, revoked: Iterable[Revocation]) -> Json:
    """The list's document. Raises StatusError where there are over 200,000 revocations."""
    entries: list[Json] = []
    for revocation in revoked:
        entry: Json = {"id": revocation.credential, "revoked": True}
        if revocation.reason is not None:
            entry["revocationReason"] = revocation.reason
        entries.append(entry)
    if len(entries) > MAX_ENTRIES:
        raise StatusError(f"there are {len(entries)} revocations: at most {MAX_ENTRIES} in a list")
    return {"id": list_url, "issuer": issuer, "revokedCredential": entries}


def read_revocation_list(document: Mapping[str, Any]) -> Mapping[str, Revocation]:
    """The revoked credentials by their `id`.

    An entry counts where `revoked` is true or missing. 1EdTech's validator reads the member
    `revokedCredential`, others write `revokedCredentials`: both count. Raises StatusError where
    the document is no such list, rather than overlook an entry.
    """
    found: dict[str, Revocation] = {}
    named = [key for key in ("revokedCredential", "revokedCredentials") if key in document]
    if not named:
        raise StatusError("the revocation list names no revokedCredential, not even an empty list")
    for key in named:
        entries = document[key]
        entries = entries if isinstance(entries, list) else [entries]
        if len(entries) > MAX_ENTRIES:
            raise StatusError(f"the revocation list has over {MAX_ENTRIES} entries")
        for entry in entries:
            revocation = _read_entry(entry)
            if revocation is not None:
                found[revocation.credential] = revocation
    return found


def list_issuer(document: Mapping[str, Any]) -> str | None:
    """The issuer that the list names, as its identifier."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) else None


def _read_entry(entry: Any) -> Revocation | None:
    if isinstance(entry, str):
        return Revocation(entry)
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise StatusError("an entry of the revocation list has no id")
    revoked = entry.get("revoked", True)
    if not isinstance(revoked, bool):
        raise StatusError("revoked is neither true nor false in an entry of the revocation list")
    reason = entry.get("revocationReason")
    return Revocation(entry["id"], reason if isinstance(reason, str) else None) if revoked else None
