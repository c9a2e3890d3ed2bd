"""Child processes that are kept running, and none of which outlives the one that keeps them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from guildmark.config.postgres import end_with_parent

_STOP_SECONDS = 15.0
_LONGEST_PAUSE = 30.0
# A child that has run this long has started well; its next failure is a new matter.
_SETTLED_SECONDS = 60.0


class Child:
    """One program that is started again when it ends by itself, after ever longer pauses.

    The kernel ends it with SIGTERM when its keeper dies, even by kill -9 (on Linux), so that
    nothing is left holding the port. It has a session of its own: Ctrl-C in the terminal
    reaches the keeper alone, which then stops its children in order.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        output: BinaryIO | None = None,
    ) -> None:
        """`environment` is set over this process's own; `output` takes what it writes."""
        self.name = name
        self._command = list(command)
        self._environment = environment or {}
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._pause = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether it runs at this moment."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended last; None while it runs or before it has."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it now. Call from a thread that lasts: the child ends with it."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own modules
            self._command,
            env=os.environ | self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,
            # Our own threads hold no lock that the function between fork and exec would need.
            preexec_fn=partial(end_with_parent, signal.SIGTERM, os.getpid()),  # noqa: PLW1509
        )

    def keep(self, tell: Callable[[str], None]) -> None:
        """To be called regularly: notices that it ended and starts it again in time."""
        now = time.monotonic()
        if self.is_alive:
            return
        if self._start_at:
            if now >= self._start_at:
                self._start_at = 0.0
                self.start()
            return
        settled = now - self._started_at >= _SETTLED_SECONDS
        self._pause = 1.0 if settled or not self._pause else min(self._pause * 2, _LONGEST_PAUSE)
        self._start_at = now + self._pause
        tell(
            f"The {self.name} ended unexpectedly ({_cause(self.exit_code)}); "
            f"starting it again in {self._pause:.0f} s"
        )

    def ask_to_stop(self) -> None:
        """Send SIGTERM; `wait_until_stopped` follows."""
        if self._process is not None and self.is_alive:
            self._process.terminate()

    def kill(self) -> None:
        """End it at once, with all that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def wait_until_stopped(self) -> None:
        """Wait a while, then kill."""
        if self._process is None:
            return
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
