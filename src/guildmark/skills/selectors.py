"""What is read in this room: skills, job roles, records."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable

from django.contrib.postgres.search import SearchRank
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
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Organization, Person
from guildmark.skills.models import (
    Framework,
    JobRole,
    JobRoleTitle,
    OccupationSkill,
    ProficiencyLevel,
    RoleRequirement,
    Skill,
    SkillAlignment,
    SkillBroader,
    SkillKind,
    SkillRecord,
    SkillRelation,
)
from guildmark.skills.rules import SEES_ALL
from guildmark.skills.searching import query_of, search
from guildmark.skills.services.starter import ILUO

_DEEPEST, _WAYS = 12, 4
"""Levels above a skill that are looked at, and ways to it that are shown."""


def visible_frameworks(actor: Actor) -> QuerySet[Framework]:
    """Public frameworks and the organization's own, with `skill_count`."""
    require(actor, "skills.view")
    return (
        Framework.objects.filter(Q(organization=None) | Q(organization=actor.organization))
        .annotate(
            skill_count=Count(
                "skills", filter=~Q(skills__kind=SkillKind.GROUP) & Q(skills__withdrawn_at=None)
            )
        )
        .order_by("title", "version")
    )


def get_framework(actor: Actor, framework_id: uuid.UUID) -> Framework:
    """A visible framework. Raises NotFoundError."""
    found = visible_frameworks(actor).filter(id=framework_id).first()
    if found is None:
        raise NotFoundError(_("There is no such framework here."))
    return found


def framework_named(name: str, organization: Organization | None = None) -> Framework:
    """For whoever runs the installation: a framework by title, identifier or id.

    Public ones, and with an organization its own first. Raises NotFoundError.
    """
    named = Q(title__iexact=name) | Q(identifier=name)
    with contextlib.suppress(ValueError):
        named |= Q(id=uuid.UUID(name))
    frameworks = Framework.objects.filter(Q(organization=None) | Q(organization=organization))
    found = list(frameworks.filter(named).order_by("-created_at"))
    found.sort(key=lambda one: one.organization_id is None)
    if not found:
        there = ", ".join(sorted(set(frameworks.values_list("title", flat=True)))) or "none yet"
        raise NotFoundError(
            _("There is no framework %(name)r. There is: %(there)s.")
            % {"name": name[:200], "there": there}
        )
    return found[0]


def visible_skills(actor: Actor, *, text: str = "") -> QuerySet[Skill]:
    """The skills of visible frameworks, withdrawn ones not; `text` is looked for as by `search`."""
    require(actor, "skills.view")
    skills = Skill.objects.filter(
        Q(framework__organization=None) | Q(framework__organization=actor.organization),
        withdrawn_at=None,
    ).select_related("framework")
    return search(skills, text) if _words(text) else skills


def find_skills(actor: Actor, text: str) -> QuerySet[Skill]:
    """As `visible_skills`, the best first: called so, beginning so, all words in a name, others."""
    found = visible_skills(actor, text=text)
    sought, query = " ".join(_words(text)).lower(), query_of(text)
    if query is None:
        return found.order_by("label", "id")
    label = Lower("label")
    return (
        found.alias(lower=label)
        .annotate(
            rank=Case(
                When(lower=sought, then=Value(0)),
                When(lower__startswith=sought, then=Value(1)),
                When(lower__contains=sought, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            ),
            weight=SearchRank("search__words", query),
        )
        .order_by("rank", "-weight", "label", "id")
    )


def get_skill(actor: Actor, skill_id: uuid.UUID) -> Skill:
    """A visible skill, also a withdrawn one, with its descriptors and the alignments that its
    publisher states or the organization has confirmed. Raises NotFoundError."""
    require(actor, "skills.view")
    owners = Q(organization=None) | Q(organization=actor.organization)
    stated = SkillAlignment.objects.filter(owners, outcome=SkillAlignment.Outcome.CONFIRMED)
    found = (
        Skill.objects.filter(
            Q(framework__organization=None) | Q(framework__organization=actor.organization)
        )
        .select_related("framework")
        .prefetch_related("level_descriptors__level", Prefetch("alignments", stated))
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


def roots_of(framework: Framework) -> QuerySet[Skill]:
    """What stands under nothing in the framework's hierarchy and has something under it."""
    links = SkillBroader.objects.filter(skill__framework=framework)
    return (
        Skill.objects.filter(id__in=links.values("broader"), withdrawn_at=None)
        .exclude(id__in=links.values("skill"))
        .order_by("code", "label", "id")
    )


def above(skill: Skill) -> list[list[Skill]]:
    """The ways from the top of the hierarchy down to the skill, at most four."""
    ways: list[list[Skill]] = [[skill]]
    for _depth in range(_DEEPEST):
        tops = {way[0].id for way in ways}
        links: dict[uuid.UUID, list[Skill]] = {}
        for link in SkillBroader.objects.filter(skill__in=tops).select_related("broader"):
            links.setdefault(link.skill_id, []).append(link.broader)
        if not links:
            break
        ways = [
            [broader, *way] if broader else way
            for way in ways
            for broader in links.get(way[0].id, [None])
        ][:_WAYS]
    return [way[:-1] for way in ways if len(way) > 1]


def below(skill: Skill) -> QuerySet[Skill]:
    """What stands directly under the skill, with `below_count`, groups first."""
    counted = (
        SkillBroader.objects.filter(broader=OuterRef("id"))
        .order_by()
        .values("broader")
        .annotate(n=Count("id"))
        .values("n")
    )
    return (
        Skill.objects.filter(broader_links__broader=skill)
        .annotate(
            below_count=Coalesce(Subquery(counted), 0),
            leaf=Case(When(kind="group", then=Value(0)), default=Value(1)),
        )
        .order_by("leaf", "broader_links__position", "code", "label", "id")
    )


def relations_of(skill: Skill) -> QuerySet[SkillRelation]:
    """What the skill's framework says of it beside others that are still there."""
    return (
        skill.relations.filter(other__withdrawn_at=None)
        .select_related("other")
        .order_by("kind", "other__label", "id")
    )


def occupations_naming(skill: Skill) -> QuerySet[OccupationSkill]:
    """The public occupations that name the skill, essential ones first."""
    return (
        OccupationSkill.objects.filter(skill=skill, occupation__withdrawn_at=None)
        .select_related("occupation")
        .order_by("relation", "occupation__title", "id")
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
