"""The job role pages: from an occupation to a role that people are compared with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from guildmark.skills import services
from guildmark.skills.models import JobRole
from tests.support import factories
from tests.support.skills import job_role, occupation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        services.ensure_iluo()
        yield


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.account is not None
    client.force_login(actor.account)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_from_an_occupation_to_a_job_role(client: Client) -> None:
    owner = factories.organization()
    template = occupation(
        {"Repairing": (4, "4.50"), "Reading": (1, "3.50"), "Art": (6, "2.00")},
        title="Robotics Technicians",
    )
    template.other_titles.create(title="Robot Fitter")
    position = factories.position(owner, title="Fitter")
    sign_in(client, factories.actor(owner, Role.PROGRAMME_OWNER))
    assert "No job roles yet" in text_of(client, "/job-roles/")
    found = text_of(client, "/job-roles/occupations/?q=fitter+robot")
    assert "Robot Fitter" in found
    page = reverse("job_role_adopt", args=[template.id])
    assert page in found
    assert "No occupation fits" in text_of(client, "/job-roles/occupations/?q=xyzzy")
    text = text_of(client, page)
    assert "2 skills are taken over" in text
    assert "U · expert" in text
    assert "O*NET 1" in text  # attribution
    typed = {
        "code": "FIT",
        "title": "Fitter of cells",
        "position": str(position.id),
        "minimum_importance": "1.5",
        "limit": "",
    }
    preview = client.post(page, typed | {"preview": "1"})
    assert preview.status_code == 200
    assert "3 skills are taken over" in preview.content.decode()
    assert "Fitter of cells" in preview.content.decode()  # kept
    assert not JobRole.objects.filter(organization=owner).exists()
    none = client.post(page, typed | {"minimum_importance": "4.8"})
    assert none.status_code == 422
    assert "No skill of this occupation is rated so high" in none.content.decode()
    wrong = client.post(page, typed | {"code": "", "minimum_importance": "9"})
    assert wrong.status_code == 422
    assert "Fitter of cells" in wrong.content.decode()
    response = client.post(page, typed, follow=True)
    assert "Adjust what it requires" in response.content.decode()
    role = JobRole.objects.get(organization=owner)
    assert role.position == position
    assert role.requirements.count() == 3
    again = client.post(page, typed | {"position": ""})
    assert again.status_code == 422
    assert "Another job role has this code" in again.content.decode()
    assert client.post(page, {}).status_code == 422


def test_requirements_are_edited(client: Client) -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    role = services.create_job_role(actor=lead, code="A", title="Assembler")
    skill, levels = factories.skill(owner, label="Soldering"), factories.iluo()
    onet = occupation({"Repairing": (3, "4.0")}).requirements.get().skill
    sign_in(client, lead)
    page = reverse("job_role", args=[role.id])
    assert "It requires nothing yet" in text_of(client, page)
    typed = {"level": str(levels[2].id), "weight": "2.5", "is_critical": "on"}
    for one in (skill, onet):
        response = client.post(page, typed | {"skill": str(one.id)}, follow=True)
        assert "The requirement is kept." in response.content.decode()
    response = client.post(page, typed | {"skill": str(skill.id), "weight": "7"})
    assert response.status_code == 422
    assert client.post(page, {}).status_code == 422
    requirement = role.requirements.get(skill=onet)
    edit = reverse("requirement", args=[requirement.id])
    assert edit in text_of(client, page)
    assert "2.50" in text_of(client, edit)
    response = client.post(edit, {"level": str(levels[4].id), "weight": "1"}, follow=True)
    assert response.status_code == 200
    requirement.refresh_from_db()
    assert (requirement.level, requirement.is_critical) == (levels[4], False)
    remove = reverse("requirement_remove", args=[requirement.id])
    assert client.get(remove).status_code == 405
    assert "no longer required" in client.post(remove, follow=True).content.decode()
    assert [r.skill for r in role.requirements.all()] == [skill]


def test_a_role_is_made_and_renamed(client: Client) -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    position = factories.position(owner)
    sign_in(client, lead)
    typed = {"code": "P", "title": "Painter", "position": str(position.id)}
    assert client.post("/job-roles/new/", {"code": "P"}).status_code == 422
    response = client.post("/job-roles/new/", typed, follow=True)
    assert "Now say which skills it requires." in response.content.decode()
    role = JobRole.objects.get(organization=owner)
    edit = reverse("job_role_edit", args=[role.id])
    assert position.title in text_of(client, edit)  # its own position stays choosable
    client.post(edit, {"title": "Coater", "position": str(position.id), "description": "x"})
    role.refresh_from_db()
    assert (role.title, role.position) == ("Coater", position)
    assert "Coater" in text_of(client, "/job-roles/")


def test_who_may(client: Client) -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    role = services.create_job_role(actor=lead, code="A", title="Assembler")
    template = occupation({"Repairing": (3, "4.0")})
    public = reverse("job_role", args=[template.id])
    own = reverse("job_role", args=[role.id])
    client.logout()
    assert client.get(own).status_code == 302
    sign_in(client, factories.actor(owner, Role.WORKER))
    assert "Assembler" in text_of(client, own)
    assert "Require a skill" not in text_of(client, own)
    assert "Start a job role" not in text_of(client, public)
    for path in ("/job-roles/new/", reverse("job_role_adopt", args=[template.id])):
        text_of(client, path, 403)
    assert client.post(own, {}).status_code == 403
    requirement = template.requirements.get()
    sign_in(client, lead)
    assert "Start a job role from this" in text_of(client, public)
    text_of(client, reverse("job_role_adopt", args=[role.id]), 404)
    # A public occupation belongs to nobody here.
    text_of(client, reverse("requirement", args=[requirement.id]), 404)
    assert client.post(reverse("requirement_remove", args=[requirement.id])).status_code == 404
    edit = reverse("job_role_edit", args=[template.id])
    text_of(client, edit, 404)
    assert client.post(edit, {"title": "Mine now"}).status_code == 404
    sign_in(client, factories.actor(factories.organization(), Role.PROGRAMME_OWNER))
    text_of(client, own, 404)
    text_of(client, reverse("job_role_edit", args=[role.id]), 404)


def test_the_same_number_of_questions_for_many(client: Client) -> None:
    owner = factories.organization()
    sign_in(client, factories.actor(owner, Role.PROGRAMME_OWNER))
    position = job_role(owner, {factories.skill(owner): 1})
    occupation({"Repairing": (3, "4.0")})
    pages = (
        "/job-roles/",
        "/job-roles/occupations/?q=fitters",
        reverse("job_role", args=[position.job_role.id]),
    )

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                text_of(client, page)
            counts.append(len(captured))
        return counts

    few = asked()
    for _ in range(8):
        skill = factories.skill(owner)
        job_role(owner, {skill: 1})
        position.job_role.requirements.create(skill=skill, level=factories.iluo()[1])
        occupation({"Repairing": (3, "4.0")})
    assert asked() == few
