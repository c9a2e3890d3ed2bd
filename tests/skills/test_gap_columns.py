"""Gaps read as columns are those that plain loops over plain rows find."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.utils import timezone

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Organization, Role, Unit
from guildmark.skills.gaps import Numbers, count_gaps, gaps_of_unit, unit_overview
from guildmark.skills.models import RoleRequirement, SkillRecord
from tests.support import factories
from tests.support.skills import holds, job_role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 20)
DAYS = (None, TODAY - dt.timedelta(days=300), TODAY + dt.timedelta(days=300))


@pytest.fixture(autouse=True)
def _stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)


def company(seed: int) -> tuple[Organization, list[Unit]]:
    """A company in which everything happens that decides whether something counts."""
    chance = random.Random(seed)
    owner, stranger = factories.organization(), factories.organization()
    units = [factories.unit(owner) for _ in range(chance.randint(1, 4))]
    units.append(factories.unit(owner, parent=units[0]))
    skills = [factories.skill(owner) for _ in range(chance.randint(1, 6))]
    positions = [None, factories.position(owner), job_role(owner, {})]
    for _ in range(3):
        needed = chance.sample(skills, chance.randint(1, len(skills)))
        positions.append(
            job_role(
                owner,
                {skill: chance.randint(1, 4) for skill in needed},
                critical=tuple(chance.sample(needed, chance.randint(0, len(needed)))),
                weights={skill: str(chance.choice(("0.25", "1", "3.5"))) for skill in needed},
            )
        )

    def day(spread: int) -> dt.date:
        return TODAY + dt.timedelta(days=chance.randint(-spread, spread))

    for _ in range(chance.randint(3, 25)):
        person = factories.person(owner)
        start = TODAY - dt.timedelta(days=chance.randint(300, 900))
        while chance.random() < 0.7:
            end = start + dt.timedelta(days=chance.randint(0, 500))
            Employment.objects.create(
                person=person,
                unit=chance.choice(units),
                position=chance.choice(positions),
                starts_on=start,
                ends_on=end,
            )
            start = end + dt.timedelta(days=chance.randint(1, 60))
        if chance.random() < 0.8:
            Employment.objects.create(
                person=person,
                unit=chance.choice(units),
                position=chance.choice(positions),
                starts_on=start,
            )
        for _ in range(chance.randint(0, 8)):
            first = day(400)
            last = first + dt.timedelta(days=chance.randint(0, 400))
            holds(
                person,
                chance.choice(skills),
                chance.randint(0, 4),
                source=chance.choice(SkillRecord.Source.values),
                valid_from=first,
                valid_until=chance.choice((None, last)),
                withdrawn_at=chance.choice((None, None, None, timezone.now())),
                organization_id=chance.choice((owner.id, owner.id, owner.id, stranger.id)),
            )
    return owner, units


def plain_numbers(owner: Organization, units: list[Unit], on: dt.date | None) -> Numbers:
    """The numbers of these units by loops that read as the rule is said."""
    day = on or TODAY
    people, fits, gaps, critical = 0, [], 0, 0
    for employment in Employment.objects.filter(unit__in=units):
        if employment.starts_on > day or (employment.ends_on and employment.ends_on < day):
            continue
        people += 1
        best: dict[object, int] = defaultdict(int)
        for record in employment.person.skill_records.filter(organization=owner):
            holds_then = record.valid_from <= day and (
                record.valid_until is None or record.valid_until >= day
            )
            counts = record.source != SkillRecord.Source.SELF_CLAIM and record.withdrawn_at is None
            if holds_then and counts:
                best[record.skill_id] = max(best[record.skill_id], record.level.rank)
        total = reached = Decimal(0)
        for needed in RoleRequirement.objects.filter(job_role__position=employment.position_id):
            held = best[needed.skill_id]
            total += needed.weight * needed.level.rank
            reached += needed.weight * min(held, needed.level.rank)
            gaps += held < needed.level.rank
            critical += held < needed.level.rank and needed.is_critical
        if total:
            fits.append(round(100 * (float(reached) / float(total))))
    return Numbers(
        people=people,
        unplaced=people - len(fits),
        fit=round(sum(fits) / len(fits)) if fits else None,
        open_gaps=gaps,
        critical_gaps=critical,
    )


def numbers_of(found: Numbers) -> Numbers:
    return Numbers(**{name: getattr(found, name) for name in Numbers.__dataclass_fields__})


@pytest.mark.parametrize("seed", range(8))
def test_numbers_equal_the_plain_way(seed: int) -> None:
    owner, units = company(seed)
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    for on in DAYS:
        overview = unit_overview(lead, on)
        found = {summary.unit: numbers_of(summary) for summary in overview.units}
        plain = {unit: plain_numbers(owner, [unit], on) for unit in units}
        assert found == {unit: numbers for unit, numbers in plain.items() if numbers.people}
        assert overview.total == plain_numbers(owner, units, on)
        for unit, numbers in plain.items():
            own = [one for one in gaps_of_unit(lead, unit, on) if one.employment.unit == unit]
            assert count_gaps(own) == numbers


def test_a_manager_gets_the_numbers_of_the_own_units_only() -> None:
    owner, units = company(3)
    manager: Actor = factories.actor(owner, Role.MANAGER)
    units[0].manager = manager.person
    units[0].save()
    mine = [units[0], units[-1]]
    overview = unit_overview(manager)
    assert overview.units
    assert {summary.unit for summary in overview.units} <= set(mine)
    assert overview.total == plain_numbers(owner, mine, None)
