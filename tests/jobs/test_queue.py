"""The queue: in the transaction of the change, again after a failure, again after a kill."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from guildmark.jobs.queue import HEARTBEAT_SECONDS, STALLED_SECONDS, PatientRetry
from tests.jobs import slow_tasks
from tests.support import databases
from tests.support.jobs import run_jobs

# `guildmark worker`, knowing the tests' tasks besides.
_WORKER = """
import sys, django
django.setup()
import tests.jobs.slow_tasks
from guildmark.cli.main import main
sys.argv = ["guildmark", "worker"]
main()
"""


@pytest.mark.django_db
def test_a_job_is_deferred_with_its_change_or_not_at_all() -> None:
    with transaction.atomic():
        slow_tasks.note.defer(text="lost")
        transaction.set_rollback(True)
    slow_tasks.note.defer(text="kept")
    slow_tasks.noted.clear()
    assert run_jobs() == ["tests.note"]
    assert slow_tasks.noted == ["kept"]
    assert run_jobs() == []


@pytest.mark.django_db
def test_scheduled_jobs_wait_unless_asked_for() -> None:
    slow_tasks.note.configure(schedule_in={"hours": 1}).defer(text="later")
    assert run_jobs() == []
    assert run_jobs(also_scheduled=True) == ["tests.note"]


def test_patience_grows_to_an_hour_and_ends() -> None:
    retry = PatientRetry(tries=10)

    def wait(attempts: int) -> dt.timedelta | None:
        job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        decision = retry.get_retry_decision(exception=ValueError(), job=job)
        if decision is None:
            return None
        assert decision.retry_at is not None
        return decision.retry_at - timezone.now()

    waits = [wait(attempts) for attempts in range(9)]
    for found, expected in zip(waits, [4, 16, 64, 256, 1024, 3600, 3600, 3600, 3600], strict=True):
        assert found is not None
        assert found.total_seconds() == pytest.approx(expected, abs=1)
    assert wait(9) is None


def test_the_worker_beats_well_within_the_time_after_which_it_counts_as_dead() -> None:
    assert app.worker_defaults["update_heartbeat_interval"] == HEARTBEAT_SECONDS
    assert HEARTBEAT_SECONDS * 3 < STALLED_SECONDS < 30


def test_a_killed_workers_job_runs_again(own_database: str, tmp_path: Path) -> None:
    mark = tmp_path / "runs"
    slow_tasks.hang_once.defer(path=str(mark))

    def worker() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", _WORKER],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"GUILDMARK_DATABASE_URL": databases.database_url(own_database)},
        )

    first = worker()
    _wait(lambda: mark.exists() and mark.read_text() == "1", 30)
    first.send_signal(signal.SIGKILL)
    first.wait()
    # As if its last sign of life were long ago; waiting for that would take 20 s.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'")
    second = worker()
    try:
        _wait(lambda: mark.read_text() == "11", 45)
        _wait(
            lambda: ProcrastinateJob.objects.get(task_name="tests.hang_once").status == "succeeded",
            10,
        )
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(20) == 0


def _wait(condition: object, seconds: float) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
