"""Answers on their way from a real browser: as given, offline, signed out, time over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from guildmark.assessment import services
from guildmark.assessment.models import Attempt, CriterionScore, Response
from guildmark.audit.models import AuditEvent
from guildmark.organizations.actor import Actor
from tests.support import assessment as support
from tests.support.assessment import World, right_answer
from tests.support.servers import Server

pytestmark = pytest.mark.browser
STATE = "[data-save-state]"
SAVED = "All answers are saved."
BLANK = "Nothing is answered yet."


@pytest.fixture
def world(empty_server: Server) -> World:
    with empty_server.database():
        return support.world()


def sign_in(context: BrowserContext, server: Server, who: Actor) -> None:
    with server.database():
        client = Client()
        assert who.account is not None
        client.force_login(who.account)
        session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])


def open_test(page: Page, server: Server, world: World) -> Attempt:
    sign_in(page.context, server, world.worker)
    with server.database():
        attempt = world.start()
    page.goto(f"{server.url}/tests/{attempt.id}/")
    expect(page.locator(STATE)).to_have_text(BLANK)
    return attempt


def answer_of(server: Server, attempt: Attempt, stem: str) -> object:
    with server.database():
        return Response.objects.get(attempt=attempt, item__stem=stem).answer


def test_answers_are_saved_as_given_and_stay(
    page: Page, empty_server: Server, world: World
) -> None:
    attempt = open_test(page, empty_server, world)
    page.get_by_label("Lock out").check()
    page.get_by_label("Gate").check()
    page.get_by_label("Light curtain").check()
    page.get_by_label("Your number").fill("about six")
    expect(page.locator(".field-error:visible")).to_contain_text("cannot be read as a number")
    page.get_by_label("Your number").fill("6,5")
    expect(page.locator(".field-error:visible")).to_have_count(0)
    expect(page.locator(STATE)).to_have_text(SAVED)
    # The browser dies; another one goes on.
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    page.close()
    again = context.new_page()
    sign_in(context, empty_server, world.worker)
    again.goto(f"{empty_server.url}/tests/{attempt.id}/")
    expect(again.get_by_label("Lock out")).to_be_checked()
    expect(again.get_by_label("Light curtain")).to_be_checked()
    expect(again.get_by_label("Lunch")).not_to_be_checked()
    expect(again.get_by_label("Your number")).to_have_value("6,5")
    again.get_by_role("button", name="Check and hand in").click()
    expect(again.get_by_text("Every question has an answer.")).to_be_visible()
    again.get_by_role("button", name="Hand in").dblclick()
    expect(again.get_by_text("3 of 3 right")).to_be_visible()
    context.close()
    with empty_server.database():
        handed_in = AuditEvent.objects.filter(action="attempts.submit", object_id=attempt.id)
        assert handed_in.count() == 1
        assert Attempt.objects.get(id=attempt.id).points == 3


def test_what_is_taken_back_is_no_answer(page: Page, empty_server: Server, world: World) -> None:
    open_test(page, empty_server, world)
    page.get_by_label("Your number").fill("6")
    expect(page.locator(STATE)).to_have_text(SAVED)
    page.get_by_label("Your number").fill("")
    expect(page.locator(STATE)).to_have_text(BLANK)
    page.get_by_label("Gate").check()
    expect(page.locator(STATE)).to_have_text(SAVED)


def test_without_network_answers_wait_in_the_browser(
    page: Page, empty_server: Server, world: World
) -> None:
    attempt = open_test(page, empty_server, world)
    page.context.set_offline(True)
    page.get_by_label("Lock out").check()
    expect(page.locator(STATE)).to_contain_text("Not saved yet")
    page.get_by_label("Your number").fill("6.5")
    expect(page.locator(STATE)).to_contain_text("(2)")
    assert answer_of(empty_server, attempt, "What comes first?") is None
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_have_text(SAVED, timeout=20_000)
    assert answer_of(empty_server, attempt, "What pressure must the gauge show?") == "6.5"


def test_unsent_answers_are_sent_when_the_page_is_opened_again(
    page: Page, empty_server: Server, world: World
) -> None:
    attempt = open_test(page, empty_server, world)
    # The server does not answer, as when it has been killed.
    page.route("**/answer/", lambda route: route.abort())
    page.get_by_label("Lock out").check()
    page.get_by_label("Lunch").check()
    expect(page.locator(STATE)).to_contain_text("Not saved yet")
    # Meanwhile another device answers the second question.
    with empty_server.database():
        item = world.items[1]
        services.save_answer(
            actor=world.worker, attempt=attempt, item_id=item.id, answer=right_answer(item)
        )
    page.unroute("**/answer/")
    page.reload()
    expect(page.locator(STATE)).to_have_text(SAVED)
    expect(page.get_by_label("Lock out")).to_be_checked()
    # The newer answer wins over the older one that was never sent.
    expect(page.get_by_label("Lunch")).not_to_be_checked()
    assert answer_of(empty_server, attempt, "What comes first?") is not None
    with empty_server.database():
        kept = Response.objects.get(attempt=attempt, item=item).answer
        assert set(kept) == set(right_answer(item))


def test_signed_out_answers_are_kept_until_signed_in_again(
    page: Page, empty_server: Server, world: World
) -> None:
    attempt = open_test(page, empty_server, world)
    page.context.clear_cookies()
    page.get_by_label("Lock out").check()
    expect(page.locator(STATE)).to_contain_text("You are signed out.")
    assert answer_of(empty_server, attempt, "What comes first?") is None
    sign_in(page.context, empty_server, world.worker)
    page.get_by_role("link", name="Sign in and go on").click()
    expect(page.locator(STATE)).to_have_text(SAVED)
    expect(page.get_by_label("Lock out")).to_be_checked()
    assert answer_of(empty_server, attempt, "What comes first?") is not None


def test_when_the_time_is_over_the_result_follows(
    page: Page, empty_server: Server, world: World
) -> None:
    sign_in(page.context, empty_server, world.worker)
    with empty_server.database():
        attempt = world.start()
        world.answer(attempt, right=2)
        # Two seconds of the moment for what is on its way are left.
        over = timezone.now() - dt.timedelta(seconds=26)
        Attempt.objects.filter(id=attempt.id).update(due_at=over)
    page.goto(f"{empty_server.url}/tests/{attempt.id}/")
    expect(page.get_by_role("timer")).to_contain_text("Time is over")
    expect(page.get_by_text("2 of 3 right")).to_be_visible(timeout=15_000)


def test_scores_are_tapped_on_a_phone(page: Page, empty_server: Server, world: World) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page.context, empty_server, world.assessor)
    with empty_server.database():
        practical = world.begin()
    page.goto(f"{empty_server.url}/practicals/{practical.id}/")
    first = page.locator("fieldset[data-item]").first
    first.get_by_label("Note").fill("Calm")
    expect(first.locator(".field-error")).to_contain_text("Choose how it was shown")
    first.get_by_label("shown", exact=True).check()
    expect(page.locator(STATE)).to_have_text("All scores are saved.")
    box = first.get_by_label("shown", exact=True).locator("..").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with empty_server.database():
        score = CriterionScore.objects.get(assessment=practical)
        assert (score.score, score.note) == (2, "Calm")
