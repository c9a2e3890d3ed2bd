"""Running the queue inside a test."""

from __future__ import annotations

import inspect
import json
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app

_FETCH = """
UPDATE procrastinate_jobs SET status = 'doing'
WHERE id = (
    SELECT id FROM procrastinate_jobs
    WHERE status = 'todo' AND (%(scheduled)s OR scheduled_at IS NULL OR scheduled_at <= now())
    ORDER BY priority DESC, id LIMIT 1
)
RETURNING id, task_name, args
"""
_FINISH = "SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)"


def run_jobs(*, also_scheduled: bool = False) -> list[str]:
    """Run every queued job here and now, also those that jobs defer; the names, in order.

    Goes through Django's connection, so it works inside a test's transaction. A job that raises
    raises here. `also_scheduled` runs those that are to wait for their time, too.
    """
    done: list[str] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FETCH, {"scheduled": also_scheduled})
            row = cursor.fetchone()
        if row is None:
            return done
        job_id, name, arguments = row
        _call(name, json.loads(arguments) if isinstance(arguments, str) else arguments)
        with connection.cursor() as cursor:
            cursor.execute(_FINISH, [job_id])
        done.append(name)


def _call(name: str, arguments: dict[str, Any]) -> None:
    function = app.tasks[name].func
    if inspect.iscoroutinefunction(function):
        async_to_sync(function)(**arguments)
    else:
        function(**arguments)
