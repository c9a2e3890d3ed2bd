"""Gaps from the database: who is compared with what, who may see it, how many questions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.errors import NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from guildmark.skills.gaps import (
    count_gaps,
    gaps_of_person,
    gaps_of_unit,
    required_skills,
    unit_overview,
)
from guildmark.skills.models import SkillRecord
from tests.support import factories
from tests.support.skills import holds, job_role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)


def test_a_person_beside_their_role() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    a, b, c = (factories.skill(owner, code=code) for code in "ABC")
    position = job_role(owner, {a: 3, b: 2, c: 1}, critical=(a,), weights={a: "2"})
    person = factories.person(owner, in_unit=factories.unit(owner), position=position)
    holds(person, a, 1)
    holds(person, a, 2, source=SkillRecord.Source.AWARD)  # the highest counts
    holds(person, b, 4, source=SkillRecord.Source.IMPORT)  # more than needed closes nothing else
    holds(person, c, 4, source=SkillRecord.Source.SELF_CLAIM)
    holds(person, factories.skill(owner), 4)  # not required
    gaps = gaps_of_person(lead, person)
    assert gaps is not None
    assert [(cell.skill, cell.held.rank, cell.required.rank, cell.gap) for cell in gaps.cells] == [
        (a, 2, 3, 1),
        (b, 4, 2, 0),
        (c, 0, 1, 1),
    ]
    # Weighted ranks held of those required: (2x2 + 2 + 0) / (2x3 + 2 + 1).
    assert gaps.fit == 67
    assert [cell.skill for cell in gaps.open_cells] == [a, c]
    assert (gaps.gap_count, gaps.critical_count) == (2, 1)
    assert gaps.cell(b.id) == gaps.cells[1]
    assert gaps.cell(factories.skill(owner).id) is None


def test_at_a_date() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.QUALITY_REVIEWER)
    skill, unit = factories.skill(owner), factories.unit(owner)
    person = factories.person(owner, in_unit=unit, position=job_role(owner, {skill: 2}))
    holds(person, skill, 2, valid_from=dt.date(2026, 1, 1), valid_until=dt.date(2026, 12, 31))
    holds(person, skill, 4, withdrawn_at=timezone.now())
    for on, held in (
        (dt.date(2025, 12, 31), 0),
        (dt.date(2026, 1, 1), 2),
        (None, 2),
        (dt.date(2026, 12, 31), 2),
        (dt.date(2027, 1, 1), 0),
    ):
        gaps = gaps_of_person(lead, person, on)
        assert gaps is not None
        assert gaps.cells[0].held.rank == held
    assert gaps_of_person(lead, person, dt.date(2019, 12, 31)) is None
    assert gaps_of_unit(lead, unit, dt.date(2019, 12, 31)) == []


def test_a_person_without_a_role_counts_as_a_person_and_nothing_else() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.AUDITOR)
    unit = factories.unit(owner)
    person = factories.person(owner, in_unit=unit, position=factories.position(owner))
    factories.person(owner, in_unit=unit)
    skill = factories.skill(owner)
    factories.person(owner, in_unit=unit, position=job_role(owner, {skill: 2}))
    found = gaps_of_person(lead, person)
    assert found is not None
    assert (found.role, found.fit, found.cells) == (None, None, ())
    numbers = count_gaps(gaps_of_unit(lead, unit))
    assert (numbers.people, numbers.unplaced, numbers.fit, numbers.open_gaps) == (3, 2, 0, 1)


def test_the_overview_is_what_its_units_add_up_to() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    skill = factories.skill(owner)
    needs, critical = job_role(owner, {skill: 2}), job_role(owner, {skill: 2}, critical=(skill,))
    calm, busy = factories.unit(owner, name="Calm"), factories.unit(owner, name="Busy")
    below = factories.unit(owner, name="Cell", parent=calm)
    factories.unit(owner, name="Empty")
    holds(factories.person(owner, in_unit=calm, position=needs), skill, 2)
    for unit in (busy, busy, below):
        factories.person(owner, in_unit=unit, position=critical if unit == busy else needs)
    overview = unit_overview(lead)
    assert [(s.unit, s.people, s.fit, s.open_gaps, s.critical_gaps) for s in overview.units] == [
        (busy, 2, 0, 2, 2),
        (below, 1, 0, 1, 0),
        (calm, 1, 100, 0, 0),
    ]
    total = overview.total
    assert (total.people, total.fit, total.open_gaps, total.critical_gaps) == (4, 25, 3, 2)
    assert count_gaps(gaps_of_unit(lead, calm)).people == 2  # with the cell below it
    assert required_skills(gaps_of_unit(lead, busy)) == [skill]


def test_who_sees_whose_gaps() -> None:
    owner = factories.organization()
    manager = factories.actor(owner, Role.MANAGER)
    hall = factories.unit(owner, manager=manager.person)
    mine = factories.unit(owner, parent=hall)
    other = factories.unit(owner)
    person, stranger = factories.person(owner, in_unit=mine), factories.person(owner, in_unit=other)
    assert [s.unit for s in unit_overview(manager).units] == [mine]
    assert [p.person for p in gaps_of_unit(manager, hall)] == [person]
    assert gaps_of_person(manager, person) is not None
    with pytest.raises(NotAllowedError):
        gaps_of_unit(manager, other)
    with pytest.raises(NotAllowedError):
        gaps_of_person(manager, stranger)
    worker = factories.actor(owner, Role.WORKER, person=person)
    assert gaps_of_person(worker, person) is not None
    for role in (Role.WORKER, Role.TRAINER, Role.ASSESSOR, Role.MANAGER):
        nobody = factories.actor(owner, role)
        with pytest.raises(NotAllowedError):
            unit_overview(nobody)
        with pytest.raises(NotAllowedError):
            gaps_of_unit(nobody, mine)
        with pytest.raises(NotAllowedError):
            gaps_of_person(nobody, person)
    for role in (Role.QUALITY_REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR, Role.PROGRAMME_OWNER):
        assert len(unit_overview(factories.actor(owner, role)).units) == 2
    foreign = factories.actor(factories.organization(), Role.AUDITOR)
    assert unit_overview(foreign).units == ()
    with pytest.raises(NotFoundError):
        gaps_of_unit(foreign, mine)


def test_another_organizations_records_do_not_count() -> None:
    owner, other = factories.organization(), factories.organization()
    skill = factories.skill()
    person = factories.person(
        owner, in_unit=factories.unit(owner), position=job_role(owner, {skill: 2})
    )
    holds(person, skill, 4, organization_id=other.id)
    gaps = gaps_of_person(factories.actor(owner, Role.AUDITOR), person)
    assert gaps is not None
    assert gaps.cells[0].held.rank == 0


def test_the_questions_asked_do_not_grow_with_people_and_skills() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    unit = factories.unit(owner)

    def asked() -> tuple[int, int]:
        counts = []
        for ask in (lambda: gaps_of_unit(lead, unit), lambda: unit_overview(lead)):
            with CaptureQueriesContext(connection) as captured:
                ask()
            counts.append(len(captured))
        return counts[0], counts[1]

    def grow(people: int, skills: int) -> None:
        needed = {factories.skill(owner): 2 for _ in range(skills)}
        position = job_role(owner, needed)
        for _ in range(people):
            person = factories.person(owner, in_unit=unit, position=position)
            for skill in needed:
                holds(person, skill, 1)
        factories.person(owner, in_unit=factories.unit(owner), position=position)

    grow(1, 1)
    few = asked()
    grow(6, 5)
    assert asked() == few
