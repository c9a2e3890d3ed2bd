"""From a document in its terms to expanded JSON-LD, in safe mode.

JSON-LD 1.1 Processing Algorithms (https://www.w3.org/TR/json-ld11-api/), section 5 (expansion).
PyLD expands; compiled contexts are kept. Safe means: everything in the document ends up in the
statements that are signed, and every name is written in the one way that a reader of the JSON
looks for. JSON-LD allows the same statement under many names; whoever may rename
`credentialStatus` to its full address, or to an alias defined on the spot, keeps the signature
and hides the entry from every reader of the JSON (Verifiable Credential Data Integrity 1.0,
section 2.4.1, "Validating Contexts").
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from guildmark.credentials.errors import JsonLdError, UnknownContextError
from guildmark.credentials.jsonld import contexts, own_terms
from guildmark.credentials.model.reading import Json

MAX_CONTEXTS = 8
MAX_COMBINED = 256
"""Contexts within contexts, each such pair counted once in a document."""
MAX_OWN_CONTEXTS = 100
MAX_DEPTH = 64
_MAX_COMPILED = 1_024
_KEYWORDS = frozenset({"@context", "@id", "@type", "@value", "@language", "@direction"})
MAX_INTEGER = 2**53 - 1
_Compiled = dict[Any, tuple[Any, Any, Any]]


def expand(document: Json) -> list[Any]:
    """The expanded form of a document.

    Raises UnknownContextError for a context that is not bundled; JsonLdError for one written out
    in the document that does more than define terms of its own, a member that no context defines,
    a member named by a full address or by a keyword that is not signed, and a number that systems
    do not read alike.
    """
    own = require_safe(document)
    dropped: list[str | None] = []
    # What a document defines itself is kept for no other one.
    processor = _Processor({} if own else _COMPILED, dropped.append)
    options: dict[str, Any] = {
        "documentLoader": contexts.load,
        # With a base of "", PyLD resolves against one it invents; None leaves names as they are.
        "base": None,
        "contextResolver": ContextResolver({}, contexts.load) if own else _RESOLVER,
    }
    try:
        expanded: list[Any] = processor.expand(document, options)
    except jsonld.JsonLdError as error:
        raise _own(error) from error
    if dropped:
        names = sorted({name for name in dropped if name is not None}) or ["a member"]
        raise JsonLdError(
            f"no context defines {', '.join(names[:5])[:300]}: "
            "what no context defines is not protected by the signature"
        )
    return expanded


def require_safe(document: Json) -> bool:
    """Refuse names, contexts and values that have no one meaning; raises as `expand` does.

    Whether the document writes out a context of its own.
    """
    known = contexts.bundled()
    own = 0
    queue: list[tuple[Any, int]] = [(document, 0)]
    while queue:
        value, depth = queue.pop()
        if depth > MAX_DEPTH:
            raise JsonLdError(f"the document is nested over {MAX_DEPTH} levels deep")
        if isinstance(value, dict):
            for key, child in value.items():
                if key == "@context":
                    own += _require_known(child, known)
                    if own > MAX_OWN_CONTEXTS:
                        raise JsonLdError(f"over {MAX_OWN_CONTEXTS} contexts are written out in it")
                    continue
                _require_term(key)
                if child.__class__ is not str:
                    queue.append((child, depth + 1))
        elif isinstance(value, list):
            queue.extend((child, depth + 1) for child in value)
        elif isinstance(value, int):
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                raise JsonLdError(f"the number {str(value)[:30]} is too large to be read exactly")
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise JsonLdError(f"{value} is not a JSON number")
        elif value is not None and not isinstance(value, str):
            raise JsonLdError(f"a {type(value).__name__} is not a JSON value")
    return own > 0


def _require_term(key: Any) -> None:
    if not isinstance(key, str):
        raise JsonLdError(f"a member is named {key!r}, which is not text")
    if key[:1] == "@" and key not in _KEYWORDS:
        raise JsonLdError(f"a member is named {key[:60]!r}, which would not be signed")
    if ":" in key:
        raise JsonLdError(
            f"a member is named {key[:120]!r}; write the term that its context defines"
        )


def _require_known(named: Any, known: Any) -> int:
    """How many of these contexts are written out; each of the others must be bundled."""
    names = named if isinstance(named, list) else [named]
    if not 0 < len(names) <= MAX_CONTEXTS:
        raise JsonLdError(f"@context names {len(names)} contexts; it may name 1 to {MAX_CONTEXTS}")
    own = [name for name in names if not isinstance(name, str)]
    for name in own:
        own_terms.definitions(name)
    for name in names:
        if isinstance(name, str) and name not in known:
            raise UnknownContextError(f"the context {name[:200]!r} is not one that is known here")
    return len(own)


def _own(error: Any) -> JsonLdError:
    """Our error, where PyLD wraps one of ours from the loader; else one with PyLD's code."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, JsonLdError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    return JsonLdError(f"the document is not valid JSON-LD: {error.code or error}")


# Not the cache PyLD shares between all its users in a process: another loader may have filled it.
_RESOLVER = ContextResolver({}, contexts.load)


class _Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]  # PyLD is untyped
    """PyLD's processor, compiling each context once for each context it stands in."""

    def __init__(self, compiled: _Compiled, drop: Callable[[str | None], Any]) -> None:
        """`compiled` keeps the contexts; `drop` is told of members that no context defines."""
        super().__init__(on_property_dropped=drop)
        self._compiled = compiled
        self._used: set[Any] = set()

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,
        propagate: bool = True,
        validate_scoped: bool = True,
        cycles: Any = None,
    ) -> Any:
        if isinstance(local_ctx, list):
            local: Any = tuple(local_ctx)
        elif isinstance(local_ctx, str):
            local = local_ctx
        else:
            local = id(local_ctx)
        try:
            key = (id(active_ctx), local, override_protected, propagate, validate_scoped)
            found = self._compiled.get(key)
            self._used.add(key)
        except TypeError:  # a list of scoped contexts written out; rare, so not kept
            key, found = None, None
        if len(self._used) > MAX_COMBINED:
            # Compiling one takes milliseconds, and a document has room for thousands.
            raise JsonLdError(f"the document combines contexts in over {MAX_COMBINED} ways")
        if found is not None:
            return found[2]
        compiled = super()._process_context(
            active_ctx, local_ctx, options, override_protected, propagate, validate_scoped, cycles
        )
        if key is not None and cycles is None:
            if len(self._compiled) >= _MAX_COMPILED:
                self._compiled.clear()
            # The keys hold addresses of objects; keeping the objects keeps the addresses theirs.
            self._compiled[key] = (active_ctx, local_ctx, compiled)
        return compiled


_COMPILED: _Compiled = {}
