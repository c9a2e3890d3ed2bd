"""The public frameworks of this installation, ready to be matched with texts."""

from __future__ import annotations

from pathlib import Path

from django.db.models import Count, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from guildmark.analytics.matching import Index, Progress, Skill, build_index
from guildmark.errors import NotFoundError
from guildmark.skills.models import Framework, RoleRequirement


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
    """The framework's skills as values, by identifier: two queries."""
    uses = dict(
        RoleRequirement.objects.filter(skill__framework=framework, job_role__framework=framework)
        .values_list("skill")
        .annotate(Count("job_role", distinct=True))
        .values_list("skill", "job_role__count")
    )
    return [
        Skill(
            id=skill.identifier,
            label=skill.label,
            description=skill.statement,
            uses=uses.get(skill.id, 0) if uses else None,
        )
        for skill in framework.skills.order_by("identifier")
    ]
