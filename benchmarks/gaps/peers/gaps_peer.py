"""DuckDB or Polars with the same arrays: own-role gaps, and the fit of all people to all roles.

    python gaps_peer.py duckdb|polars FOLDER

FOLDER holds the company as .npy files; results are written beside them, and a line of JSON with the
times (seconds by the clock, the best of each) is printed. The tables are in memory before a time is
taken.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROUNDS = 3


def main() -> None:
    """Load, measure, write what came out."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    arrays = {path.stem: np.load(path) for path in folder.glob("company-*.npy")}
    columns = {stem.removeprefix("company-"): values for stem, values in arrays.items()}
    version, own, fits = {"duckdb": with_duckdb, "polars": with_polars}[name](columns)
    times, found = {}, {}
    for what, work in (("own", own), ("fits", fits)):
        took = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            found[what] = work()
            took.append(time.perf_counter() - started)
        times[what] = min(took)
    # Outside of the time: as a table of people by roles, to be compared.
    person, role, fit = found["fits"]
    table = np.zeros((len(columns["person_role"]), int(columns["roles"])), dtype=np.float32)
    table[person, role] = fit
    np.save(folder / f"{name}-fits.npy", table)
    for at, values in enumerate(found["own"]):
        np.save(folder / f"{name}-own-{at}.npy", values)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"version": version, "peak": peak, **times}))


Work = Callable[[], tuple[Any, ...]]


def with_duckdb(columns: dict[str, Any]) -> tuple[str, Work, Work]:
    """SQL; the best of several records of one skill has been kept already, as all are distinct."""
    import duckdb

    base = duckdb.connect()
    tables = {
        "people": {
            "person": np.arange(len(columns["person_role"])),
            "role": columns["person_role"],
        },
        "needed": {
            "role": columns["role"],
            "skill": columns["role_skill"],
            "required": columns["required"],
            "weight": columns["weight"],
        },
        "records": {name: columns[name] for name in ("person", "skill", "level")},
    }
    for table, values in tables.items():
        names = ", ".join(values)
        base.register("given", values)
        base.execute(f"CREATE TABLE {table} AS SELECT {names} FROM given")  # noqa: S608  # ours
        base.unregister("given")

    def own() -> tuple[Any, ...]:
        rows = base.execute(
            """
            SELECT person, skill, required, held FROM (
                SELECT p.person, n.skill, n.required, coalesce(r.level, 0) AS held
                FROM people p JOIN needed n USING (role)
                LEFT JOIN records r ON r.person = p.person AND r.skill = n.skill
            ) WHERE held < required
            """
        ).fetchnumpy()
        return tuple(rows[name] for name in ("person", "skill", "required", "held"))

    def fits() -> tuple[Any, ...]:
        rows = base.execute(
            """
            WITH total AS (SELECT role, sum(weight * required) AS total FROM needed GROUP BY role)
            SELECT r.person, n.role,
                   (sum(n.weight * least(r.level, n.required)) / any_value(t.total))::FLOAT AS fit
            FROM records r JOIN needed n USING (skill) JOIN total t USING (role)
            GROUP BY r.person, n.role
            """
        ).fetchnumpy()
        return rows["person"], rows["role"], rows["fit"]

    return f"DuckDB {duckdb.__version__}", own, fits


def with_polars(columns: dict[str, Any]) -> tuple[str, Work, Work]:
    """Lazy frames."""
    import polars as pl

    people = pl.DataFrame(
        {"person": np.arange(len(columns["person_role"])), "role": columns["person_role"]}
    )
    needed = pl.DataFrame(
        {
            "role": columns["role"],
            "skill": columns["role_skill"],
            "required": columns["required"],
            "weight": columns["weight"],
        }
    )
    records = pl.DataFrame({name: columns[name] for name in ("person", "skill", "level")})

    def own() -> tuple[Any, ...]:
        rows = (
            people.lazy()
            .join(needed.lazy(), on="role")
            .join(records.lazy(), on=["person", "skill"], how="left")
            .with_columns(held=pl.col("level").fill_null(0))
            .filter(pl.col("held") < pl.col("required"))
            .select("person", "skill", "required", "held")
            .collect()
        )
        return tuple(rows[name].to_numpy() for name in ("person", "skill", "required", "held"))

    def fits() -> tuple[Any, ...]:
        total = (
            needed.lazy().group_by("role").agg(total=(pl.col("weight") * pl.col("required")).sum())
        )
        rows = (
            records.lazy()
            .join(needed.lazy(), on="skill")
            .with_columns(worth=pl.col("weight") * pl.min_horizontal("level", "required"))
            .group_by("person", "role")
            .agg(pl.col("worth").sum())
            .join(total, on="role")
            .select("person", "role", fit=(pl.col("worth") / pl.col("total")).cast(pl.Float32))
            .collect()
        )
        return rows["person"].to_numpy(), rows["role"].to_numpy(), rows["fit"].to_numpy()

    return f"Polars {pl.__version__}", own, fits


if __name__ == "__main__":
    main()
