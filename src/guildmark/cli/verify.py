"""`guildmark verify`: check a credential, without the database."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from guildmark.cli.credentials import (
    Sources,
    Time,
    named,
    plain_errors,
    printable,
    read_input,
    source_options,
)
from guildmark.credentials import (
    NotAvailableError,
    Outcome,
    ProofError,
    Report,
    UnreadableError,
)
from guildmark.credentials import verify as verify_credential
from guildmark.credentials.carriers import bundle as bundles
from guildmark.credentials.errors import CarrierError
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.received import receive
from guildmark.documents.sources import FirstOf

EXIT_CODES = {True: 0, False: 1, None: 2}
_MARKS = {
    Outcome.PASSED: "ok  ",
    Outcome.FAILED: "FAIL",
    Outcome.COULD_NOT_BE_CHECKED: "?   ",
    Outcome.NOT_APPLICABLE: "-   ",
}
_TITLES = {True: "Verified.", False: "Not verified.", None: "Could not be checked completely."}


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A report, and the digest of a bundle that it relied on."""

    report: Report
    bundle: str | None = None


@click.command(short_help="Check a credential.")
@click.argument("source", metavar="FILE|URL|-")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--at", type=Time(), help="Check as of this time.  [default: now]")
@click.option("--refresh", is_flag=True, help="Ask the issuer for a newer version.")
@source_options
@plain_errors
def verify(
    source: str,
    as_json: bool,
    at: dt.datetime | None,
    refresh: bool,
    known: tuple[Path, ...],
    documents: Path | None,
    offline: bool,
) -> None:
    """Check the credential in a file, at an https URL, or from standard input.

    It may be JSON, a JWT, an SD-JWT, a baked PNG or SVG, a PDF with it attached, or a bundle. What
    it refers to (the issuer's keys, status lists) comes from --known, --documents and, without
    --offline, the network; for a bundle from the bundle instead of the network. Exit status: 0
    verified, 1 not verified, 2 it could not be read or checked.
    """
    sources = Sources(known=known, documents=documents, offline=offline)
    now = at or dt.datetime.now(dt.UTC)
    try:
        data = sources.read(source) if "://" in source else read_input(source)
        found = verified(data, sources=sources, now=now, refresh=refresh)
    except (NotAvailableError, UnreadableError, OSError) as error:
        if not as_json:
            raise
        click.echo(_as_text(_unread(f"{named(source)}: {error}")))
        raise SystemExit(EXIT_CODES[None]) from error
    if as_json:
        click.echo(_as_text(as_object(found)))
    else:
        _tell(found)
    raise SystemExit(EXIT_CODES[found.report.verified])


def verified(data: bytes, *, sources: Sources, now: dt.datetime, refresh: bool = False) -> Verified:
    """What a check of these bytes finds. Raises UnreadableError where no credential is in them."""
    digest = None
    resolver = sources.fresh()
    try:
        if _is_bundle(data):
            bundle = bundles.read_bundle(data)
            data, digest = bundle.credential.encode(), bundle.digest
            resolver = FirstOf([*sources.given, bundles.BundleResolver(bundle)])
        with suppress(ProofError):
            # The report tells unreadable and wrong alike; here the former ends with 2.
            receive(data)
    except CarrierError as error:
        raise UnreadableError(str(error)) from error
    report = verify_credential(data, resolver=resolver, now=now, refresh=refresh)
    return Verified(report=report, bundle=digest)


def as_object(found: Verified) -> Json:
    """The report as `--json` prints it."""
    answer = found.report.as_json()
    for one in answer["checks"]:
        one["outcome"] = one["outcome"].replace("_", " ")
    if found.bundle is not None:
        answer["bundle"] = found.bundle
    return answer


def _is_bundle(data: bytes) -> bool:
    if bundles.TYPE.encode() not in data or not data.lstrip().startswith(b"{"):
        return False
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("type") == bundles.TYPE


def _unread(message: str) -> Json:
    """The object for what could not be read: nothing is known of it."""
    return {
        "verified": None,
        "format": None,
        "checks": [
            {
                "check": "structure",
                "outcome": "could not be checked",
                "code": "structure.unreadable",
                "message": f"This cannot be read: {message}",
                "data": {},
            }
        ],
        "issuer": None,
        "name": None,
        "validFrom": None,
        "validUntil": None,
    }


def _as_text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _tell(found: Verified) -> None:
    report = found.report
    click.echo(_TITLES[report.verified])
    for label, value in (("Credential", report.name), ("Issuer", report.issuer)):
        if value:
            click.echo(printable(f"{label}: {value}"))
    if found.bundle is not None:
        click.echo(
            "With the documents of the bundle, which are worth what its maker is worth. "
            f"Its SHA-256: {found.bundle}"
        )
    for one in report.checks:
        click.echo(printable(f"{_MARKS[one.outcome]}  {one.check}: {one.message}"))
        if one.outcome is not Outcome.PASSED and one.data.get("reason"):
            click.echo(printable(f"      {one.data['reason']}"))
