"""Taking a test: what awaits, the questions, handing in, the result."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.achievements.selectors import get_version
from guildmark.assessment import services
from guildmark.assessment.models import Attempt, Item, ItemOption, Response
from guildmark.assessment.selectors import attempts_of, get_attempt, responses_of, test_of
from guildmark.assessment.services.attempts import GRACE, read_number
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.web.answers import SentAnswer, save_sent
from guildmark.web.pages import member_page


@dataclass(frozen=True, kw_only=True)
class Question:
    """A drawn question as the page shows it."""

    number: int
    response: Response
    options: list[tuple[ItemOption, bool]]
    """The offered answers in their shuffled order, each with whether it is chosen."""

    @property
    def item(self) -> Item:
        """What is asked."""
        return self.response.item

    @property
    def is_unreadable(self) -> bool:
        """Whether the typed answer cannot be read as a number."""
        return (
            self.item.kind == Item.Kind.NUMERIC
            and self.response.answer is not None
            and read_number(self.response.answer) is None
        )


def _questions(attempt: Attempt) -> list[Question]:
    questions = []
    for number, response in enumerate(responses_of(attempt), start=1):
        by_id = {str(option.id): option for option in response.item.options.all()}
        answer = response.answer
        chosen = set(answer if isinstance(answer, list) else [answer])
        questions.append(
            Question(
                number=number,
                response=response,
                options=[(by_id[one], one in chosen) for one in response.option_order],
            )
        )
    return questions


@member_page
def exam_start(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """What awaits, in plain words; starting or going on."""
    version = get_version(actor, version_id)
    if actor.person is None:
        raise NotAllowedError(_("Your account is not tied to a person. Ask your administrator."))
    test = test_of(version)
    if test is None:
        raise NotFoundError(_("This achievement has no online test."))
    if request.method == "POST":
        attempt = services.start_attempt(actor=actor, version=version)
        return redirect("exam", attempt.id)
    attempts = list(attempts_of(actor, actor.person).filter(test=test))
    return render(
        request,
        "guildmark/exam/start.html",
        {
            "version": version,
            "test": test,
            "question_count": len(test.test_items.all()),
            "attempts": attempts,
            "open_attempt": next((a for a in attempts if a.state == Attempt.State.OPEN), None),
            "passed": next((a for a in attempts if a.passed), None),
            "left": test.max_attempts - len(attempts),
            "is_open": version.state == version.State.PUBLISHED,
        },
    )


def _own_open(actor: Actor, attempt_id: uuid.UUID) -> Attempt | None:
    """The own attempt while it is open; an overdue one is handed in first."""
    attempt = get_attempt(actor, attempt_id)
    require(actor, "attempts.answer", attempt)
    if attempt.state == Attempt.State.OPEN and timezone.now() > attempt.due_at + GRACE:
        attempt = services.submit_attempt(actor=actor, attempt=attempt)
    return attempt if attempt.state == Attempt.State.OPEN else None


@member_page
def exam(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """All questions on one page. Without script the form keeps all answers at once."""
    attempt = _own_open(actor, attempt_id)
    if attempt is None:
        return redirect("exam_result", attempt_id)
    if request.method == "POST":
        for question in _questions(attempt):
            _save_posted(request, actor, attempt, question)
        if "stay" in request.POST:
            messages.success(request, _("All answers are saved."))
            return redirect("exam", attempt.id)
        return redirect("exam_submit", attempt.id)
    return render(
        request,
        "guildmark/exam/exam.html",
        {
            "attempt": attempt,
            "questions": _questions(attempt),
            "seconds_left": max(0, int((attempt.due_at - timezone.now()).total_seconds())),
        },
    )


def _save_posted(request: HttpRequest, actor: Actor, attempt: Attempt, question: Question) -> None:
    item = question.item
    given = request.POST.getlist(f"q-{item.id}")
    answer: object = given if item.kind == Item.Kind.MULTIPLE else (given[0] if given else None)
    try:
        services.save_answer(actor=actor, attempt=attempt, item_id=item.id, answer=answer)
    except InvalidError as error:
        messages.error(request, f"{question.number}: {error.problems[0].message}")


@require_POST
@member_page
def exam_save(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """One answer, sent by the page's script."""
    attempt = get_attempt(actor, attempt_id)

    def save(sent: SentAnswer) -> None:
        try:
            item_id = uuid.UUID(sent.item)
        except ValueError:
            raise NotFoundError(_("This question is not part of the test.")) from None
        services.save_answer(actor=actor, attempt=attempt, item_id=item_id, answer=sent.answer)

    return save_sent(request, save)


@member_page
def exam_submit(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """What is answered and what is not, once more; then handing in."""
    attempt = _own_open(actor, attempt_id)
    if attempt is None:
        return redirect("exam_result", attempt_id)
    if request.method == "POST":
        services.submit_attempt(actor=actor, attempt=attempt)
        return redirect("exam_result", attempt_id)
    questions = _questions(attempt)
    return render(
        request,
        "guildmark/exam/submit.html",
        {
            "attempt": attempt,
            "questions": questions,
            "unanswered": [q for q in questions if q.response.answer is None],
        },
    )


@member_page
def exam_result(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """How it went, and what comes next. Right answers are not shown."""
    attempt = get_attempt(actor, attempt_id)
    if attempt.state == Attempt.State.OPEN:
        if actor.person is not None and attempt.person_id == actor.person.id:
            return redirect("exam", attempt_id)
        raise ConflictError(_("This test is still under way."))
    used = Attempt.objects.filter(test=attempt.test, person=attempt.person).count()
    return render(
        request,
        "guildmark/exam/result.html",
        {
            "attempt": attempt,
            "version": attempt.test.version,
            "percent": round(100 * attempt.points / attempt.max_points)
            if attempt.points is not None and attempt.max_points
            else 0,
            "left": attempt.test.max_attempts - used,
            "is_own": actor.person is not None and attempt.person_id == actor.person.id,
        },
    )
