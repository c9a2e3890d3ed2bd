"""The `guildmark` command. Each subcommand's module is imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import ParamSpec, TypeVar

import click

from guildmark.config.errors import StartupError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Where each subcommand stands: "module:attribute", with the line that `--help` shows for it.
COMMANDS = {
    "run": ("guildmark.cli.run:run", "Run the whole platform on this machine."),
    "worker": ("guildmark.cli.run:worker", "Run one worker process for queued jobs."),
    "verify": ("guildmark.cli.verify:verify", "Check a credential."),
    "sign": ("guildmark.cli.sign:sign", "Sign a credential or presentation."),
    "derive": ("guildmark.cli.sign:derive", "Disclose part of a credential."),
    "keys": ("guildmark.cli.keys:keys", "Make keys to sign with."),
    "status": ("guildmark.cli.status:status", "Make and change status lists."),
    "bake": ("guildmark.cli.bake:bake", "Put a credential into a picture or PDF."),
    "unbake": ("guildmark.cli.bake:unbake", "Take a credential out of a file."),
    "canonicalize": ("guildmark.cli.bake:canonicalize", "Show the statements that are signed."),
    "vc-api": ("guildmark.cli.vc_api:vc_api", "Serve the VC-API on this machine."),
    "credential": ("guildmark.cli.bundle:credential", "Take a credential along."),
    "organizations": (
        "guildmark.cli.organizations:organizations",
        "Make and list organizations.",
    ),
    "people": ("guildmark.cli.people:people", "Import people from an HR file."),
    "skills": ("guildmark.cli.skills:skills", "Take in skills and occupations."),
    "gaps": ("guildmark.cli.gaps:gaps", "Compare people with what their roles require."),
    "audit": ("guildmark.cli.audit:audit", "Check the audit trail."),
    "manage": ("guildmark.cli.manage:manage", "Pass a command to Django's management."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name only, so that help and most of them start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and take it from there."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("guildmark"), prog_name="guildmark")
def group() -> None:
    """Guildmark: define, earn, issue, verify and steer micro-credentials."""


def with_database(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """For a subcommand that needs the database: it is up, with the tables of this release, and
    Django is ready inside.
    """
    return _with_database(command, with_tables=True)


def with_database_as_it_is(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The same whatever tables there are, for a subcommand that may be about to make them."""
    return _with_database(command, with_tables=False)


def _with_database(
    command: Callable[Arguments, Result], *, with_tables: bool
) -> Callable[Arguments, Result]:
    @wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildmark.config.settings")
        from guildmark.config.database import ensure_database
        from guildmark.config.environment import read_environment
        from guildmark.config.tables import ensure_tables

        environment = read_environment()
        ensure_database(environment)
        import django

        django.setup()
        if with_tables:
            # To standard error: what a command prints may be read by a program.
            ensure_tables(environment, lambda message: click.echo(message, err=True))
        return command(*args, **kwargs)

    return wrapped


def main() -> None:
    """Run the command line; a mistake that the user can mend becomes one message, no traceback.

    Exit codes: 0 done, 1 the platform refuses (not allowed, not found, not in that state), 2 the
    command line, the environment or the database is not as needed.
    """
    try:
        group.main(prog_name="guildmark")
    except StartupError as error:
        _fail(error, 2)
    except Exception as error:
        # Looked up, not imported: the errors' module brings Django, which may not be needed.
        errors = sys.modules.get("guildmark.errors")
        if errors is None or not isinstance(error, errors.GuildmarkError):
            raise
        _fail(error, 1)


def _fail(error: Exception, code: int) -> None:
    click.echo(f"guildmark: {error}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
