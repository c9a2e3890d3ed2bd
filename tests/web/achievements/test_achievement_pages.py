"""The catalogue, an achievement, and its way from draft to publication."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildmark.achievements import services
from guildmark.achievements.models import Achievement, AchievementVersion
from guildmark.organizations.models import Role
from tests.support import assessment as support
from tests.support import factories
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Powder handling",
    "description": "Handles metal powder safely.",
    "criteria": "Wears what is needed, sieves, stores.",
    "area": "3D printing",
    "assessment_type": "test_and_practical",
    "participation": "on_the_job",
    "workload_hours": "6.5",
    "eqf_level": "4",
    "validity_months": "24",
    "language": "en",
    "quality_assurance": "Two people look at each award.",
    "skills-TOTAL_FORMS": "2",
    "skills-INITIAL_FORMS": "0",
}


def test_from_nothing_to_published() -> None:
    works = factories.organization()
    lead = factories.actor(works, Role.PROGRAMME_OWNER)
    skill, level = factories.skill(works), factories.iluo()[2]
    client = browser(lead)
    assert "No achievements yet" in text(client.get("/achievements/"))
    response = client.post(
        "/achievements/new/",
        {
            **FIELDS,
            "code": "ADD-POWDER",
            "skills-0-skill": str(skill.id),
            "skills-0-level": str(level.id),
        },
    )
    assert response.status_code == 302, text(response)
    page = response["Location"]
    shown = text(client.get(page))
    assert "Missing before it can be published" in shown
    version = AchievementVersion.objects.get()
    assert f"{page}test/" in shown
    assert f"{page}rubric/" in shown
    assert f"{page}publish/" not in shown
    # Asking for it all the same names what is missing, with the ways to mend it.
    response = client.post(f"{page}publish/", follow=True)
    assert f'href="{page}test/"' in text(response)
    version.refresh_from_db()
    assert version.state == "draft"
    response = client.post(
        f"{page}test/new/",
        {
            "skill": str(skill.id),
            "kind": "single",
            "stem": "What is worn?",
            "option_1": "A mask",
            "right_1": "on",
            "option_2": "Nothing",
        },
        follow=True,
    )
    assert "What is worn?" in text(response)
    response = client.post(
        f"{page}rubric/",
        {
            "task": "Sieve a batch.",
            "min_points": "2",
            "criteria-TOTAL_FORMS": "3",
            "criteria-INITIAL_FORMS": "0",
            "criteria-0-statement": "Wears the mask",
            "criteria-0-is_critical": "on",
            "criteria-1-statement": "Sieves",
        },
    )
    assert response.status_code == 302
    response = client.post(f"{page}publish/", follow=True)
    assert "Published." in text(response)
    version.refresh_from_db()
    assert (version.state, version.validity_months, str(version.workload_hours)) == (
        "published",
        24,
        "6.5",
    )
    # Now it can be looked at and no longer be changed.
    assert client.get(f"{page}edit/").status_code == 409
    assert client.get(f"{page}publish/").status_code == 409
    assert client.post(f"{page}test/new/", {}).status_code in {409, 422}
    response = client.post(f"{page}draft/", follow=True)
    assert "version 2" in text(response)
    assert Achievement.objects.count() == 1


def test_what_was_typed_is_kept_and_each_wrong_field_is_named() -> None:
    works = factories.organization()
    client = browser(factories.actor(works, Role.PROGRAMME_OWNER))
    response = client.post(
        "/achievements/new/",
        {**FIELDS, "code": "", "name": "", "eqf_level": "9", "workload_hours": "many"},
    )
    shown = text(response)
    assert response.status_code == 422
    assert "Handles metal powder safely." in shown
    assert 'value="many"' in shown
    assert 'value="9"' in shown
    assert shown.count('class="errorlist"') >= 4
    assert not Achievement.objects.exists()
    # A skill without a level is told in its row.
    skill = factories.skill(works)
    factories.iluo()
    response = client.post(
        "/achievements/new/", {**FIELDS, "code": "A", "skills-0-skill": str(skill.id)}
    )
    assert "Choose a level." in text(response)
    assert client.post("/achievements/new/", {}).status_code == 422


def test_a_taken_code_is_told_beside_the_field() -> None:
    world = support.world()
    response = browser(world.lead).post("/achievements/new/", {**FIELDS, "code": "aut-cell"})
    assert response.status_code == 422
    assert "Another achievement has this code." in text(response)


@pytest.mark.parametrize("view", ["table", "cards"])
def test_the_catalogue_needs_the_same_queries_for_3_and_30(view: str) -> None:
    works = factories.organization()
    lead = factories.actor(works, Role.PROGRAMME_OWNER)
    client = browser(lead)
    levels = factories.iluo()

    def add(count: int) -> None:
        for _ in range(count):
            version = services.create_achievement(
                actor=lead, code=str(uuid.uuid4())[:30], name="Name"
            )
            services.set_attested_skills(
                actor=lead, version=version, skills=[(factories.skill(works), levels[1])]
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/achievements/", {"view": view})
        assert response.status_code == 200
        return len(captured)

    add(3)
    queries()
    few = queries()
    add(27)
    assert queries() == few


def test_search_area_and_state() -> None:
    world = support.world()
    draft = services.new_draft(actor=world.lead, achievement=world.version.achievement)
    client = browser(world.lead)
    both = text(client.get("/achievements/"))
    assert str(world.version.id) in both
    assert str(draft.id) in both
    assert str(draft.id) not in text(client.get("/achievements/", {"state": "published"}))
    assert "No achievement fits" in text(client.get("/achievements/", {"area": "Welding"}))
    assert str(draft.id) in text(client.get("/achievements/", {"q": "robot CELL"}))
    for query in ({"q": "\0"}, {"area": "\0"}, {"state": "x", "view": "y", "page": "-1"}):
        assert client.get("/achievements/", query).status_code == 200
    # A worker sees what is published, whatever is asked for.
    worker = browser(world.worker)
    for query in ({}, {"state": "draft"}, {"state": "withdrawn"}):
        shown = text(worker.get("/achievements/", query))
        assert str(draft.id) not in shown
        assert str(world.version.id) in shown


def test_what_a_worker_finds() -> None:
    world = support.world()
    client = browser(world.worker)
    page = f"/achievements/{world.version.id}/"
    shown = text(client.get(page))
    for words in ("Take the test", world.version.criteria, "Locks out", "Robot cell restart"):
        assert words in shown
    for words in ("What comes first?", "Withdraw", "New draft"):
        assert words not in shown
    for path in ("test/", "rubric/", "edit/", "publish/", "withdraw/", "test/new/"):
        assert client.get(page + path).status_code == 403
    assert client.post(page + "draft/").status_code == 403
    draft = services.new_draft(actor=world.lead, achievement=world.version.achievement)
    assert client.get(f"/achievements/{draft.id}/").status_code == 404
    stranger = browser(factories.actor(factories.organization(), Role.PROGRAMME_OWNER))
    for path in ("", "test/", "rubric/", "edit/", "publish/"):
        assert stranger.get(page + path).status_code == 404


def test_an_auditor_reads_the_questions_and_changes_none() -> None:
    world = support.world(published=False)
    client = browser(factories.actor(world.organization, Role.AUDITOR))
    page = f"/achievements/{world.version.id}/"
    asked = text(client.get(page + "test/"))
    assert "can no longer take this test" in asked
    assert "What comes first?" not in asked
    shown = text(client.post(page + "test/", {"open": "True"}, follow=True))
    assert "What comes first?" in shown
    assert "Add a question" not in shown
    assert client.post(page + "test/", {}).status_code == 403
    assert client.post(page + "rubric/", {}).status_code == 403
    for item in world.items:
        assert client.post(f"{page}test/{item.id}/remove/").status_code == 403


def test_questions_are_changed_moved_and_taken_out() -> None:
    world = support.world(published=False)
    client = browser(world.lead)
    page = f"/achievements/{world.version.id}/test/"
    first, second, number = world.items
    client.post(f"{page}{first.id}/move/", {"down": "1"})
    assert [item.id for item in world.items] == [second.id, first.id, number.id]
    client.post(f"{page}{second.id}/move/", {"up": "1"})
    assert world.items[0].id == second.id
    assert 'value="6.5"' in text(client.get(f"{page}{number.id}/"))
    response = client.post(
        f"{page}{number.id}/",
        {
            "skill": str(world.skill.id),
            "kind": "numeric",
            "stem": "What pressure?",
            "number": "7",
            "tolerance": "0",
            "unit": "bar",
        },
    )
    assert response.status_code == 302, text(response)
    assert world.items[2].stem == "What pressure?"
    number.refresh_from_db()
    assert number.stem == "What pressure must the gauge show?"
    # Pressed in an old window, the question is no longer there.
    assert client.post(f"{page}{number.id}/remove/").status_code == 409
    client.post(f"{page}{first.id}/remove/")
    assert len(world.items) == 2
    response = client.post(
        page, {"time_limit_minutes": "15", "cut_score_percent": "80", "max_attempts": "1"}
    )
    assert response.status_code == 302
    assert len(world.items) == 2
    assert AchievementVersion.objects.get(id=world.version.id).test.time_limit_minutes == 15


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stem": ""}, "This field is required."),
        ({"right_1": ""}, "Mark exactly one answer as right."),
        ({"option_2": ""}, "Offer 2 to 10 answers."),
        ({"option_2": "Lock out"}, "Give each answer a text of its own"),
        ({"kind": "numeric"}, "Give the right number."),
        ({"kind": "numeric", "number": "six"}, "Enter a number."),
    ],
)
def test_a_wrong_question_keeps_what_was_typed(changes: dict[str, str], message: str) -> None:
    world = support.world(published=False)
    typed = {
        "skill": str(world.skill.id),
        "kind": "single",
        "stem": "What now?",
        "option_1": "Lock out",
        "right_1": "on",
        "option_2": "Go home",
    } | changes
    response = browser(world.lead).post(f"/achievements/{world.version.id}/test/new/", typed)
    assert response.status_code == 422
    shown = text(response)
    assert message in shown
    assert 'value="Lock out"' in shown
    assert len(world.items) == 3


def test_a_rubric_that_cannot_be_passed_is_refused() -> None:
    world = support.world(published=False)
    response = browser(world.lead).post(
        f"/achievements/{world.version.id}/rubric/",
        {
            "task": "Restart it.",
            "min_points": "5",
            "criteria-TOTAL_FORMS": "2",
            "criteria-INITIAL_FORMS": "0",
            "criteria-0-statement": "Locks out",
            "criteria-1-statement": "Restarts",
        },
    )
    assert response.status_code == 422
    assert "Give a number from 1 to 4" in text(response)
    assert 'value="Locks out"' in text(response)


def test_withdrawing_is_asked_about_first() -> None:
    world = support.world()
    client = browser(world.lead)
    page = f"/achievements/{world.version.id}/"
    assert "What was earned stays valid" in text(client.get(page + "withdraw/"))
    client.post(page + "withdraw/")
    world.version.refresh_from_db()
    assert world.version.state == "withdrawn"
    assert client.post(page + "withdraw/").status_code == 409
    assert "Take the test" not in text(browser(world.worker).get(page))
