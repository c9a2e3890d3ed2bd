"""`guildmark credential`: a credential with all that it takes to verify it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from guildmark.cli.credentials import (
    Sources,
    named,
    plain_errors,
    printable,
    read_input,
    source_options,
    write_output,
)
from guildmark.cli.verify import EXIT_CODES
from guildmark.credentials import CredentialError, Outcome, UnreadableError, verify
from guildmark.credentials.carriers.bundle import RecordingResolver
from guildmark.credentials.carriers.detect import unbake


@click.group(short_help="Take a credential along.")
def credential() -> None:
    """Take a credential along."""


@credential.command("bundle", short_help="Put a credential and its documents into one file.")
@click.argument("source", metavar="FILE|-")
@click.option("-o", "--out", required=True, metavar="FILE", help="Write the bundle here.")
@source_options
@plain_errors
def bundle(
    source: str,
    out: str,
    known: tuple[Path, ...],
    documents: Path | None,
    offline: bool,
) -> None:
    """Put a credential, and the documents that verifying it now takes, into one JSON file.

    `guildmark verify` checks that file without the network. Only a credential that verifies is
    bundled. Exit status: 0 written, 1 it does not verify, 2 it could not be read or checked.
    """
    now = dt.datetime.now(dt.UTC)
    recording = RecordingResolver(
        Sources(known=known, documents=documents, offline=offline).fresh(), now=now
    )
    data = read_input(source)
    try:
        text = unbake(data).payload
    except CredentialError as error:
        raise UnreadableError(f"{named(source)}: {error}") from error
    report = verify(data, resolver=recording, now=now)
    if report.verified is not True:
        click.echo("It does not verify, so no bundle was written:", err=True)
        for one in report.checks:
            if one.outcome in (Outcome.FAILED, Outcome.COULD_NOT_BE_CHECKED):
                click.echo(printable(f"  {one.check}: {one.message}"), err=True)
        raise SystemExit(EXIT_CODES[report.verified])
    made = recording.bundle(text)
    write_output(made.to_bytes(), out)
    click.echo(
        f"{named(out)}: the credential and {len(made.documents)} documents. SHA-256: {made.digest}",
        err=True,
    )
