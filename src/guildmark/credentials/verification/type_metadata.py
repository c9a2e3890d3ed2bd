"""Whether an SD-JWT VC keeps to the rules of its type (draft-ietf-oauth-sd-jwt-vc).

https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/, sections "SD-JWT VC Type Metadata" and
"Integrity of Referenced Documents". What types say of display is not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from guildmark.credentials.errors import NotAvailableError, UnreadableError
from guildmark.credentials.model.reading import Json, read_json
from guildmark.credentials.proofs.jose.disclosures import Issued
from guildmark.credentials.proofs.jose.sd_jwt import SecuredSdJwt
from guildmark.credentials.proofs.jose.segments import read_object
from guildmark.credentials.verification.digests import matches_sri, of_bytes
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    failed,
    not_applicable,
    passed,
    unknown,
)
from guildmark.credentials.verification.resolver import Resolver, read_bytes

MAX_TYPES: Final = 8
MAX_CLAIMS: Final = 200
_DISCLOSABLE: Final = ("always", "allowed", "never")


class _BrokenError(Exception):
    """The credential, or the rules of its type, must be rejected."""


class _UnreliableError(Exception):
    """The rules are not those that were named."""


def check_type(token: SecuredSdJwt, proof: Check, resolver: Resolver) -> Check:
    """The rules of the type's metadata, and of those that it extends, for the claims.

    Nobody has to process them, so where they are not to be had there is nothing to check; where
    they are not those that were named (`vct#integrity`), it could not be checked.
    """
    vct = token.claims.get("vct")
    none = not_applicable(CheckCode.SCHEMA_NONE, "No schema that is known here is for it.")
    if not isinstance(vct, str) or not vct.startswith("https:"):
        return none
    if proof.outcome is Outcome.FAILED:
        return none
    data = {"type": vct[:500]}
    try:
        rules = _rules(vct, token.claims.get("vct#integrity"), resolver)
        _require(rules, _issued(token))
    except NotAvailableError:
        return not_applicable(none.code, none.message, notChecked=[vct[:500]])
    except (_UnreliableError, UnreadableError) as error:
        message = "The rules of its type could not be relied on."
        return unknown(CheckCode.SCHEMA_UNRELIABLE, message, reason=str(error), **data)
    except _BrokenError as error:
        message = f"It does not keep to the rules of its type: {error}."
        return failed(CheckCode.SCHEMA_NOT_MET, message, reason=str(error), **data)
    return passed(CheckCode.SCHEMA_MET, "It keeps to the rules of its type.", **data)


def _issued(token: SecuredSdJwt) -> Issued:
    return token.sd_jwt.disclosures.as_issued(read_object(token.sd_jwt.signed.payload))


def _rules(vct: str, integrity: Any, resolver: Resolver) -> list[Json]:
    """The claim metadata, that of extended types first taken over."""
    chain: list[Json] = []
    seen: set[str] = set()
    address: Any = vct
    while address is not None:
        if address in seen:
            raise _BrokenError("its type extends itself")
        if len(seen) >= MAX_TYPES:
            raise _BrokenError(f"its type extends over {MAX_TYPES} others")
        seen.add(address)
        try:
            data = read_bytes(resolver, address)
        except NotAvailableError as error:
            if not chain:
                raise
            raise _UnreliableError(f"a type that it extends could not be had: {error}") from error
        if integrity is not None and not matches_sri(integrity, of_bytes(data)):
            raise _UnreliableError(f"what stands at {address[:200]!r} is not what was named")
        document = read_json(data)
        if document.get("vct") != address:
            raise _UnreliableError(f"what stands at {address[:200]!r} is about another type")
        chain.append(document)
        address, integrity = document.get("extends"), document.get("extends#integrity")
        if address is not None and not isinstance(address, str):
            raise _BrokenError("extends is not a text")
    merged: dict[str, Json] = {}
    for document in reversed(chain):
        for rule in _claims(document):
            _merge(merged, rule)
    return list(merged.values())


def _claims(document: Json) -> list[Json]:
    claims = document.get("claims", [])
    if not isinstance(claims, list) or len(claims) > MAX_CLAIMS:
        raise _BrokenError(f"claims is no list of at most {MAX_CLAIMS}")
    for rule in claims:
        path = rule.get("path") if isinstance(rule, dict) else None
        if not isinstance(path, list) or not path or not all(map(_is_step, path)):
            raise _BrokenError("a rule has no path of names, places and null")
        if not isinstance(rule.get("mandatory", False), bool):
            raise _BrokenError("mandatory is neither true nor false")
        if rule.get("sd", "allowed") not in _DISCLOSABLE:
            raise _BrokenError(f"sd is none of {', '.join(_DISCLOSABLE)}")
    return claims


def _is_step(step: Any) -> bool:
    return step is None or isinstance(step, str) or (type(step) is int and step >= 0)


def _merge(merged: dict[str, Json], rule: Json) -> None:
    """Section "Extending Claim Metadata", with what it limits."""
    key = json.dumps(rule["path"])
    base = merged.get(key, {})
    if base.get("sd", "allowed") != "allowed" and rule.get("sd", base["sd"]) != base["sd"]:
        raise _BrokenError("a type loosens or turns the sd of one that it extends")
    if base.get("mandatory") and rule.get("mandatory") is False:
        raise _BrokenError("a type makes optional what one that it extends has as mandatory")
    merged[key] = {**base, **rule}


def _require(rules: list[Json], payload: Issued) -> None:
    for rule in rules:
        found, may_be_hidden = _select(rule["path"], payload)
        name = json.dumps(rule["path"], ensure_ascii=False)[:200]
        sd = rule.get("sd", "allowed")
        if sd == "always" and not all(part.is_selective for part in found):
            raise _BrokenError(f"{name} must be disclosed selectively, and is not")
        if sd == "never" and any(part.is_selective for part in found):
            raise _BrokenError(f"{name} must not be disclosed selectively, and is")
        # What is kept back may be there.
        if rule.get("mandatory") and not found and (sd == "never" or not may_be_hidden):
            raise _BrokenError(f"{name} is missing")


def _select(path: list[Any], payload: Issued) -> tuple[list[Issued], bool]:
    """Section "Claim Path"; and whether some of it may be among what is kept back."""
    selected, may_be_hidden = [payload], False
    for step in path:
        following: list[Issued] = []
        for part in selected:
            if not part.is_known:
                may_be_hidden = True
            elif isinstance(step, str):
                members: Mapping[str, Issued] | None = part.members
                if members is None:
                    raise _BrokenError("a path names a member of what is no object")
                if step in members:
                    following.append(members[step])
                elif not part.is_whole:
                    may_be_hidden = True
            elif part.entries is None:
                raise _BrokenError("a path names a place of what is no list")
            else:
                following += part.entries if step is None else part.entries[step : step + 1]
        selected = following
    return selected, may_be_hidden
