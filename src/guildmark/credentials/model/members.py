"""Reading the members of a document into the fields of a typed part, by the fields' own types."""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Unfit(NamedTuple):
    """Why a member cannot be the value of a field: where in the document, and what mends it."""

    path: str
    value: Any
    mend: str


class UnfitError(Exception):
    """A member that does not fit its field; `Part.from_document` turns it into a ModelError."""

    def __init__(self, unfit: Unfit) -> None:
        super().__init__(unfit.mend)
        self.unfit = unfit


@cache
def shapes_of(kind: Any) -> Mapping[str, tuple[Any, ...]]:
    """What each field of the class may hold, the alternatives one by one, without None."""
    return {name: _alternatives(hint) for name, hint in typing.get_type_hints(kind).items()}


def read_value(shapes: tuple[Any, ...], value: Any, path: str) -> Any:
    """The value as one of the alternatives; a single value stands for a list of one, as JSON-LD
    compacts them. Raises UnfitError, and what the parts within it raise."""
    lists = [typing.get_args(shape)[0] for shape in shapes if _is_list(shape)]
    others = tuple(shape for shape in shapes if not _is_list(shape))
    if lists and (isinstance(value, list) or not others):
        parts = value if isinstance(value, list) else [value]
        inner = tuple(shape for hint in lists for shape in _alternatives(hint))
        return tuple(
            read_value(inner, part, f"{path}/{place}" if parts is value else path)
            for place, part in enumerate(parts)
        )
    if isinstance(value, dict):
        part = _part_for(others, value)
        if part is not None:
            return part.read_at(value, path)
        if any(typing.get_origin(shape) is dict for shape in others):
            return value
    for shape in others:
        read = _PLAIN.get(shape)
        if read is not None and (found := read(value)) is not None:
            return found
    raise UnfitError(Unfit(path, value, "give " + " or ".join(_nouns(shapes))))


def pointer(path: str, name: str) -> str:
    """The JSON Pointer (RFC 6901) of a member of what stands at `path`."""
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def _part_for(shapes: tuple[Any, ...], value: Json) -> Any:
    """The class of part that reads this object: where the field also takes plain objects, only
    one of its own type."""
    takes_any = any(typing.get_origin(shape) is dict for shape in shapes)
    for shape in shapes:
        if not hasattr(shape, "read_at"):
            continue
        if not takes_any:
            return shape
        # The base of all parts says no more than that it may be any.
        if shape.TYPE is None and object not in shape.__bases__:
            return shape
        named = value.get("type")
        if shape.TYPE is not None and shape.TYPE in (named if isinstance(named, list) else [named]):
            return shape
    return None


def _alternatives(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        parts = typing.get_args(hint)
        return tuple(shape for part in parts for shape in _alternatives(part))
    return () if hint is types.NoneType else (hint,)


def _is_list(shape: Any) -> bool:
    return typing.get_origin(shape) is Sequence


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _day(value: Any) -> dt.date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


_PLAIN: Mapping[Any, Any] = {
    str: _text,
    bool: _flag,
    float: _number,
    dt.datetime: moment,
    dt.date: _day,
}
_NOUNS: Mapping[Any, str] = {
    str: "a text",
    bool: "true or false",
    float: "a number",
    dt.datetime: "a time with its zone such as 2026-06-01T12:00:00Z",
    dt.date: "a day such as 2026-06-01",
}


def _nouns(shapes: tuple[Any, ...]) -> list[str]:
    found = ["a list" if _is_list(one) else _NOUNS.get(one, "an object") for one in shapes]
    return list(dict.fromkeys(found))
