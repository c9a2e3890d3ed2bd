"""Coverage-guided fuzzing with atheris.

`python -m tests.credentials.fuzzing TARGET --runs 1000000` (or several, or `all`) gives a row of a
table for each: the inputs, those that were read, the time, the slowest input, the memory over that
at the start, and what libFuzzer counts as covered. Each different finding is kept as a file under
`--findings`, and the run goes on; then the exit status is 1. docs/fuzzing.md tells what to do with
one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_BUILT_ON = {"canonical-form": "pyld", "pdf-documents": "pypdf"}


def _in_turn(names: list[str], arguments: argparse.Namespace) -> int:
    """Each target in a process of its own, one after the other."""
    print("| target | inputs | read | time | slowest | memory | covered | findings |")  # noqa: T201
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)  # noqa: T201
    failed = []
    for name in names:
        options = ["--runs", str(arguments.runs), "--seed", str(arguments.seed), "--alone"]
        options += ["--seconds", str(arguments.seconds), "--findings", str(arguments.findings)]
        command = [sys.executable, "-m", __spec__.parent, name, *options]
        environment = {**os.environ, "FUZZ_INSTRUMENT": _BUILT_ON.get(name, "")}
        code = subprocess.run(command, check=False, env=environment).returncode
        if code:
            failed.append(name)
        if code not in (0, 1):
            print(f"| {name} | ended early ({code}) | | | | | | |", flush=True)  # noqa: T201
    if failed:
        print(f"\nFindings in {arguments.findings}: {', '.join(failed)}")  # noqa: T201
    return 1 if failed else 0


def _alone(name: str, arguments: argparse.Namespace) -> None:
    """One target in this process; what atheris and libFuzzer write goes to a file."""
    handle, log = tempfile.mkstemp(prefix=f"fuzzing-{name}-", suffix=".log")
    out = os.dup(sys.stdout.fileno())
    os.dup2(handle, sys.stdout.fileno())
    os.dup2(handle, sys.stderr.fileno())
    from tests.credentials.fuzzing.runner import fuzz

    given = arguments.runs, arguments.seconds, arguments.seed, arguments.findings
    fuzz(name, *given, Path(log), out)


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.parent}", description=__doc__)
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="all, or names of targets")
    parser.add_argument("--runs", type=int, default=100_000, help="inputs for each target")
    parser.add_argument("--seconds", type=float, default=3600.0, help="for each target at most")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers")
    parser.add_argument("--findings", type=Path, default=Path("build/fuzzing"))
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        _alone(arguments.targets[0], arguments)
    from tests.credentials.fuzzing.targets import TARGETS

    names = list(TARGETS) if arguments.targets == ["all"] else arguments.targets
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}: give all or of {', '.join(TARGETS)}")
    return _in_turn(names, arguments)


if __name__ == "__main__":
    sys.exit(main())
