"""What is read in this room: skills, job roles, records."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Organization, Person
from guildmark.skills.models import (
    Framework,
    JobRole,
    JobRoleTitle,
    ProficiencyLevel,
    RoleRequirement,
    Skill,
    SkillRecord,
)
from guildmark.skills.rules import SEES_ALL
from guildmark.skills.services.starter import ILUO


def visible_frameworks(actor: Actor) -> QuerySet[Framework]:
    """Public frameworks and the organization's own, with `skill_count`."""
    require(actor, "skills.view")
    return (
        Framework.objects.filter(Q(organization=None) | Q(organization=actor.organization))
        .annotate(skill_count=Count("skills"))
        .order_by("title", "version")
    )


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
    for word in _words(text):
        skills = skills.filter(
            Q(label__icontains=word)
            | Q(code__icontains=word)
            | Q(statement__icontains=word)
            | Q(translations__de__label__icontains=word)
            | Q(translations__de__statement__icontains=word)
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
        .order_by("title", "code")
    )


def describing_job_roles(actor: Actor) -> list[JobRole]:
    """The job roles that describe a position of the organization, with no more than their title."""
    require(actor, "skills.view")
    described = JobRole.objects.filter(position__organization=actor.organization)
    return list(described.only("id", "title").order_by("title", "id"))


def get_job_role(actor: Actor, role_id: uuid.UUID) -> JobRole:
    """A job role of the organization or a public occupation, with its requirements."""
    require(actor, "skills.view")
    found = (
        JobRole.objects.filter(Q(organization=actor.organization) | Q(organization=None))
        .select_related("position", "adopted_from__framework", "framework")
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


def get_own_job_role(actor: Actor, role_id: uuid.UUID) -> JobRole:
    """A job role of the organization; a public occupation is none. Raises NotFoundError."""
    found = get_job_role(actor, role_id)
    if found.organization_id is None:
        raise NotFoundError(_("There is no such job role here."))
    return found


def get_requirement(actor: Actor, requirement_id: int) -> RoleRequirement:
    """A requirement of one of the organization's job roles. Raises NotFoundError."""
    require(actor, "skills.view")
    found = (
        RoleRequirement.objects.filter(id=requirement_id, job_role__organization=actor.organization)
        .select_related("job_role", "skill", "level")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such requirement here."))
    return found


def roles_requiring(actor: Actor, skill: Skill) -> QuerySet[RoleRequirement]:
    """The organization's job roles that require the skill, critical ones first."""
    require(actor, "skills.view")
    return (
        RoleRequirement.objects.filter(skill=skill, job_role__organization=actor.organization)
        .select_related("job_role", "level")
        .order_by("-is_critical", "job_role__title")
    )


def find_occupations(actor: Actor, text: str) -> QuerySet[JobRole]:
    """Public occupations by title, another title or code; without text all, by title.

    Every word must occur in the title or in one other title; titles that fit come first. Of a
    framework with several releases only the one taken in last is searched.
    """
    require(actor, "skills.view")
    newer = Framework.objects.filter(
        organization=None,
        identifier=OuterRef("framework__identifier"),
        created_at__gt=OuterRef("framework__created_at"),
    )
    found = (
        JobRole.objects.filter(~Exists(newer), organization=None, is_group=False, withdrawn_at=None)
        .select_related("framework")
        .annotate(requirement_count=_count_of(RoleRequirement))
    )
    words = _words(text)
    if not words:
        return found.order_by("title")
    in_title = Q()
    for word in words:
        in_title &= Q(title__icontains=word)
    rank = Case(
        When(title__istartswith=words[0], then=Value(0)),
        When(in_title, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        found.filter(
            in_title
            | Q(code__istartswith=words[0])
            | Q(id__in=_other_titles(words).values("job_role"))
        )
        .annotate(rank=rank)
        .order_by("rank", "title")
    )


def other_titles(occupations: Iterable[JobRole], text: str) -> dict[uuid.UUID, list[str]]:
    """Up to three other titles of each occupation that fit the text, by occupation."""
    words = _words(text)
    found: dict[uuid.UUID, list[str]] = {}
    if not words:
        return found
    rows = _other_titles(words).filter(job_role__in=[o.id for o in occupations])
    for role_id, title in rows.order_by("title").values_list("job_role_id", "title"):
        if len(found.setdefault(role_id, [])) < 3:
            found[role_id].append(title)
    return found


def records_of(actor: Actor, person: Person, on: dt.date | None = None) -> QuerySet[SkillRecord]:
    """The person's records that hold on a day (today), self-claims among them; newest first."""
    require(actor, "skill_records.view", person)
    return (
        _holding(on or actor.today)
        .filter(organization=actor.organization, person=person)
        .select_related("skill__framework", "level")
        .order_by("skill__label", "-level__rank", "-valid_from")
    )


def holders_of(actor: Actor, skill: Skill) -> QuerySet[SkillRecord]:
    """Who holds the skill today by a verified source, as far as the actor may see them."""
    require(actor, "gaps.view")
    today = actor.today
    records = counting_records(actor.organization, today).filter(skill=skill)
    if not SEES_ALL.test(actor):
        employed = Employment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today),
            starts_on__lte=today,
            unit_id__in=actor.managed_unit_ids,
        )
        records = records.filter(person_id__in=employed.values("person_id"))
    return records.select_related("person", "level").order_by(
        "-level__rank", "person__family_name", "person__given_name", "-valid_from"
    )


def counting_records(organization: Organization, day: dt.date) -> QuerySet[SkillRecord]:
    """What counts toward a requirement on a day: verified, valid and not withdrawn."""
    return (
        _holding(day)
        .filter(organization=organization)
        .exclude(source=SkillRecord.Source.SELF_CLAIM)
    )


def _holding(day: dt.date) -> QuerySet[SkillRecord]:
    return SkillRecord.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day, withdrawn_at=None
    )


def _words(text: str) -> list[str]:
    return text.replace("\0", "").split()[:8]


def _other_titles(words: list[str]) -> QuerySet[JobRoleTitle]:
    found = JobRoleTitle.objects.all()
    for word in words:
        found = found.filter(title__icontains=word)
    return found


def _count_of(model: type[RoleRequirement]) -> Coalesce:
    # A subquery is reckoned for the rows of the page only, a join for every occupation.
    counted = (
        model.objects.filter(job_role=OuterRef("id"))
        .order_by()
        .values("job_role")
        .annotate(n=Count("id"))
        .values("n")
    )
    return Coalesce(Subquery(counted), 0)
