"""`guildmark audit`: has anybody tampered with the audit trail?"""

from __future__ import annotations

import re

import click

from guildmark.cli.main import with_database

_NOTED = re.compile(r"(\d{1,18}):([0-9a-fA-F]{64})")


@click.group(short_help="Check the audit trail.")
def audit() -> None:
    """Check the audit trail."""


@audit.command("verify", short_help="Find changed or missing events.")
@click.option("--organization", "slug", help="Only this organization; else all.")
@click.option(
    "--noted",
    metavar="NUMBER:HASH",
    help="What an earlier run printed: the chain must still hold it. Needs --organization.",
)
@with_database
def verify(slug: str | None, noted: str | None) -> None:
    """Walk each organization's chain of events and compare every hash and link.

    Prints the last number and hash of each chain; kept elsewhere, they prove with --noted that
    nobody has rewritten what came before. Exit status: 0 sound, 1 with the faulty events listed,
    2 a wrong command line.
    """
    from guildmark.audit.verification import Noted, verify_chain
    from guildmark.cli.tenants import find_organization
    from guildmark.organizations.models import Organization

    kept = None
    if noted is not None:
        match = _NOTED.fullmatch(noted)
        if match is None:
            raise click.BadParameter("give it as printed, such as 12:ab34...", param_hint="--noted")
        if slug is None:
            raise click.UsageError("--noted is about one chain: give --organization as well.")
        kept = Noted(sequence=int(match[1]), hash=match[2])
    found = [find_organization(slug)] if slug else list(Organization.objects.order_by("slug"))
    faulty = False
    for organization in found:
        report = verify_chain(organization, noted=kept)
        if report.faults:
            faulty = True
            for fault in report.faults:
                click.echo(f"{fault.organization}: event {fault.sequence} {fault.what}", err=True)
        else:
            end = f"{report.events}:{report.last_hash}"
            click.echo(f"{report.organization}: {report.events} events, sound; ends at {end}")
    if faulty:
        raise SystemExit(1)
