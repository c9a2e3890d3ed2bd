"""Gaps of data frames, whichever library they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from guildmark.analytics.gaps.named import (
    OPTIONAL_COLUMNS,
    PEOPLE_COLUMNS,
    REQUIREMENT_COLUMNS,
    NamedGaps,
    PeopleTable,
    RequirementTable,
    TableError,
    TableProblem,
    compare_tables,
)


def gaps_of_frame(people: Any, requirements: Any) -> NamedGaps:
    """Each person of a data frame beside what their role requires in another.

    `people` has the columns `person`, `role`, `skill` and `level`, one row a held skill; a person
    without skills has one row in which these are missing. `requirements` has `role`, `skill` and
    `level`, and may have `weight` (1 where missing) and `critical`. Frames of pandas, Polars and
    Arrow are taken, and any mapping of names to columns; more columns are not read. What comes back
    is plain columns again, for `pandas.DataFrame(found.gaps)` or the like. Raises TableError that
    names row (counted from 1), column and value of what is wrong.
    """
    held = PeopleTable()
    needed = RequirementTable()
    _gather(held.add, "people", people, PEOPLE_COLUMNS, ())
    _gather(needed.add, "requirements", requirements, REQUIREMENT_COLUMNS, OPTIONAL_COLUMNS)
    return compare_tables(held, needed)


def _gather(
    add: Callable[..., None],
    table: str,
    frame: Any,
    must: tuple[str, ...],
    may: tuple[str, ...],
) -> None:
    names = _names(frame)
    missing = [name for name in must if name not in names]
    if missing:
        raise TableError(
            [
                TableProblem(
                    table=table,
                    row=None,
                    column=name,
                    reason="is missing",
                    mend=f"There is: {', '.join(map(str, names)) or 'no column'}.",
                )
                for name in missing
            ]
        )
    used = [name for name in (*must, *may) if name in names]
    columns = {name: _values(frame[name]) for name in used}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise TableError(
            [
                TableProblem(
                    table=table,
                    row=None,
                    reason=f"has columns that differ in length: {told}",
                    mend="Give each column a value for each row.",
                )
            ]
        )
    for row, values in enumerate(zip(*columns.values(), strict=True), start=1):
        add(row, **dict(zip(used, values, strict=True)))


def _names(frame: Any) -> list[Any]:
    if isinstance(frame, Mapping):
        return list(frame)
    # pandas and Polars say `columns`, Arrow `column_names`.
    names = getattr(frame, "column_names", None)
    if names is None:
        names = getattr(frame, "columns", None)
    if names is None:
        raise TypeError(f"{type(frame).__name__} is no data frame and no mapping of columns")
    return list(names)


def _values(column: Any) -> list[Any]:
    for method in ("to_list", "to_pylist", "tolist"):
        made = getattr(column, method, None)
        if made is not None:
            return list(made())
    if isinstance(column, str) or not isinstance(column, Iterable):
        raise TypeError(f"{type(column).__name__} is no column of values")
    return list(column)
