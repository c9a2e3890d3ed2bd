"""`guildmark skills`: competency frameworks from what their publishers publish."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildmark.cli.main import with_database
from guildmark.cli.match_skills import match

if TYPE_CHECKING:
    from rich.console import Console

    from guildmark.skills.services import ImportReport


@click.group(short_help="Bring in competency frameworks.")
def skills() -> None:
    """Bring in competency frameworks and occupations."""


skills.add_command(match)


@skills.group("import", short_help="Import a public framework.")
def import_() -> None:
    """Import a public framework. All organizations of this installation see it."""


@import_.command("onet", short_help="O*NET, the Excel distribution.")
@click.argument("folder", type=click.Path(path_type=Path))
@with_database
def onet(folder: Path) -> None:
    """Import the O*NET database from FOLDER, the unpacked Excel distribution of any release.

    All or nothing. The same release again changes only what differs; another release is kept
    beside it. Exit status: 0 imported, 1 the files do not hold and nothing was changed, 2 a
    wrong command line.
    """
    from rich.console import Console

    from guildmark.skills.services import import_onet

    started = time.monotonic()
    # To standard error, and only where somebody watches: a pipe gets the result alone.
    with Console(stderr=True, highlight=False).status("Reading the files") as status:

        def progress(step: str, rows: int) -> None:
            status.update(f"{step}: {rows:,} rows")

        report = import_onet(folder=folder, on_progress=progress)
    _print(Console(highlight=False, soft_wrap=True), report, time.monotonic() - started)


@import_.command("starter", short_help="The framework that comes with Guildmark.")
@with_database
def starter() -> None:
    """Load or renew the starter framework that comes with Guildmark."""
    from guildmark.skills.services import load_starter_framework

    framework = load_starter_framework()
    click.echo(f"{framework}: {framework.skills.count()} skills.")


def _print(console: Console, report: ImportReport, seconds: float) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("Rows", justify="right")
    table.add_column("Read from")
    for name, rows in report.rows_read.items():
        table.add_row(f"{rows:,}", name)
    console.print(table)
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("Made of it")
    for count, what in (
        (report.skills, "skills and areas of knowledge"),
        (report.occupations, "occupations"),
        (report.requirements, "requirements"),
        (report.other_titles, "other titles"),
        (report.skipped, "ratings left out: not relevant to the occupation, or of level 0"),
    ):
        table.add_row(f"{count:,}", what)
    console.print(table)
    console.print(f"{report.framework} is in, after {seconds:.0f} s.")
    console.print(
        f"Name it where it shows: {report.framework.attribution} ({report.framework.licence})."
    )
