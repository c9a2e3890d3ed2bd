"""The gap pages: units, the matrix, a person; who sees them, and how much they ask for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person, Role
from guildmark.skills.models import RoleRequirement, SkillRecord
from tests.support import awards, factories
from tests.support.skills import holds, job_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.account is not None
    client.force_login(actor.account)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_a_number_is_opened_down_to_the_records(client: Client) -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    unit = factories.unit(owner, name="Robot cell 4")
    version = awards.version(owner)
    attested = version.skills.get().skill
    other = factories.skill(owner, label="Soldering")
    position = job_role(owner, {attested: 3, other: 2}, critical=(attested,))
    person = factories.person(owner, in_unit=unit, position=position)
    holds(person, other, 2, note="Seen on line 2")
    award_id = uuid.uuid4()
    holds(person, attested, 1, source=SkillRecord.Source.AWARD, source_id=award_id)
    holds(person, factories.skill(owner, label="Welding"), 2)
    holds(person, attested, 4, source=SkillRecord.Source.SELF_CLAIM, note="Did it in Graz")
    sign_in(client, lead)

    overview = text_of(client, "/gaps/")
    assert "Robot cell 4" in overview
    unit_page = reverse("unit_gaps", args=[unit.id])
    assert unit_page in overview
    matrix = text_of(client, unit_page)
    person_page = reverse("person_gaps", args=[person.id])
    assert f"{person_page}#skill-{attested.id}" in matrix
    words = f"{attested.label}: critical gap: has I · in training, needs U · expert"
    assert f'aria-label="{words}"' in matrix
    assert "Soldering: has L · alone, needs L · alone" in matrix
    detail = text_of(client, person_page)
    assert f'id="skill-{attested.id}"' in detail
    for shown in (
        "Seen on line 2",
        reverse("award", args=[award_id]),
        reverse("achievement", args=[version.id]),
        "closes it",
        "Did it in Graz",
        "Does not count toward a requirement.",
        "Welding",
    ):
        assert shown in detail


def test_the_matrix_is_filtered(client: Client) -> None:
    owner = factories.organization()
    unit = factories.unit(owner)
    cell = factories.unit(owner, parent=unit)
    a, b = factories.skill(owner, label="Alpha"), factories.skill(owner, label="Beta")
    fitter, painter = job_role(owner, {a: 2, b: 1}), job_role(owner, {b: 2})
    done = factories.person(owner, in_unit=unit, position=fitter, family_name="Done")
    holds(done, a, 2)
    holds(done, b, 1)
    half = factories.person(owner, in_unit=unit, position=fitter, family_name="Half")
    holds(half, b, 4, valid_until="2030-06-30")
    factories.person(owner, in_unit=unit, position=painter, family_name="Paint")
    factories.person(owner, in_unit=cell, position=painter, family_name="Below")
    sign_in(client, factories.actor(owner, Role.AUDITOR))
    page = reverse("unit_gaps", args=[unit.id])

    def names(query: str) -> set[str]:
        text = text_of(client, page + query)
        return {name for name in ("Done", "Half", "Paint", "Below") if f"Asha {name}" in text}

    assert names("") == {"Done", "Half", "Paint"}
    assert names("?below=on") == {"Done", "Half", "Paint", "Below"}
    assert names("?only=gaps") == {"Half", "Paint"}
    assert names(f"?role={fitter.job_role.id}") == {"Done", "Half"}
    only = text_of(client, f"{page}?role={fitter.job_role.id}&only=gaps")
    assert "Alpha" in only
    assert "Beta" not in only  # no gap in it among those shown
    later = text_of(client, f"{page}?role={fitter.job_role.id}&only=gaps&on=2031-01-01")
    assert "Beta" in later
    assert f"{reverse('person_gaps', args=[half.id])}?on=2031-01-01#skill-{b.id}" in later
    assert names("?page=99") == {"Done", "Half", "Paint"}
    alone = reverse("unit_gaps", args=[cell.id])
    assert "Below" in text_of(client, alone)


def test_a_unit_without_own_people_shows_those_below(client: Client) -> None:
    owner = factories.organization()
    hall = factories.unit(owner)
    skill = factories.skill(owner)
    person = factories.person(
        owner,
        in_unit=factories.unit(owner, parent=hall),
        position=job_role(owner, {skill: 1}),
    )
    sign_in(client, factories.actor(owner, Role.AUDITOR))
    text = text_of(client, reverse("unit_gaps", args=[hall.id]))
    assert person.name in text
    assert "With the people of the units below." in text


def test_empty_states(client: Client) -> None:
    owner = factories.organization()
    unit = factories.unit(owner)
    sign_in(client, factories.actor(owner, Role.AUDITOR))
    assert "Nobody to compare" in text_of(client, "/gaps/")
    page = reverse("unit_gaps", args=[unit.id])
    assert "Nobody works here on that day" in text_of(client, page)
    person = factories.person(owner, in_unit=unit)
    assert "No job role describes" in text_of(client, page)
    assert "Nothing to compare" in text_of(client, reverse("person_gaps", args=[person.id]))
    assert "Nothing to compare" in text_of(
        client, reverse("person_gaps", args=[person.id]) + "?on=2001-01-01"
    )


def test_who_sees_what(client: Client) -> None:
    owner = factories.organization()
    manager = factories.actor(owner, Role.MANAGER)
    mine = factories.unit(owner, manager=manager.person, name="Mine")
    other = factories.unit(owner, name="Other")
    person = factories.person(owner, in_unit=mine)
    stranger = factories.person(owner, in_unit=other)
    pages = ["/gaps/", "/gaps/people/", reverse("unit_gaps", args=[mine.id])]
    assert client.get("/gaps/").status_code == 302
    sign_in(client, manager)
    overview = text_of(client, "/gaps/")
    assert "Mine" in overview
    assert "Other" not in overview
    text_of(client, reverse("unit_gaps", args=[other.id]), 403)
    assert "Record what you have seen" in text_of(client, reverse("person_gaps", args=[person.id]))
    text_of(client, reverse("person_gaps", args=[stranger.id]), 403)
    worker = factories.actor(owner, Role.WORKER, person=person)
    sign_in(client, worker)
    for path in pages:
        text_of(client, path, 403)
    assert "Record what" not in text_of(client, reverse("person_gaps", args=[person.id]))
    text_of(client, reverse("person_gaps", args=[stranger.id]), 403)
    sign_in(client, factories.actor(factories.organization(), Role.AUDITOR))
    for path in (pages[2], reverse("person_gaps", args=[person.id])):
        text_of(client, path, 404)


def test_a_manager_records_what_they_have_seen(client: Client) -> None:
    owner = factories.organization()
    manager = factories.actor(owner, Role.MANAGER)
    unit = factories.unit(owner, manager=manager.person)
    skill, levels = factories.skill(owner), factories.iluo()
    person = factories.person(owner, in_unit=unit, position=job_role(owner, {skill: 2}))
    sign_in(client, manager)
    page = reverse("person_gaps", args=[person.id])
    typed = {"skill": str(skill.id), "level": "", "note": "Half a note"}
    response = client.post(page, typed)
    assert response.status_code == 422
    assert "Half a note" in response.content.decode()
    assert client.post(page, {}).status_code == 422
    response = client.post(page, typed | {"level": str(levels[2].id)}, follow=True)
    assert "The observation is kept." in response.content.decode()
    assert "Half a note" in response.content.decode()
    foreign = factories.skill(factories.organization())
    assert client.post(page, typed | {"skill": str(foreign.id)}).status_code == 422
    assert SkillRecord.objects.count() == 1
    sign_in(client, factories.actor(owner, Role.AUDITOR))
    assert client.post(page, typed).status_code == 403


def grow(owner_unit: tuple[object, object], people: int, skills: int) -> list[Person]:
    """People of one role in a unit, each holding every other skill, by few statements."""
    owner, unit = owner_unit
    needed = [factories.skill(owner) for _ in range(skills)]  # type: ignore[arg-type]
    position = job_role(owner, dict.fromkeys(needed, 2))  # type: ignore[arg-type]
    number = Person.objects.count()
    made = Person.objects.bulk_create(
        Person(organization=owner, number=f"N{number + n}", given_name="A", family_name=f"B{n}")
        for n in range(people)
    )
    Employment.objects.bulk_create(
        Employment(person=one, unit=unit, position=position, starts_on="2020-01-01") for one in made
    )
    level = factories.iluo()[1]
    SkillRecord.objects.bulk_create(
        SkillRecord(
            organization=owner,
            person=one,
            skill=skill,
            level=level,
            source="observation",
            valid_from="2024-01-01",
        )
        for one in made
        for skill in needed[::2]
    )
    return made


def test_questions_do_not_grow(client: Client) -> None:
    owner = factories.organization()
    unit = factories.unit(owner)
    sign_in(client, factories.actor(owner, Role.PROGRAMME_OWNER))
    person = grow((owner, unit), 3, 3)[0]
    pages = (
        "/gaps/",
        "/gaps/people/?only=gaps",
        reverse("unit_gaps", args=[unit.id]),
        reverse("person_gaps", args=[person.id]),
    )

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                text_of(client, page)
            counts.append(len(captured))
        return counts

    few = asked()
    grow((owner, unit), 30, 6)
    extra = [factories.skill(owner) for _ in range(5)]
    role = person.employments.get().position.job_role  # type: ignore[union-attr]
    for skill in extra:
        RoleRequirement.objects.create(job_role=role, skill=skill, level=factories.iluo()[2])
        holds(person, skill, 1)
    assert asked() == few


def test_a_big_unit_comes_in_pages(client: Client) -> None:
    owner = factories.organization()
    unit = factories.unit(owner)
    grow((owner, unit), 200, 40)
    sign_in(client, factories.actor(owner, Role.PROGRAMME_OWNER))
    page = reverse("unit_gaps", args=[unit.id])
    text = text_of(client, page)
    assert text.count('class="gap"') == 50 * 40
    assert "Page 1 of 4" in text
