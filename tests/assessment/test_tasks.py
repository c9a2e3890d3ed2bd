"""What the room does by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from guildmark.assessment import services, tasks
from guildmark.assessment.models import Attempt
from guildmark.audit.models import AuditEvent
from tests.support import assessment as support

pytestmark = pytest.mark.django_db


def test_overdue_attempts_are_closed_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {(one.task.name, one.cron) for one in app.periodic_registry.periodic_tasks.values()}
    assert ("assessment.close_overdue_attempts", "* * * * *") in names
    worlds = [support.world(), support.world()]
    for world in worlds:
        world.answer(world.start(), right=2)
    moment = timezone.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert tasks.close_overdue_attempts(timestamp=0) == 2
    assert tasks.close_overdue_attempts(timestamp=60) == 0
    assert [attempt.points for attempt in Attempt.objects.all()] == [2, 2]
    event = AuditEvent.objects.filter(action="attempts.submit").first()
    assert event is not None
    assert event.source == "job"


def test_one_that_cannot_be_closed_does_not_keep_the_others_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = support.world(), support.world()
    broken = first.start()
    second.start()
    moment = timezone.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    hand_in = services.attempts._hand_in

    def fail(actor: object, attempt: Attempt) -> None:
        if attempt.id == broken.id:
            raise RuntimeError("cannot be scored")
        hand_in(actor, attempt)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(services.attempts, "_hand_in", fail)
    with pytest.raises(RuntimeError, match="cannot be scored"):
        tasks.close_overdue_attempts(timestamp=0)
    states = {a.person_id: a.state for a in Attempt.objects.all()}
    assert states == {first.person.id: "open", second.person.id: "submitted"}
