"""Taking a test in the browser, with script and without."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.achievements import services as achievements
from guildmark.assessment import services
from guildmark.assessment.models import Attempt, Response
from guildmark.organizations.models import Role
from tests.api.programs import Program
from tests.support import assessment as support
from tests.support import factories
from tests.support.assessment import World, right_answer
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


def start(client: Client, world: World) -> str:
    response = client.post(f"/tests/start/{world.version.id}/")
    assert response.status_code == 302
    address: str = response["Location"]
    return address


def send(client: Client, page: str, item: Any, answer: Any) -> Any:
    return client.post(
        f"{page}answer/",
        json.dumps({"item": str(item), "answer": answer}),
        content_type="application/json",
    )


def as_shown(page: str, **answers: Any) -> dict[str, Any]:
    """What the form sends: the hidden marks of the page, and these answers."""
    marks = dict(re.findall(r'name="(was-[^"]+)" value="([^"]*)"', page))
    return marks | answers


def later(monkeypatch: pytest.MonkeyPatch, **span: Any) -> None:
    moment = timezone.now() + dt.timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_what_awaits_is_said_in_plain_words() -> None:
    world = support.world()
    shown = text(browser(world.worker).get(f"/tests/start/{world.version.id}/"))
    for words in ("3 questions", "20 minutes", "66 %", "2 attempts left", "Start the test"):
        assert words in shown


def test_without_script_from_start_to_result() -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    shown = text(client.get(page))
    assert "Your number, in bar" in shown
    assert "data-due" in shown
    response = client.post(page, as_shown(shown, stay="1"), follow=True)
    assert "<span>Nothing is answered yet.</span>" in text(response)
    answers = {f"q-{item.id}": right_answer(item) for item in world.items[:2]}
    response = client.post(page, as_shown(shown, **answers, stay="1"), follow=True)
    assert "All answers are saved." in text(response)
    # Coming back, everything stands as it was left.
    again = text(browser(world.worker).get(page))
    assert again.count(" checked data-answer") == 3
    response = client.post(page, as_shown(again, **answers), follow=True)
    assert "1 question has no answer" in text(response)
    response = client.post(f"{page}hand-in/", follow=True)
    result = text(response)
    assert "Passed" in result
    assert "2 of 3 right (66 %). The pass mark is 66 %." in result
    assert "ask your manager or an assessor" in result
    # Right answers are not shown, and nothing can be changed any more.
    assert "6.5" not in result
    assert client.get(page).status_code == 302
    client.post(f"{page}hand-in/")
    client.post(page, answers)
    assert Attempt.objects.get().points == 2


def test_a_number_that_is_none_is_told_and_kept_as_typed() -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    number = world.items[2]
    shown = text(client.get(page))
    response = client.post(page, as_shown(shown, **{f"q-{number.id}": "about 6"}))
    assert response.status_code == 422
    shown = text(response)
    assert "cannot be read as a number" in shown
    assert 'value="about 6"' in shown
    assert Response.objects.get(item=number).answer == "about 6"
    response = client.post(page, as_shown(shown, **{f"q-{number.id}": "6,6"}))
    assert response.status_code == 302
    assert Response.objects.get(item=number).answer == "6,6"


def test_the_script_saves_each_answer_and_hears_what_is_wrong() -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    single, multiple, number = world.items
    for item in (single, multiple, number):
        response = send(client, page, item.id, right_answer(item))
        assert (response.status_code, response.json()["problem"]) == (200, "")
    response = send(client, page, number.id, "six")
    assert response.status_code == 200
    assert "cannot be read as a number" in response.json()["problem"]
    assert Response.objects.get(item=number).answer == "six"
    assert send(client, page, single.id, "x").status_code == 422
    assert send(client, page, "x", "x").status_code == 404
    assert send(client, page, world.version.id, "x").status_code == 404
    for body in ("", "[]", "{", '{"item": 5}', '{"item": "' + "x" * 30_000 + '"}', "[" * 10_000):
        response = client.post(f"{page}answer/", body, content_type="application/json")
        assert response.status_code == 422
    assert client.get(f"{page}answer/").status_code == 405
    client.post(f"{page}hand-in/")
    response = send(client, page, single.id, right_answer(single))
    assert response.status_code == 409
    assert "handed in" in response.json()["message"]


def test_an_answer_needs_the_token_of_the_page() -> None:
    world = support.world()
    page = start(browser(world.worker), world)
    strict = Client(enforce_csrf_checks=True)
    assert world.worker.account is not None
    strict.force_login(world.worker.account)
    response = send(strict, page, world.items[0].id, right_answer(world.items[0]))
    assert response.status_code == 403
    # Signed out, the answer is not mistaken for saved: it is sent elsewhere.
    assert send(Client(), page, world.items[0].id, None).status_code == 302
    assert not Response.objects.exclude(saved_at=None).exists()


def test_an_old_window_does_not_undo_what_another_device_answered() -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    old_window = text(client.get(page))
    single = world.items[0]
    send(client, page, single.id, right_answer(single))
    client.post(page, as_shown(old_window))
    assert Response.objects.get(item=single).answer == right_answer(single)
    # What is taken back on the page itself is taken back.
    multiple = world.items[1]
    send(client, page, multiple.id, right_answer(multiple))
    client.post(page, as_shown(text(client.get(page))))
    assert Response.objects.get(item=multiple).answer is None


def test_time_over(monkeypatch: pytest.MonkeyPatch) -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    item = world.items[2]
    send(client, page, item.id, "6.5")
    later(monkeypatch, minutes=21)
    assert send(client, page, item.id, "1").status_code == 409
    response = client.post(page, {f"q-{item.id}": "1"}, follow=True)
    shown = text(response)
    assert "Your time is over." in shown
    assert "1 of 3 right" in shown
    assert Attempt.objects.get().points == 1


def test_an_overdue_attempt_is_not_gone_on_with_by_starting_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = support.world()
    client = browser(world.worker)
    start(client, world)
    later(monkeypatch, minutes=30)
    response = client.post(f"/tests/start/{world.version.id}/", follow=True)
    assert "What you had saved was handed in" in text(response)
    assert "You can try 1 more time." in text(response)
    assert Attempt.objects.count() == 1


def test_attempts_are_counted() -> None:
    world = support.world()
    client = browser(world.worker)
    for _ in range(2):
        page = start(client, world)
        assert start(client, world) == page
        client.post(f"{page}hand-in/")
    shown = text(client.get(f"{page}result/"))
    assert "Not passed" in shown
    assert "You have used all attempts" in shown
    assert "used all attempts" in text(client.get(f"/tests/start/{world.version.id}/"))
    assert client.post(f"/tests/start/{world.version.id}/").status_code == 409
    assert Attempt.objects.count() == 2


def test_another_person_s_test_is_not_there() -> None:
    world = support.world()
    page = start(browser(world.worker), world)
    colleague = factories.actor(world.organization, Role.WORKER)
    stranger = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    for actor in (colleague, stranger, world.lead, world.assessor):
        client = browser(actor)
        for path in ("", "hand-in/"):
            assert client.get(page + path).status_code == 404
            assert client.post(page + path).status_code == 404
        assert send(client, page, world.items[0].id, None).status_code == 404
    for actor in (colleague, stranger, world.assessor):
        assert browser(actor).get(f"{page}result/").status_code == 404
    assert Attempt.objects.get().state == Attempt.State.OPEN
    assert Client().get(page).status_code == 302


def test_who_has_no_person_is_told() -> None:
    world = support.world()
    faceless = factories.actor(world.organization, Role.WORKER, person=None)
    response = browser(faceless).get(f"/tests/start/{world.version.id}/")
    assert response.status_code == 403
    assert "not tied to a person" in text(response)


def test_the_page_needs_few_queries_whatever_the_questions() -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    assert len(captured) <= 10


def test_a_score_just_below_the_pass_mark_does_not_read_as_reaching_it() -> None:
    world = support.world(published=False)
    services.set_test_limits(
        actor=world.lead,
        version=world.version,
        time_limit_minutes=20,
        cut_score_percent=67,
        max_attempts=2,
    )
    version = achievements.publish_version(actor=world.lead, version=world.version)
    attempt = services.start_attempt(actor=world.worker, version=version)
    world.answer(attempt, right=2)
    services.submit_attempt(actor=world.worker, attempt=attempt)
    page = text(browser(world.worker).get(f"/tests/{attempt.id}/result/"))
    assert "Not passed" in page
    assert "2 of 3 right (66 %). The pass mark is 67 %." in page


def test_handing_in_once_more_shows_the_same_result() -> None:
    world = support.world()
    client = browser(world.worker)
    page = start(client, world)
    answers = {f"q-{item.id}": right_answer(item) for item in world.items}
    client.post(page, as_shown(text(client.get(page)), **answers))
    for _again in range(2):
        assert "3 of 3 right" in text(client.post(f"{page}hand-in/", follow=True))
    same = text(client.post(page, answers, follow=True))
    assert "3 of 3 right" in same
    assert "no longer change" not in same
    late = text(client.post(page, answers | {f"q-{world.items[2].id}": "7"}, follow=True))
    assert "Its answers no longer change." in late
    assert Response.objects.get(item=world.items[2]).answer == right_answer(world.items[2])


def test_a_manager_reads_how_it_went_and_nothing_of_the_answers() -> None:
    world = support.world()
    manager = factories.actor(world.organization, Role.MANAGER)
    other = factories.actor(world.organization, Role.MANAGER)
    attempt = world.start()
    page = f"/tests/{attempt.id}/result/"
    assert browser(manager).get(page).status_code == 404
    unit = factories.unit(world.organization, manager=manager.person)
    world.person.employments.create(unit=unit, starts_on=dt.date(2020, 1, 1))
    assert browser(manager).get(page).status_code == 409, "it is still under way"
    world.answer(attempt, right=1)
    services.save_answer(
        actor=world.worker, attempt=attempt, item_id=world.items[2].id, answer="99"
    )
    services.submit_attempt(actor=world.worker, attempt=attempt)
    shown = text(browser(manager).get(page))
    for words in ("1 of 3 right", "Question by question", world.skill.label):
        assert words in shown
    words = re.findall(r"status-(?:good|bad|neutral)\">([^<]+)<", shown)
    assert sorted(words) == ["no answer", "not right", "right"]
    for secret in ("What comes first?", "Lock out", "6.5", "99"):
        assert secret not in shown
    assert browser(other).get(page).status_code == 404
    assert "Question by question" not in text(browser(world.worker).get(page))
    about = text(browser(manager).get(f"/people/{world.person.id}/"))
    assert page in about
    for path in ("", "hand-in/"):
        assert browser(manager).get(f"/tests/{attempt.id}/{path}").status_code == 404
    told = Program(manager).ask("GET", f"/attempts/{attempt.id}/result")
    assert (told["points"], told["passed"]) == (1, False)
    assert sorted(one["points"] for one in told["questions"]) == [0, 0, 1]
    assert {key for one in told["questions"] for key in one} == {"skill", "points", "answered"}
    Program(manager).ask("GET", f"/attempts/{attempt.id}", expect=404)
    Program(other).ask("GET", f"/attempts/{attempt.id}/result", expect=404)
    assert Program(world.worker).ask("GET", f"/attempts/{attempt.id}/result")["questions"] == []
