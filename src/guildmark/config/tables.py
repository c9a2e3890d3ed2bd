"""Whether the database has the tables of this release, and bringing it there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from guildmark.config.environment import Environment
from guildmark.config.errors import DatabaseTablesError

# Any number that nobody else uses for an advisory lock in this database.
_LOCK = 7_215_403


def are_up_to_date() -> bool:
    """Whether no migration of this release is waiting. Django must be set up."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_up_to_date(then: Callable[[], None] = lambda: None) -> None:
    """Make and change the tables, do what comes `then`; one process of all at a time."""
    from django.core.management import call_command
    from django.db import connection

    # Two machines may start at one database at the same moment.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        then()
    finally:
        connection.close()  # also gives the lock back


def ensure_tables(environment: Environment, tell: Callable[[str], None]) -> None:
    """Have the tables of this release: made in the embedded database, asked for in a server.

    A server of the operator's own is shared and backed up by them, so no command changes its
    tables in passing. Raises DatabaseTablesError saying what to run instead.
    """
    if are_up_to_date():
        return
    if environment.database_url is None:
        tell("Bringing the tables of the data folder up to date")
        bring_up_to_date()
        return
    name = urlsplit(environment.database_url).path.lstrip("/")
    raise DatabaseTablesError(
        f"The database {name!r} from GUILDMARK_DATABASE_URL does not have the tables of this "
        "release yet: back it up if it holds anything, then run `guildmark manage migrate` (or "
        "`guildmark run`, which does it as it starts)."
    )
