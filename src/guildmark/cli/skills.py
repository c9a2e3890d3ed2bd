"""`guildmark skills`: competency frameworks from what their publishers publish."""

from __future__ import annotations

from pathlib import Path

import click

from guildmark.cli.main import with_database


@click.group(short_help="Bring in competency frameworks.")
def skills() -> None:
    """Bring in competency frameworks and occupations."""


@skills.group("import", short_help="Import a public framework.")
def import_() -> None:
    """Import a public framework. All organizations of this installation see it."""


@import_.command("onet", short_help="O*NET, the Excel distribution.")
@click.argument("folder", type=click.Path(path_type=Path))
@with_database
def onet(folder: Path) -> None:
    """Import the O*NET database from FOLDER, the unpacked Excel distribution of any release.

    All or nothing. The same release again changes only what differs.
    """
    from guildmark.skills.services import import_onet

    def progress(step: str, rows: int) -> None:
        click.echo(f"  {step}: {rows:,}", err=True)

    report = import_onet(folder=folder, on_progress=progress)
    click.echo(f"{report.framework} is in.")
    for table, rows in report.rows_read.items():
        click.echo(f"  read {rows:>7,} rows of {table}")
    for count, what in (
        (report.skills, "skills"),
        (report.occupations, "occupations"),
        (report.requirements, "requirements"),
        (report.other_titles, "other titles"),
        (report.skipped, "ratings left out: not relevant to the occupation, or of level 0"),
    ):
        click.echo(f"  {count:>12,} {what}")
    click.echo(f"Name it where it shows: {report.framework.attribution} (CC BY 4.0).")


@import_.command("starter", short_help="The framework that comes with Guildmark.")
@with_database
def starter() -> None:
    """Load or renew the starter framework that comes with Guildmark."""
    from guildmark.skills.services import load_starter_framework

    framework = load_starter_framework()
    click.echo(f"{framework}: {framework.skills.count()} skills.")
