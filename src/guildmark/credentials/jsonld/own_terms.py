"""Contexts that a document writes out itself: what they may do, and what they define.

JSON-LD allows them, and so do Verifiable Credentials 2.0 (section 4.3). The statements that are
signed hold a term's address and not its name, so whoever passes a credential on may change such a
context as long as the addresses stay. What that could do to a reader of the JSON is refused: a
second name for a member that is known here, a known name for something else, identifiers that
are no longer what they look like, and nesting that is not signed. What is left are names of the
document's own for addresses that nobody here knows. docs/decisions/0015-own-terms.md has the
reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from guildmark.credentials.errors import JsonLdError
from guildmark.credentials.jsonld import contexts
from guildmark.credentials.model.reading import Json

MAX_TERMS = 200
MAX_DEPTH = 6
SCHEMES = frozenset({"http", "https", "urn", "did", "mailto", "data"})
"""What an identifier begins with that no context may take for a prefix of its own."""

# Only ASCII: a name in other letters could look like a known one.
_TERM = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_MAX_ADDRESS = 500
# A term for such an address could stand before a colon in identifiers (JSON-LD 1.1, section 4.1.5).
_PREFIX_ENDINGS = tuple(":/?#[]@")
_ALIASES = frozenset({("id", "@id"), ("type", "@type")})
_COERCIONS = frozenset({"@id", "@json"})
_CONTAINERS = frozenset({"@set", "@list"})
_PARTS = frozenset({"@id", "@type", "@container", "@protected", "@context"})


@cache
def full_address() -> re.Pattern[str]:
    """An identifier that expands to itself under every bundled context."""
    schemes = "|".join(sorted(SCHEMES - contexts.terms()))
    return re.compile(rf"(?:{schemes}):[^\x00-\x20\s<>\"{{}}|\\^`]++")


def contexts_of(document: Json) -> Iterator[Any]:
    """The contexts that the document writes out, wherever in it, as they stand there."""
    queue: list[Any] = [document]
    while queue:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            for key, child in value.items():
                if key != "@context":
                    queue.append(child)
                    continue
                for one in child if isinstance(child, list) else [child]:
                    if not isinstance(one, str):
                        yield one


def definitions(context: Any) -> dict[str, str]:
    """The terms of a context that is written out, with their addresses, `@vocab` among them.

    Raises JsonLdError for what such a context may not do.
    """
    found: dict[str, str] = {}
    _read(context, found, MAX_DEPTH)
    return found


def _read(context: Any, found: dict[str, str], depth: int) -> None:
    if depth == 0:
        raise JsonLdError(f"a context is nested over {MAX_DEPTH} levels deep")
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, str):
            if part not in contexts.bundled():
                raise JsonLdError(f"the context {part[:200]!r} is not one that is known here")
            continue
        if not isinstance(part, dict):
            raise JsonLdError(f"@context holds {str(part)[:60]!r}, which is no context")
        if part.keys() == {"@context"}:
            # Wrapped as a context document is: processors look inside.
            _read(part["@context"], found, depth - 1)
            continue
        for term, definition in part.items():
            if term == "@version" and definition == 1.1:
                continue
            if term == "@protected" and isinstance(definition, bool):
                continue
            if term == "@vocab":
                found[term] = _vocabulary(definition)
            elif not (isinstance(definition, str) and (term, definition) in _ALIASES):
                _define(term, definition, found, depth)
            if len(found) > MAX_TERMS:
                raise JsonLdError(f"@context defines over {MAX_TERMS} terms")


def _define(term: str, definition: Any, found: dict[str, str], depth: int) -> None:
    if not _TERM.fullmatch(term) or term in SCHEMES:
        raise JsonLdError(f"@context defines {term[:60]!r}, which no document may define itself")
    parts = {"@id": definition} if isinstance(definition, str) else definition
    if not isinstance(parts, dict) or not parts.keys() <= _PARTS or "@id" not in parts:
        raise JsonLdError(f"@context does not define {term!r} plainly by its address")
    address = _address(term, parts["@id"])
    if isinstance(definition, str) and address.endswith(_PREFIX_ENDINGS):
        raise JsonLdError(f"@context makes {term!r} a prefix: identifiers would hide what they are")
    # With its known address, a known name says nothing new.
    if (term, address) not in contexts.meanings():
        if term in contexts.terms():
            raise JsonLdError(f"@context gives {term!r} another meaning than the known one")
        if address in _known_addresses():
            raise JsonLdError(f"@context makes {term!r} a second name for {address[:200]!r}")
    kind, container = parts.get("@type", "@id"), parts.get("@container", "@set")
    if kind not in _COERCIONS if _is_keyword(kind) else not _is_address(kind):
        raise JsonLdError(f"@context gives {term!r} a type that no document may give itself")
    if not isinstance(container, str) or container not in _CONTAINERS:
        raise JsonLdError(f"@context gives {term!r} a container other than a list or a set")
    if not isinstance(parts.get("@protected", True), bool):
        raise JsonLdError(f"@context protects {term!r} by neither true nor false")
    found[term] = address
    if "@context" in parts:
        _read(parts["@context"], found, depth - 1)


def _vocabulary(address: Any) -> str:
    found = _address("@vocab", address)
    if any(known.startswith(found) for known in _known_addresses()):
        raise JsonLdError(f"@vocab {found[:200]!r} would give known members a second name")
    return found


def _address(term: str, address: Any) -> str:
    if not _is_address(address):
        raise JsonLdError(f"@context gives {term!r} no full address")
    found: str = address
    return found


def _is_address(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > _MAX_ADDRESS:
        return False
    return full_address().fullmatch(value) is not None


def _is_keyword(value: Any) -> bool:
    return isinstance(value, str) and value[:1] == "@"


@cache
def _known_addresses() -> frozenset[str]:
    return frozenset(address for _, address in contexts.meanings())
