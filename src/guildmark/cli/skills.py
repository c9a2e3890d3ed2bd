"""`guildmark skills`: competency frameworks from what their publishers publish, and out again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guildmark.cli.main import with_database
from guildmark.cli.match_skills import match

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from guildmark.skills.readers.shape import FrameworkRows
    from guildmark.skills.services import ImportReport
    from guildmark.skills.services.frameworks import FrameworkReport


@click.group(short_help="Bring frameworks in, and take them out.")
def skills() -> None:
    """Bring in competency frameworks and occupations, and take frameworks out."""


skills.add_command(match)


class _Sources(click.Group):
    """A group whose arguments are files unless they begin with the name of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command for files before them."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["file", *args]
        return super().parse_args(ctx, args)


@skills.group(
    "import",
    cls=_Sources,
    short_help="Take in a framework.",
    subcommand_metavar="FILE|FOLDER|URL... [OPTIONS]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def import_() -> None:
    """Take in a framework, or a newer release of one, from what its publisher publishes.

    The format is recognized: ESCO (its CSV zips, all files of a release together), O*NET (Excel or
    text), CASE 1.0 and 1.1 (also the address of a package on a CASE server), CTDL-ASN, or a table
    of one's own (CSV or XLSX). Without --organization all organizations of this installation see
    it. All or nothing; what a newer release no longer has is withdrawn, never removed.

    \b
    guildmark skills import esco-zips/ --preview
    guildmark skills import our-skills.xlsx --framework "Our skills" --organization norvale
    guildmark skills import file --help
    """


@import_.command("file", short_help="Files, folders, zips, or an address (the default).")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@click.option("--framework", "name", default="", help="Its name, where the file has none.")
@click.option("--language", default="", metavar="XX", help="Of the texts, where there are several.")
@click.option("--version", default="", help="The release, where names and files do not tell it.")
@click.option("--organization", "slug", help="Whose own framework it is (its short name).")
@click.option("--preview", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_database
def import_file(
    sources: tuple[str, ...],
    name: str,
    language: str,
    version: str,
    slug: str | None,
    preview: bool,
    as_json: bool,
) -> None:
    """Take in a framework of whatever format.

    Exit status: 0 taken in (or could be, with --preview), 1 the files do not hold and nothing was
    changed, 2 a wrong command line.
    """
    import json
    import resource

    from rich.console import Console

    from guildmark.cli.tenants import find_organization
    from guildmark.errors import InvalidError
    from guildmark.organizations.actor import operator_of
    from guildmark.skills.readers.shape import FrameworkFileError
    from guildmark.skills.services import frameworks

    actor = operator_of(find_organization(slug)) if slug else None
    started = time.monotonic()
    # To standard error, and only where somebody watches: a pipe gets the result alone.
    with Console(stderr=True, highlight=False).status("Reading the files") as status:

        def progress(step: str, rows: int) -> None:
            status.update(f"{step}: {rows:,} rows")

        try:
            rows = _read(sources, name, language, version, progress)
        except FrameworkFileError as error:
            raise InvalidError.of("file", sources[0], str(error)) from error
        origin = sources[0].replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
        if actor is None:
            report = (
                frameworks.preview_framework(rows)
                if preview
                else frameworks.import_framework(rows, origin=origin, on_progress=progress)
            )
        elif preview:
            report = frameworks.preview_own_framework(actor=actor, rows=rows)
        else:
            report = frameworks.import_own_framework(
                actor=actor, rows=rows, origin=origin, on_progress=progress
            )
    seconds = time.monotonic() - started
    if as_json:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        measured = {"seconds": round(seconds, 2), "peak_megabytes": peak}
        click.echo(json.dumps(report.as_json() | measured, ensure_ascii=False))
        return
    _print_report(Console(highlight=False, soft_wrap=True), report, seconds)


@skills.command("export", short_help="Write a framework as CSV, CASE or CTDL-ASN.")
@click.option("--framework", "name", required=True, help="Its name, identifier or id.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "case", "ctdl-asn"]),
    default="csv",
    show_default=True,
)
@click.option("--organization", "slug", help="Whose own framework it is (its short name).")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead.")
@with_database
def export(name: str, file_format: str, slug: str | None, output: Path | None) -> None:
    """Write a framework's skills to standard output, or to a file.

    What was exported can be taken in again and changes nothing. Exit status: 0 written, 1 there is
    no such framework, 2 a wrong command line.
    """
    from guildmark.cli.tenants import find_organization
    from guildmark.skills.selectors import framework_named
    from guildmark.skills.services.frameworks import export_framework

    organization = find_organization(slug) if slug else None
    made = export_framework(
        framework_named(name, organization), file_format, organization=organization
    )
    if output is None:
        click.echo(made.data, nl=False)
    else:
        output.write_bytes(made.data)
        click.echo(f"{output}: {len(made.data):,} bytes.", err=True)


@import_.command("onet", short_help="O*NET, Excel or text.")
@click.argument("folder", type=click.Path(path_type=Path))
@with_database
def onet(folder: Path) -> None:
    """Import the O*NET database from FOLDER, the distribution of any release.

    All or nothing. The same release again changes only what differs; a newer one takes its place,
    and what it no longer has is withdrawn. Exit status: 0 imported, 1 the files do not hold and
    nothing was changed, 2 a wrong command line.
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
        (report.skills, "skills, areas of knowledge, tasks, tools and groups"),
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


def _read(
    sources: tuple[str, ...],
    name: str,
    language: str,
    version: str,
    on_progress: Callable[[str, int], None],
) -> FrameworkRows:
    from guildmark.credentials import NotAvailableError
    from guildmark.documents.network import Bounds, NetworkResolver
    from guildmark.skills.readers.json_files import MAX_JSON
    from guildmark.skills.readers.recognizing import case_address, read_document, read_framework
    from guildmark.skills.readers.shape import FrameworkFileError

    if not any("://" in one for one in sources):
        return read_framework(
            [Path(one) for one in sources],
            name=name,
            language=language,
            version=version,
            on_progress=on_progress,
        )
    if len(sources) > 1:
        raise click.BadParameter("give one address, or files", param_hint="FILE|FOLDER|URL")
    network = NetworkResolver(bounds=Bounds(seconds=120, max_bytes=MAX_JSON, documents=1))
    address = case_address(sources[0])
    try:
        data = network.read(address)
    except NotAvailableError as error:
        raise FrameworkFileError(str(error)) from error
    return read_document(data, address, name=name, language=language, version=version)


def _print_report(console: Console, report: FrameworkReport, seconds: float) -> None:
    from rich.table import Table

    for warning in report.warnings:
        console.print(f"Note: {warning}", style="yellow", markup=False)
    table = Table(box=None, pad_edge=False)
    for head in ("Added", "Changed", "Withdrawn", "As before"):
        table.add_column(head, justify="right")
    table.add_column("")
    for what, part in report.parts.items():
        numbers = (f"{one:,}" for one in part.numbers().values())
        table.add_row(*numbers, what.replace("_", " "))
    console.print(table)
    for what, part in report.parts.items():
        for how, samples in part.samples.items():
            for sample in samples[:5]:
                fields = ", ".join(sample.get("fields", ()))
                told = f" ({fields})" if fields else ""
                console.print(f"{what} {how}: {sample['label']}{told}", markup=False)
    if report.withdrawn_in_use:
        console.print(
            f"{report.withdrawn_in_use} of the withdrawn skills are in use; they stay readable."
        )
    before = report.previous_version
    over = f", over {before}" if before and before != report.version else ""
    done = "would be taken in" if report.is_preview else "is in"
    console.print(f"{report.title} {report.version}{over} {done}, after {seconds:.0f} s.")
    if report.attribution:
        console.print(f"Name it where it shows: {report.attribution} ({report.licence}).")
