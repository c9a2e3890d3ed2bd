"""Gaps of a large company beside DuckDB and Polars, on the same arrays and in one run.

    python benchmarks/gaps/compare.py [--people 100000] [--skew 0]

Prints a Markdown table for docs/performance.md. The peers are pinned in peers/peers.lock and
installed into an environment of its own beside it. Each side has its tables in memory before a time
is taken, works in a process of its own, three times, and the best counts, by the clock. What each
side found is compared: the same open gaps, and the same fits within float32; a difference ends the
run. The peers return only pairs with a fit above 0, Guildmark the whole table of people by roles.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from company import Company, draw

from guildmark.analytics import gaps

PEERS = Path(__file__).parent / "peers"
ROUNDS = 3


def main() -> None:
    """Draw, measure each side, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--skew", type=float, default=0.0)
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ours is not None:
        measure_ours(arguments.ours)
        return
    python = install_peers()
    company = draw(people=arguments.people, skew=arguments.skew)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, values in vars(company).items():
            np.save(folder / f"company-{key}.npy", values)
        size = f"{company.people:,} people, {company.skills:,} skills, {company.roles:,} roles, "
        size += f"{len(company.person):,} records, skew {arguments.skew:g}"
        print(f"| {size} | own-role gaps s | fit of all to all s | peak MB |\n|---|--:|--:|--:|")
        sides = {
            "guildmark": [sys.executable, __file__, "--ours", name],
            "duckdb": [python, PEERS / "gaps_peer.py", "duckdb", name],
            "polars": [python, PEERS / "gaps_peer.py", "polars", name],
        }
        for side, command in sides.items():
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
                print(f"| {side} | {lines[-1][:80]} | | |", flush=True)
                continue
            told = json.loads(done.stdout)
            agree(folder, side)
            print(
                f"| {told['version']} | {told['own']:.2f} | {told['fits']:.2f} "
                f"| {told['peak']:,.0f} |",
                flush=True,
            )


def install_peers() -> Path:
    """The Python of the peers' environment, made where it is not there or older than the lock."""
    folder, lock = PEERS / ".venv", PEERS / "peers.lock"
    python = folder / "bin" / "python"
    if not folder.exists() or folder.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*command, "--require-hashes", "-r", lock], check=True)
    return python


def measure_ours(folder: Path) -> None:
    """As a peer does, see peers/gaps_peer.py."""
    columns: dict[str, Any] = {
        path.stem.removeprefix("company-"): np.load(path) for path in folder.glob("company-*.npy")
    }
    company = Company(**columns)
    requirements = gaps.Requirements(
        role=company.role,
        skill=company.role_skill,
        level=company.required,
        weight=company.weight,
        critical=company.critical,
    )
    held = gaps.Held(person=company.person, skill=company.skill, level=company.level)
    people, roles, skills = (int(n) for n in (company.people, company.roles, company.skills))

    def own() -> Any:
        return gaps.own_role_gaps(
            person_role=company.person_role, requirements=requirements, held=held, skills=skills
        ).rows()

    def fits() -> Any:
        return gaps.fits(
            people=people, roles=roles, requirements=requirements, held=held, skills=skills
        )

    times: dict[str, float] = {}
    found: dict[str, Any] = {}
    for what, work in (("own", own), ("fits", fits)):
        took = []
        for _ in range(ROUNDS):
            found.pop(what, None)
            started = time.perf_counter()
            found[what] = work()
            took.append(time.perf_counter() - started)
        times[what] = min(took)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = found["own"]
    for at, values in enumerate((rows.person, rows.skill, rows.required, rows.held)):
        np.save(folder / f"guildmark-own-{at}.npy", values)
    np.save(folder / "guildmark-fits.npy", found["fits"])
    print(json.dumps({"version": "Guildmark", "peak": peak, **times}))


def agree(folder: Path, side: str) -> None:
    """End the run where a side found something else than Guildmark."""

    def own(name: str) -> Any:
        rows = np.stack([np.load(folder / f"{name}-own-{at}.npy") for at in range(4)])
        return rows[:, np.lexsort((rows[1], rows[0]))]

    np.testing.assert_array_equal(own(side), own("guildmark"))
    ours = np.load(folder / "guildmark-fits.npy", mmap_mode="r")
    theirs = np.load(folder / f"{side}-fits.npy", mmap_mode="r")
    for start in range(0, len(ours), 10_000):
        part = slice(start, start + 10_000)
        np.testing.assert_allclose(theirs[part], ours[part], rtol=1e-5, atol=1e-6)


if __name__ == "__main__":
    main()
