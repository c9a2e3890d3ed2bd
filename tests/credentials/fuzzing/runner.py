"""One target under atheris: its inputs, how each went, and the row that tells of it."""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path

import atheris

# What the library is built on guides only the targets that are about it: it slows all others.
_BUILT_ON = [name for name in ("pyld", "pypdf") if os.environ.get("FUZZ_INSTRUMENT") == name]

with atheris.instrument_imports(include=["guildmark.credentials", *_BUILT_ON]):
    from tests.credentials.fuzzing import samples
    from tests.credentials.fuzzing.mutations import mutate_json
    from tests.credentials.fuzzing.targets import TARGETS, Target

MAX_SECONDS = 1.0
"""Of the processor, for one input."""
MAX_MEGABYTES = 200
"""Over what the process held when the seeds had been read."""
HANGS_AFTER = 30
_COVERED = re.compile(rb"cov: (\d+) ft: (\d+) corp: (\d+)")


class Run:
    """One target's run, and what it found."""

    def __init__(
        self, target: Target, runs: int, seconds: float, findings: Path, log: Path, out: int
    ) -> None:
        """It ends after so many inputs or seconds. `log` is where libFuzzer writes, `out` the
        descriptor that the row goes to."""
        self._log = log
        self._out = out
        self._target = target
        self._runs = runs
        self._seconds = seconds
        self._findings = findings
        self._told: set[str] = set()
        self._count = self._read = 0
        self._slowest = 0.0
        self._begin = time.monotonic()
        self._most = _peak()
        self._start = self._most

    def one_input(self, data: bytes) -> None:
        """Call the target, and judge how it went."""
        start = time.process_time()
        try:
            self._read += self._target(data)
        except Exception as error:
            self._tell(_place_of(error), traceback.format_exc(), data)
        taken = time.process_time() - start
        self._slowest = max(self._slowest, taken)
        if taken > MAX_SECONDS:
            self._tell("slow", f"{taken:.2f} seconds", data)
        peak = _peak()
        if peak > self._most:
            self._most = peak
            if peak - self._start > MAX_MEGABYTES:
                self._tell("memory", f"{peak - self._start} MB over the start", data)
        self._count += 1
        if self._count >= self._runs or time.monotonic() - self._begin > self._seconds:
            self._end()

    def _tell(self, kind: str, how: str, data: bytes) -> None:
        if kind in self._told:
            return
        self._told.add(kind)
        name = f"{self._target.name}-{hashlib.sha256(data).hexdigest()[:12]}"
        (self._findings / name).write_bytes(data)
        (self._findings / f"{name}.txt").write_text(f"{kind}\n\n{how}")

    def _end(self) -> None:
        """Write the row and leave: libFuzzer would go on."""
        covered = _COVERED.findall(self._log.read_bytes())
        row = (
            self._target.name,
            f"{self._count:,}",
            f"{self._read:,}",
            f"{time.monotonic() - self._begin:.0f} s",
            f"{self._slowest * 1000:.0f} ms",
            f"{max(self._most - self._start, 0)} MB",
            covered[-1][0].decode() if covered else "–",
            str(len(self._told)),
        )
        os.write(self._out, f"| {' | '.join(row)} |\n".encode())
        self._log.unlink()
        os._exit(1 if self._told else 0)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "guildmark" in frame.filename] or list(frames)
    return f"{type(error).__name__} in {Path(own[-1].filename).name}:{own[-1].lineno}"


def fuzz(
    name: str, runs: int, seconds: float, seed: int, findings: Path, log: Path, out: int
) -> None:
    """Give the target this many inputs, write the row, and end the process."""
    target = TARGETS[name]
    seeds = list(target.seeds())
    if "document" in target.name or "canonical" in target.name or target.name == "longer-hash":
        seeds += [samples.text(document) for document in samples.generated(20)]
    for one in seeds:
        target(one)

    def mutator(data: bytes, longest: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.random() < 0.1:
            return bytes(atheris.Mutate(data, longest))
        made = target.mutate(data, chance)
        return made if len(made) <= longest else data[:longest]

    findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(one)
        options = [
            f"-max_len={target.longest}",
            f"-timeout={HANGS_AFTER}",
            f"-seed={seed}",
            "-rss_limit_mb=2048",
            f"-artifact_prefix={findings}/{target.name}-",
            "-len_control=0",
        ]
        run = Run(target, runs, seconds, findings, log, out)
        own = {"custom_mutator": mutator} if target.mutate is mutate_json else {}
        atheris.Setup([sys.argv[0], *options, folder], run.one_input, **own)
        atheris.Fuzz()
