"""Job roles: made new, or adopted from a public occupation, and what they require."""

from __future__ import annotations

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
from guildmark.skills.services.onet import SCALE as ONET_SCALE
from guildmark.skills.services.starter import ILUO

_THRESHOLDS = (2.0, 4.0, 5.5)


def iluo_rank(onet_level: float) -> int:
    """The ILUO rank (1 to 4) for an O*NET level: below 2 I, below 4 L, below 5.5 U, else O.

    This embodies an opinion: O*NET's level says how demanding a skill is over all work, ILUO how
    well a person masters it at one. It is where a training lead starts from, not an equation.
    """
    return 1 + sum(onet_level >= threshold for threshold in _THRESHOLDS)


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
    minimum_importance: float = 3.0,
    limit: int | None = None,
) -> JobRole:
    """A job role of the organization that starts from a public occupation.

    Takes the requirements of at least `minimum_importance` (1 to 5), the weightiest `limit` of
    them, with O*NET levels mapped to ILUO by `iluo_rank` and importance as weight.
    """
    require(actor, "job_roles.edit", position)
    if occupation.organization_id is not None:
        raise ConflictError(_("Only a public occupation can be adopted."))
    if not 1 <= minimum_importance <= 5:
        raise InvalidError.of(
            "minimum_importance", minimum_importance, _("Give a number from 1 to 5.")
        )
    levels = {
        level.rank: level
        for level in ProficiencyLevel.objects.filter(scale__organization=None, scale__code=ILUO)
    }
    role = _new_role(actor, code=code, title=title, position=position)
    role.adopted_from = occupation
    role.description = occupation.description
    role.save(force_insert=True)
    taken = (
        occupation.requirements.filter(weight__gte=Decimal(str(minimum_importance)))
        .select_related("level")
        .order_by("-weight", "skill__label")[:limit]
    )
    RoleRequirement.objects.bulk_create(
        RoleRequirement(
            job_role=role,
            skill_id=requirement.skill_id,
            level=levels[iluo_rank(requirement.level.rank)],
            weight=requirement.weight,
        )
        for requirement in taken
    )
    record(
        actor=actor,
        action="job_roles.adopt",
        target=role,
        details={"occupation": occupation.identifier, "requirements": len(taken)},
    )
    return role


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
    require(actor, "job_roles.edit", job_role)
    if job_role.organization_id is None:
        raise ConflictError(_("A public occupation is not changed. Adopt it first."))
    require_visible(actor, skill)
    require_iluo(level)
    try:
        weighed = Decimal(str(weight))
    except InvalidOperation:
        weighed = Decimal(-1)
    if not Decimal(0) < weighed <= 5:
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
    require(actor, "job_roles.edit", requirement.job_role)
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
    if scale.organization_id is not None or scale.code == ONET_SCALE or level.rank == 0:
        raise InvalidError.of("level", level.code, _("Choose I, L, U or O."))


def _new_role(actor: Actor, *, code: str, title: str, position: Position | None) -> JobRole:
    code, title = code.strip(), title.strip()
    for field, value in (("code", code), ("title", title)):
        if not value:
            raise InvalidError.of(field, value, _("Fill this in."))
    if JobRole.objects.filter(organization=actor.organization, code__iexact=code).exists():
        raise InvalidError.of("code", code, _("Another job role has this code. Choose another."))
    if position is not None and JobRole.objects.filter(position=position).exists():
        raise InvalidError.of(
            "position", position.title, _("Another job role describes this position already.")
        )
    return JobRole(
        organization=actor.organization, code=code[:60], title=title[:300], position=position
    )
