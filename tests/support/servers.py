"""The platform as it really runs, on a free port of this machine, over a database of its own."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from guildmark.config.children import Child
from tests.support import databases

_READY_SECONDS = 60.0
_SEEDED_DATA = "seeded-data"


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running web server with its worker, on a clone of the example company's database."""

    url: str
    port: int
    name: str
    data_folder: Path
    blocker: DjangoDbBlocker

    @contextmanager
    def database(self) -> Iterator[None]:
        """Have Django in the test lead to the server's database meanwhile."""
        with self.blocker.unblock(), databases.django_on(self.name):
            yield


def free_port() -> int:
    """A port of this machine that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def seeded_template(migrated_template: str) -> str:
    """The name of a database with the example company, all jobs done, for cloning.

    Made once an invocation, in a process of its own so that nothing of it stays in this one.
    """

    def build(name: str) -> None:
        databases.drop(name)
        databases.clone(migrated_template, name)
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.seeding"],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ
            | {
                "GUILDMARK_DATABASE_URL": databases.database_url(name),
                "GUILDMARK_DATA": str(databases.run_folder() / _SEEDED_DATA),
            },
        )
        if done.returncode:
            raise RuntimeError(f"the example company could not be loaded:\n{done.stdout}")

    return databases.template("seeded", build)


@pytest.fixture(scope="module")
def server(seeded_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The platform with the example company, for the tests of one module."""
    with running_server(seeded_template, django_db_blocker) as running:
        yield running


@pytest.fixture(scope="module")
def empty_server(migrated_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The platform without any organization, for the tests of one module."""
    with running_server(migrated_template, django_db_blocker) as running:
        yield running


@contextmanager
def running_server(template: str, blocker: DjangoDbBlocker) -> Iterator[Server]:
    """Start web server and worker on a clone of this template."""
    port = free_port()
    name = databases.clone(template, databases.new_name("server"))
    folder = Path(tempfile.mkdtemp(dir=databases.run_folder(), prefix="server-"))
    if template.endswith("_seeded"):
        shutil.copytree(databases.run_folder() / _SEEDED_DATA, folder, dirs_exist_ok=True)
    environment = {
        "GUILDMARK_DATABASE_URL": databases.database_url(name),
        "GUILDMARK_DATA": str(folder),
        "GUILDMARK_PORT": str(port),
    }
    log = folder / "server.log"
    with log.open("wb") as output:
        children = [
            Child(
                "web server",
                [sys.executable, "-m", "guildmark.config.serving", "127.0.0.1", str(port)],
                environment=environment,
                output=output,
            ),
            Child(
                "worker",
                [sys.executable, "-m", "guildmark.cli.main", "worker"],
                environment=environment,
                output=output,
            ),
        ]
        try:
            for child in children:
                child.start()
            _wait_until_ready(port, children, log)
            yield Server(
                url=f"http://localhost:{port}",
                port=port,
                name=name,
                data_folder=folder,
                blocker=blocker,
            )
        finally:
            # Nothing is to be kept: a killed server is a fast one.
            for child in children:
                child.kill()
            databases.drop(name)
            shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(port: int, children: list[Child], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and all(child.is_alive for child in children):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/health/", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.03)
    raise RuntimeError(f"the server does not come up:\n{log.read_text()[-4000:]}")
