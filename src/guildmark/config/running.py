"""What `guildmark run` does: database, tables, example, worker and web server, in one go."""

from __future__ import annotations

import errno
import http.client
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from guildmark.config.children import Child
from guildmark.config.database import ensure_database, leave_database
from guildmark.config.environment import Environment
from guildmark.config.errors import AddressError, DataFolderError, ProcessEndedError
from guildmark.config.tables import bring_up_to_date

# By name, because the example is a door above this room; see guildmark.config.urls.
_EXAMPLE = "guildmark.example.services.load"
_READY_SECONDS = 60.0
# The database may be a moment late; an error that stays this long stays.
_BROKEN_SECONDS = 5.0
_LOOK_SECONDS = 0.5


class Stopped(BaseException):
    """Somebody asked the start to stop before it was done."""


Tell = Callable[[str], None]


def run(environment: Environment, *, host: str, with_example: bool) -> None:
    """Bring everything up, keep it up, and stop it all in order on SIGINT or SIGTERM."""
    # Before anything slow: what would make the start fail in the end.
    check_address(host, environment.port)
    check_folder(environment)
    tell = _teller()
    children = [
        Child(
            "web server",
            [sys.executable, "-m", "guildmark.config.serving", host, str(environment.port)],
        ),
        Child("worker", [sys.executable, "-m", "guildmark.cli.main", "worker"]),
    ]
    stop = threading.Event()
    with _stopping_on_signals(stop) as no_interruption:
        try:
            tell("Starting the database")
            ensure_database(environment)
            _prepare(environment, with_example=with_example, tell=tell)
            tell("Starting the web server and the worker")
            no_interruption()
            for child in children:
                child.start()
            if _wait_until_ready(host, environment.port, children, stop):
                tell("Ready")
                _say_where(environment, host)
            while not stop.wait(_LOOK_SECONDS):
                for child in children:
                    child.keep(tell)
        except Stopped:
            pass
        finally:
            no_interruption()
            tell("Stopping")
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait_until_stopped()
            leave_database()
            tell("Stopped; the data is kept")


def check_address(host: str, port: int) -> None:
    """Raise AddressError unless this address can be listened on."""
    mend = "choose another port with --port or GUILDMARK_PORT"
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except socket.gaierror as error:
        raise AddressError(
            f"The host {host!r} has no address on this machine ({error.strerror}): "
            "give --host an address of it, such as 127.0.0.1."
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressError(
                f"Port {port} on {host} is in use by another program: stop it, or {mend}."
            ) from error
        if error.errno == errno.EACCES:
            raise AddressError(f"This account may not use port {port}: {mend}.") from error
        raise AddressError(
            f"{host} port {port} cannot be listened on ({error.strerror}): give --host an address "
            f"of this machine, or {mend}."
        ) from error


def check_folder(environment: Environment) -> None:
    """Raise DataFolderError unless the data folder is there, or can be made, and written."""
    folder = environment.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-test-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataFolderError(
            f"The data folder {folder} cannot be used ({error.strerror}): set GUILDMARK_DATA to "
            "a folder that this account may write."
        ) from error


def _prepare(environment: Environment, *, with_example: bool, tell: Tell) -> None:
    """Bring the tables to this release and fill an empty database."""
    import django

    django.setup()
    tell("Bringing the tables up to date")
    bring_up_to_date((lambda: _load_example(environment, tell)) if with_example else lambda: None)


def _load_example(environment: Environment, tell: Tell) -> None:
    from django.apps import apps
    from django.db import transaction
    from django.utils.module_loading import import_string

    if apps.get_model("organizations", "Organization")._default_manager.exists():
        return
    tell("Loading the starter framework and the example company, once")
    # As a whole, so that a start that is broken off begins anew the next time.
    with transaction.atomic():
        loaded = import_string(_EXAMPLE)(lambda message: tell(f"  {message}"))
    lines = [f"{sign_in.username:<24} {sign_in.what}" for sign_in in loaded.sign_ins]
    text = "\n".join([f"Password of all: {loaded.password}", *lines])
    (environment.data_folder / "example-sign-ins.txt").write_text(text, encoding="utf-8")


def _wait_until_ready(host: str, port: int, children: list[Child], stop: threading.Event) -> bool:
    """Wait until the address answers; False when somebody asks to stop meanwhile."""
    deadline = time.monotonic() + _READY_SECONDS
    broken_since: float | None = None
    while not stop.is_set():
        for child in children:
            if not child.is_alive:
                raise ProcessEndedError(
                    f"The {child.name} ended at once with exit code {child.exit_code}; "
                    "what it wrote above says why."
                )
        status = _health(host, port)
        now = time.monotonic()
        if status == 200:
            return True
        if status is not None and now > (broken_since := broken_since or now) + _BROKEN_SECONDS:
            raise ProcessEndedError(
                f"The web server is up, but /health/ answers with status {status}; what it wrote "
                "above says why."
            )
        if now > deadline:
            raise ProcessEndedError(
                f"The web server does not answer within {_READY_SECONDS:.0f} s."
            )
        stop.wait(0.05 if status is None else 1)
    return False


def _health(host: str, port: int) -> int | None:
    """The status of /health/; None while nobody answers."""
    # 0.0.0.0 means every address; ask at one of them.
    connection = http.client.HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host),  # noqa: S104 - asked, not bound
        port,
        timeout=30,
    )
    try:
        connection.request("GET", "/health/", headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _say_where(environment: Environment, host: str) -> None:
    width = shutil.get_terminal_size().columns
    lines = [
        "",
        f"  Guildmark runs at {environment.public_url}",
        f"  listening on      {host} port {environment.port}",
        f"  data folder       {environment.data_folder}",
    ]
    if not environment.public_url_is_set:
        lines += [
            "",
            "  WARNING: GUILDMARK_PUBLIC_URL is not set, so links, QR codes and the issuer's",
            f"  identifier in signed credentials say {environment.public_url}, which",
            "  opens on this machine alone. Before you award in earnest, stop, and start with the",
            "  address people use: GUILDMARK_PUBLIC_URL=https://skills.example.com",
        ]
    if environment.public_url.startswith("https://") and not environment.trusted_proxies:
        lines += [
            "",
            "  WARNING: https means a proxy in front, but GUILDMARK_TRUSTED_PROXIES is not set, so",
            "  everybody counts as the proxy's one address: a few wrong passwords stop all from",
            "  signing in. Set it to the proxy's address, such as 127.0.0.1.",
        ]
    sign_ins = environment.data_folder / "example-sign-ins.txt"
    if sign_ins.exists():
        lines += ["", "  Sign in to the example company as:"]
        lines += [f"    {line}"[:width] for line in sign_ins.read_text("utf-8").splitlines()]
    lines += ["", "  Stop with Ctrl-C.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _teller() -> Tell:
    begin = time.monotonic()

    def tell(message: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - begin:6.1f} s] {message}\n")
        sys.stdout.flush()

    return tell


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[Callable[[], None]]:
    """Set `stop` on SIGINT and SIGTERM; what is yielded ends the part that may be interrupted.

    While tables are made and the example is loaded, a signal raises Stopped; once there are
    children to stop in order, it only sets the event.
    """
    interruptible = True

    def on_signal(_number: int, _frame: Any) -> None:
        stop.set()
        if interruptible:
            no_interruption()
            raise Stopped

    def no_interruption() -> None:
        nonlocal interruptible
        interruptible = False

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield no_interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
