"""The `guildmark` command as an operator meets it: a program with an environment and a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GUILDMARK = [sys.executable, "-m", "guildmark.cli.main"]
_PATIENCE = 60.0


def operator_environment(data: Path, **variables: str) -> dict[str, str]:
    """This process's environment without what the test run has set for itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUILDMARK_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"GUILDMARK_DATA": str(data), "PYTHONWARNINGS": "error"} | variables


def guildmark(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*GUILDMARK, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        env=env,
    )


class Program:
    """A `guildmark` command that keeps running; what it writes is in a file."""

    def __init__(self, *arguments: str, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*GUILDMARK, *arguments], stdout=output, stderr=subprocess.STDOUT, env=env
            )

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until it has written this text, so many times."""
        deadline = time.monotonic() + _PATIENCE
        while self.output.count(text) < times:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{text!r} does not come:\n{self.output}")
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end, return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@contextmanager
def running(*arguments: str, env: dict[str, str], log: Path) -> Iterator[Program]:
    """Start a command; ends it and the embedded database behind it whatever happens."""
    program = Program(*arguments, env=env, log=log)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.send(signal.SIGTERM)
        for pid in processes_of(Path(env["GUILDMARK_DATA"])):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def processes_of(data: Path) -> list[int]:
    """The living processes of the installation with this data folder."""
    found = []
    mark = f"GUILDMARK_DATA={data}\0".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z" and mark in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return sorted(found)
