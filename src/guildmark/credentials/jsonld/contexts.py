"""The contexts that ship with the library; no other is ever loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from guildmark.credentials.errors import UnknownContextError

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY_2 = "https://w3id.org/security/data-integrity/v2"
OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


@cache
def bundled() -> Mapping[str, Any]:
    """Every bundled context document by its address."""
    folder = files(__package__) / "data"
    sources = json.loads((folder / "sources.json").read_text("utf-8"))
    return {
        source["url"]: json.loads((folder / name).read_text("utf-8"))
        for name, source in sources.items()
    }


@cache
def defining(term: str) -> frozenset[str]:
    """The addresses of the bundled contexts that define a term for a whole document."""
    return frozenset(
        url
        for url, document in bundled().items()
        if any(term in part for part in _parts(document["@context"]) if isinstance(part, dict))
    )


def _parts(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


@cache
def published_digests() -> Mapping[str, Mapping[str, bytes]]:
    """Of contexts that the W3C publishes the digests of the bytes at their addresses, by the name
    of the hash; the bundled ones are the same JSON in other blanks and lines."""
    sources = json.loads((files(__package__) / "data" / "sources.json").read_text("utf-8"))
    return {
        source["url"]: {name: bytes.fromhex(text) for name, text in source["published"].items()}
        for source in sources.values()
        if "published" in source
    }


@cache
def terms() -> frozenset[str]:
    """Every term that some bundled context defines, at any depth."""
    return frozenset(term for term, _ in meanings())


@cache
def type_names() -> frozenset[str]:
    """Every term that stands for `@type` in some bundled context."""
    return frozenset(term for term, meaning in meanings() if meaning == "@type")


@cache
def meanings() -> frozenset[tuple[str, str]]:
    """Every term that some bundled context defines, at any depth, with the full address or the
    keyword that it stands for."""
    return frozenset(
        meaning
        for document in bundled().values()
        for meaning in _meanings(document.get("@context"), {})
    )


def _meanings(context: Any, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(context, list):
        for part in context:
            yield from _meanings(part, known)
    if not isinstance(context, dict):
        return
    definitions: dict[str, str] = {
        term: str(definition.get("@id", term) if isinstance(definition, dict) else definition)
        for term, definition in context.items()
        if term[:1] != "@" and definition is not None
    }
    known = {**known, **definitions}
    for term, name in definitions.items():
        yield term, _full(name, known)
        if isinstance(context[term], dict):
            yield from _meanings(context[term].get("@context"), known)


def _full(name: str, known: Mapping[str, str]) -> str:
    """The address that a compact name, or another term, stands for."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix in known and rest[:2] != "//":
        return _full(known[prefix], known) + rest
    return name if colon or name not in known or known[name] == name else _full(known[name], known)


def load(url: str, _options: Any = None) -> dict[str, Any]:
    """A PyLD document loader over the bundled contexts.

    Raises UnknownContextError for any other address: whoever controls a context controls what a
    signature means, so none is fetched.
    """
    try:
        document = bundled()[url]
    except KeyError:
        raise UnknownContextError(
            f"the context {url[:200]!r} is not one that is known here"
        ) from None
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }
