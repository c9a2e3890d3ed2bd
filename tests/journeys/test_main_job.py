"""The main job from end to end, in the browser, as docs/tour.md tells it."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.walker import Walker, walking
from tests.support.servers import Server

NAME = "Air leaks found and closed"
CODE = "AUT-AIR"
WORKER = "N1005"
"""The personnel number of the person behind the account `worker`."""


@pytest.mark.browser
def test_the_main_job(browser: Browser, server: Server) -> None:
    """Define, see the gap, earn, decide, hold, verify, see the gap closed, revoke."""
    url = server.url
    with walking(browser, url, "lead") as lead:
        define(lead)
    with walking(browser, url, "manager") as manager:
        before = gaps_of_unit(manager, "03-gap-of-a-unit")
    with walking(browser, url, "worker", phone=True) as worker:
        take_the_test(worker)
    with walking(browser, url, "assessor", phone=True) as assessor:
        assess(assessor)
    with walking(browser, url, "quality") as quality:
        decide(quality)
    with walking(browser, url, "worker", phone=True) as worker:
        link = share(worker)
    with walking(browser, url, phone=True) as stranger:
        verify(stranger, link)
    with walking(browser, url, "manager") as manager:
        assert gaps_of_unit(manager, "11-gap-closed") == before - 1
    with walking(browser, url, "quality") as quality:
        revoke(quality)
    with walking(browser, url, phone=True) as stranger:
        stranger.go(link)
        stranger.says(re.compile("revoked", re.IGNORECASE))
        assert stranger.page.locator(".verdict-bad").count() == 1
        stranger.look("13-revoked")
    with walking(browser, url, "worker", phone=True) as worker:
        worker.go("/wallet/")
        expect(worker.page.locator("li", has_text=NAME)).to_contain_text("revoked")
    with walking(browser, url, "manager") as manager:
        assert gaps_of_unit(manager) == before


def define(lead: Walker) -> None:
    """A training lead defines an achievement, its test and rubric, and publishes it."""
    page = lead.page
    lead.go("/achievements/")
    lead.look()
    lead.press("New achievement", role="link")
    page.locator("[name=code]").fill(CODE)
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=description]").fill("Find the leaks of a station and close them.")
    page.locator("[name=criteria]").fill("Finds and closes three leaks with the branch vented.")
    page.locator("[name=area]").fill("Automation")
    page.locator("[name=workload_hours]").fill("4")
    page.locator("[name=validity_months]").fill("24")
    skill = page.locator("select[name='skills-0-skill'] option", has_text="Pneumatics").first
    page.locator("select[name='skills-0-skill']").select_option(skill.get_attribute("value"))
    level = page.locator("[name='skills-0-level']")
    if level.first.evaluate("e => e.tagName") == "SELECT":
        level.select_option(index=1)
    else:
        level.first.check()
    lead.look("01-define")
    page.locator("main form button[type=submit]").last.click()
    lead.says("Missing before it can be published")
    version = page.url
    add_questions(lead, version)
    page.goto(version + "rubric/")
    page.locator("[name=task]").fill("Find and close the leaks of station 2.")
    page.locator("[name=min_points]").fill("3")
    page.locator("[name='criteria-0-statement']").fill("Vents the branch first")
    page.locator("[name='criteria-0-is_critical']").check()
    page.locator("[name='criteria-1-statement']").fill("Finds all three leaks")
    lead.look()
    lead.press("Keep the rubric")
    lead.look("02-ready-to-publish")
    lead.press("Publish", role="link")
    lead.press("Publish")
    lead.says("Published. People can earn it from now on.")


def add_questions(lead: Walker, version: str) -> None:
    """One question of each kind."""
    page = lead.page
    for kind in ("single", "multiple", "numeric"):
        page.goto(version + "test/new/")
        page.locator("select[name=skill]").select_option(index=1)
        page.locator(f"input[name=kind][value={kind}]").check()
        page.locator("[name=stem]").fill(f"A {kind} question about air")
        if kind == "numeric":
            page.locator("[name=number]").fill("6.3")
            page.locator("[name=tolerance]").fill("0.1")
            page.locator("[name=unit]").fill("bar")
        else:
            for n, right in ((1, True), (2, kind == "multiple"), (3, False)):
                words = "right" if right else "wrong"
                page.locator(f"[name=option_{n}]").fill(f"{words} answer {n}")
                if right:
                    page.locator(f"[name=right_{n}]").check()
        lead.press("Keep the question")
        lead.says("The question is in the test.")
    lead.look()


def gaps_of_unit(manager: Walker, picture: str | None = None) -> int:
    """The number of open gaps of assembly line A1, as its manager reads it."""
    manager.go("/gaps/")
    manager.look()
    manager.page.get_by_role("link", name="Assembly line A1").first.click()
    manager.page.locator(".matrix, table").first.wait_for()
    manager.look(picture)
    figures = manager.page.locator(".figures li, .figures > *")
    shown = figures.filter(has_text="open gap").first.inner_text()
    found = re.search(r"\d+", shown)
    assert found is not None
    return int(found[0])


def take_the_test(worker: Walker) -> None:
    """A worker sees the own gap and takes the test; the browser dies in between."""
    page = worker.page
    worker.go("/skills/mine/")
    worker.says("Pneumatics kept running")
    worker.look("04-my-skills")
    worker.go("/achievements/?q=leaks")
    page.get_by_role("link", name=NAME).first.click()
    worker.look()
    worker.press("Take the test", role="link")
    worker.look("05-what-awaits")
    worker.press("Start the test")
    page.get_by_text("right answer 1").first.wait_for()
    answer(worker, first_only=True)
    address = page.url
    # As if the browser had died: a new page finds what was saved.
    page.goto("about:blank")
    page.goto(address)
    assert page.locator("input:checked").count() == 1
    answer(worker)
    worker.look("06-test")
    worker.press("Check and hand in")
    worker.says("Every question has an answer.")
    worker.look()
    page.get_by_role("button", name="Hand in").click()
    worker.says("Passed")
    worker.look("07-passed")


def answer(worker: Walker, *, first_only: bool = False) -> None:
    """Give the right answers and wait until the server has them."""
    page = worker.page
    single = page.locator("fieldset", has_text="A single question")
    single.get_by_text("right answer 1").click()
    if not first_only:
        multiple = page.locator("fieldset", has_text="A multiple question")
        for n in (1, 2):
            multiple.get_by_label(f"right answer {n}").check()
        number = page.locator("fieldset", has_text="A numeric question").locator("input[type=text]")
        number.fill("6,35")
        number.blur()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-kind", "saved")


def assess(assessor: Walker) -> None:
    """An authorized assessor scores the practical assessment, with a picture as evidence."""
    page = assessor.page
    assessor.go("/practicals/start/")
    option = page.locator("select[name=version] option", has_text=NAME)
    page.locator("select[name=version]").select_option(option.get_attribute("value"))
    page.locator("[name=q]").fill(WORKER)
    assessor.press("Find the person")
    expect(page.locator("button[name=person]").first).to_be_visible()
    assessor.look()
    page.locator("button[name=person]").first.click()
    for fieldset in page.locator("fieldset[data-item]").all():
        fieldset.get_by_label("shown", exact=True).check()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-kind", "saved")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "station.png"
        page.screenshot(path=picture)
        page.locator("input[type=file]").set_input_files(picture)
        page.locator("[name=caption]").fill("Station 2 after the work")
        assessor.press("Add the file")
    assessor.says("The file is kept as evidence.")
    assessor.look("08-assess")
    assessor.press("Hand in the assessment")
    assessor.says("Passed")
    assessor.look()


def decide(quality: Walker) -> None:
    """Somebody entitled, who is not the assessor, decides on the results."""
    quality.go("/decisions/")
    quality.look()
    quality.page.get_by_role("row", name=re.compile(NAME)).get_by_role("link").first.click()
    quality.look("09-decide")
    quality.page.locator("input[name=outcome][value=granted]").check()
    quality.press("Decide")
    quality.look()


def share(worker: Walker) -> str:
    """The credential arrives; its holder makes a link to show it."""
    page = worker.page
    deadline = time.monotonic() + 30
    while True:
        worker.go("/wallet/")
        card = page.locator("li", has_text=NAME)
        card.wait_for()
        if "being signed" not in card.inner_text():
            break
        assert time.monotonic() < deadline, "the credential was not signed within 30 s"
        page.wait_for_timeout(300)
    worker.look("10-wallet")
    card.get_by_role("link").first.click()
    worker.press("Make a link")
    link = page.locator("a.share-link, .share-link a").first.get_attribute("href")
    assert link is not None
    assert page.locator(".share-code svg").count() >= 1
    worker.look("10b-share")
    return "/s/" + link.split("/s/")[1]


def verify(stranger: Walker, link: str) -> None:
    """A stranger without an account sees each check in plain words."""
    stranger.go(link)
    assert stranger.page.locator(".verdict-good").count() == 1
    assert stranger.page.locator(".check-good").count() >= 5
    stranger.says(NAME)
    stranger.look("12-verify")


def revoke(quality: Walker) -> None:
    """The award is found wrong."""
    page = quality.page
    quality.go(f"/awards/?q={WORKER}")
    page.get_by_role("row", name=re.compile(NAME)).get_by_role("link").first.click()
    quality.look()
    page.get_by_role("link", name=re.compile("Revoke")).click()
    page.locator("[name=reason]").fill("The leaks were closed by somebody else.")
    quality.look()
    page.locator("main form button[type=submit]").last.click()
    quality.look()
