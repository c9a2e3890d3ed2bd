"""What is read in this room."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion, AttestedSkill
from guildmark.errors import NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor

State = AchievementVersion.State


def list_versions(
    actor: Actor, *, text: str = "", area: str = "", state: str = ""
) -> QuerySet[AchievementVersion]:
    """The versions a catalogue shows: the published, and drafts for who may see them."""
    require(actor, "achievements.view")
    versions = AchievementVersion.objects.filter(achievement__organization=actor.organization)
    shown = [State.PUBLISHED]
    if allows(actor, "achievements.view_drafts"):
        shown = [State.PUBLISHED, State.DRAFT]
        if state == State.WITHDRAWN:
            shown = [State.WITHDRAWN]
    if state in shown:
        shown = [State(state)]
    versions = versions.filter(state__in=shown)
    if area:
        versions = versions.filter(area=area)
    for word in text.replace("\0", "").split()[:8]:
        versions = versions.filter(
            Q(name__icontains=word)
            | Q(achievement__code__icontains=word)
            | Q(description__icontains=word)
        )
    return (
        versions.select_related("achievement")
        .prefetch_related(attested_skills())
        .order_by("area", "achievement__code", "-number")
    )


def areas(actor: Actor) -> list[str]:
    """The areas in use, in order."""
    rows = AchievementVersion.objects.filter(achievement__organization=actor.organization)
    return sorted(set(rows.exclude(area="").values_list("area", flat=True)))


def get_version(actor: Actor, version_id: uuid.UUID) -> AchievementVersion:
    """A version with its skills; a draft only for who may see drafts. Raises NotFoundError."""
    require(actor, "achievements.view")
    found = (
        AchievementVersion.objects.filter(
            id=version_id, achievement__organization=actor.organization
        )
        .select_related("achievement__organization", "published_by")
        .prefetch_related(attested_skills())
        .first()
    )
    if found is None or (
        found.state == State.DRAFT and not allows(actor, "achievements.view_drafts")
    ):
        raise NotFoundError(_("There is no such achievement here."))
    return found


def published_attesting(
    actor: Actor, skill_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[AttestedSkill]]:
    """For each skill the published versions that attest it, the highest level first."""
    require(actor, "achievements.view")
    rows = (
        AttestedSkill.objects.filter(
            skill_id__in=list(skill_ids),
            version__state=State.PUBLISHED,
            version__achievement__organization=actor.organization,
        )
        .select_related("version__achievement", "level")
        .order_by("-level__rank", "version__name")
    )
    found: dict[uuid.UUID, list[AttestedSkill]] = {}
    for row in rows:
        found.setdefault(row.skill_id, []).append(row)
    return found


def attested_skills() -> Prefetch[str]:
    """The prefetch of a version's skills with all that a page or a document says of them."""
    return Prefetch(
        "skills", AttestedSkill.objects.select_related("skill__framework", "level__scale")
    )
