"""Two at the same instant, on connections of their own; and what is left when a process dies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from guildmark.assessment import services
from guildmark.assessment.models import (
    Attempt,
    EvidenceFile,
    KnownAnswer,
    PracticalAssessment,
    Response,
    Test,
)
from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, NotAllowedError
from guildmark.organizations.models import Role
from tests.support import assessment as support
from tests.support import factories


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    outcomes: list[Any] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(call())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_two_starts_give_one_attempt(own_database: str) -> None:
    world = support.world()
    outcomes = at_once(world.start, world.start, world.start)
    assert len({outcome.id for outcome in outcomes}) == 1
    assert Attempt.objects.count() == 1
    assert Response.objects.count() == 3
    assert AuditEvent.objects.filter(action="attempts.start").count() == 1


def test_handing_in_four_times_at_once_is_one(own_database: str) -> None:
    world = support.world()
    attempt = world.start()
    world.answer(attempt, right=3)

    def submit() -> Attempt:
        return services.submit_attempt(actor=world.worker, attempt=attempt)

    outcomes = at_once(submit, submit, submit, services.close_overdue_attempts, submit)
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert AuditEvent.objects.filter(action="attempts.submit").count() == 1
    assert Attempt.objects.get().points == 3


def test_an_answer_meets_the_handing_in(own_database: str) -> None:
    world = support.world()
    attempt = world.start()
    item = world.items[2]

    def answer() -> Response:
        return services.save_answer(
            actor=world.worker, attempt=attempt, item_id=item.id, answer="6.5"
        )

    def submit() -> Attempt:
        return services.submit_attempt(actor=world.worker, attempt=attempt)

    outcomes = at_once(answer, submit)
    errors = [o for o in outcomes if isinstance(o, Exception)]
    assert all(isinstance(error, ConflictError) for error in errors)
    # Either it came in time and counts, or it was refused and does not: never a half.
    assert Attempt.objects.get().points == (0 if errors else 1)


def test_answers_saved_before_a_process_dies_stay(own_database: str) -> None:
    world = support.world()
    attempt = world.start()
    world.answer(attempt, right=2)

    def die_before_the_commit() -> None:
        with transaction.atomic():
            services.submit_attempt(actor=world.worker, attempt=attempt)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        die_before_the_commit()
    connection.close()
    again = Attempt.objects.get()
    assert again.state == Attempt.State.OPEN
    assert again.responses.exclude(answer=None).count() == 2
    assert services.submit_attempt(actor=world.worker, attempt=again).points == 2


def test_opening_the_right_answers_meets_the_start(own_database: str) -> None:
    world = support.world()
    reviewer = factories.actor(world.organization, Role.QUALITY_REVIEWER)

    def start() -> Attempt:
        return services.start_attempt(actor=reviewer, version=world.version)

    def look() -> Test | None:
        return services.open_answer_key(actor=reviewer, version=world.version)

    outcomes = at_once(start, look)
    errors = [o for o in outcomes if isinstance(o, Exception)]
    assert len(errors) == 1, "either they take the test or they know its answers"
    assert isinstance(errors[0], ConflictError | NotAllowedError)
    assert Attempt.objects.exists() != KnownAnswer.objects.filter(person=reviewer.person).exists()


def test_two_assessors_begin_with_one_person(own_database: str) -> None:
    world = support.world()
    outcomes = at_once(world.begin, world.begin)
    assert len({outcome.id for outcome in outcomes}) == 1
    assert PracticalAssessment.objects.count() == 1


def test_one_file_sent_twice_at_once_is_one(own_database: str) -> None:
    world = support.world()
    practical = world.begin()

    def add() -> EvidenceFile:
        return services.add_evidence(
            actor=world.assessor, practical=practical, name="a.png", data=support.PNG
        )

    outcomes = at_once(add, add)
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert EvidenceFile.objects.count() == 1
