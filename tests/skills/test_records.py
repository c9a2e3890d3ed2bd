"""Skill records: from awards, from managers, from oneself."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from guildmark.audit.models import AuditEvent
from guildmark.errors import InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from guildmark.skills import selectors, services
from guildmark.skills.gaps import gaps_of_person
from guildmark.skills.models import SkillRecord
from tests.support import factories
from tests.support.skills import holds, job_role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)


def test_an_award_is_recorded_once_and_falls_with_it() -> None:
    owner = factories.organization()
    person, skills, level = (
        factories.person(owner),
        [factories.skill(owner), factories.skill(owner)],
        factories.iluo()[3],
    )
    award = uuid.uuid4()
    for _ in range(2):
        services.record_attested_skills(
            organization_id=owner.id,
            person_id=person.id,
            award_id=award,
            skill_levels=[(skill.id, level.id) for skill in skills],
            valid_from=TODAY,
            valid_until=dt.date(2028, 5, 20),
        )
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    assert selectors.records_of(lead, person).count() == 2
    services.withdraw_attested_skills(award_id=award)
    withdrawn = set(SkillRecord.objects.values_list("withdrawn_at", flat=True))
    services.withdraw_attested_skills(award_id=award)
    assert set(SkillRecord.objects.values_list("withdrawn_at", flat=True)) == withdrawn
    assert not selectors.records_of(lead, person).exists()
    services.restore_attested_skills(award_id=award)
    services.restore_attested_skills(award_id=award)
    assert selectors.records_of(lead, person).count() == 2
    assert not selectors.records_of(lead, person, dt.date(2028, 5, 21)).exists()


def test_what_a_manager_sees_counts_and_a_newer_sight_replaces_it() -> None:
    owner = factories.organization()
    manager = factories.actor(owner, Role.MANAGER)
    unit = factories.unit(owner, manager=manager.person)
    skill, levels = factories.skill(owner), factories.iluo()
    person = factories.person(owner, in_unit=unit, position=job_role(owner, {skill: 3}))
    holds(person, skill, 3, valid_from=dt.date(2025, 1, 1))
    services.record_observation(
        actor=manager, person=person, skill=skill, level=levels[2], note=" seen twice "
    )

    def held(on: dt.date) -> int:
        gaps = gaps_of_person(manager, person, on)
        assert gaps is not None
        return gaps.cells[0].held.rank

    assert held(TODAY) == 2
    assert held(TODAY - dt.timedelta(days=1)) == 3  # what was true stays true of its days
    services.record_observation(actor=manager, person=person, skill=skill, level=levels[1])
    assert held(TODAY) == 1
    assert SkillRecord.objects.get(withdrawn_at__isnull=False).note == "seen twice"
    event = AuditEvent.objects.filter(action="skill_records.observation").latest("sequence")
    assert event.object_name == f"{person.name}: {skill.label}"


def test_own_statements_are_shown_apart_and_count_for_nothing() -> None:
    owner = factories.organization()
    worker = factories.actor(owner, Role.WORKER)
    person = worker.person
    assert person is not None
    skill = factories.skill(owner)
    unit = factories.unit(owner)
    position = job_role(owner, {skill: 2})
    person.employments.create(unit=unit, position=position, starts_on=dt.date(2020, 1, 1))
    services.claim_skill(actor=worker, person=person, skill=skill, level=factories.iluo()[4])
    gaps = gaps_of_person(worker, person)
    assert gaps is not None
    assert (gaps.cells[0].held.rank, gaps.fit) == (0, 0)
    assert [r.source for r in selectors.records_of(worker, person)] == ["self_claim"]
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    assert not selectors.holders_of(lead, skill).exists()


def test_who_may_say_what_of_whom() -> None:
    owner = factories.organization()
    manager = factories.actor(owner, Role.MANAGER)
    mine = factories.unit(owner, manager=manager.person)
    assert manager.person is not None
    manager.person.employments.create(unit=mine, starts_on=dt.date(2020, 1, 1))
    person = factories.person(owner, in_unit=mine)
    stranger = factories.person(owner, in_unit=factories.unit(owner))
    worker = factories.actor(owner, Role.WORKER)
    skill, level = factories.skill(owner), factories.iluo()[2]
    for actor, about in (
        (manager, stranger),
        (manager, manager.person),  # nobody observes themself
        (worker, person),
        (worker, worker.person),
        (factories.actor(owner, Role.AUDITOR), person),
    ):
        assert about is not None
        with pytest.raises(NotAllowedError):
            services.record_observation(actor=actor, person=about, skill=skill, level=level)
    with pytest.raises(NotAllowedError):
        services.claim_skill(actor=manager, person=person, skill=skill, level=level)
    with pytest.raises(NotAllowedError):
        selectors.records_of(worker, person)
    elsewhere = factories.organization()
    foreign = factories.actor(elsewhere, Role.PROGRAMME_OWNER)
    with pytest.raises(NotFoundError):
        selectors.records_of(foreign, person)
    with pytest.raises(NotFoundError):
        services.record_observation(
            actor=manager, person=person, skill=factories.skill(elsewhere), level=level
        )
    assert not SkillRecord.objects.exists()


def test_what_does_not_hold_is_named() -> None:
    owner = factories.organization()
    worker = factories.actor(owner, Role.WORKER)
    assert worker.person is not None
    skill, levels = factories.skill(owner), factories.iluo()
    with pytest.raises(InvalidError, match="level"):
        services.claim_skill(actor=worker, person=worker.person, skill=skill, level=levels[0])
    with pytest.raises(InvalidError, match="note"):
        services.claim_skill(
            actor=worker, person=worker.person, skill=skill, level=levels[1], note="x" * 301
        )


def test_a_manager_sees_only_their_holders() -> None:
    owner = factories.organization()
    manager = factories.actor(owner, Role.MANAGER)
    skill = factories.skill(owner)
    mine = factories.person(owner, in_unit=factories.unit(owner, manager=manager.person))
    other = factories.person(owner, in_unit=factories.unit(owner))
    for person in (mine, other):
        holds(person, skill, 2)
    assert [r.person for r in selectors.holders_of(manager, skill)] == [mine]
    lead = factories.actor(owner, Role.PROGRAMME_OWNER, Role.MANAGER)
    factories.unit(owner, manager=lead.person)
    assert {r.person for r in selectors.holders_of(lead, skill)} == {mine, other}
