"""`guildmark verify`: check a credential offline, without the database."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import BinaryIO

import click

from guildmark.credentials import (
    NotAvailableError,
    Outcome,
    Report,
    UnreadableError,
    read_json,
)
from guildmark.credentials import verify as check
from guildmark.credentials.model.reading import MAX_BYTES, Json

EXIT_CODES = {True: 0, False: 1, None: 3}
_MARKS = {
    Outcome.PASSED: "ok  ",
    Outcome.FAILED: "FAIL",
    Outcome.COULD_NOT_BE_CHECKED: "?   ",
    Outcome.NOT_APPLICABLE: "-   ",
}
_TITLES = {True: "Verified.", False: "Not verified.", None: "Could not be checked completely."}


class FileResolver:
    """Knows the DID documents and status lists given as files, and nothing else."""

    def __init__(self, documents: list[Json]) -> None:
        self._known = {document["id"]: document for document in documents}

    def resolve(self, identifier: str) -> Json:
        """The document with this `id`. Raises NotAvailableError for any other."""
        try:
            return self._known[identifier]
        except KeyError:
            raise NotAvailableError(
                f"{identifier[:200]!r} was not given; add its document with --known"
            ) from None


@click.command(short_help="Check a credential offline.")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--known",
    "known",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A DID document or status list credential (JSON) to check with; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(file: BinaryIO, known: tuple[Path, ...], as_json: bool) -> None:
    """Check the credential in FILE, or from standard input where FILE is -.

    Nothing is fetched from the network and no database is used. Exit status: 0 verified, 1 a
    check failed, 3 something could not be checked, 2 a wrong command line.
    """
    resolver = FileResolver([_read_known(path) for path in known])
    now = dt.datetime.now(dt.UTC)
    report = check(file.read(MAX_BYTES + 1), resolver=resolver, now=now)
    if as_json:
        click.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        click.echo(_TITLES[report.verified])
        for label, value in (("Credential", report.name), ("Issuer", report.issuer)):
            if value:
                click.echo(f"{label}: {value}")
        for found in report.checks:
            click.echo(f"{_MARKS[found.outcome]}  {found.check}: {found.message}")
            if found.outcome is not Outcome.PASSED and found.data.get("reason"):
                click.echo(f"      {found.data['reason']}")
    raise SystemExit(EXIT_CODES[report.verified])


def _read_known(path: Path) -> Json:
    try:
        document = read_json(path.read_bytes())
    except UnreadableError as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--known") from error
    if not isinstance(document.get("id"), str):
        raise click.BadParameter(f"{path}: it has no id", param_hint="--known")
    return document


def _as_json(report: Report) -> Json:
    return {
        "verified": report.verified,
        "issuer": report.issuer,
        "name": report.name,
        "checks": [
            {
                "check": found.check,
                "outcome": found.outcome.value,
                "code": found.code.value,
                "message": found.message,
                "data": dict(found.data),
            }
            for found in report.checks
        ],
    }
