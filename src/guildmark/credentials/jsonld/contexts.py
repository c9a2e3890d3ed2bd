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
def terms() -> frozenset[str]:
    """Every term that some bundled context defines, at any depth."""
    return frozenset(term for term, _ in _definitions())


@cache
def type_names() -> frozenset[str]:
    """Every term that stands for `@type` in some bundled context."""
    return frozenset(term for term, meaning in _definitions() if meaning == "@type")


def _definitions() -> Iterator[tuple[str, Any]]:
    queue: list[Any] = [document.get("@context") for document in bundled().values()]
    while queue:
        context = queue.pop()
        if isinstance(context, list):
            queue.extend(context)
        elif isinstance(context, dict):
            for term, definition in context.items():
                meaning = definition.get("@id") if isinstance(definition, dict) else definition
                yield term, meaning
                if isinstance(definition, dict):
                    queue.append(definition.get("@context"))


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
