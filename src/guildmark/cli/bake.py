"""`guildmark bake`, `unbake` and `canonicalize`: forms of a credential."""

from __future__ import annotations

import click

from guildmark.cli.credentials import (
    RefusedError,
    named,
    plain_errors,
    printable,
    read_document,
    read_input,
    write_output,
)
from guildmark.cli.sign import OUT
from guildmark.credentials import CredentialError
from guildmark.credentials import canonicalize as canonical
from guildmark.credentials.carriers import detect
from guildmark.credentials.carriers.carried import Standard

_STANDARDS = {"2": Standard.OPEN_BADGES_2, "3": Standard.OPEN_BADGES_3}


@click.command(short_help="Put a credential into a picture or PDF.")
@click.argument("credential", metavar="CREDENTIAL|-")
@click.option("--image", required=True, metavar="FILE", help="A PNG, an SVG, or a PDF.")
@click.option("-o", "--out", required=True, metavar="FILE", help="Write here.")
@click.option(
    "--open-badges",
    type=click.Choice(list(_STANDARDS)),
    help="Whose way of baking, for PNG and SVG.  [default: 3]",
)
@plain_errors
def bake(credential: str, image: str, out: str, open_badges: str | None) -> None:
    """Put a credential (JSON or a signed token) into a picture or PDF.

    One that it carried before is replaced; all else stays as it is. Exit status: 0 done, 2 it
    could not be.
    """
    data = read_input(credential)
    picture = read_input(image)
    standard = _STANDARDS[open_badges or "3"]
    if picture.startswith(b"%PDF-") and open_badges is not None:
        raise click.UsageError("A PDF has one way only: leave --open-badges out.")
    write_output(detect.bake(picture, data, standard=standard), out)


@click.command(short_help="Take a credential out of a file.")
@click.argument("file", metavar="FILE|-")
@OUT
@plain_errors
def unbake(file: str, out: str | None) -> None:
    """Take the credential out of a PNG, SVG or PDF, exactly as it stands there.

    Nothing of it is verified. Exit status: 0 done, 2 there is none.
    """
    try:
        carried = detect.unbake(read_input(file))
    except CredentialError as error:
        raise RefusedError(printable(f"{named(file)}: {error}")) from error
    write_output(carried.payload.encode() + b"\n", out)


@click.command(short_help="Show the statements that are signed.")
@click.argument("document", metavar="FILE|-")
@OUT
@plain_errors
def canonicalize(document: str, out: str | None) -> None:
    """Show a JSON-LD document as the canonical N-Quads of RDFC-1.0.

    The whole document as it stands, with its proof where it has one. Exit status: 0 done, 2 it has
    no such form.
    """
    read = read_document(document)
    try:
        text = canonical(read)
    except CredentialError as error:
        raise RefusedError(printable(f"{named(document)}: {error}")) from error
    write_output(text.encode(), out)
