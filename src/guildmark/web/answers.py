"""What the page's script sends when an answer is given, and what it hears back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from guildmark.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    Text,
)

MAX_BODY = 20_000


@dataclass(frozen=True, kw_only=True)
class SentAnswer:
    """An answer with the identifier of what it answers."""

    item: str
    answer: Any
    note: str


def save_sent(
    request: HttpRequest,
    save: Callable[[SentAnswer], Text | None],
    *,
    may: Callable[[], None] = lambda: None,
) -> JsonResponse:
    """Read one answer from the request's JSON and save it; problems as JSON with a message.

    `may` raises for who may not save here at all, before what was sent is looked at. What `save`
    returns is a problem with an answer that is kept all the same. 409 means that nothing more is
    taken, 403 that this person may not, 422 and 404 that this answer is not taken; anything else
    is worth trying again.
    """
    try:
        may()
        problem = save(_read(request))
    except InvalidError as error:
        return _answer(error.problems[0].message, 422)
    except NotFoundError as error:
        return _answer(str(error), 404)
    except NotAllowedError as error:
        return _answer(str(error), 403)
    except ConflictError as error:
        return _answer(str(error), 409)
    return _answer(_("Saved"), 200, problem or "")


def _read(request: HttpRequest) -> SentAnswer:
    body = request.body
    try:
        raw = json.loads(body) if len(body) <= MAX_BODY else None
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict) or not isinstance(raw.get("item"), str):
        raise InvalidError.of("body", "", _("This is not an answer."))
    try:
        # What the database cannot keep as text: a zero byte, or half of a surrogate pair.
        kept = json.dumps(raw, ensure_ascii=False)
        kept.encode()
        can_be_kept = "\\u0000" not in kept
    except UnicodeEncodeError:
        can_be_kept = False
    if not can_be_kept:
        raise InvalidError.of(
            "answer", "", _("This holds characters that cannot be shown; type it anew.")
        )
    note = raw.get("note", "")
    return SentAnswer(
        item=raw["item"], answer=raw.get("answer"), note=note if isinstance(note, str) else ""
    )


def _answer(message: Text, status: int, problem: Text = "") -> JsonResponse:
    return JsonResponse({"message": str(message), "problem": str(problem)}, status=status)
