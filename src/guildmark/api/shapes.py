"""What bodies and answers have in common."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field

from guildmark.errors import InvalidError
from guildmark.organizations.actor import Actor

Row = TypeVar("Row")
MAX_BODY = 2 * 1024 * 1024
"""Bytes of a body that is no file."""
NUL = "\0"


def _without_nul(value: Any) -> Any:
    if isinstance(value, str) and NUL in value:
        # The database keeps none, and nobody types one.
        raise ValueError(_("Leave out the character NUL."))
    return value


def _near(value: dt.datetime) -> dt.datetime:
    if not 1900 <= value.year <= 2999:
        raise ValueError(_("Give a year from 1900 to 2999."))
    return value


Text = Annotated[str, BeforeValidator(_without_nul)]
"""A text that the database can keep."""
Line = Annotated[Text, Field(max_length=500)]
Long = Annotated[Text, Field(max_length=20_000)]
Search = Annotated[Text, Field(max_length=200)]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2999, 12, 31))]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
"""A time with its zone."""


class Body(Schema):
    """A request body; a member it does not know is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Paging(Schema):
    """Which page of how many rows."""

    page: int = Field(1, ge=1, le=1_000_000, description="From 1; past the end it is empty.")
    size: int = Field(50, ge=1, le=200, description="Rows on a page.")


class FieldProblemOut(Schema):
    """One wrong value."""

    field: str = Field(description="The member, dotted where it is nested.")
    value: str
    message: str = Field(description="What is wrong and how to mend it, for people.")


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type: str
    title: str = Field(description="The same for every problem of this status.")
    status: int
    code: str = Field(description="Stable, for programs.")
    detail: str = Field(description="What is wrong here, for people.")
    problems: list[FieldProblemOut] | None = None


class Listing(Schema, Generic[Row]):
    """A page of rows."""

    total: int = Field(description="Rows on all pages.")
    page: int
    pages: int
    items: list[Row]


class Ref(Schema):
    """A record by identifier and name."""

    id: uuid.UUID
    name: str


def answers(shape: Any, status: int = 200, *, public: bool = False) -> dict[int, Any]:
    """The declared answers of an operation: its own, and the problems it may tell."""
    refusals = (400, 413, 422, 429) if public else (400, 401, 403, 404, 409, 413, 422)
    return {status: shape, **dict.fromkeys(refusals, Problem)}


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the token stands for."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by the authentication
    return actor


def paged(
    rows: QuerySet[Any] | Sequence[Any], paging: Paging, show: Callable[[Any], Schema]
) -> dict[str, Any]:
    """One page of rows, each as `show` gives it, with the total."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    first = (paging.page - 1) * paging.size
    found: Iterable[Any] = rows[first : first + paging.size] if first < total else ()
    return {
        "total": total,
        "page": paging.page,
        "pages": -(-total // paging.size),
        "items": [show(row) for row in found],
    }


def ref(row: Any, name: str) -> Ref:
    """A record by identifier and name."""
    return Ref(id=row.id, name=name)


def one_of(field: str, value: str, choices: Sequence[str]) -> str:
    """The value, when it is empty or one of the choices. Raises InvalidError."""
    if value and value not in choices:
        mend = _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}
        raise InvalidError.of(field, value, mend)
    return value
