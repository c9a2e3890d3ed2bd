"""How the job queue is set up: what the worker's numbers are and when a failed job runs again."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

# A worker says this often that it lives; one silent for longer than STALLED_SECONDS counts as
# dead, and SWEEP_CRON looks for its jobs. Together a killed worker's job runs again in 45 s.
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
SWEEP_CRON = "* * * * * */20"
# Jobs a worker process runs at once; signing keeps a core busy, fetching waits.
CONCURRENCY = 2
# On being told to stop, a worker gives its running jobs this long, then leaves them to the sweep.
STOP_SECONDS = 10.0


def prepare(app: App) -> None:
    """Give the queue its numbers; procrastinate calls this once when Django is ready."""
    app.worker_defaults.update(
        {
            "concurrency": CONCURRENCY,
            "update_heartbeat_interval": HEARTBEAT_SECONDS,
            "stalled_worker_timeout": STALLED_SECONDS,
            "shutdown_graceful_timeout": STOP_SECONDS,
        }
    )


class PatientRetry(BaseRetryStrategy):
    """Try again after 4, 16, 64, ... seconds, never waiting longer than an hour.

    The 20 tries it gives by default reach over most of a day: long enough for another server
    to come back, short enough that a job that can never succeed ends up among the failed ones.
    """

    def __init__(self, *, tries: int = 20, longest_wait: dt.timedelta = dt.timedelta(hours=1)):
        self.tries = tries
        self.longest_wait = longest_wait

    def get_retry_decision(
        self,
        *,
        exception: BaseException,  # noqa: ARG002 - whatever went wrong
        job: Job,
    ) -> RetryDecision | None:
        """When to run a job again that has just failed; None once it has had its tries."""
        done = job.attempts + 1
        if done >= self.tries:
            return None
        wait = min(dt.timedelta(seconds=4.0 ** min(done, 10)), self.longest_wait)
        return RetryDecision(retry_at=timezone.now() + wait)
