"""`guildmark organizations`: making a tenant with its first administrator."""

from __future__ import annotations

import secrets
import sys

import click

from guildmark.cli.main import with_database


@click.group(short_help="Make and list organizations.")
def organizations() -> None:
    """Make and list organizations."""


@organizations.command("create", short_help="Make an organization and its administrator.")
@click.argument("slug")
@click.option("--name", required=True, help="What it is called.")
@click.option("--country", required=True, help="Two letters, such as DE.")
@click.option("--language", default="en", show_default=True)
@click.option(
    "--time-zone",
    default="UTC",
    show_default=True,
    metavar="NAME",
    help="By which its days begin and end, such as Europe/Berlin; can be changed later.",
)
@click.option(
    "--administrator", "username", default="admin", show_default=True, help="Sign-in name."
)
@click.option("--administrator-name", default="Administrator", show_default=True)
@click.option("--email", default="", help="The administrator's address.")
@click.option(
    "--namesake",
    is_flag=True,
    help="Confirm a name that another organization has, or that looks like another's.",
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password's line from standard input."
)
@with_database
def create(
    slug: str,
    name: str,
    country: str,
    language: str,
    time_zone: str,
    username: str,
    administrator_name: str,
    email: str,
    namesake: bool,
    password_stdin: bool,
) -> None:
    """Make the organization SLUG with a first administrator, both or neither.

    SLUG stands in public addresses and cannot be changed later. Without --password-stdin a
    password is made and printed once.
    """
    from django.db.transaction import atomic

    from guildmark.organizations import services
    from guildmark.organizations.actor import operator_of
    from guildmark.organizations.models import Role
    from guildmark.organizations.names import NamesakeError

    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    password = given if password_stdin else secrets.token_urlsafe(12)
    with atomic():
        try:
            organization = services.create_organization(
                name=name,
                slug=slug,
                country=country,
                language=language,
                time_zone=time_zone,
                namesake_confirmed=namesake,
            )
        except NamesakeError as error:
            others = ", ".join(repr(other) for other in error.others)
            raise click.BadParameter(
                f"{name!r} is, or looks like, the name of another organization ({others}), and "
                "strangers could take one for the other: choose another name, or confirm it with "
                "--namesake.",
                param_hint="--name",
            ) from error
        operator = operator_of(organization)
        account = services.create_account(
            actor=operator,
            username=username,
            name=administrator_name,
            email=email,
            password=password,
        )
        services.add_membership(actor=operator, account=account, roles=[Role.ADMINISTRATOR])
    click.echo(f"Made {organization.name} ({organization.slug}).")
    click.echo(f"Time zone: {organization.time_zone}")
    click.echo(f"Administrator: {username}")
    if not password_stdin:
        click.echo(f"Password, shown this once: {password}")


@organizations.command("add-site", short_help="Make a site of an organization.")
@click.argument("slug")
@click.argument("code")
@click.option("--name", required=True, help="What the place is called.")
@click.option("--city", default="")
@click.option("--country", default="", help="Two letters, such as DE.")
@with_database
def add_site(slug: str, code: str, name: str, city: str, country: str) -> None:
    """Make the site CODE of the organization SLUG: a place that units belong to."""
    from guildmark.cli.tenants import find_organization
    from guildmark.organizations import services
    from guildmark.organizations.actor import operator_of

    organization = find_organization(slug, hint="SLUG")
    site = services.create_site(
        actor=operator_of(organization), code=code, name=name, city=city, country=country
    )
    click.echo(f"Made the site {site.name} ({site.code}) of {organization.name}.")


@organizations.command("list", short_help="List the organizations.")
@with_database
def list_all() -> None:
    """List the organizations: short name and name."""
    from guildmark.organizations.models import Organization

    for slug, name in Organization.objects.order_by("slug").values_list("slug", "name"):
        click.echo(f"{slug}\t{name}")
