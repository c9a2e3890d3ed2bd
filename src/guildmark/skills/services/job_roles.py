"""Job roles: made new, or adopted from a public occupation, and what they require."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.audit.services import record
from guildmark.errors import ConflictError, InvalidError, NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Position
from guildmark.skills.models import (
    Framework,
    JobRole,
    ProficiencyLevel,
    ProficiencyScale,
    RoleRequirement,
    Skill,
)
from guildmark.skills.services.starter import ILUO, ensure_iluo
from guildmark.texts import require_readable

_THRESHOLDS = (2.0, 4.0, 5.5)
DEFAULT_IMPORTANCE = 3.0
"""O*NET's middle of five; with more, many an occupation would require nothing."""


def iluo_rank(onet_level: float) -> int:
    """The ILUO rank (1 to 4) for an O*NET level: below 2 I, below 4 L, below 5.5 U, else O.

    This embodies an opinion: O*NET's level says how demanding a skill is over all work, ILUO how
    well a person masters it at one. It is where a training lead starts from, not an equation.
    """
    return 1 + sum(onet_level >= threshold for threshold in _THRESHOLDS)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an adopted occupation would require: `importance` is O*NET's, 1 to 5."""

    skill: Skill
    level: ProficiencyLevel
    onet_level: int
    importance: Decimal


def propose_requirements(
    *,
    actor: Actor,
    occupation: JobRole,
    minimum_importance: float = DEFAULT_IMPORTANCE,
    limit: int | None = None,
) -> list[Proposal]:
    """What `adopt_job_role` would take over with the same arguments, the weightiest first."""
    require(actor, "skills.view", occupation)
    _check_adoption(occupation, minimum_importance, limit)
    levels = _iluo_by_rank()
    taken = (
        occupation.requirements.filter(weight__gte=Decimal(str(minimum_importance)))
        .select_related("level", "skill")
        .order_by("-weight", "skill__label")[:limit]
    )
    return [
        Proposal(
            skill=requirement.skill,
            level=levels[iluo_rank(requirement.level.rank)],
            onet_level=requirement.level.rank,
            importance=requirement.weight,
        )
        for requirement in taken
    ]


@transaction.atomic
def create_job_role(
    *,
    actor: Actor,
    code: str,
    title: str,
    description: str = "",
    position: Position | None = None,
) -> JobRole:
    """A job role without requirements yet; `position` ties it to the holders of a position."""
    require(actor, "job_roles.edit", position)
    role = _new_role(actor, code=code, title=title, position=position)
    require_readable(paragraphs={"description": description})
    role.description = description.strip()
    role.save(force_insert=True)
    record(actor=actor, action="job_roles.create", target=role, details={"code": role.code})
    return role


@transaction.atomic
def adopt_job_role(
    *,
    actor: Actor,
    occupation: JobRole,
    code: str,
    title: str,
    position: Position | None = None,
    minimum_importance: float = DEFAULT_IMPORTANCE,
    limit: int | None = None,
) -> JobRole:
    """A job role of the organization that starts from a public occupation.

    Takes the requirements of at least `minimum_importance` (1 to 5), the weightiest `limit` of
    them, with O*NET levels mapped to ILUO by `iluo_rank` and importance as weight.
    """
    require(actor, "job_roles.edit", position)
    proposals = propose_requirements(
        actor=actor, occupation=occupation, minimum_importance=minimum_importance, limit=limit
    )
    if not proposals and occupation.requirements.exists():
        raise InvalidError.of(
            "minimum_importance",
            minimum_importance,
            _("No skill of this occupation is rated so high; give a smaller number."),
        )
    role = _new_role(actor, code=code, title=title, position=position)
    role.adopted_from = occupation
    role.description = occupation.description
    role.save(force_insert=True)
    RoleRequirement.objects.bulk_create(
        RoleRequirement(
            job_role=role,
            skill=proposal.skill,
            level=proposal.level,
            weight=proposal.importance,
        )
        for proposal in proposals
    )
    record(
        actor=actor,
        action="job_roles.adopt",
        target=role,
        details={"occupation": occupation.identifier, "requirements": len(proposals)},
    )
    return role


@transaction.atomic
def edit_job_role(
    *, actor: Actor, job_role: JobRole, title: str, description: str, position: Position | None
) -> JobRole:
    """Change what a job role is called and whose position it describes; its code stays."""
    _require_own(actor, job_role)
    require(actor, "job_roles.edit", position)
    title = title.strip()
    _check_text("title", title, 300)
    require_readable(paragraphs={"description": description})
    _check_position(position, but=job_role)
    job_role.title, job_role.description = title, description.strip()
    job_role.position = position
    job_role.save(update_fields=["title", "description", "position"])
    record(
        actor=actor,
        action="job_roles.edit",
        target=job_role,
        details={"title": title, "position": position.code if position else None},
    )
    return job_role


@transaction.atomic
def set_requirement(
    *,
    actor: Actor,
    job_role: JobRole,
    skill: Skill,
    level: ProficiencyLevel,
    weight: Decimal | str | float,
    is_critical: bool = False,
) -> RoleRequirement:
    """Require a skill at a level; an existing requirement of the skill is replaced.

    The level is one of the ILUO scale above none, the weight above 0 up to 5.
    """
    _require_own(actor, job_role)
    require_visible(actor, skill)
    require_iluo(level)
    try:
        weighed = Decimal(str(weight))
    except InvalidOperation:
        weighed = Decimal(-1)
    if weighed.is_nan() or not Decimal(0) < weighed <= 5:
        raise InvalidError.of("weight", weight, _("Give a number above 0, up to 5."))
    requirement, _made = RoleRequirement.objects.update_or_create(
        job_role=job_role,
        skill=skill,
        defaults={"level": level, "weight": weighed, "is_critical": is_critical},
    )
    record(
        actor=actor,
        action="job_roles.require",
        target=job_role,
        details={
            "skill": skill.label,
            "level": level.code,
            "weight": str(weighed),
            "critical": is_critical,
        },
    )
    return requirement


@transaction.atomic
def remove_requirement(*, actor: Actor, requirement: RoleRequirement) -> None:
    """The job role requires the skill no longer."""
    _require_own(actor, requirement.job_role)
    record(
        actor=actor,
        action="job_roles.release",
        target=requirement.job_role,
        details={"skill": requirement.skill.label},
    )
    requirement.delete()


def require_visible(actor: Actor, skill: Skill) -> None:
    """Raise NotFoundError for a skill of another organization's own framework."""
    owner = Framework.objects.values_list("organization_id", flat=True).get(id=skill.framework_id)
    if owner not in (None, actor.organization.id):
        raise NotFoundError(_("There is no such skill here."))


def require_iluo(level: ProficiencyLevel) -> None:
    """Raise InvalidError unless the level is one of ILUO above none."""
    scale = ProficiencyScale.objects.get(id=level.scale_id)
    if scale.organization_id is not None or scale.code != ILUO or level.rank == 0:
        raise InvalidError.of("level", level.code, _("Choose I, L, U or O."))


def _iluo_by_rank() -> dict[int, ProficiencyLevel]:
    levels = ProficiencyLevel.objects.filter(scale__organization=None, scale__code=ILUO)
    return {level.rank: level for level in levels or ensure_iluo().levels.all()}


def _require_own(actor: Actor, job_role: JobRole) -> None:
    require(actor, "job_roles.edit", job_role)
    if job_role.organization_id is None:
        raise ConflictError(_("A public occupation is not changed. Adopt it first."))


def _check_adoption(occupation: JobRole, minimum_importance: float, limit: int | None) -> None:
    if occupation.organization_id is not None:
        raise ConflictError(_("Only a public occupation can be adopted."))
    if not 1 <= minimum_importance <= 5:
        raise InvalidError.of(
            "minimum_importance", minimum_importance, _("Give a number from 1 to 5.")
        )
    if limit is not None and limit < 1:
        raise InvalidError.of("limit", limit, _("Give at least 1, or leave it empty for all."))


def _check_text(field: str, value: str, longest: int) -> None:
    if not value:
        raise InvalidError.of(field, value, _("Fill this in."))
    if len(value) > longest:
        raise InvalidError.of(field, value, _("Write at most %(n)d characters.") % {"n": longest})
    require_readable(lines={field: value})


def _check_position(position: Position | None, *, but: JobRole | None = None) -> None:
    if position is None:
        return
    others = JobRole.objects.filter(position=position)
    if but is not None:
        others = others.exclude(id=but.id)
    if others.exists():
        raise InvalidError.of(
            "position", position.title, _("Another job role describes this position already.")
        )


def _new_role(actor: Actor, *, code: str, title: str, position: Position | None) -> JobRole:
    code, title = code.strip(), title.strip()
    _check_text("code", code, 60)
    _check_text("title", title, 300)
    if JobRole.objects.filter(organization=actor.organization, code__iexact=code).exists():
        raise InvalidError.of("code", code, _("Another job role has this code. Choose another."))
    _check_position(position)
    return JobRole(organization=actor.organization, code=code, title=title, position=position)
