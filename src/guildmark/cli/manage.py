"""`guildmark manage`: Django's own commands, with the database up, whatever tables it has."""

from __future__ import annotations

import click

from guildmark.cli.main import with_database_as_it_is


@click.command(
    short_help="Pass a command to Django's management.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_database_as_it_is
def manage(arguments: tuple[str, ...]) -> None:
    """Pass ARGUMENTS to Django's management command line, such as `migrate` or `shell`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["guildmark manage", *arguments])
