"""Job roles: made, adopted, changed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from guildmark.skills import services
from guildmark.skills.models import JobRole, ProficiencyScale, RoleRequirement
from tests.support import factories
from tests.support.skills import occupation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("level", "rank"),
    [(0, 1), (1.99, 1), (2, 2), (3.99, 2), (4, 3), (5.49, 3), (5.5, 4), (7, 4)],
)
def test_onet_levels_start_at_these_letters(level: float, rank: int) -> None:
    assert services.iluo_rank(level) == rank


def test_an_occupation_is_adopted_as_its_preview_says() -> None:
    factories.iluo()
    template = occupation({"Reading": (1, "3.0"), "Repairing": (4, "4.5"), "Art": (6, "2.9")})
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    preview = services.propose_requirements(actor=lead, occupation=template)
    assert [(p.skill.label, p.level.code, p.onet_level) for p in preview] == [
        ("Repairing", "U", 4),
        ("Reading", "I", 1),
    ]
    position = factories.position(owner)
    role = services.adopt_job_role(
        actor=lead, occupation=template, code=" FIT ", title="Fitter", position=position
    )
    assert (role.code, role.adopted_from, role.position) == ("FIT", template, position)
    assert [(r.skill.label, r.level.code, r.weight) for r in role.requirements.all()] == [
        ("Repairing", "U", Decimal("4.5")),
        ("Reading", "I", Decimal("3.0")),
    ]
    assert AuditEvent.objects.get(action="job_roles.adopt").details["requirements"] == 2
    few = services.propose_requirements(
        actor=lead, occupation=template, minimum_importance=1, limit=1
    )
    assert [p.skill.label for p in few] == ["Repairing"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": "x" * 61}, "code"),
        ({"title": ""}, "title"),
        ({"minimum_importance": 0.5}, "minimum_importance"),
        ({"minimum_importance": float("nan")}, "minimum_importance"),
        ({"limit": 0}, "limit"),
    ],
)
def test_what_does_not_hold_is_named(values: dict[str, object], field: str) -> None:
    lead = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    arguments: dict[str, object] = {"code": "A", "title": "A"}
    with pytest.raises(InvalidError) as caught:
        services.adopt_job_role(
            actor=lead,
            occupation=occupation({}),
            **(arguments | values),  # type: ignore[arg-type]
        )
    assert [problem.field for problem in caught.value.problems] == [field]
    assert not JobRole.objects.filter(organization=lead.organization).exists()


def test_code_and_position_are_taken_once() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    position = factories.position(owner)
    first = services.create_job_role(actor=lead, code="A", title="A", position=position)
    with pytest.raises(InvalidError, match="code"):
        services.create_job_role(actor=lead, code="a", title="B")
    with pytest.raises(InvalidError, match="position"):
        services.create_job_role(actor=lead, code="B", title="B", position=position)
    second = services.create_job_role(actor=lead, code="B", title="B")
    with pytest.raises(InvalidError, match="position"):
        services.edit_job_role(
            actor=lead, job_role=second, title="B", description="", position=position
        )
    services.edit_job_role(
        actor=lead, job_role=first, title="New name", description="x", position=position
    )
    first.refresh_from_db()
    assert (first.title, first.position) == ("New name", position)


def test_requirements_are_set_replaced_and_removed() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    levels, skill = factories.iluo(), factories.skill(owner)
    role = services.create_job_role(actor=lead, code="A", title="A")
    for level, critical in ((levels[2], False), (levels[3], True)):
        services.set_requirement(
            actor=lead, job_role=role, skill=skill, level=level, weight="2.5", is_critical=critical
        )
    requirement = role.requirements.get()
    assert (requirement.level, requirement.weight, requirement.is_critical) == (
        levels[3],
        Decimal("2.5"),
        True,
    )
    for weight in ("0", "5.01", "many", "NaN", "-Infinity"):
        with pytest.raises(InvalidError, match="weight"):
            services.set_requirement(
                actor=lead, job_role=role, skill=skill, level=levels[3], weight=weight
            )
    other_scale = ProficiencyScale.objects.create(code="other", name="Other")
    for level in (levels[0], other_scale.levels.create(rank=1, code="X", label="X")):
        with pytest.raises(InvalidError, match="level"):
            services.set_requirement(actor=lead, job_role=role, skill=skill, level=level, weight=1)
    services.remove_requirement(actor=lead, requirement=requirement)
    assert not role.requirements.exists()


def test_only_a_training_lead_and_only_their_own() -> None:
    owner = factories.organization()
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    role = services.create_job_role(actor=lead, code="A", title="A")
    level, skill = factories.iluo()[2], factories.skill()
    for other in (Role.WORKER, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(NotAllowedError):
            services.set_requirement(
                actor=factories.actor(owner, other),
                job_role=role,
                skill=skill,
                level=level,
                weight=1,
            )
    stranger = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    with pytest.raises(NotFoundError):
        services.set_requirement(actor=stranger, job_role=role, skill=skill, level=level, weight=1)
    with pytest.raises(NotFoundError):
        services.set_requirement(
            actor=lead,
            job_role=role,
            skill=factories.skill(stranger.organization),
            level=level,
            weight=1,
        )
    with pytest.raises(NotFoundError):
        services.create_job_role(
            actor=lead,
            code="B",
            title="B",
            position=factories.position(stranger.organization),
        )


def test_a_public_occupation_is_not_changed() -> None:
    lead = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    template = occupation({"Reading": (3, "3.0")})
    with pytest.raises(ConflictError):
        services.set_requirement(
            actor=lead,
            job_role=template,
            skill=factories.skill(),
            level=factories.iluo()[2],
            weight=1,
        )
    with pytest.raises(ConflictError):
        services.remove_requirement(actor=lead, requirement=template.requirements.get())
    with pytest.raises(ConflictError):
        services.edit_job_role(
            actor=lead, job_role=template, title="Mine", description="", position=None
        )
    role = services.create_job_role(actor=lead, code="A", title="A")
    with pytest.raises(ConflictError):
        services.adopt_job_role(actor=lead, occupation=role, code="B", title="B")
    assert RoleRequirement.objects.count() == 1
