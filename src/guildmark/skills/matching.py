"""The public frameworks of this installation, ready to be matched with texts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from guildmark.analytics.matching import Index, Progress, Skill, build_index
from guildmark.errors import NotFoundError
from guildmark.skills import models
from guildmark.skills.models import (
    Framework,
    OccupationSkill,
    RoleRequirement,
    SkillBroader,
    SkillKind,
)


def framework_index(name: str, *, folder: Path, progress: Progress | None = None) -> Index:
    """The index of a public framework, by its title, title and version, or identifier.

    The newest where several releases have the name. Raises NotFoundError.
    """
    framework = (
        Framework.objects.filter(organization=None)
        .annotate(whole=Concat("title", Value(" "), "version"))
        .filter(Q(title__iexact=name) | Q(whole__iexact=name) | Q(identifier=name))
        .order_by("-created_at", "id")
        .first()
    )
    if framework is None:
        known = ", ".join(map(str, Framework.objects.filter(organization=None)))
        raise NotFoundError(
            _("There is no framework “%(name)s”. There are: %(known)s.")
            % {"name": name[:200], "known": known or _("none, import one first")}
        )
    return build_index(matched_skills(framework), folder=folder, progress=progress)


def matched_skills(framework: Framework) -> list[Skill]:
    """The framework's skills that are offered, as values, by identifier: four queries."""
    uses: Counter[UUID] = Counter()
    for links in (
        RoleRequirement.objects.filter(skill__framework=framework, job_role__framework=framework),
        OccupationSkill.objects.filter(skill__framework=framework),
    ):
        uses.update(dict(links.values_list("skill").annotate(Count("id"))))
    broader: dict[UUID, list[str]] = {}
    for skill, above in SkillBroader.objects.filter(skill__framework=framework).values_list(
        "skill", "broader__identifier"
    ):
        broader.setdefault(skill, []).append(above)
    offered = framework.skills.filter(withdrawn_at=None).exclude(kind=SkillKind.GROUP)
    return [
        Skill(
            id=skill.identifier,
            label=skill.label,
            alternatives=_other_names(skill, framework.language),
            description=skill.statement,
            broader=tuple(broader.get(skill.id, ())),
            uses=uses[skill.id] if uses else None,
        )
        for skill in offered.order_by("identifier")
    ]


def _other_names(skill: models.Skill, language: str) -> tuple[str, ...]:
    """Hidden ones too: they are there to be found by."""
    names = skill.other_names.get(language, {})
    return (*names.get("alternative", ()), *names.get("hidden", ()))
