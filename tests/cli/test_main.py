"""The command line and the life of `guildmark run`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guildmark.config.postgres import Postgres
from tests.support import databases
from tests.support.programs import (
    Program,
    guildmark,
    operator_environment,
    processes_of,
    running,
)
from tests.support.servers import free_port

RUN = ("run", "--no-example")
SPANNER = """
import os, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["BROKEN"]:
            raise ImportError("the spanner in the works")

sys.meta_path.insert(0, Finder())
if os.environ["BROKEN"] == "health" and "guildmark.config.serving" in sys.orig_argv:
    import guildmark.config.health as health
    def broken(request):
        raise RuntimeError("the spanner in the works")
    health.health = broken
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a short path, as the database's socket needs."""
    with tempfile.TemporaryDirectory(prefix="gm-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "data"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def env(data: Path, port: int) -> dict[str, str]:
    return operator_environment(data, GUILDMARK_PORT=str(port))


def health(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=30) as answer:
        return str(answer.read().decode())


def test_version_and_help_import_neither_django_nor_the_database() -> None:
    script = (
        "import sys; from guildmark.cli import main\n"
        "sys.argv = ['guildmark', '--help']\n"
        "try: main.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('django', 'psycopg', 'procrastinate') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Run the whole platform" in done.stdout


def test_an_unknown_command_is_named(env: dict[str, str]) -> None:
    done = guildmark("rum", env=env)
    assert done.returncode == 2
    assert "rum" in done.stderr


def test_a_taken_port_is_told_before_anything_is_made(
    env: dict[str, str], data: Path, port: int
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = guildmark(*RUN, env=env)
    assert done.returncode == 2
    assert f"Port {port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert not data.exists()


def test_a_file_where_the_data_folder_should_be(env: dict[str, str], data: Path) -> None:
    data.touch()
    for arguments in (RUN, ("manage", "check")):
        done = guildmark(*arguments, env=env)
        assert done.returncode == 2
        assert str(data) in done.stderr
        assert "GUILDMARK_DATA" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUILDMARK_PORT", "eighty"),
        ("GUILDMARK_PUBLIC_URL", "skills.example.com"),
        ("GUILDMARK_TRUSTED_PROXIES", "proxy.example.com"),
        ("GUILDMARK_DATABASE_URL", "mysql://localhost/guildmark"),
        ("GUILDMARK_DATABASE_URL", "postgresql://nobody:secret-word@127.0.0.1:1/guildmark"),
    ],
)
def test_a_bad_variable_is_named(env: dict[str, str], name: str, value: str) -> None:
    done = guildmark("manage", "check", env=env | {name: value})
    assert done.returncode == 2
    assert name in done.stderr
    assert "secret-word" not in done.stderr
    assert "Traceback" not in done.stderr


def test_run_stops_cleanly_and_keeps_the_data(
    env: dict[str, str], data: Path, port: int, tmp_path: Path
) -> None:
    with running(*RUN, env=env, log=tmp_path / "first") as first:
        first.wait_for("Stop with Ctrl-C")
        assert health(port) == "ok\n"
        assert f"http://localhost:{port}" in first.output
        assert str(data) in first.output
        assert "GUILDMARK_PUBLIC_URL is not set" in first.output
        # A command in another shell neither fails nor takes the database away when it ends.
        assert guildmark("manage", "migrate", "--check", env=env).returncode == 0
        assert health(port) == "ok\n"
        url = Postgres(folder=data / "postgres").url
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        assert first.send(signal.SIGINT) == 0
        assert processes_of(data) == []
    begin = time.monotonic()
    env["GUILDMARK_PUBLIC_URL"] = "https://skills.example.com"
    with running(*RUN, env=env, log=tmp_path / "second") as second:
        second.wait_for("Stop with Ctrl-C")
        assert time.monotonic() - begin < 60
        assert "GUILDMARK_PUBLIC_URL is not set" not in second.output
        assert "GUILDMARK_TRUSTED_PROXIES is not set" in second.output
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert second.send(signal.SIGTERM) == 0
    assert processes_of(data) == []


def test_a_command_alone_stops_the_database_behind_itself(env: dict[str, str], data: Path) -> None:
    done = guildmark("manage", "migrate", "--plan", env=env)
    assert done.returncode == 0, done.stderr
    assert not Postgres(folder=data / "postgres").is_running()


def test_a_command_brings_the_tables_of_the_data_folder_up_to_date(
    env: dict[str, str], data: Path
) -> None:
    made = guildmark(
        *("organizations", "create", "works", "--name", "Works", "--country", "DE"), env=env
    )
    assert made.returncode == 0, made.stderr
    assert "up to date" in made.stderr
    # A data folder of an older release: its organizations have no time zone yet.
    older = guildmark("manage", "migrate", "organizations", "0001", env=env)
    assert older.returncode == 0, older.stderr
    listed = guildmark("organizations", "list", env=env)
    assert (listed.returncode, listed.stdout) == (0, "works\tWorks\n"), listed.stderr
    assert guildmark("organizations", "list", env=env).stderr == ""


def test_a_server_without_tables_is_left_alone_and_said_so(env: dict[str, str]) -> None:
    name = databases.clone("template0", databases.new_name("bare"))
    env["GUILDMARK_DATABASE_URL"] = databases.database_url(name)
    try:
        for arguments in (("organizations", "list"), ("audit", "verify"), ("worker",)):
            refused = guildmark(*arguments, env=env)
            assert refused.returncode == 2
            assert f"The database '{name}'" in refused.stderr
            assert "guildmark manage migrate" in refused.stderr
            assert "Traceback" not in refused.stderr
        migrated = guildmark("manage", "migrate", env=env)
        assert migrated.returncode == 0, migrated.stderr
        assert guildmark("organizations", "list", env=env).returncode == 0
    finally:
        databases.drop(name)


def test_killed_and_started_again(
    env: dict[str, str], data: Path, port: int, tmp_path: Path
) -> None:
    with running(*RUN, env=env, log=tmp_path / "first") as first:
        first.wait_for("Stop with Ctrl-C")
        first.send(signal.SIGKILL)
        _wait_until_free(port)
    # Now everything at once, the database too: it leaves its process number behind.
    with running(*RUN, env=env, log=tmp_path / "second") as second:
        second.wait_for("Stop with Ctrl-C")
        for pid in processes_of(data):
            os.kill(pid, signal.SIGKILL)
        second.process.wait()
        assert (data / "postgres" / "postmaster.pid").exists()
    with running(*RUN, env=env, log=tmp_path / "third") as third:
        third.wait_for("Stop with Ctrl-C")
        assert health(port) == "ok\n"
        assert third.send(signal.SIGINT) == 0


def test_a_child_that_dies_is_started_again(
    env: dict[str, str], data: Path, port: int, tmp_path: Path
) -> None:
    with running(*RUN, env=env, log=tmp_path / "log") as program:
        program.wait_for("Stop with Ctrl-C")
        for name in ("guildmark.config.serving", "worker"):
            os.kill(_child(program, name), signal.SIGKILL)
        program.wait_for("ended unexpectedly (killed by SIGKILL)", times=2)
        deadline = time.monotonic() + 60
        while True:
            try:
                assert health(port) == "ok\n"
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        assert _child(program, "worker")
        assert program.send(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("guildmark.web.verify.words", "The web server ended at once with exit code 1"),
        ("guildmark.web.middleware", "The web server ended at once with exit code 1"),
        # Nothing that is imported, but the answer itself.
        ("health", "/health/ answers with status 500"),
    ],
)
def test_a_web_application_that_is_broken_ends_the_start(
    env: dict[str, str], migrated_template: str, tmp_path: Path, module: str, said: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SPANNER)
    name = databases.clone(migrated_template, databases.new_name("broken"))
    env |= {
        "GUILDMARK_DATABASE_URL": databases.database_url(name),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "BROKEN": module,
    }
    try:
        done = guildmark(*RUN, env=env)
    finally:
        databases.drop(name)
    assert done.returncode == 2
    assert "the spanner in the works" in done.stderr
    assert said in done.stderr.splitlines()[-1]
    assert done.stderr.count("Traceback") < 20
    assert "Stop with Ctrl-C" not in done.stdout


def _child(program: Program, name: str) -> int:
    """The process number of the supervisor's own child whose command ends with or holds a name."""
    task = Path(f"/proc/{program.process.pid}/task")
    children = " ".join(path.read_text() for path in task.glob("*/children")).split()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for pid in children:
            if name in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                return int(pid)
        children = " ".join(path.read_text() for path in task.glob("*/children")).split()
    raise AssertionError(f"no child {name}")


def _wait_until_free(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                assert time.monotonic() < deadline, "somebody still holds the port"
                time.sleep(0.1)
            else:
                return
