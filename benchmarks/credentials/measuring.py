"""What a piece of work costs, and the other programs that measure theirs by turns with us."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROUNDS = 5
_ALL_AT_ONCE = 20


class Cost(NamedTuple):
    """Microseconds for one item: of processors, threads of the runtime included, and of the clock.

    The first is what an operation costs a core; the second waits for other programs as well, and
    for threads that hand work to each other.
    """

    cpu: float
    wall: float


class Work:
    """An operation over the items, again and again; one call does `each` things."""

    def __init__(
        self, items: Sequence[Any], call: Callable[[Any], object], *, each: int = 1
    ) -> None:
        self._items = list(items)
        self._call = call
        self._each = each
        self._next = 0

    def measure(self, seconds: float) -> Cost:
        """The cost over about this long."""
        for item in self._items[:3]:
            self._call(item)
        start, cpu, done = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - start < seconds:
            part = self._items[self._next : self._next + _ALL_AT_ONCE]
            for item in part:
                self._call(item)
            done += len(part)
            self._next = (self._next + _ALL_AT_ONCE) % len(self._items)
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        return Cost(1e6 * cpu / done / self._each, 1e6 * wall / done / self._each)


class Peer:
    """Another library in a process of its own, asked over a pipe, one line of JSON each way."""

    def __init__(self, command: Sequence[str | Path], *, folder: Path, task: Path) -> None:
        self._process = subprocess.Popen(
            [*command, task],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        hello = self._answer()
        self.versions: dict[str, str] = hello["versions"]
        self.operations: list[list[str]] = hello["operations"]

    def measure(self, badge: str, operation: str, seconds: float) -> Cost:
        """The cost of one of its operations."""
        answer = self._ask(do="measure", badge=badge, operation=operation, seconds=seconds)
        return Cost(answer["cpu"], answer["wall"])

    def make(self, badge: str, what: str, count: int) -> list[Any]:
        """What it makes of the first so many documents."""
        made: list[Any] = self._ask(do="make", badge=badge, what=what, count=count)["made"]
        return made

    def failures(self, badge: str, what: str, items: Sequence[str]) -> list[str]:
        """What it says of those that it does not verify."""
        found: list[str] = self._ask(do="check", badge=badge, what=what, items=items)["failures"]
        return found

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def _ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args!r} ended early")
        answer: dict[str, Any] = json.loads(line)
        return answer


def best(costs: Sequence[Cost]) -> Cost:
    """The least of each: what other programs took from a round is no cost of the work."""
    return Cost(min(cost.cpu for cost in costs), min(cost.wall for cost in costs))
