"""Taking a test: clock, answers, scoring, attempts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guildmark.achievements import services as achievements
from guildmark.assessment import selectors, services
from guildmark.assessment.models import Attempt, Item, Response
from guildmark.assessment.services.attempts import GRACE, read_number
from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from tests.support import assessment as support
from tests.support import factories

pytestmark = pytest.mark.django_db


def later(monkeypatch: pytest.MonkeyPatch, **span: Any) -> None:
    moment = timezone.now() + dt.timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("6.5", "6.5"),
        ("6,5", "6.5"),
        (" -6,50 ", "-6.5"),
        ("\u22126,5", "-6.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1'234,5", "1234.5"),
        ("1 234 567", "1234567"),
        ("1.234.567", "1234567"),
        ("1e2", "100"),
        ("six", None),
        ("", None),
        ("NaN", None),
        ("inf", None),
        ("1e99", None),
        ("--1", None),
        ("6.5 bar", None),
    ],
)
def test_numbers_as_people_type_them(typed: str, number: str | None) -> None:
    assert read_number(typed) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(("right", "passed"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_pass_mark_decides(right: int, passed: bool) -> None:
    world = support.world()
    attempt = world.start()
    world.answer(attempt, right=right)
    done = services.submit_attempt(actor=world.worker, attempt=attempt)
    assert (done.points, done.max_points, done.passed) == (right, 3, passed)
    ready, _practical = selectors.results_for_decision(
        world.organization, world.version, world.person
    )
    assert (ready is not None) == passed


def test_scoring_is_all_or_nothing_and_within_the_tolerance() -> None:
    world = support.world()
    single, multiple, numeric = world.items
    right = [str(o.id) for o in multiple.options.all() if o.is_right]
    every = [str(o.id) for o in multiple.options.all()]
    attempt = world.start()

    def points(item: Item, answer: Any) -> bool:
        from guildmark.assessment.services.attempts import is_right

        response = services.save_answer(
            actor=world.worker, attempt=attempt, item_id=item.id, answer=answer
        )
        return is_right(item, response.answer)

    assert points(multiple, right)
    assert points(multiple, right[::-1])
    assert not points(multiple, right[:1])
    assert not points(multiple, every)
    assert points(numeric, "6,75")
    assert points(numeric, "6.25")
    assert not points(numeric, "6.751")
    assert not points(numeric, "about six")
    assert Response.objects.get(item=numeric).answer == "about six"
    assert not points(single, "")
    for item, answer in (
        (single, "not an option"),
        (single, [str(o.id) for o in single.options.all()]),
        (single, 5),
        (multiple, right[0] + "x"),
        (numeric, "1" * 61),
        (numeric, {"a": 1}),
    ):
        with pytest.raises(InvalidError):
            points(item, answer)
    with pytest.raises(NotFoundError):
        services.save_answer(
            actor=world.worker, attempt=attempt, item_id=world.version.id, answer="1"
        )


def test_the_clock_is_the_server_s(monkeypatch: pytest.MonkeyPatch) -> None:
    world = support.world()
    attempt = world.start()
    assert attempt.due_at - attempt.started_at == dt.timedelta(minutes=20)
    item = world.items[2]
    later(monkeypatch, minutes=20, seconds=20)
    # What was on its way at the end is still taken.
    services.save_answer(actor=world.worker, attempt=attempt, item_id=item.id, answer="6.5")
    later(monkeypatch, seconds=20)
    with pytest.raises(ConflictError, match="time is over"):
        services.save_answer(actor=world.worker, attempt=attempt, item_id=item.id, answer="1")
    assert services.close_overdue_attempts() == 1
    attempt.refresh_from_db()
    assert (attempt.points, attempt.state) == (1, Attempt.State.SUBMITTED)
    assert attempt.submitted_at == attempt.due_at + GRACE
    assert services.close_overdue_attempts() == 0


def test_an_overdue_attempt_is_closed_when_the_next_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = support.world()
    first = world.start()
    assert world.start() == first
    later(monkeypatch, minutes=30)
    second = world.start()
    assert second != first
    first.refresh_from_db()
    assert first.state == Attempt.State.SUBMITTED
    services.submit_attempt(actor=world.worker, attempt=second)
    with pytest.raises(ConflictError, match="used all attempts"):
        world.start()


def test_handed_in_twice_is_handed_in_once() -> None:
    world = support.world()
    attempt = world.start()
    world.answer(attempt, right=3)
    first = services.submit_attempt(actor=world.worker, attempt=attempt)
    second = services.submit_attempt(actor=world.worker, attempt=attempt)
    assert first.submitted_at == second.submitted_at
    assert AuditEvent.objects.filter(action="attempts.submit").count() == 1
    assert AuditEvent.objects.filter(action="attempts.start").count() == 1
    with pytest.raises(ConflictError, match="handed in"):
        world.answer(attempt, right=1)
    with pytest.raises(ConflictError, match="passed this test already"):
        world.start()
    for statement in (
        lambda: Attempt.objects.update(passed=True),
        lambda: Response.objects.update(points=1),
        lambda: Attempt.objects.get().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            statement()


def test_an_asked_question_never_changes() -> None:
    world = support.world()
    item = world.items[0]
    world.start()
    for statement in (
        lambda: Item.objects.filter(id=item.id).update(stem="Other"),
        lambda: item.options.update(is_right=True),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            statement()


def test_an_attempt_is_its_person_s_alone() -> None:
    world = support.world()
    attempt = world.start()
    colleague = factories.actor(world.organization, Role.WORKER)
    with pytest.raises(NotFoundError):
        selectors.get_attempt(colleague, attempt.id)
    with pytest.raises(NotFoundError):
        selectors.own_attempt(world.lead, attempt.id)
    for other in (colleague, world.lead, world.assessor):
        with pytest.raises(NotAllowedError):
            services.submit_attempt(actor=other, attempt=attempt)
        with pytest.raises(NotAllowedError):
            services.save_answer(
                actor=other, attempt=attempt, item_id=world.items[0].id, answer=None
            )
    faceless = factories.actor(world.organization, Role.WORKER, person=None)
    with pytest.raises(NotAllowedError):
        services.start_attempt(actor=faceless, version=world.version)
    stranger = factories.actor(factories.organization(), Role.WORKER)
    with pytest.raises(NotFoundError):
        services.start_attempt(actor=stranger, version=world.version)


def test_a_test_that_is_not_open() -> None:
    world = support.world(published=False)
    with pytest.raises(ConflictError, match="not open"):
        world.start()
    version = achievements.publish_version(actor=world.lead, version=world.version)
    attempt = services.start_attempt(actor=world.worker, version=version)
    # Whoever is in the middle of it may finish when it is withdrawn.
    version = achievements.withdraw_version(actor=world.lead, version=version)
    world.answer(attempt, right=3)
    assert services.submit_attempt(actor=world.worker, attempt=attempt).passed
    other = factories.actor(world.organization, Role.WORKER)
    with pytest.raises(ConflictError, match="not open"):
        services.start_attempt(actor=other, version=version)
