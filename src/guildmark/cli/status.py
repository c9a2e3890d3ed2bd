"""`guildmark status`: status lists as unsigned credentials, to be signed with `guildmark sign`."""

from __future__ import annotations

import datetime as dt

import click

from guildmark.cli.credentials import (
    RefusedError,
    Time,
    named,
    plain_errors,
    read_document,
    write_json,
)
from guildmark.cli.sign import OUT
from guildmark.credentials import StatusError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.status import bitstring
from guildmark.credentials.status.allocation import IndexAllocator
from guildmark.credentials.status.bitstring import MAX_SIZE, MIN_LENGTH, StatusList

SIZE = click.option(
    "--size",
    type=click.IntRange(1, MAX_SIZE),
    default=1,
    show_default=True,
    help="Bits of one entry (statusSize).",
)
INDEX = click.IntRange(min=0)


@click.group(short_help="Make and change status lists.")
def status() -> None:
    """Make and change status lists (Bitstring Status List 1.0)."""


@status.command("new", short_help="Make a list in which nothing is set.")
@click.option("--id", "url", required=True, metavar="URL", help="Where it will stand.")
@click.option("--issuer", required=True, metavar="DID|URL", help="Who signs it.")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    default=("revocation",),
    show_default=True,
    type=click.Choice(bitstring.PURPOSES),
    help="What its bits mean; repeatable.",
)
@click.option(
    "--length",
    type=click.IntRange(min=MIN_LENGTH),
    default=MIN_LENGTH,
    show_default=True,
    help="How many entries.",
)
@SIZE
@click.option("--valid-from", type=Time(), help="[default: now]")
@click.option("--valid-until", type=Time())
@OUT
@plain_errors
def new(
    url: str,
    issuer: str,
    purposes: tuple[str, ...],
    length: int,
    size: int,
    valid_from: dt.datetime | None,
    valid_until: dt.datetime | None,
    out: str | None,
) -> None:
    """Make an unsigned status list credential. Sign it with `guildmark sign`."""
    for name, value in (("--id", url), ("--issuer", issuer)):
        if ":" not in value:
            raise click.BadParameter(f"{value!r} is no full address.", param_hint=name)
    document = bitstring.status_list_document(
        list_url=url,
        issuer=issuer,
        purpose=purposes[0] if len(purposes) == 1 else purposes,
        encoded_list=StatusList(length=length, size=size).encode(),
        valid_from=_text(valid_from or dt.datetime.now(dt.UTC)),
        valid_until=None if valid_until is None else _text(valid_until),
    )
    write_json(document, out)


@status.command("entry", short_help="Make a credential's entry.")
@click.option("--list", "url", required=True, metavar="URL", help="Where the list stands.")
@click.option(
    "--purpose",
    default="revocation",
    show_default=True,
    type=click.Choice(bitstring.PURPOSES[:-1]),
)
@click.option(
    "--index",
    type=INDEX,
    help="A place that no other credential has.  [default: one drawn at random]",
)
@click.option(
    "--length",
    type=click.IntRange(min=MIN_LENGTH),
    default=MIN_LENGTH,
    show_default=True,
    help="How many entries the list has.",
)
@OUT
@plain_errors
def entry(url: str, purpose: str, index: int | None, length: int, out: str | None) -> None:
    """Make a `credentialStatus` for a credential that is about to be signed.

    Who issues many credentials keeps which places are taken, and gives --index.
    """
    place = IndexAllocator(length=length).take() if index is None else index
    write_json(bitstring.status_entry(list_url=url, purpose=purpose, index=place), out)


@status.command("set", short_help="Set or clear entries.")
@click.argument("document", metavar="FILE|-")
@click.argument("indexes", metavar="INDEX...", nargs=-1, required=True, type=INDEX)
@click.option("--to", "value", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--clear", is_flag=True, help="The same as --to 0.")
@SIZE
@OUT
@plain_errors
def set_(
    document: str, indexes: tuple[int, ...], value: int, clear: bool, size: int, out: str | None
) -> None:
    """Set entries of the status list in FILE; what is written is unsigned, for `guildmark sign`."""
    credential = read_document(document)
    values = _list_of(credential, document, size)
    try:
        values.set_all(indexes, 0 if clear else value)
    except StatusError as error:
        raise RefusedError(f"{named(document)}: {error}") from error
    subject = {**credential["credentialSubject"], "encodedList": values.encode()}
    changed = {**credential, "credentialSubject": subject}
    changed.pop("proof", None)
    write_json(changed, out)


@status.command("get", short_help="Read an entry.")
@click.argument("document", metavar="FILE|-")
@click.argument("index", type=INDEX)
@SIZE
@plain_errors
def get(document: str, index: int, size: int) -> None:
    """Print the status at INDEX of the list in FILE: 0 where it is not set.

    The list itself is not verified. Exit status: 0 read, 2 it could not be.
    """
    values = _list_of(read_document(document), document, size)
    try:
        click.echo(values[index])
    except StatusError as error:
        raise RefusedError(f"{named(document)}: {error}") from error


def _list_of(credential: Json, name: str, size: int) -> StatusList:
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or "encodedList" not in subject:
        raise RefusedError(f"{named(name)} is no status list: credentialSubject has no encodedList")
    try:
        return StatusList.decode(subject["encodedList"], size=size)
    except StatusError as error:
        raise RefusedError(f"{named(name)}: {error}") from error


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
