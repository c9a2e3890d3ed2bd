"""Whether all of the document has a meaning, and is protected by its signature."""

from __future__ import annotations

from typing import Any

from guildmark.credentials.errors import JsonLdError, UnknownContextError
from guildmark.credentials.jsonld import own_terms
from guildmark.credentials.jsonld.expansion import expand
from guildmark.credentials.jsonld.quads import to_quads
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    failed,
    not_applicable,
    passed,
    unknown,
)

_PROTECTED = passed(
    CheckCode.CONTEXT_PROTECTED,
    "Every part of the content has a defined meaning and is covered by the signature.",
)
_MAX_TOLD = 50
NO_CONTEXT = not_applicable(
    CheckCode.CONTEXT_NONE, "In this format the names of the members alone say what they mean."
)

_FACT = "identifiers"


def check_context(unsecured: Unsecured) -> Check:
    """Whether every member is covered by a signature over the document's statements."""
    try:
        _ = unsecured.canonical
        _require_whole(unsecured)
        return _protected(unsecured)
    except UnknownContextError as error:
        return _unknown(error)
    except JsonLdError as error:
        return failed(
            CheckCode.CONTEXT_NOT_PROTECTED,
            f"Part of the content has no defined meaning: {error}.",
            reason=str(error),
        )


def check_context_of_token(unsecured: Unsecured) -> Check:
    """Whether every member has a meaning. A token signs each of its bytes, so that what no context
    defines is protected all the same; the report tells of it."""
    try:
        # A shape that has a template has been expanded without fault before.
        if unsecured.shaped is None:
            to_quads(expand(unsecured.document))
        _require_whole(unsecured)
    except UnknownContextError as error:
        return _unknown(error)
    except JsonLdError as error:
        return passed(
            CheckCode.CONTEXT_SIGNED_AS_TEXT,
            "All of it is covered by the signature, though a part has no defined meaning.",
            reason=str(error),
        )
    return _PROTECTED


def _unknown(error: UnknownContextError) -> Check:
    # Not wrong, only not understood: a context of somebody else's is no forgery.
    return unknown(
        CheckCode.CONTEXT_UNKNOWN,
        f"What its terms mean is not known here: {error}.",
        reason=str(error),
    )


def _protected(unsecured: Unsecured) -> Check:
    """That all is covered; with the terms of its own, whose names are not (section 2.4.1 of Data
    Integrity 1.0, "Validating Contexts", leaves it to who reads them to know what they mean)."""
    # What defines terms of its own has no shape that is kept.
    if unsecured.shaped is not None:
        return _PROTECTED
    terms: dict[str, str] = {}
    for context in own_terms.contexts_of(unsecured.document):
        terms |= own_terms.definitions(context)
    if not terms:
        return _PROTECTED
    return passed(
        CheckCode.CONTEXT_OWN_TERMS,
        "All of it is covered by the signature. What its own terms mean is told by their "
        "addresses alone: whoever passed it on could have changed their names.",
        terms=dict(sorted(terms.items())[:_MAX_TOLD]),
    )


def _require_whole(unsecured: Unsecured) -> None:
    """Refuse a credential whose members stand in two places.

    An object inside it with its own `id` makes statements about the credential: its end date or
    status could be moved there, where the signature still fits and nobody looks.
    """
    document, shaped = unsecured.document, unsecured.shaped
    own = document.get("id")
    if shaped is not None and isinstance(own, str):
        places = shaped.form.facts.get(_FACT)
        if places is None:
            places = shaped.form.facts[_FACT] = shaped.form.places("id", "@id")
        if [shaped.leaves[place] for place in places].count(own) == 1:
            return
    queue: list[Any] = [value for key, value in document.items() if key not in ("@context", "id")]
    while queue:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            if own is not None and len(value) > 1 and own in (value.get("id"), value.get("@id")):
                raise JsonLdError("an object inside the credential has the credential's own id")
            queue.extend(value.values())
