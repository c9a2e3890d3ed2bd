"""The web server process: `python -m guildmark.config.serving HOST PORT`.

`guildmark run` keeps it. Static files come from whitenoise inside the application.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from guildmark.config.postgres import end_with_parent

# Two processes use two cores; four threads in each let a page be answered while others wait
# for the database. More threads would only queue for Python's lock.
PROCESSES = 2
THREADS = 4
_STOP_SECONDS = 5


def serve(host: str, port: int) -> None:
    """Serve the application until told to stop. Raises what keeps it from being loaded."""
    application = load()
    Server(
        "guildmark.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=_STOP_SECONDS,
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(_hand_over, application, os.getpid()), wrap_loader=False)


def load() -> Callable[..., Any]:
    """The application with all that a request would have it import.

    Before anything is served and once for all processes: what cannot be imported ends this one
    with its error, instead of every request with status 500.
    """
    from django.urls import get_resolver

    from guildmark.config.wsgi import application

    resolver = get_resolver()
    resolver.url_patterns  # noqa: B018 - reading it imports every page
    for status in (403, 404, 500):
        resolver.resolve_error_handler(status)
    return application


def _hand_over(application: Callable[..., Any], main_process: int) -> Callable[..., Any]:
    """Called in each worker process: forks of this one, which would outlive its kill -9."""
    end_with_parent(signal.SIGKILL, main_process)
    return application


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
