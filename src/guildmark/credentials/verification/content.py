"""Whether all of the document is protected by a signature over its statements."""

from __future__ import annotations

from typing import Any

import orjson

from guildmark.credentials.errors import JsonLdError, UnknownContextError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.report import Check, CheckCode, Outcome


def check_content(unsecured: Unsecured) -> Check:
    """Whether every member is covered by a signature over the document's statements."""
    try:
        _ = unsecured.canonical
        _require_whole(unsecured.document)
    except UnknownContextError as error:
        # Not wrong, only not understood: a context of somebody else's is no forgery.
        return Check(
            check="content",
            outcome=Outcome.COULD_NOT_BE_CHECKED,
            code=CheckCode.CONTENT_UNKNOWN_CONTEXT,
            message=f"What its terms mean is not known here: {error}.",
            data={"reason": str(error)},
        )
    except JsonLdError as error:
        return Check(
            check="content",
            outcome=Outcome.FAILED,
            code=CheckCode.CONTENT_NOT_PROTECTED,
            message=f"Part of the content has no defined meaning: {error}.",
            data={"reason": str(error)},
        )
    return Check(
        check="content",
        outcome=Outcome.PASSED,
        code=CheckCode.CONTENT_PROTECTED,
        message="Every part of the content has a defined meaning and is covered by the signature.",
    )


def _require_whole(document: Json) -> None:
    """Refuse a credential whose members stand in two places.

    An object inside it with its own `id` makes statements about the credential: its end date or
    status could be moved there, where the signature still fits and nobody looks.
    """
    own = document.get("id")
    if isinstance(own, str) and orjson.dumps(document).count(orjson.dumps(own)) == 1:
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
