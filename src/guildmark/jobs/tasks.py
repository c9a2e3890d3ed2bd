"""The queue's own upkeep."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from guildmark.jobs.queue import STALLED_SECONDS, SWEEP_CRON

_QUEUE = "upkeep"
_KEEP_SUCCEEDED_HOURS = 24
_KEEP_ENDED_HOURS = 90 * 24


@app.periodic(cron=SWEEP_CRON)
@app.task(
    name="jobs.resume_stalled", queue=_QUEUE, queueing_lock="jobs.resume_stalled", pass_context=True
)
async def resume_stalled(
    context: JobContext,
    timestamp: int = 0,  # noqa: ARG001 - given by the scheduler
) -> None:
    """Put the jobs of workers that died back in the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(name="jobs.prune", queue=_QUEUE, queueing_lock="jobs.prune", pass_context=True)
async def prune(
    context: JobContext,
    timestamp: int = 0,  # noqa: ARG001 - given by the scheduler
) -> None:
    """Forget jobs that succeeded a day ago, and those given up for which nobody asked in 90."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=_KEEP_SUCCEEDED_HOURS)
    await manager.delete_old_jobs(
        nb_hours=_KEEP_ENDED_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
