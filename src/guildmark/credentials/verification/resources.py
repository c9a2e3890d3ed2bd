"""Whether what a credential refers to elsewhere is still what its issuer saw there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from guildmark.credentials.errors import NotAvailableError
from guildmark.credentials.jsonld.contexts import published_digests
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.digests import (
    DigestOf,
    matches_multibase,
    matches_sri,
    of_bytes,
)
from guildmark.credentials.verification.report import Check, CheckCode, failed, passed, unknown
from guildmark.credentials.verification.resolver import Resolver, read_bytes

MAX_RESOURCES = 32
_DIGESTS = {"digestSRI": matches_sri, "digestMultibase": matches_multibase}


def check_resources(document: Json, resolver: Resolver) -> Check | None:
    """Verifiable Credentials 2.0, section 5.3: `relatedResource`, and every other object with an
    `id` and a digest, such as evidence or an image. None where there is none.

    Each digest that stands there must fit. What the resolver has no bytes of could not be checked.
    `data` has the outcome for each address.
    """
    if not _may_name_any(document):
        return None
    found = list(_named(document))
    if not found:
        return None
    told = [_outcome(part, resolver) for part in found[:MAX_RESOURCES]]
    data = {
        "resources": [
            {"id": str(part["id"])[:500], "outcome": outcome}
            for part, outcome in zip(found, told, strict=False)
        ]
    }
    if "altered" in told:
        message = "A document that it refers to is another one than its issuer saw."
        return failed(CheckCode.RESOURCES_ALTERED, message, **data)
    if "not checked" in told or len(found) > MAX_RESOURCES:
        message = "Not every document that it refers to could be had."
        return unknown(CheckCode.RESOURCES_NOT_CHECKED, message, **data)
    message = "The documents that it refers to are those that its issuer saw."
    return passed(CheckCode.RESOURCES_UNCHANGED, message, **data)


def _may_name_any(document: Json) -> bool:
    """A quick look, since most do not."""
    try:
        return b'"digest' in orjson.dumps(document)
    except TypeError:
        # A number that is too long for this writer.
        return True


def _named(document: Json) -> Iterator[Json]:
    """The objects with a digest, but for those within another credential, which tells its own."""
    queue: list[Any] = [document]
    while queue:
        value = queue.pop(0)
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            if isinstance(value.get("id"), str) and not value.keys().isdisjoint(_DIGESTS):
                yield value
            queue.extend(
                part
                for name, part in value.items()
                if name not in ("@context", "proof", "verifiableCredential", "endorsement")
            )


def _outcome(part: Json, resolver: Resolver) -> str:
    digest_of = _digests(part["id"], resolver)
    found = [check(part[name], digest_of) for name, check in _DIGESTS.items() if name in part]
    if False in found:
        return "altered"
    return "not checked" if None in found else "unchanged"


def _digests(address: str, resolver: Resolver) -> DigestOf:
    """Of a bundled context those of what is published: it is used as it is bundled, whatever now
    stands at its address."""
    published = published_digests().get(address)
    if published is not None:
        return published.get
    try:
        return of_bytes(read_bytes(resolver, address))
    except NotAvailableError:
        return lambda _: None
