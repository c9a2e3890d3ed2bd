"""PostgreSQL for the tests: one private server an invocation, and databases cloned on it.

The audit table refuses TRUNCATE and DELETE, so no test may empty tables. A test either rolls
back (`db`), or works in a clone of its own (`own_database`, `server`) that is then dropped.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from guildmark.config.postgres import Postgres

GIVEN_URL = "GUILDMARK_TEST_DATABASE_URL"
RUN = "GUILDMARK_TEST_RUN"
FOLDER = "GUILDMARK_TEST_FOLDER"
# Nothing here outlives the run, so nothing waits for the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "2GB",
    "autovacuum": "off",
    "jit": "off",
}


def start_run() -> Callable[[], None]:
    """Start this invocation's server, tell everyone by the environment; returns what ends it."""
    folder = Path(tempfile.mkdtemp(prefix="guildmark-tests-"))
    folder.chmod(0o711)  # under root, PostgreSQL runs as another account
    os.environ[FOLDER] = str(folder)
    os.environ[RUN] = f"gmtest_{uuid.uuid4().hex[:8]}"
    for name in [name for name in os.environ if name.startswith("GUILDMARK_")]:
        if name not in {FOLDER, RUN, GIVEN_URL}:
            del os.environ[name]
    os.environ["GUILDMARK_DATA"] = str(folder / "data")
    os.environ["GUILDMARK_SECRET_KEY"] = "a key for tests that has the length a key needs"
    os.environ["DJANGO_SETTINGS_MODULE"] = "guildmark.config.settings"
    if given := os.environ.get(GIVEN_URL):
        os.environ["GUILDMARK_DATABASE_URL"] = given

        def leave() -> None:
            _drop_all()
            shutil.rmtree(folder, ignore_errors=True)

        return leave

    server = Postgres(folder=folder / "postgres", options=FAST)
    child = server.start_with_parent()
    os.environ["GUILDMARK_DATABASE_URL"] = server.url

    def end() -> None:
        # PostgreSQL's immediate shutdown: nothing is to be kept.
        child.send_signal(signal.SIGQUIT)
        child.wait()
        shutil.rmtree(folder, ignore_errors=True)

    return end


def run_folder() -> Path:
    """The folder of this invocation, shared by its parallel workers."""
    return Path(os.environ[FOLDER])


def database_url(name: str) -> str:
    """The address of a database on this invocation's server."""
    return urlsplit(os.environ["GUILDMARK_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def new_name(purpose: str) -> str:
    """A database name that no other test, worker or invocation has."""
    return f"{os.environ[RUN]}_{purpose}_{uuid.uuid4().hex[:8]}"


def template(kind: str, build: Callable[[str], None]) -> str:
    """The name of the template database of this kind, built by whoever comes first."""
    name = f"{os.environ[RUN]}_{kind}"
    with (run_folder() / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_folder() / f"{kind}.done"
        if not done.exists():
            drop(name)
            _execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            build(name)
            done.touch()
    return name


def clone(source: str, name: str) -> str:
    """Make a database that is a copy of another."""
    _execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(source)
        )
    )
    return name


def drop(name: str) -> None:
    """Drop a database, ending connections to it."""
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def django_on(name: str) -> Iterator[None]:
    """Have Django's connection lead to this database meanwhile."""
    from django.db import connections

    def lead_to(target: str) -> None:
        if connections["default"].in_atomic_block:
            raise RuntimeError("`own_database` and `server.database()` do not go with `db`")
        connections.close_all()
        connections["default"].settings_dict["NAME"] = target

    before = connections["default"].settings_dict["NAME"]
    lead_to(name)
    try:
        yield
    finally:
        lead_to(before)


def migrate(name: str) -> None:
    """Bring an empty database to today's tables."""
    from django.core.management import call_command

    with django_on(name):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def _drop_all() -> None:
    with psycopg.connect(os.environ["GUILDMARK_DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [os.environ[RUN]]
        ).fetchall()
    for (name,) in found:
        drop(name)


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(os.environ["GUILDMARK_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
