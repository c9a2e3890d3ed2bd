"""Taking a test: what awaits, the questions, handing in, the result."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guildmark.achievements.selectors import get_version
from guildmark.assessment import services
from guildmark.assessment.models import Attempt, Item, ItemOption, Response
from guildmark.assessment.selectors import (
    get_attempt,
    own_attempt,
    responses_of,
    scores_of,
    standing_of,
)
from guildmark.assessment.services.attempts import GRACE, knows_answers_words, read_number
from guildmark.awards.models import Award
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.wallet.selectors import own_awards
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
    def problem(self) -> str:
        """What is wrong with the answer, which is kept as typed all the same."""
        return _unreadable() if self.is_unreadable else ""

    @property
    def was(self) -> str:
        """The answer as the page was made, to tell what was changed on it."""
        return _plain(self.response.answer)

    @property
    def saved_at(self) -> int:
        """When it was saved, in milliseconds; 0 for never."""
        return _milliseconds(self.response.saved_at) if self.response.saved_at else 0

    @property
    def is_unreadable(self) -> bool:
        """Whether the typed answer cannot be read as a number."""
        return (
            self.item.kind == Item.Kind.NUMERIC
            and self.response.answer is not None
            and read_number(self.response.answer) is None
        )


def _plain(answer: object) -> str:
    return ",".join(answer) if isinstance(answer, list) else str(answer or "")


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _unreadable() -> str:
    return _("This cannot be read as a number. Type digits, with a point or a comma.")


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


@never_cache
@member_page
def exam_start(request: HttpRequest, actor: Actor, version_id: uuid.UUID) -> HttpResponse:
    """What awaits, in plain words; starting or going on."""
    version = get_version(actor, version_id)
    if actor.person is None:
        raise NotAllowedError(_("Your account is not tied to a person. Ask your administrator."))
    standing = standing_of(actor, version)
    if standing is None:
        raise NotFoundError(_("This achievement has no online test."))
    if standing.open is not None and _is_over(standing.open):
        services.submit_attempt(actor=actor, attempt=standing.open)
        messages.warning(request, _("Your time was over. What you had saved was handed in."))
        return redirect("exam_result", standing.open.id)
    if request.method == "POST":
        attempt = services.start_attempt(actor=actor, version=version)
        return redirect("exam", attempt.id)
    return render(
        request,
        "guildmark/exam/start.html",
        {
            "version": version,
            "standing": standing,
            "test": standing.test,
            "is_open": version.state == version.State.PUBLISHED,
            "knows_answers_words": knows_answers_words(),
        },
    )


def _is_over(attempt: Attempt) -> bool:
    return attempt.state == Attempt.State.OPEN and timezone.now() > attempt.due_at + GRACE


def _own_open(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> Attempt | None:
    """The own attempt while it is open; an overdue one is handed in first, and it is said so."""
    attempt = own_attempt(actor, attempt_id)
    if _is_over(attempt):
        attempt = services.submit_attempt(actor=actor, attempt=attempt)
        messages.warning(request, _("Your time is over. What was saved before has been handed in."))
    return attempt if attempt.state == Attempt.State.OPEN else None


@never_cache
@member_page
def exam(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """All questions on one page. Without script the form keeps all answers at once."""
    attempt = _own_open(request, actor, attempt_id)
    if attempt is None:
        if request.method == "POST" and _differs(request, own_attempt(actor, attempt_id)):
            messages.warning(
                request, _("This test has been handed in. Its answers no longer change.")
            )
        return redirect("exam_result", attempt_id)
    problems: dict[uuid.UUID, str] = {}
    if request.method == "POST":
        try:
            problems = _save_posted(request, actor, attempt)
        except ConflictError as error:
            # Handed in, or over, between the look above and the saving.
            messages.warning(request, str(error))
            return redirect("exam", attempt.id)
        if not problems and "stay" not in request.POST:
            return redirect("exam_submit", attempt.id)
        if not problems:
            if attempt.responses.exclude(answer=None).exists():
                messages.success(request, _("All answers are saved."))
            else:
                messages.info(request, _("Nothing is answered yet."))
            return redirect("exam", attempt.id)
    now = timezone.now()
    context = {
        "attempt": attempt,
        "questions": [(one, problems.get(one.item.id, one.problem)) for one in _questions(attempt)],
        "now": _milliseconds(now),
        "due": _milliseconds(attempt.due_at),
        "grace": int(GRACE.total_seconds()),
        "minutes_left": max(0, int((attempt.due_at - now).total_seconds() // 60)),
        "problem_count": len(problems),
    }
    return render(request, "guildmark/exam/exam.html", context, status=422 if problems else 200)


def _save_posted(request: HttpRequest, actor: Actor, attempt: Attempt) -> dict[uuid.UUID, str]:
    """Save what was changed on the page; what is wrong, by question.

    What stands as the page was made is left alone: it may have been answered on another device
    since.
    """
    problems: dict[uuid.UUID, str] = {}
    for question in _questions(attempt):
        item = question.item
        given = request.POST.getlist(f"q-{item.id}")
        if _plain(given) == request.POST.get(f"was-{item.id}", ""):
            if question.problem and _plain(given) == question.was:
                problems[item.id] = question.problem
            continue
        answer: object = given if item.kind == Item.Kind.MULTIPLE else (given[0] if given else None)
        try:
            saved = services.save_answer(
                actor=actor, attempt=attempt, item_id=item.id, answer=answer
            )
        except InvalidError as error:
            problems[item.id] = str(error.problems[0].message)
        else:
            if _problem_of(saved):
                problems[item.id] = _unreadable()
    return problems


def _differs(request: HttpRequest, attempt: Attempt) -> bool:
    """Whether the form has other answers than those that are kept."""
    for response in responses_of(attempt):
        given = [one.strip() for one in request.POST.getlist(f"q-{response.item_id}")]
        kept = response.answer if isinstance(response.answer, list) else [response.answer or ""]
        if sorted(filter(None, given)) != sorted(filter(None, kept)):
            return True
    return False


def _problem_of(response: Response) -> str:
    return Question(number=0, response=response, options=[]).problem


@require_POST
@member_page
def exam_save(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """One answer, sent by the page's script."""
    attempt = own_attempt(actor, attempt_id)

    def save(sent: SentAnswer) -> str:
        try:
            item_id = uuid.UUID(sent.item)
        except ValueError:
            raise NotFoundError(_("This question is not part of the test.")) from None
        return _problem_of(
            services.save_answer(actor=actor, attempt=attempt, item_id=item_id, answer=sent.answer)
        )

    return save_sent(request, save)


@never_cache
@member_page
def exam_submit(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """What is answered and what is not, once more; then handing in."""
    attempt = _own_open(request, actor, attempt_id)
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
    """How it went, and what comes next; for others by question. Right answers are not shown."""
    attempt = get_attempt(actor, attempt_id)
    if attempt.state == Attempt.State.OPEN:
        if actor.person is not None and attempt.person_id == actor.person.id:
            return redirect("exam", attempt_id)
        raise ConflictError(_("This test is still under way."))
    version = attempt.test.version
    is_own = actor.person is not None and attempt.person_id == actor.person.id
    return render(
        request,
        "guildmark/exam/result.html",
        {
            "attempt": attempt,
            "version": version,
            # Rounded down: a score just below the pass mark must not read as one that reaches it.
            "percent": int(100 * attempt.points / attempt.max_points)
            if attempt.points is not None and attempt.max_points
            else 0,
            "is_own": is_own,
            "scores": [] if is_own else scores_of(attempt),
            "standing": standing_of(actor, version) if is_own else None,
            "knows_answers_words": knows_answers_words(),
            "award": own_awards(actor).filter(version=version, state=Award.State.ACTIVE).first()
            if is_own
            else None,
            "may_grant": allows(actor, "attempts.grant", attempt.person),
        },
    )


@require_POST
@member_page
def exam_again(request: HttpRequest, actor: Actor, attempt_id: uuid.UUID) -> HttpResponse:
    """Give the person all attempts again, for a reason."""
    attempt = get_attempt(actor, attempt_id)
    require(actor, "attempts.grant", attempt.person)
    try:
        services.grant_attempts(
            actor=actor,
            version=attempt.test.version,
            person=attempt.person,
            reason=request.POST.get("reason", ""),
        )
    except InvalidError as error:
        messages.error(request, str(error.problems[0].message))
    else:
        messages.success(request, _("The person may take the test again, with all attempts."))
    return redirect("exam_result", attempt_id)
