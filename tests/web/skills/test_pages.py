"""The skill pages, and a worker's own."""

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
from guildmark.skills.models import Framework, Skill, SkillRecord
from tests.support import awards, factories
from tests.support.skills import holds, job_role, occupation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.account is not None
    client.force_login(actor.account)


def text_of(client: Client, path: str, status: int = 200, **extra: str) -> str:
    response = client.get(path, headers=extra or None)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_from_framework_to_skill(client: Client) -> None:
    framework = services.load_starter_framework()
    skill = framework.skills.order_by("code")[0]
    owner = factories.organization()
    sign_in(client, factories.actor(owner, Role.WORKER))
    text = text_of(client, "/skills/")
    assert reverse("framework", args=[framework.id]) in text
    assert skill.label not in text
    assert skill.label in text_of(client, f"/skills/?q={skill.code}")
    assert "No skill fits" in text_of(client, "/skills/?q=xyzzy%00")
    text = text_of(client, reverse("framework", args=[framework.id]))
    assert reverse("skill", args=[skill.id]) in text
    assert "CC BY 4.0" in text
    for group in set(framework.skills.values_list("group", flat=True)):
        assert f"<h2>{group}</h2>" in text
    text = text_of(client, reverse("skill", args=[skill.id]))
    for descriptor in skill.level_descriptors.all():
        assert descriptor.text in text.replace("&#x27;", "'").replace("&quot;", '"')
    assert "Who has it" not in text
    assert "No job role asks for it." in text


def test_a_german_reads_german(client: Client) -> None:
    skill = services.load_starter_framework().skills.order_by("code")[0]
    owner = factories.organization()
    sign_in(client, factories.actor(owner, Role.PROGRAMME_OWNER))
    page = reverse("skill", args=[skill.id])
    german = text_of(client, page, **{"accept-language": "de"})
    assert skill.translations["de"]["label"] in german
    assert skill.translations["de"]["label"] in text_of(
        client, f"/skills/?q={skill.translations['de']['label']}", **{"accept-language": "de"}
    )


def test_who_needs_attests_and_has_a_skill(client: Client) -> None:
    owner = factories.organization()
    version = awards.version(owner)
    skill = version.skills.get().skill
    position = job_role(owner, {skill: 3}, critical=(skill,))
    manager = factories.actor(owner, Role.MANAGER)
    unit = factories.unit(owner, manager=manager.person)
    mine = factories.person(owner, in_unit=unit, family_name="Mine")
    other = factories.person(owner, in_unit=factories.unit(owner), family_name="Other")
    for person in (mine, other):
        holds(person, skill, 2)
    page = reverse("skill", args=[skill.id])
    sign_in(client, manager)
    text = text_of(client, page)
    for shown in (position.title, version.name, "Asha Mine", "Operate industrial robots"):
        assert shown in text
    assert "Asha Other" not in text
    sign_in(client, factories.actor(owner, Role.AUDITOR))
    assert "Asha Other" in text_of(client, page)
    sign_in(client, factories.actor(factories.organization(), Role.AUDITOR))
    text_of(client, page, 404)
    text_of(client, reverse("framework", args=[skill.framework_id]), 404)
    assert "No frameworks yet" in text_of(client, "/skills/")
    client.logout()
    assert client.get(page).status_code == 302


def test_lists_are_paged_with_the_same_number_of_questions(client: Client) -> None:
    owner = factories.organization()
    skill = factories.skill(owner)
    sign_in(client, factories.actor(owner, Role.AUDITOR))

    def asked() -> list[int]:
        counts = []
        for page in (
            reverse("framework", args=[skill.framework_id]),
            "/skills/?q=skill",
            reverse("skill", args=[skill.id]),
        ):
            with CaptureQueriesContext(connection) as captured:
                text_of(client, page)
            counts.append(len(captured))
        return counts

    holds(factories.person(owner), skill, 1)
    job_role(owner, {skill: 1})
    few = asked()
    for _ in range(60):
        factories.skill(owner)
    for _ in range(5):
        holds(factories.person(owner), skill, 1)
        job_role(owner, {skill: 1})
    assert asked() == few
    assert "Page 1 of 2" in text_of(client, reverse("framework", args=[skill.framework_id]))


def test_a_worker_sees_what_is_missing_and_the_test_that_closes_it(client: Client) -> None:
    owner = factories.organization()
    version = awards.version(owner)
    skill = version.skills.get().skill
    held = factories.skill(owner, label="Soldering")
    position = job_role(owner, {skill: 3, held: 2})
    person = factories.person(owner, in_unit=factories.unit(owner), position=position)
    holds(person, held, 2, note="Seen")
    worker = factories.actor(owner, Role.WORKER, person=person)
    sign_in(client, worker)
    text = text_of(client, reverse("my_skills"))
    assert "40 %" in text  # 2 ranks held of 5 required
    assert reverse("exam_start", args=[version.id]) in text
    assert "Take the test" in text
    assert "Your work asks for U · expert" in text
    assert "Seen" in text
    holds(person, skill, 3, source=SkillRecord.Source.AWARD)
    text = text_of(client, reverse("my_skills"))
    assert "You have every skill that your work asks for." in text
    assert "Take the test" not in text


def test_an_achievement_that_brings_no_further_is_not_offered(client: Client) -> None:
    owner = factories.organization()
    version = awards.version(owner)  # attests U
    skill = version.skills.get().skill
    person = factories.person(
        owner, in_unit=factories.unit(owner), position=job_role(owner, {skill: 4})
    )
    sign_in(client, factories.actor(owner, Role.WORKER, person=person))
    assert version.name in text_of(client, reverse("my_skills"))  # comes nearer
    holds(person, skill, 3)
    assert "There is no test for it yet" in text_of(client, reverse("my_skills"))


def test_own_statements(client: Client) -> None:
    services.ensure_iluo()
    owner = factories.organization()
    onet = occupation({"Repairing": (3, "4.0"), "Reading": (3, "4.0")})
    required = onet.requirements.get(skill__label="Repairing").skill
    skill = factories.skill(owner)
    person = factories.person(
        owner, in_unit=factories.unit(owner), position=job_role(owner, {required: 2})
    )
    sign_in(client, factories.actor(owner, Role.WORKER, person=person))
    page = reverse("my_skills")
    text = text_of(client, page)
    assert "Repairing</option>" in text
    assert "Reading</option>" not in text  # O*NET's own only where the work asks for it
    levels = factories.iluo()
    response = client.post(page, {"skill": str(skill.id), "note": "x" * 301})
    assert response.status_code == 422
    assert "This field is required." in response.content.decode()
    assert client.post(page, {}).status_code == 422
    for chosen in (skill, required):
        response = client.post(
            page,
            {"skill": str(chosen.id), "level": str(levels[2].id), "note": "At a workshop"},
            follow=True,
        )
        assert "Noted as your own statement." in response.content.decode()
    assert "At a workshop" in response.content.decode()
    assert set(SkillRecord.objects.values_list("source", flat=True)) == {"self_claim"}
    reading = onet.requirements.get(skill__label="Reading").skill
    typed = {"skill": str(reading.id), "level": str(levels[2].id)}
    assert client.post(page, typed).status_code == 422


def test_an_account_without_a_person_has_no_skills(client: Client) -> None:
    sign_in(client, factories.actor(factories.organization(), Role.AUDITOR, person=None))
    assert "not tied to a person" in text_of(client, reverse("my_skills"), 403)


def test_nothing_required_yet(client: Client) -> None:
    owner = factories.organization()
    sign_in(client, factories.actor(owner, Role.WORKER))
    assert "Nobody has written down yet" in text_of(client, reverse("my_skills"))


def test_a_huge_framework_is_not_offered_in_a_list(client: Client) -> None:
    owner = factories.organization()
    framework = Framework.objects.create(
        identifier="https://example.org/huge", version="1", title="Huge", source="own"
    )
    Skill.objects.bulk_create(
        Skill(framework=framework, identifier=f"https://example.org/h/{n}", label=f"Huge {n}")
        for n in range(301)
    )
    factories.skill(owner, label="Small one")
    sign_in(client, factories.actor(owner, Role.WORKER))
    text = text_of(client, reverse("my_skills"))
    assert "Small one" in text
    assert "Huge 7" not in text
