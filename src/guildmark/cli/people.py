"""`guildmark people`: people from an HR file."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, BinaryIO

import click

from guildmark.cli.main import with_database

if TYPE_CHECKING:
    from guildmark.organizations.people_import import PeopleImportPlan

SHOWN = 20


@click.group(short_help="Import people from an HR file.")
def people() -> None:
    """Import people from an HR file."""


@people.command("import", short_help="Import a CSV file, all or nothing.")
@click.argument("file", type=click.File("rb"))
@click.option("--organization", "slug", required=True, help="The organization's short name.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--create-units",
    "site_code",
    metavar="SITE",
    help="Make missing units at the site with this code; without it they are problems.",
)
@with_database
def import_people(file: BinaryIO, slug: str, dry_run: bool, site_code: str | None) -> None:
    """Import the CSV file FILE, or standard input where FILE is -, in one transaction.

    Exit status: 0 imported (or could be, with --dry-run), 1 the file has problems and nothing
    was changed, 2 a wrong command line.
    """
    from guildmark.cli.tenants import find_organization
    from guildmark.organizations.actor import operator_of
    from guildmark.organizations.models import Site
    from guildmark.organizations.people_import import (
        PeopleImportInvalidError,
        apply_people_import,
        plan_people_import,
    )
    from guildmark.organizations.people_import.reading import MAX_BYTES

    actor = operator_of(find_organization(slug))
    site = None
    sites = Site.objects.filter(organization=actor.organization)
    if site_code is not None:
        site = sites.filter(code__iexact=site_code).first()
        if site is None:
            known = ", ".join(sites.values_list("code", flat=True)) or "none yet"
            raise click.BadParameter(
                f"there is no site {site_code!r}; there is: {known}. To make it: "
                f"{_command_for_site(slug, site_code)}",
                param_hint="--create-units",
            )
    data = file.read(MAX_BYTES + 1)
    if dry_run:
        plan = plan_people_import(actor=actor, data=data, create_units_at=site)
        _show(plan, verb="would be ")
    else:
        name = getattr(file, "name", "")
        try:
            plan = apply_people_import(
                actor=actor,
                data=data,
                create_units_at=site,
                file_name=str(name).replace("\\", "/").rsplit("/", 1)[-1],
            )
        except PeopleImportInvalidError as error:
            plan = error.plan
        _show(plan, verb="")
    if plan.units_missing:
        codes = list(sites.values_list("code", flat=True))
        click.echo(_how_to_make_units(slug, len(plan.units_missing), codes), err=True)
    if plan.problems:
        raise SystemExit(1)


def _how_to_make_units(slug: str, missing: int, sites: list[str]) -> str:
    if sites:
        return (
            f"{missing} unit(s) are not there. To have them made, add --create-units with the code "
            f"of the site they belong to: {', '.join(sites)}."
        )
    return (
        f"{missing} unit(s) are not there, and no site where they could be made. Make one, then "
        f"import with --create-units MAIN: {_command_for_site(slug, 'MAIN')}"
    )


def _command_for_site(slug: str, code: str) -> str:
    return f"guildmark organizations add-site {slug} {shlex.quote(code)} --name 'Name of the site'"


def _show(plan: PeopleImportPlan, *, verb: str) -> None:
    for note in plan.notes:
        click.echo(f"Note: {note}")
    if plan.ignored_columns:
        click.echo(f"Columns that are not read: {', '.join(plan.ignored_columns)}")
    if plan.problems:
        for problem in plan.problems:
            place = f"line {problem.line}" if problem.line else "file"
            column = f", {problem.column}" if problem.column else ""
            value = f" {problem.value!r}:" if problem.value else ""
            click.echo(f"{place}{column}:{value} {problem.reason} {problem.mend}", err=True)
        click.echo(f"{len(plan.problems)} problem(s); nothing was changed.", err=True)
        return
    for name, made in (("Units", plan.new_units), ("Positions", plan.new_positions)):
        if made:
            click.echo(f"{name} {verb}made: {', '.join(made)}")
    for row in plan.changed[:SHOWN]:
        changes = "; ".join(
            f"{c.field}: {c.before or '-'} -> {c.after or '-'}" for c in row.changes
        )
        click.echo(f"line {row.line}, {row.number} {row.name}: {changes}")
    if len(plan.changed) > SHOWN:
        click.echo(f"... and {len(plan.changed) - SHOWN} more changed")
    click.echo(
        f"{plan.rows} rows: {len(plan.added)} {verb}added, {len(plan.changed)} {verb}changed, "
        f"{len(plan.unchanged)} unchanged."
    )
