"""`guildmark run` and `guildmark worker`."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import click

from guildmark.cli.main import with_database
from guildmark.config import running
from guildmark.config.environment import read_environment

if TYPE_CHECKING:
    from procrastinate import App


@click.command(short_help="Run the whole platform on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port to listen on.  [default: GUILDMARK_PORT, else 8000]",
)
@click.option("--no-example", is_flag=True, help="Leave an empty database empty.")
def run(host: str, port: int | None, no_example: bool) -> None:
    """Run the whole platform: database, web server and worker, until Ctrl-C.

    The first start on an empty database loads the starter skill framework and an example
    company.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildmark.config.settings")
    if port is not None:
        os.environ["GUILDMARK_PORT"] = str(port)
    running.run(read_environment(), host=host, with_example=not no_example)


@click.command(short_help="Run one worker process for queued jobs.")
@with_database
def worker() -> None:
    """Run one worker process for queued jobs, until SIGTERM or Ctrl-C.

    `guildmark run` keeps one already. On further machines, with GUILDMARK_DATABASE_URL set to
    the same server, more of them share the work.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the queue does not go through Django's connection")
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        asyncio.run(_work(worker_app))


async def _work(app: App) -> None:
    async with app.open_async():
        await app.run_worker_async()
