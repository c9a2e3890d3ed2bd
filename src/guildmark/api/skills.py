"""Skills, job roles and gaps."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from guildmark.api.shapes import (
    Body,
    Listing,
    Paging,
    Shown,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.errors import InvalidError
from guildmark.organizations.selectors import get_person, get_position, get_unit
from guildmark.skills import gaps as gap_selectors
from guildmark.skills import selectors, services
from guildmark.skills.gaps import PersonGaps
from guildmark.skills.models import JobRole, ProficiencyLevel, Skill

router = Router(tags=["skills"])


def level_of(code: str) -> ProficiencyLevel:
    """The ILUO level with this letter. Raises InvalidError."""
    for level in selectors.iluo_levels():
        if level.code == code:
            return level
    raise InvalidError.of("level", code, "Choose I, L, U or O.")


def show_skill(skill: Skill) -> Shown:
    """A skill in an answer."""
    return {
        "id": str(skill.id),
        "identifier": skill.identifier,
        "code": skill.code,
        "label": skill.label,
        "statement": skill.statement,
        "kind": skill.kind,
        "framework": str(skill.framework),
    }


def show_role(role: JobRole) -> Shown:
    """A job role with what it requires."""
    return {
        "id": str(role.id),
        "code": role.code,
        "title": role.title,
        "requirements": [
            {
                "skill": ref(one.skill, one.skill.label),
                "level": one.level.code,
                "weight": float(one.weight),
                "critical": one.is_critical,
            }
            for one in role.requirements.all()
        ],
    }


def show_gaps(person: PersonGaps) -> Shown:
    """A person beside the job role."""
    return {
        "person": ref(person.person, person.person.name),
        "job_role": person.role.title if person.role else None,
        "fit_percent": person.fit,
        "gaps": [
            {
                "skill": ref(cell.skill, cell.skill.label),
                "required": cell.required.code,
                "held": cell.held.code,
                "critical": cell.is_critical,
            }
            for cell in person.open_cells
        ],
    }


class RequirementIn(Body):
    """A skill that a job role requires."""

    skill: uuid.UUID
    level: str
    weight: Decimal = Decimal(1)
    critical: bool = False


class AdoptIn(Body):
    """How much of an occupation to take over."""

    code: str
    title: str
    position: uuid.UUID | None = None
    minimum_importance: float = 3.0
    limit: int | None = None


@router.get("/skills", response=answers(Listing), summary="Find skills")
def list_skills(request: HttpRequest, paging: Query[Paging], q: str = "") -> Any:
    """The skills of visible frameworks."""
    found = selectors.visible_skills(actor_of(request), text=q[:200])
    return paged(found.order_by("framework", "group", "code"), paging, show_skill)


@router.get("/skills/{uuid:skill_id}", response=answers(Shown), summary="A skill")
def get_skill(request: HttpRequest, skill_id: uuid.UUID) -> Any:
    """A visible skill."""
    return show_skill(selectors.get_skill(actor_of(request), skill_id))


@router.get("/job-roles", response=answers(Listing), summary="Job roles")
def list_roles(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The organization's job roles."""
    return paged(
        selectors.job_roles(actor_of(request)),
        paging,
        lambda role: {"id": str(role.id), "code": role.code, "title": role.title},
    )


@router.get("/job-roles/{uuid:role_id}", response=answers(Shown), summary="A job role")
def get_role(request: HttpRequest, role_id: uuid.UUID) -> Any:
    """A job role or a public occupation with what it requires."""
    return show_role(selectors.get_job_role(actor_of(request), role_id))


@router.post(
    "/job-roles/{uuid:role_id}/requirements", response=answers(Shown), summary="Require a skill"
)
def require_skill(request: HttpRequest, role_id: uuid.UUID, body: RequirementIn) -> Any:
    """Require a skill at a level; an existing requirement of it is replaced."""
    actor = actor_of(request)
    role = selectors.get_job_role(actor, role_id)
    services.set_requirement(
        actor=actor,
        job_role=role,
        skill=selectors.get_skill(actor, body.skill),
        level=level_of(body.level),
        weight=body.weight,
        is_critical=body.critical,
    )
    return show_role(selectors.get_job_role(actor, role_id))


@router.get("/occupations", response=answers(Listing), summary="Find public occupations")
def list_occupations(request: HttpRequest, paging: Query[Paging], q: str = "") -> Any:
    """Occupations to start a job role from."""
    return paged(
        selectors.find_occupations(actor_of(request), q[:200]),
        paging,
        lambda role: {"id": str(role.id), "code": role.code, "title": role.title},
    )


@router.post(
    "/occupations/{uuid:role_id}/adopt", response=answers(Shown, 201), summary="Start a job role"
)
def adopt(request: HttpRequest, role_id: uuid.UUID, body: AdoptIn) -> Any:
    """A job role that starts from an occupation."""
    actor = actor_of(request)
    made = services.adopt_job_role(
        actor=actor,
        occupation=selectors.get_job_role(actor, role_id),
        code=body.code,
        title=body.title,
        position=get_position(actor, body.position) if body.position else None,
        minimum_importance=body.minimum_importance,
        limit=body.limit,
    )
    return Status(201, show_role(selectors.get_job_role(actor, made.id)))


@router.get("/gaps/units", response=answers(list[Shown]), summary="Gaps by unit", tags=["gaps"])
def unit_summaries(request: HttpRequest) -> Any:
    """The units the actor may see, the greatest need first."""
    return [
        {
            "unit": ref(one.unit, one.unit.name),
            "people": one.people,
            "fit_percent": one.fit,
            "open_gaps": one.open_gaps,
            "critical_gaps": one.critical_gaps,
        }
        for one in gap_selectors.unit_summaries(actor_of(request))
    ]


@router.get(
    "/gaps/units/{uuid:unit_id}", response=answers(Listing), summary="Gaps of a unit", tags=["gaps"]
)
def unit_gaps(request: HttpRequest, unit_id: uuid.UUID, paging: Query[Paging]) -> Any:
    """The unit's people, each beside the job role."""
    actor = actor_of(request)
    found = gap_selectors.gaps_of_unit(actor, get_unit(actor, unit_id))
    return paged(found, paging, show_gaps)


@router.get(
    "/gaps/people/{uuid:person_id}",
    response=answers(Shown),
    summary="Gaps of a person",
    tags=["gaps"],
)
def person_gaps(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """A person beside the job role."""
    actor = actor_of(request)
    person = get_person(actor, person_id)
    found = gap_selectors.gaps_of_person(actor, person)
    if found is None:
        return {
            "person": ref(person, person.name),
            "job_role": None,
            "fit_percent": None,
            "gaps": [],
        }
    return show_gaps(found)
