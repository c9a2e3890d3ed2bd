"""Assessing in practice, evidence and authorizations in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.assessment import services
from guildmark.assessment.models import (
    AssessorAuthorization,
    CriterionScore,
    EvidenceFile,
    PracticalAssessment,
)
from guildmark.organizations.models import Role
from tests.support import assessment as support
from tests.support import factories
from tests.support.assessment import PNG, World
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path


def begin(client: Client, world: World) -> str:
    asked = {"version": str(world.version.id), "q": world.person.number}
    response = client.post("/practicals/start/", {**asked, "person": str(world.person.id)})
    assert response.status_code == 302, text(response)
    address: str = response["Location"]
    return address


def criteria(world: World) -> list[str]:
    return [str(one.id) for one in world.version.rubric.criteria.all()]


def send(client: Client, page: str, item: str, answer: Any, note: str = "") -> Any:
    return client.post(
        f"{page}score/",
        json.dumps({"item": item, "answer": answer, "note": note}),
        content_type="application/json",
    )


def test_from_the_search_to_the_result() -> None:
    world = support.world()
    client = browser(world.assessor)
    assert "No assessments yet" in text(client.get("/practicals/"))
    assert "Robot cell restart" in text(client.get("/practicals/start/"))
    asked = {"version": str(world.version.id), "q": world.person.family_name}
    assert world.person.number in text(client.get("/practicals/start/", asked))
    page = begin(client, world)
    first, second = criteria(world)
    response = client.post(
        page, {f"score-{first}": "2", f"note-{first}": "Calm & sure"}, follow=True
    )
    assert "The scores are saved." in text(response)
    assert 'value="Calm &amp; sure"' in text(response)
    # What is missing is named, and nothing typed is lost.
    response = client.post(f"{page}hand-in/", {"comment": "Well done"})
    assert response.status_code == 422
    assert "Score this: Restarts" in text(response)
    assert "Well done" in text(response)
    response = client.post(
        f"{page}hand-in/", {f"score-{second}": "1", "comment": "Well done"}, follow=True
    )
    shown = text(response)
    assert "3 of 4 points" in shown
    assert "Well done" in shown
    assert "Hand in the assessment" not in shown
    done = PracticalAssessment.objects.get()
    assert (done.passed, done.points) == (True, 3)
    # Pressed again, nothing changes.
    client.post(f"{page}hand-in/", {f"score-{second}": "0"})
    assert client.post(page, {f"score-{second}": "0"}).status_code == 409
    assert send(client, page, second, "0").status_code == 409
    done.refresh_from_db()
    assert done.points == 3


def test_scores_are_saved_as_they_are_tapped() -> None:
    world = support.world()
    client = browser(world.assessor)
    page = begin(client, world)
    first, _second = criteria(world)
    assert send(client, page, first, "2", "Sure").status_code == 200
    score = CriterionScore.objects.get()
    assert (score.score, score.note) == (2, "Sure")
    # Not shown is a score, as text and as a number.
    for nothing in ("0", 0):
        assert send(client, page, first, nothing).status_code == 200
    assert CriterionScore.objects.get().score == 0
    # A note without a score is not said to be saved.
    response = send(client, page, _second, None, "Hesitated")
    assert response.status_code == 422
    assert "Choose how it was shown" in response.json()["message"]
    for wrong in ("3", "-1", "x", "²", "1" * 50, ["2"]):
        assert send(client, page, first, wrong).status_code == 422
    assert send(client, page, first, "1", "x" * 501).status_code == 422
    assert send(client, page, str(world.version.id), "1").status_code == 404


def test_nobody_finds_themself_and_another_s_work_is_not_taken_over() -> None:
    world = support.world()
    client = browser(world.assessor)
    assert world.assessor.person is not None
    me = world.assessor.person
    asked = {"version": str(world.version.id), "q": me.number}
    assert "Nobody fits" in text(client.get("/practicals/start/", asked))
    response = client.post("/practicals/start/", {**asked, "person": str(me.id)})
    assert response.status_code == 403
    begin(client, world)
    other = factories.actor(world.organization, Role.ASSESSOR)
    assert other.person is not None
    services.authorize_assessor(
        actor=world.lead,
        person=other.person,
        skill=world.skill,
        valid_from=AssessorAuthorization.objects.get().valid_from,
    )
    response = browser(other).post("/practicals/start/", {**asked, "person": str(world.person.id)})
    assert response.status_code == 409
    assert "has begun to assess this person" in text(response)
    for person in ("", "x", str(factories.person(factories.organization()).id)):
        response = client.post("/practicals/start/", {**asked, "person": person})
        assert response.status_code == 404


def test_without_authorization_nothing_is_offered() -> None:
    world = support.world()
    page = begin(browser(world.assessor), world)
    services.end_authorization(actor=world.lead, authorization=AssessorAuthorization.objects.get())
    client = browser(world.assessor)
    assert "Nothing you may assess today" in text(client.get("/practicals/start/"))
    assert "You are not authorized today to assess" in text(client.get(page))
    first, _second = criteria(world)
    assert send(client, page, first, "2").status_code == 403
    assert client.post(page, {f"score-{first}": "2"}).status_code == 403
    assert not CriterionScore.objects.exists()


def upload(client: Client, page: str, data: bytes, name: str = "a.png", **more: Any) -> Any:
    return client.post(
        f"{page}evidence/", {"file": SimpleUploadedFile(name, data), **more}, follow=True
    )


def test_evidence_goes_up_and_comes_down() -> None:
    world = support.world()
    client = browser(world.assessor)
    page = begin(client, world)
    first, _second = criteria(world)
    response = upload(
        client, page, PNG, 'x"<b>.html', caption="The gate", **{f"score-{first}": "2"}
    )
    assert "The file is kept as evidence." in text(response)
    # A score tapped before the upload went along with it.
    assert CriterionScore.objects.get().score == 2
    file = EvidenceFile.objects.get()
    assert (file.caption, file.media_type) == ("The gate", "image/png")
    response = browser(world.worker).get(f"/practicals/evidence/{file.id}/")
    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert ".png" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for stranger in (
        factories.actor(world.organization, Role.WORKER),
        factories.actor(world.organization, Role.ASSESSOR),
        factories.actor(factories.organization(), Role.AUDITOR),
    ):
        assert browser(stranger).get(f"/practicals/evidence/{file.id}/").status_code == 404
    assert Client().get(f"/practicals/evidence/{file.id}/").status_code == 302


def test_a_wrong_file_is_told_beside_the_field_and_the_rest_stays() -> None:
    world = support.world()
    client = browser(world.assessor)
    page = begin(client, world)
    for data, message in (
        (b"MZ\x90\0\3", "Choose a JPEG, PNG or WebP picture"),
        (b"", "The file is empty"),
        (PNG + b"\0" * (10 * 1024 * 1024), "of up to 10 MB"),
    ):
        response = upload(client, page, data, caption="The gate")
        assert response.status_code == 422
        assert message in text(response)
        assert 'value="The gate"' in text(response)
    response = client.post(f"{page}evidence/", {"caption": "The gate"})
    assert "Choose a file." in text(response)
    assert not EvidenceFile.objects.exists()


def test_a_lost_file_is_told(tmp_path: Path) -> None:
    world = support.world()
    client = browser(world.assessor)
    page = begin(client, world)
    upload(client, page, PNG)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.unlink()
    file = EvidenceFile.objects.get()
    response = client.get(f"/practicals/evidence/{file.id}/")
    assert response.status_code == 404
    assert "missing from the evidence folder" in text(response)


def test_who_may_see_and_nobody_else() -> None:
    world = support.world()
    page = begin(browser(world.assessor), world)
    for actor in (world.worker, world.lead):
        shown = text(browser(actor).get(page))
        assert "Hand in the assessment" not in shown
        assert browser(actor).post(page, {}).status_code == 403
    for actor in (
        factories.actor(world.organization, Role.WORKER),
        factories.actor(world.organization, Role.ASSESSOR),
        factories.actor(factories.organization(), Role.PROGRAMME_OWNER),
    ):
        client = browser(actor)
        assert client.get(page).status_code == 404
        assert client.post(f"{page}hand-in/").status_code == 404
    assert browser(world.worker).get("/practicals/").status_code == 403
    assert browser(world.worker).get("/practicals/start/").status_code == 403


def test_the_list_needs_the_same_queries_for_3_and_30() -> None:
    world = support.world()
    client = browser(world.assessor)

    def add(count: int) -> None:
        for _ in range(count):
            services.start_practical(
                actor=world.assessor,
                version=world.version,
                person=factories.person(world.organization),
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/practicals/").status_code == 200
        return len(captured)

    add(3)
    queries()
    few = queries()
    add(27)
    assert queries() == few


def test_authorizations_are_granted_and_ended() -> None:
    world = support.world()
    client = browser(world.lead)
    other = factories.actor(world.organization, Role.ASSESSOR)
    assert other.person is not None
    typed = {
        "person": str(other.person.id),
        "skill": str(world.skill.id),
        "valid_from": "2026-01-10",
        "valid_until": "2026-01-09",
    }
    response = client.post("/practicals/authorizations/", typed)
    assert response.status_code == 422
    assert "Give a day that is not before the first." in text(response)
    assert 'value="2026-01-10"' in text(response)
    client.post("/practicals/authorizations/", typed | {"valid_until": ""})
    made = AssessorAuthorization.objects.get(person=other.person)
    response = client.post("/practicals/authorizations/", typed | {"valid_until": ""})
    assert "they may assess this already" in text(response)
    client.post(f"/practicals/authorizations/{made.id}/end/")
    made.refresh_from_db()
    assert made.valid_until is not None
    assert client.post("/practicals/authorizations/", {}).status_code == 422
    for actor, status in (
        (factories.actor(world.organization, Role.AUDITOR), 403),
        (world.assessor, 403),
        (factories.actor(factories.organization(), Role.PROGRAMME_OWNER), 404),
    ):
        response = browser(actor).post(f"/practicals/authorizations/{made.id}/end/")
        assert response.status_code == status
    assert browser(world.worker).get("/practicals/authorizations/").status_code == 403
    auditor = browser(factories.actor(world.organization, Role.AUDITOR))
    assert "Authorize an assessor" not in text(auditor.get("/practicals/authorizations/"))


def test_handing_in_once_more_shows_the_same_and_nothing_else_is_kept() -> None:
    world = support.world()
    client = browser(world.assessor)
    page = begin(client, world)
    first, second = criteria(world)
    form = {f"score-{first}": "2", f"score-{second}": "1", "comment": "Calm"}
    for _again in range(2):
        assert "The assessment is handed in." in text(
            client.post(f"{page}hand-in/", form, follow=True)
        )
    for other in ({f"score-{second}": "2"}, {f"note-{first}": "Late"}, {"comment": "Hurried"}):
        said = text(client.post(f"{page}hand-in/", form | other, follow=True))
        assert "has been handed in and no longer changes" in said
        assert "The assessment is handed in." not in said
    kept = PracticalAssessment.objects.get()
    assert (kept.points, kept.comment) == (3, "Calm")
