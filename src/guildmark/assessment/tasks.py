"""What the room does by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from guildmark.assessment import services


@app.periodic(cron="* * * * *")
@app.task(name="assessment.close_overdue_attempts", pass_context=False)
def close_overdue_attempts(timestamp: int) -> int:  # noqa: ARG001 - the queue names the minute
    """Hand in attempts whose time is over, so that a closed browser leaves none open."""
    return services.close_overdue_attempts()
