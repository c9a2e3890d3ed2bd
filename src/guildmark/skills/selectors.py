"""What is read in this room: skills, job roles, records."""

from __future__ import annotations

import uuid

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.skills.models import (
    Framework,
    JobRole,
    ProficiencyLevel,
    RoleRequirement,
    Skill,
    SkillRecord,
)
from guildmark.skills.services.starter import ILUO


def visible_frameworks(actor: Actor) -> QuerySet[Framework]:
    """Public frameworks and the organization's own, with `skill_count`."""
    require(actor, "skills.view")
    return Framework.objects.filter(
        Q(organization=None) | Q(organization=actor.organization)
    ).annotate(skill_count=Count("skills"))


def get_framework(actor: Actor, framework_id: uuid.UUID) -> Framework:
    """A visible framework. Raises NotFoundError."""
    found = visible_frameworks(actor).filter(id=framework_id).first()
    if found is None:
        raise NotFoundError(_("There is no such framework here."))
    return found


def visible_skills(actor: Actor, *, text: str = "") -> QuerySet[Skill]:
    """The skills of visible frameworks; `text` is looked for in label, code and statement."""
    require(actor, "skills.view")
    skills = Skill.objects.filter(
        Q(framework__organization=None) | Q(framework__organization=actor.organization)
    ).select_related("framework")
    for word in text.split()[:8]:
        skills = skills.filter(
            Q(label__icontains=word)
            | Q(code__icontains=word)
            | Q(statement__icontains=word)
            | Q(translations__de__label__icontains=word)
        )
    return skills


def get_skill(actor: Actor, skill_id: uuid.UUID) -> Skill:
    """A visible skill with its descriptors and alignments. Raises NotFoundError."""
    found = (
        visible_skills(actor)
        .prefetch_related("level_descriptors__level", "alignments")
        .filter(id=skill_id)
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such skill here."))
    return found


def iluo_levels(*, with_none: bool = False) -> list[ProficiencyLevel]:
    """The levels of ILUO in order, without 'none' unless asked."""
    levels = ProficiencyLevel.objects.filter(scale__organization=None, scale__code=ILUO)
    return list(levels.filter(rank__gte=0 if with_none else 1).order_by("rank"))


def job_roles(actor: Actor) -> QuerySet[JobRole]:
    """The organization's job roles, with `requirement_count` and `critical_count`."""
    require(actor, "skills.view")
    return (
        JobRole.objects.filter(organization=actor.organization)
        .select_related("position", "adopted_from")
        .annotate(
            requirement_count=Count("requirements"),
            critical_count=Count("requirements", filter=Q(requirements__is_critical=True)),
        )
    )


def get_job_role(actor: Actor, role_id: uuid.UUID) -> JobRole:
    """A job role of the organization or a public occupation, with its requirements."""
    require(actor, "skills.view")
    found = (
        JobRole.objects.filter(Q(organization=actor.organization) | Q(organization=None))
        .select_related("position", "adopted_from", "framework")
        .prefetch_related(
            Prefetch(
                "requirements",
                RoleRequirement.objects.select_related("skill__framework", "level__scale"),
            )
        )
        .filter(id=role_id)
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such job role here."))
    return found


def find_occupations(actor: Actor, text: str) -> QuerySet[JobRole]:
    """Public occupations by title, another title or code; without text all, by title."""
    require(actor, "skills.view")
    found = JobRole.objects.filter(organization=None).select_related("framework")
    text = text.strip()
    if text:
        found = found.filter(
            Q(title__icontains=text)
            | Q(code__istartswith=text)
            | Q(id__in=JobRole.objects.filter(other_titles__title__icontains=text).values("id"))
        )
    return found.annotate(requirement_count=Count("requirements")).order_by("title")


def records_of(actor: Actor, person: Person) -> QuerySet[SkillRecord]:
    """The person's records that have not been withdrawn, newest first, self-claims among them."""
    require(actor, "skill_records.view", person)
    return (
        SkillRecord.objects.filter(person=person, withdrawn_at=None)
        .select_related("skill__framework", "level")
        .order_by("skill__label", "-valid_from")
    )


def holders_of(actor: Actor, skill: Skill) -> QuerySet[SkillRecord]:
    """Who holds the skill by a verified source, for those who may see everyone's records."""
    require(actor, "gaps.view")
    records = SkillRecord.objects.filter(
        organization=actor.organization, skill=skill, withdrawn_at=None
    ).exclude(source=SkillRecord.Source.SELF_CLAIM)
    units = actor.managed_unit_ids
    if units:
        records = records.filter(person__employments__unit_id__in=units).distinct()
    return records.select_related("person", "level").order_by("-level__rank", "person__family_name")
