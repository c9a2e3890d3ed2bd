"""The embedded server's folder, and which database a process works with."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guildmark.config import database
from guildmark.config.environment import VARIABLES, data_folder, database_settings, read_environment
from guildmark.config.errors import (
    DatabaseFolderError,
    DatabaseRefusedError,
    DatabaseVersionError,
    EnvironmentInvalidError,
)
from guildmark.config.postgres import MAJOR_VERSION, Postgres
from tests.support.databases import FAST


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gm-") as path:
        Path(path).chmod(0o711)
        yield Path(path) / "postgres"


def test_start_stop_and_start_again(folder: Path) -> None:
    server = Postgres(folder=folder, options=FAST)
    server.start()
    try:
        server.start()  # a second time does nothing
        with psycopg.connect(server.url) as connection:
            assert connection.info.server_version // 10_000 == MAJOR_VERSION
            row = connection.execute(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False,), "the platform must be bound by the database's own rules"
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    finally:
        server.stop()
    assert not server.is_running()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_process_number_of_somebody_else_is_no_server(folder: Path) -> None:
    server = Postgres(folder=folder, options=FAST)
    server.start()
    server.stop()
    # This process lives, and is not PostgreSQL.
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n1\n5432\n.\n\n1 1\nready\n")
    (folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n{folder}\n1\n5432\n.\n")
    try:
        server.start()
        assert server.is_running()
    finally:
        server.stop()


def test_a_path_too_long_for_a_socket_is_told(folder: Path) -> None:
    with pytest.raises(DatabaseFolderError, match=r"too long.*GUILDMARK_DATA"):
        Postgres(folder=folder / ("x" * 100)).start()


def test_a_folder_with_something_else_in_it_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(DatabaseFolderError, match=r"not a database"):
        Postgres(folder=folder, options=FAST).start()
    assert [path.name for path in folder.iterdir()] == ["letters.txt"]


def test_data_of_another_version_are_not_touched(folder: Path) -> None:
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseVersionError, match=r"PostgreSQL 16.*dump it"):
        Postgres(folder=folder).start()


def test_a_first_start_that_was_killed_is_begun_anew(folder: Path) -> None:
    draft = folder.with_name("postgres.new")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    server = Postgres(folder=folder, options=FAST)
    server.start()
    server.stop()
    assert not draft.exists()


def test_the_last_user_stops_the_server(folder: Path) -> None:
    script = (
        "import sys\n"
        "from guildmark.config.database import ensure_database\n"
        "from guildmark.config.environment import read_environment\n"
        "print(ensure_database(read_environment()), flush=True)\n"
        "sys.stdin.readline()\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUILDMARK_")}
    users = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=kept | {"GUILDMARK_DATA": str(folder.parent)},
        )
        for _ in range(3)
    ]
    server = Postgres(folder=folder)
    try:
        assert len({user.stdout.readline() for user in users if user.stdout}) == 1
        users[0].kill()  # says nothing, counts no more
        users[1].communicate(b"\n")
        assert server.is_running()
        users[2].communicate(b"\n")
        assert not server.is_running()
    finally:
        for user in users:
            user.kill()
            user.communicate()
        server.stop()


def test_a_server_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_VERSION", MAJOR_VERSION + 1)
    with pytest.raises(DatabaseVersionError, match="at least 19"):
        database.ensure_database(read_environment())


def test_a_server_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "GUILDMARK_DATABASE_URL", "postgresql://me:word@127.0.0.1:1/db?sslmode=disable"
    )
    with pytest.raises(DatabaseRefusedError, match=r"'db' at 127\.0\.0\.1") as raised:
        database.ensure_database(read_environment())
    assert "word@" not in str(raised.value)


def test_addresses_of_databases() -> None:
    found = database_settings("postgresql://me:p%40ss@db.example:6543/skills?sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("skills", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "6543")
    assert found["OPTIONS"] == {"sslmode": "require"}
    assert database_settings("postgresql://me@/skills?host=%2Frun%2Fpg")["HOST"] == "/run/pg"
    with pytest.raises(EnvironmentInvalidError, match="GUILDMARK_DATABASE_URL") as raised:
        database_settings("mysql://me:hidden@db/skills")
    assert "hidden" not in str(raised.value)


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUILDMARK_DATA")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert data_folder() == Path("/var/lib/guildmark")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/me/data")
    assert data_folder() == Path("/home/me/data/guildmark")


def test_the_operators_page_lists_every_variable() -> None:
    page = Path(__file__).parents[2] / "docs" / "operating.md"
    listed = [
        line.split("`")[1]
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `GUILDMARK_")
    ]
    assert sorted(listed) == sorted(VARIABLES)
