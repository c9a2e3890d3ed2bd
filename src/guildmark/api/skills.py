"""Skills, job roles and gaps."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildmark.api.shapes import (
    Body,
    Day,
    Line,
    Listing,
    Long,
    Paging,
    Problem,
    Ref,
    Search,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.errors import InvalidError, NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.organizations.selectors import get_person, get_position, get_unit
from guildmark.skills import gaps as gap_selectors
from guildmark.skills import selectors, services
from guildmark.skills.gaps import PersonGaps, UnitSummary
from guildmark.skills.models import Framework, JobRole, ProficiencyLevel, Skill
from guildmark.skills.services import frameworks
from guildmark.skills.services.job_roles import DEFAULT_IMPORTANCE

router = Router(tags=["skills"])
LEVEL = "The ILUO letter: I in training, L alone, U expert, O teaches."


class FrameworkOut(Schema):
    """A versioned set of skills with its source."""

    id: uuid.UUID
    title: str
    version: str
    source: str
    publisher: str
    licence: str
    attribution: str
    is_public: bool
    skills: int = Field(description="How many.")


class SkillOut(Schema):
    """A skill."""

    id: uuid.UUID
    identifier: str = Field(description="An IRI.")
    code: str
    label: str
    statement: str
    kind: str
    group: str
    framework: Ref


class RequirementOut(Schema):
    """A skill that a job role requires."""

    skill: Ref
    level: str = Field(description="The level's code in its scale.")
    weight: float
    critical: bool


class ListedRoleOut(Schema):
    """A job role or occupation in a list."""

    id: uuid.UUID
    code: str
    title: str


class RoleOut(ListedRoleOut):
    """A job role with what it requires."""

    description: str
    position: Ref | None
    requirements: list[RequirementOut]


class GapOut(Schema):
    """A required skill that is not held at the level."""

    skill: Ref
    required: str = Field(description=LEVEL)
    held: str = Field(description="The same letters; – for none.")
    critical: bool


class PersonGapsOut(Schema):
    """A person beside the job role; without one, `job_role` and `fit_percent` are null."""

    person: Ref
    job_role: str | None
    fit_percent: int | None
    gaps: list[GapOut] = Field(description="Critical ones first, then by weight.")


class UnitGapsOut(Schema):
    """A unit's own people in numbers."""

    unit: Ref
    people: int
    without_role: int = Field(description="People without a job role that requires something.")
    fit_percent: int | None
    open_gaps: int
    critical_gaps: int


class RequirementIn(Body):
    """What to require."""

    level: Line = Field(description=LEVEL)
    weight: Decimal = Field(Decimal(1), description="Above 0, up to 5.")
    critical: bool = False


class NewRequirementIn(RequirementIn):
    """Which skill to require, and how."""

    skill: uuid.UUID


class RoleIn(Body):
    """A job role without requirements yet."""

    code: Line
    title: Line
    description: Long = ""
    position: uuid.UUID | None = Field(None, description="Whose holders it describes.")


class AdoptIn(Body):
    """How much of an occupation to take over."""

    code: Line
    title: Line
    position: uuid.UUID | None = None
    minimum_importance: float = Field(DEFAULT_IMPORTANCE, description="1 to 5.")
    limit: int | None = Field(None, ge=1, le=1000, description="The weightiest so many.")


def level_of(code: str) -> ProficiencyLevel:
    """The ILUO level with this letter. Raises InvalidError."""
    for level in selectors.iluo_levels():
        if level.code == code:
            return level
    raise InvalidError.of("level", code, "Choose I, L, U or O.")


def _framework(one: Framework) -> FrameworkOut:
    return FrameworkOut(
        id=one.id,
        title=one.title,
        version=one.version,
        source=one.source,
        publisher=one.publisher,
        licence=one.licence,
        attribution=one.attribution,
        is_public=one.organization_id is None,
        skills=getattr(one, "skill_count", 0),
    )


def _skill(skill: Skill) -> SkillOut:
    return SkillOut(
        id=skill.id,
        identifier=skill.identifier,
        code=skill.code,
        label=skill.label,
        statement=skill.statement,
        kind=skill.kind,
        group=skill.group,
        framework=ref(skill.framework, str(skill.framework)),
    )


def _listed_role(role: JobRole) -> ListedRoleOut:
    return ListedRoleOut(id=role.id, code=role.code, title=role.title)


def _role(role: JobRole) -> RoleOut:
    return RoleOut(
        id=role.id,
        code=role.code,
        title=role.title,
        description=role.description,
        position=ref(role.position, role.position.title) if role.position else None,
        requirements=[
            RequirementOut(
                skill=ref(one.skill, one.skill.label),
                level=one.level.code,
                weight=float(one.weight),
                critical=one.is_critical,
            )
            for one in role.requirements.all()
        ],
    )


def _person_gaps(person: PersonGaps) -> PersonGapsOut:
    return PersonGapsOut(
        person=ref(person.person, person.person.name),
        job_role=person.role.title if person.role else None,
        fit_percent=person.fit,
        gaps=[
            GapOut(
                skill=ref(cell.skill, cell.skill.label),
                required=cell.required.code,
                held=cell.held.code,
                critical=cell.is_critical,
            )
            for cell in person.open_cells
        ],
    )


def _unit_gaps(one: UnitSummary) -> UnitGapsOut:
    return UnitGapsOut(
        unit=ref(one.unit, one.unit.name),
        people=one.people,
        without_role=one.unplaced,
        fit_percent=one.fit,
        open_gaps=one.open_gaps,
        critical_gaps=one.critical_gaps,
    )


@router.get("/frameworks", response=answers(Listing[FrameworkOut]), summary="Frameworks")
def list_frameworks(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Public frameworks and the organization's own."""
    return paged(selectors.visible_frameworks(actor_of(request)), paging, _framework)


@router.get(
    "/frameworks/{uuid:framework_id}/export",
    response={401: Problem, 404: Problem, 413: Problem, 422: Problem},
    summary="A framework as a file",
    openapi_extra={
        "responses": {200: {"description": "The file's bytes.", "content": {"*/*": {"schema": {}}}}}
    },
)
def export_framework(
    request: HttpRequest,
    framework_id: uuid.UUID,
    format: Literal["csv", "case", "ctdl-asn"] = "csv",  # noqa: A002 - its name in the address
) -> Any:
    """The framework's skills with hierarchy, relations and alignments; not its occupations.

    `case` is a CFPackage of CASE 1.1, `ctdl-asn` a graph of JSON-LD.
    """
    actor = actor_of(request)
    made = frameworks.export_framework(
        selectors.get_framework(actor, framework_id), format, organization=actor.organization
    )
    return HttpResponse(
        made.data,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


@router.get("/skills", response=answers(Listing[SkillOut]), summary="Find skills")
def list_skills(
    request: HttpRequest, paging: Query[Paging], q: Search = "", framework: uuid.UUID | None = None
) -> Any:
    """The skills of visible frameworks, or of one; `q` looks in names, code and statement,
    in every language and despite a slip of the finger; then the best come first."""
    actor = actor_of(request)
    found = selectors.find_skills(actor, q)
    if framework is not None:
        found = found.filter(framework=selectors.get_framework(actor, framework))
    if not q.strip():
        found = found.order_by("framework", "group", "code", "id")
    return paged(found, paging, _skill)


@router.get("/skills/{uuid:skill_id}", response=answers(SkillOut), summary="A skill")
def get_skill(request: HttpRequest, skill_id: uuid.UUID) -> Any:
    """A visible skill."""
    return _skill(selectors.get_skill(actor_of(request), skill_id))


@router.get(
    "/job-roles", response=answers(Listing[ListedRoleOut]), summary="Job roles", tags=["job roles"]
)
def list_roles(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The organization's job roles."""
    return paged(selectors.job_roles(actor_of(request)), paging, _listed_role)


@router.post(
    "/job-roles", response=answers(RoleOut, 201), summary="Make a job role", tags=["job roles"]
)
def create_role(request: HttpRequest, body: RoleIn) -> Any:
    """A job role without requirements yet."""
    actor = actor_of(request)
    made = services.create_job_role(
        actor=actor,
        code=body.code,
        title=body.title,
        description=body.description,
        position=get_position(actor, body.position) if body.position else None,
    )
    return Status(201, _role(selectors.get_job_role(actor, made.id)))


@router.get(
    "/job-roles/{uuid:role_id}",
    response=answers(RoleOut),
    summary="A job role",
    tags=["job roles"],
)
def get_role(request: HttpRequest, role_id: uuid.UUID) -> Any:
    """A job role or a public occupation with what it requires."""
    return _role(selectors.get_job_role(actor_of(request), role_id))


def _require_skill(
    actor: Actor, role_id: uuid.UUID, skill_id: uuid.UUID, body: RequirementIn
) -> RoleOut:
    services.set_requirement(
        actor=actor,
        job_role=selectors.get_job_role(actor, role_id),
        skill=selectors.get_skill(actor, skill_id),
        level=level_of(body.level),
        weight=body.weight,
        is_critical=body.critical,
    )
    return _role(selectors.get_job_role(actor, role_id))


@router.post(
    "/job-roles/{uuid:role_id}/requirements",
    response=answers(RoleOut),
    summary="Require a skill",
    tags=["job roles"],
)
def require_skill(request: HttpRequest, role_id: uuid.UUID, body: NewRequirementIn) -> Any:
    """Require a skill at a level; an existing requirement of it is replaced."""
    return _require_skill(actor_of(request), role_id, body.skill, body)


@router.delete(
    "/job-roles/{uuid:role_id}/requirements/{uuid:skill_id}",
    response=answers(RoleOut),
    summary="Require a skill no longer",
    tags=["job roles"],
)
def release_skill(request: HttpRequest, role_id: uuid.UUID, skill_id: uuid.UUID) -> Any:
    """The job role requires the skill no longer."""
    actor = actor_of(request)
    with transaction.atomic():
        role = selectors.get_job_role(actor, role_id)
        found = role.requirements.filter(skill=skill_id).select_related("job_role", "skill").first()
        if found is None:
            raise NotFoundError("The job role does not require this skill.")
        services.remove_requirement(actor=actor, requirement=found)
    return _role(selectors.get_job_role(actor, role_id))


@router.get(
    "/occupations",
    response=answers(Listing[ListedRoleOut]),
    summary="Find public occupations",
    tags=["job roles"],
)
def list_occupations(request: HttpRequest, paging: Query[Paging], q: Search = "") -> Any:
    """Occupations to start a job role from."""
    found = selectors.find_occupations(actor_of(request), q)
    return paged(found, paging, _listed_role)


@router.post(
    "/occupations/{uuid:role_id}/adopt",
    response=answers(RoleOut, 201),
    summary="Start a job role",
    tags=["job roles"],
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
    return Status(201, _role(selectors.get_job_role(actor, made.id)))


@router.get(
    "/gaps/units", response=answers(Listing[UnitGapsOut]), summary="Gaps by unit", tags=["gaps"]
)
def unit_summaries(request: HttpRequest, paging: Query[Paging], on: Day | None = None) -> Any:
    """The units the actor may see on a day (today), the greatest need first."""
    return paged(gap_selectors.unit_summaries(actor_of(request), on), paging, _unit_gaps)


@router.get(
    "/gaps/units/{uuid:unit_id}",
    response=answers(Listing[PersonGapsOut]),
    summary="Gaps of a unit",
    tags=["gaps"],
)
def unit_gaps(
    request: HttpRequest, unit_id: uuid.UUID, paging: Query[Paging], on: Day | None = None
) -> Any:
    """The people of the unit and of those below it, each beside the job role."""
    actor = actor_of(request)
    found = gap_selectors.gaps_of_unit(actor, get_unit(actor, unit_id), on)
    return paged(found, paging, _person_gaps)


def _gaps_of(actor: Actor, person: Person) -> PersonGapsOut:
    found = gap_selectors.gaps_of_person(actor, person)
    if found is None:
        named = ref(person, person.name)
        return PersonGapsOut(person=named, job_role=None, fit_percent=None, gaps=[])
    return _person_gaps(found)


@router.get(
    "/gaps/people/{uuid:person_id}",
    response=answers(PersonGapsOut),
    summary="Gaps of a person",
    tags=["gaps"],
)
def person_gaps(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """A person beside the job role today."""
    actor = actor_of(request)
    return _gaps_of(actor, get_person(actor, person_id))


@router.get("/gaps/me", response=answers(PersonGapsOut), summary="One's own gaps", tags=["gaps"])
def own_gaps(request: HttpRequest) -> Any:
    """The actor's own person beside the job role today."""
    actor = actor_of(request)
    if actor.person is None:
        raise NotFoundError("Your account is not tied to a person. Ask your administrator.")
    return _gaps_of(actor, actor.person)
