"""Taking a test: the server's clock, answers kept as they come, handed in exactly once."""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import Attempt, Item, Response, Test
from guildmark.assessment.selectors import begins_at, knows_answers
from guildmark.audit.services import record
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor, operator_of
from guildmark.organizations.models import Person
from guildmark.texts import require_readable

GRACE = dt.timedelta(seconds=30)
"""How long after the end an answer is still taken: for what was on its way."""


@transaction.atomic
def start_attempt(*, actor: Actor, version: AchievementVersion) -> Attempt:
    """Start the version's test for the actor's person, or go on with the one under way.

    Questions and answers are shuffled once and stay in that order. Raises ConflictError where the
    version is not published, the attempts are used up, or the test has been passed;
    NotAllowedError for who knows right answers of the test.
    """
    require(actor, "attempts.start", version.achievement)
    if actor.person is None:
        raise ConflictError(_("Your account is not tied to a person. Ask your administrator."))
    # The person's row puts two starts at once in order: the second finds the first's attempt.
    person = Person.objects.select_for_update(no_key=True).get(id=actor.person.id)
    test = Test.objects.filter(version=version).first()
    if test is None or version.state != AchievementVersion.State.PUBLISHED:
        raise ConflictError(_("This test is not open."))
    attempts = list(Attempt.objects.select_for_update().filter(test=test, person=person))
    for attempt in attempts:
        if attempt.state == Attempt.State.OPEN:
            if timezone.now() <= attempt.due_at + GRACE:
                return attempt
            _hand_in(actor, attempt)
    if knows_answers(actor, test):
        raise NotAllowedError(knows_answers_words(), code="knows_answers")
    since = begins_at(version, person)
    attempts = [one for one in attempts if since is None or one.started_at > since]
    if any(attempt.passed for attempt in attempts):
        raise ConflictError(_("You have passed this test already."))
    if len(attempts) >= test.max_attempts:
        raise ConflictError(_("You have used all attempts of this test. Ask your training lead."))
    now = timezone.now()
    attempt = Attempt.objects.create(
        organization=actor.organization,
        test=test,
        person=person,
        started_at=now,
        due_at=now + dt.timedelta(minutes=test.time_limit_minutes),
    )
    _draw(attempt)
    record(
        actor=actor,
        action="attempts.start",
        target=attempt,
        target_name=f"{version.name}: {person.name}",
        details={"number": len(attempts) + 1, "due_at": attempt.due_at.isoformat()},
    )
    return attempt


def knows_answers_words() -> str:
    """Why somebody who knows right answers of a test cannot take it, and what would change that."""
    return _(
        "You have written or opened right answers of this test, so your result would not show "
        "what you can do. Once a new version has questions that you do not know, you can take "
        "that."
    )


def _draw(attempt: Attempt) -> None:
    shuffled = random.SystemRandom()
    items = [
        one.item
        for one in attempt.test.test_items.select_related("item").prefetch_related("item__options")
    ]
    shuffled.shuffle(items)
    responses = []
    for position, item in enumerate(items):
        options = [str(option.id) for option in item.options.all()]
        shuffled.shuffle(options)
        responses.append(
            Response(attempt=attempt, item=item, position=position, option_order=options)
        )
    Response.objects.bulk_create(responses)


@transaction.atomic
def save_answer(*, actor: Actor, attempt: Attempt, item_id: uuid.UUID, answer: Any) -> Response:
    """Keep an answer as given: an option id, a list of them, or a number as text; None clears it.

    A number with a comma is read as one with a point; text that is no number is kept as typed and
    gives no points. Raises ConflictError after the end, InvalidError for what cannot be an answer.
    """
    # Shared with other answers of the attempt, but not with handing it in.
    locked = Attempt.objects.select_for_update(no_key=True).get(id=attempt.id)
    require(actor, "attempts.answer", locked)
    if locked.state != Attempt.State.OPEN:
        raise ConflictError(_("This test has been handed in. Its answers no longer change."))
    now = timezone.now()
    if now > locked.due_at + GRACE:
        raise ConflictError(_("The time is over. What was saved before counts."))
    response = (
        Response.objects.select_related("item").filter(attempt=locked, item_id=item_id).first()
    )
    if response is None:
        raise NotFoundError(_("This question is not part of the test."))
    response.answer = _checked(response, answer)
    response.saved_at = now
    response.save(update_fields=["answer", "saved_at"])
    return response


def _checked(response: Response, answer: Any) -> Any:
    if answer in (None, "", []):
        return None
    if response.item.kind == Item.Kind.NUMERIC:
        if not isinstance(answer, str) or len(answer) > 60:
            raise InvalidError.of("answer", answer, _("Type a number of up to 60 characters."))
        require_readable(lines={"answer": answer.strip()})
        return answer.strip()
    chosen = answer if isinstance(answer, list) else [answer]
    if not all(isinstance(one, str) and one in response.option_order for one in chosen):
        raise InvalidError.of("answer", answer, _("Choose from the offered answers."))
    if response.item.kind == Item.Kind.SINGLE:
        if len(chosen) != 1:
            raise InvalidError.of("answer", answer, _("Choose one answer."))
        return chosen[0]
    return sorted(set(chosen), key=response.option_order.index)


@transaction.atomic
def submit_attempt(*, actor: Actor, attempt: Attempt) -> Attempt:
    """Hand the attempt in and score it. Handed in again, it stays as it was."""
    locked = Attempt.objects.select_for_update().get(id=attempt.id)
    require(actor, "attempts.answer", locked)
    if locked.state == Attempt.State.OPEN:
        _hand_in(actor, locked)
    return locked


def close_overdue_attempts() -> int:
    """Hand in every attempt whose time is over, with what was saved; the number of them.

    One that cannot be scored does not keep the others open; its error is raised at the end.
    """
    overdue = Attempt.objects.filter(
        state=Attempt.State.OPEN, due_at__lt=timezone.now() - GRACE
    ).select_related("organization")
    count = 0
    failures: list[Exception] = []
    for attempt in overdue:
        try:
            count += _close(attempt)
        except Exception as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return count


@transaction.atomic
def _close(attempt: Attempt) -> bool:
    locked = (
        Attempt.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(id=attempt.id, state=Attempt.State.OPEN)
        .first()
    )
    if locked is not None:
        _hand_in(operator_of(attempt.organization, source="job"), locked)
    return locked is not None


def _hand_in(actor: Actor, attempt: Attempt) -> None:
    test = attempt.test
    responses = list(attempt.responses.select_related("item").prefetch_related("item__options"))
    for response in responses:
        response.points = Decimal(1 if is_right(response.item, response.answer) else 0)
    Response.objects.bulk_update(responses, ["points"])
    attempt.points = sum((r.points for r in responses if r.points is not None), Decimal(0))
    attempt.max_points = Decimal(len(responses))
    attempt.passed = attempt.points * 100 >= attempt.max_points * test.cut_score_percent
    attempt.state = Attempt.State.SUBMITTED
    attempt.submitted_at = min(timezone.now(), attempt.due_at + GRACE)
    attempt.save()
    record(
        actor=actor,
        action="attempts.submit",
        target=attempt,
        target_name=f"{test.version.name}: {attempt.person.name}",
        details={
            "points": str(attempt.points),
            "of": str(attempt.max_points),
            "passed": attempt.passed,
        },
    )


def is_right(item: Item, answer: Any) -> bool:
    """Whether an answer is right: one point or none.

    Several right answers count only when all of them and no other are chosen. A number counts
    when it is no further off than the tolerance.
    """
    if answer is None:
        return False
    if item.kind == Item.Kind.NUMERIC:
        number = read_number(answer)
        if number is None or item.number is None or item.tolerance is None:
            return False
        return abs(number - item.number) <= item.tolerance
    right = {str(option.id) for option in item.options.all() if option.is_right}
    return right == set(answer if isinstance(answer, list) else [answer])


_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?P<sign>[.,\s'\u2019_])\d{3}(?:(?P=sign)\d{3})*(?P<decimals>(?!(?P=sign))[.,]\d*)?"
)
_PLAIN = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_MAX_PLACES = 15


def read_number(text: str) -> Decimal | None:
    """The number a person typed, with a comma or a point for the decimals; None if it is none.

    A single comma or point always begins the decimals: 1,250 is one and a quarter. Thousands
    may be grouped by three, all with the same sign; what is grouped otherwise is no number, so
    that a date or a slip of the finger is told and not taken for another number.
    """
    plain = re.sub(r"^([+-])\s+", r"\1", text.strip().replace("\u2212", "-"))
    grouped = _GROUPED.fullmatch(plain)
    if grouped is not None:
        sign = grouped["sign"]
        if sign not in ".," or plain.count(sign) > 1 or grouped["decimals"]:
            plain = plain.replace(sign, "")
    # The form bounds the exponent: a huge one would overflow every reckoning with it.
    if not _PLAIN.fullmatch(plain):
        return None
    number = Decimal(plain.replace(",", "."))
    return number if number.adjusted() < _MAX_PLACES else None
