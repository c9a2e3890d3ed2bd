"""Which database this process works with, and that it is there.

Without GUILDMARK_DATABASE_URL the platform keeps a PostgreSQL server in its data folder. Several
processes may use it at once (`guildmark run` and commands in other shells): each holds a shared
lock for as long as it lives, which the kernel takes back even after kill -9, and the last one
to leave stops the server.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from guildmark.config.environment import Environment, database_settings
from guildmark.config.errors import (
    DatabaseRefusedError,
    DatabaseVersionError,
    DataFolderError,
)
from guildmark.config.postgres import Postgres

OLDEST_VERSION = 14
_CONNECT_SECONDS = 10
_in_use: dict[Path, Callable[[], None]] = {}


def ensure_database(environment: Environment) -> str:
    """Make sure that the database is there; its address, also put in this process's environment.

    To be called before Django reads its settings. Raises DatabaseError saying what is in the
    way and how to mend it.
    """
    url = environment.database_url
    if url is None:
        url = _use_embedded(Postgres(folder=environment.data_folder / "postgres"))
    else:
        _check(url)
    os.environ["GUILDMARK_DATABASE_URL"] = url
    return url


def leave_database() -> None:
    """Stop using the embedded server, which stops when nobody else uses it. Also done at exit."""
    while _in_use:
        _, leave = _in_use.popitem()
        leave()


def _use_embedded(server: Postgres) -> str:
    if server.folder in _in_use:
        return server.url
    lock = _open_lock(server.folder.with_name("postgres.users"))
    # Waits while a last user stops the server.
    fcntl.flock(lock, fcntl.LOCK_SH)
    try:
        with _open_lock(server.folder.with_name("postgres.start")) as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            server.start()
    except BaseException:
        lock.close()
        raise
    process = os.getpid()

    def leave() -> None:
        if os.getpid() != process:  # a fork: its parent still works
            return
        try:
            # Asked of all at once, the lock is had by the last one only.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            server.stop()
        lock.close()

    if not _in_use:
        atexit.register(leave_database)
    _in_use[server.folder] = leave
    return server.url


def _open_lock(path: Path) -> TextIOWrapper:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="ascii")
    except OSError as error:
        raise DataFolderError(
            f"The data folder {path.parent} cannot be used ({error.strerror}): "
            "set GUILDMARK_DATA to a folder that this account may write."
        ) from error


def _check(url: str) -> None:
    settings = database_settings(url)
    where = f"{settings['NAME']!r} at {settings['HOST'] or 'the local socket'}"
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        reason = _without_password(str(error).strip(), url)
        raise DatabaseRefusedError(
            f"The database {where} from GUILDMARK_DATABASE_URL cannot be reached: {reason}. "
            "Check the address, the user and the password, or unset the variable to use the "
            "embedded server."
        ) from error
    if version < OLDEST_VERSION:
        raise DatabaseVersionError(
            f"The server of {where} is PostgreSQL {version}; at least {OLDEST_VERSION} is "
            "needed: upgrade it, or unset GUILDMARK_DATABASE_URL to use the embedded server."
        )


def _without_password(text: str, url: str) -> str:
    password = urlsplit(url).password
    return text.replace(password, "***") if password else text
