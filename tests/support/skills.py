"""Occupations, job roles with requirements and people who hold skills, as plain rows."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from guildmark.organizations.models import Organization, Person, Position
from guildmark.skills.models import (
    Framework,
    JobRole,
    ProficiencyScale,
    RoleRequirement,
    Skill,
    SkillRecord,
)
from tests.support import factories

_numbers = itertools.count(1)


def occupation(ratings: dict[str, tuple[int, str]], **values: Any) -> JobRole:
    """A public occupation; `ratings` has O*NET level and importance by the skill's label."""
    n = next(_numbers)
    framework, _ = Framework.objects.get_or_create(
        organization=None,
        identifier="https://example.org/onet",
        version="1",
        defaults={"title": "O*NET", "source": Framework.Source.ONET, "attribution": "O*NET 1"},
    )
    scale, _ = ProficiencyScale.objects.get_or_create(code="onet-level", name="O*NET level")
    for rank in range(8):
        scale.levels.get_or_create(rank=rank, code=str(rank), label=f"Level {rank} of 7")
    levels = {level.rank: level for level in scale.levels.all()}
    made = JobRole.objects.create(
        **{"framework": framework, "code": f"51-{n:04}.00", "title": f"Fitters {n}"} | values
    )
    for label, (level, importance) in ratings.items():
        skill, _ = Skill.objects.get_or_create(
            framework=framework,
            identifier=f"https://example.org/onet/{label}",
            defaults={"code": label[:10], "label": label, "group": "Skill"},
        )
        RoleRequirement.objects.create(
            job_role=made, skill=skill, level=levels[level], weight=Decimal(importance)
        )
    return made


def job_role(
    owner: Organization,
    requirements: dict[Skill, int],
    *,
    critical: tuple[Skill, ...] = (),
    weights: dict[Skill, str] | None = None,
) -> Position:
    """A position whose job role requires each skill at an ILUO rank."""
    position = factories.position(owner)
    role = JobRole.objects.create(
        organization=owner, code=position.code, title=position.title, position=position
    )
    levels = factories.iluo()
    RoleRequirement.objects.bulk_create(
        RoleRequirement(
            job_role=role,
            skill=skill,
            level=levels[rank],
            weight=Decimal((weights or {}).get(skill, "1")),
            is_critical=skill in critical,
        )
        for skill, rank in requirements.items()
    )
    return position


def holds(person: Person, skill: Skill, rank: int, **values: Any) -> SkillRecord:
    """The person has been seen to have the skill, since 2024."""
    return SkillRecord.objects.create(
        **{
            "organization_id": person.organization_id,
            "person": person,
            "skill": skill,
            "level": factories.iluo()[rank],
            "source": SkillRecord.Source.OBSERVATION,
            "valid_from": dt.date(2024, 1, 1),
        }
        | values
    )
