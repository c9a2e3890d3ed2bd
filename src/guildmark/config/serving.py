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
    """Serve the application until told to stop."""
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
    ).serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)


def _load(main_process: int) -> Callable[..., Any]:
    """The application, loaded in each worker process.

    Those are forks of the server's main process and would outlive its kill -9 with the port.
    """
    end_with_parent(signal.SIGKILL, main_process)
    from guildmark.config.wsgi import application

    return application


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
