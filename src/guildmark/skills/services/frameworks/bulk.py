"""Many rows at once: PostgreSQL's COPY for new ones, a temporary table for changed ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connection, models
from psycopg import sql

from guildmark.identifiers import uuid7

Progress = Callable[[str, int], None]
_TOLD_EVERY = 20_000


def copy_in(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    on_progress: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Write new rows by the names of columns; dicts and lists become JSON."""
    if (some := _some(rows)) is not None:
        _copy(model._meta.db_table, columns, some, on_progress)


def update_all(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Change rows: each is the primary key and then a value for each of the columns."""
    if (some := _some(rows)) is None:
        return
    table, draft = sql.Identifier(model._meta.db_table), sql.Identifier("guildmark_changed_rows")
    names = [sql.Identifier(name) for name in columns]
    create = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT id, {} FROM {} WITH NO DATA")
    change = sql.SQL("UPDATE {} AS kept SET {} FROM {} AS changed WHERE kept.id = changed.id")
    taken = sql.SQL(", ").join(sql.SQL("{0} = changed.{0}").format(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(create.format(draft, sql.SQL(", ").join(names), table).as_string())
        _copy("guildmark_changed_rows", ["id", *columns], some, lambda _n: None)
        cursor.execute(change.format(table, taken, draft).as_string())
        cursor.execute("DROP TABLE guildmark_changed_rows")


def delete_all(model: type[models.Model], ids: Sequence[Any]) -> None:
    """Remove rows that nothing points to."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("DELETE FROM {} WHERE id = ANY(%s)")
                .format(sql.Identifier(model._meta.db_table))
                .as_string(),
                [list(ids)],
            )


def analyze(*tables: type[models.Model]) -> None:
    """Tell the planner what is there now; it would look only after a while, or never in a test."""
    with connection.cursor() as cursor:
        for model in tables:
            statement = sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table))
            cursor.execute(statement.as_string())


def new_id() -> str:
    """A primary key for a row that is written by COPY."""
    return str(uuid7())


def _some(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]] | None:
    """The rows, if there is one."""
    waiting = iter(rows)
    for first in waiting:
        return chain([first], waiting)
    return None


def _copy(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    on_progress: Callable[[int], None],
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_plain(value) for value in row])
            count += 1
            if count % _TOLD_EVERY == 0:
                on_progress(count)
    on_progress(count)


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value
