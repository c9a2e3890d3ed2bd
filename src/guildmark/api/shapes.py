"""What bodies and answers have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field

from guildmark.organizations.actor import Actor


class Body(Schema):
    """A request body; a member it does not know is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Paging(Schema):
    """Which page of how many rows."""

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(50, ge=1, le=200)


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type: str
    status: int
    code: str
    detail: str
    problems: list[dict[str, str]] | None = None


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)
"""The answers every operation may give when something is wrong."""


def answers(shape: Any, status: int = 200) -> dict[int, Any]:
    """The declared answers of an operation: its own, and the problems."""
    return {status: shape, **PROBLEMS}


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the token stands for."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by the authentication
    return actor


def paged(rows: Any, paging: Paging, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """One page of rows, each as `show` gives it, with the total."""
    paginator = Paginator(rows, paging.size)
    page = paginator.get_page(paging.page)
    return {
        "total": paginator.count,
        "page": page.number,
        "pages": paginator.num_pages,
        "items": [show(row) for row in page],
    }


class Listing(Schema):
    """A page of rows."""

    total: int
    page: int
    pages: int
    items: list[dict[str, Any]]


Shown = dict[str, Any]


def ref(row: Any, name: str) -> dict[str, str]:
    """A row by identifier and name."""
    return {"id": str(row.id), "name": name}
