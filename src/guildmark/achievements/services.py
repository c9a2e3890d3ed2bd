"""Defining achievements: drafts, what they attest, publishing and withdrawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.achievements.events import DraftCopied
from guildmark.achievements.models import Achievement, AchievementVersion, AttestedSkill
from guildmark.achievements.publication import missing_for_publication
from guildmark.audit.services import record
from guildmark.credentials.model.achievement import LANGUAGE
from guildmark.errors import ConflictError, FieldProblem, InvalidError
from guildmark.events import publish
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.skills.models import ProficiencyLevel, Skill
from guildmark.skills.services.job_roles import require_iluo, require_visible
from guildmark.texts import character_problems, require_readable

EDITABLE = (
    "name",
    "description",
    "criteria",
    "area",
    "language",
    "workload_hours",
    "eqf_level",
    "assessment_type",
    "participation",
    "quality_assurance",
    "validity_months",
)
LONG_TEXTS = ("description", "criteria", "quality_assurance")
MAX_TEXT = 10_000


@transaction.atomic
def create_achievement(*, actor: Actor, code: str, **fields: Any) -> AchievementVersion:
    """A new achievement with its first draft; `fields` are those of EDITABLE.

    Raises InvalidError naming each field that does not hold.
    """
    require(actor, "achievements.edit")
    code = code.strip()
    if not code:
        raise InvalidError.of("code", code, _("Give a short code, such as AUT-CELL."))
    if len(code) > 40:
        raise InvalidError.of("code", code, _("Use at most 40 characters."))
    require_readable(lines={"code": code})
    achievement = Achievement(organization=actor.organization, code=code)
    version = AchievementVersion(achievement=achievement, number=1)
    _apply(version, fields)
    try:
        with transaction.atomic():
            achievement.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidError.of("code", code, _("Another achievement has this code.")) from error
    version.save(force_insert=True)
    record(
        actor=actor,
        action="achievements.create",
        target=achievement,
        target_name=version.name,
        details={"code": code},
    )
    return version


@transaction.atomic
def edit_draft(*, actor: Actor, version: AchievementVersion, **fields: Any) -> AchievementVersion:
    """Change fields of a draft. Raises ConflictError for a version that is published."""
    version = lock_draft(actor, version)
    before = {field: getattr(version, field) for field in fields}
    _apply(version, fields)
    version.save(update_fields=list(fields))
    changed = {
        field: [str(before[field]), str(getattr(version, field))]
        for field in fields
        if before[field] != getattr(version, field)
    }
    if changed:
        record(
            actor=actor, action="achievements.edit", target=version, details={"changed": changed}
        )
    return version


@transaction.atomic
def set_attested_skills(
    *,
    actor: Actor,
    version: AchievementVersion,
    skills: Iterable[tuple[Skill, ProficiencyLevel]],
) -> None:
    """What the draft attests: exactly these skills, each at its ILUO level above none."""
    version = lock_draft(actor, version)
    pairs = list(skills)
    if len({skill.id for skill, _level in pairs}) != len(pairs):
        raise InvalidError.of("skills", len(pairs), _("Choose each skill once."))
    for skill, level in pairs:
        require_visible(actor, skill)
        require_iluo(level)
    version.skills.all().delete()
    AttestedSkill.objects.bulk_create(
        AttestedSkill(version=version, skill=skill, level=level) for skill, level in pairs
    )
    record(
        actor=actor,
        action="achievements.attest",
        target=version,
        details={"skills": [f"{skill.label} {level.code}" for skill, level in pairs]},
    )


@transaction.atomic
def attest_skill(
    *, actor: Actor, version: AchievementVersion, skill: Skill, level: ProficiencyLevel
) -> None:
    """Have the draft attest this skill at this level, whatever else it attests."""
    version = lock_draft(actor, version)
    kept = [(one.skill, one.level) for one in _attested(version) if one.skill_id != skill.id]
    set_attested_skills(actor=actor, version=version, skills=[*kept, (skill, level)])


@transaction.atomic
def drop_attested_skill(*, actor: Actor, version: AchievementVersion, skill: Skill) -> None:
    """Have the draft attest this skill no longer."""
    version = lock_draft(actor, version)
    kept = [(one.skill, one.level) for one in _attested(version) if one.skill_id != skill.id]
    set_attested_skills(actor=actor, version=version, skills=kept)


def _attested(version: AchievementVersion) -> list[AttestedSkill]:
    return list(version.skills.select_related("skill", "level"))


@transaction.atomic
def publish_version(*, actor: Actor, version: AchievementVersion) -> AchievementVersion:
    """Publish a draft; from now on it never changes. An older published version is withdrawn.

    Raises InvalidError naming everything that is missing.
    """
    require(actor, "achievements.publish", version.achievement)
    version = lock_draft(actor, version)
    missing = missing_for_publication(version)
    if missing:
        raise InvalidError(
            [FieldProblem(field=one.part, value="", message=one.message) for one in missing]
        )
    for older in version.achievement.versions.filter(state=AchievementVersion.State.PUBLISHED):
        _withdraw(actor, older)
    version.state = AchievementVersion.State.PUBLISHED
    version.published_at = timezone.now()
    version.published_by = actor.account
    version.save(update_fields=["state", "published_at", "published_by"])
    record(
        actor=actor,
        action="achievements.publish",
        target=version,
        details={"version": version.number},
    )
    return version


@transaction.atomic
def withdraw_version(*, actor: Actor, version: AchievementVersion) -> AchievementVersion:
    """Take a published version back: nobody earns it any more; what was earned stays."""
    require(actor, "achievements.publish", version.achievement)
    version = AchievementVersion.objects.select_for_update().get(id=version.id)
    if version.state != AchievementVersion.State.PUBLISHED:
        raise ConflictError(_("Only a published version can be withdrawn."))
    _withdraw(actor, version)
    return version


def _withdraw(actor: Actor, version: AchievementVersion) -> None:
    version.state = AchievementVersion.State.WITHDRAWN
    version.save(update_fields=["state"])
    record(
        actor=actor,
        action="achievements.withdraw",
        target=version,
        details={"version": version.number},
    )


@transaction.atomic
def new_draft(*, actor: Actor, achievement: Achievement) -> AchievementVersion:
    """A draft that starts as a copy of the newest version, with its skills, test and rubric."""
    require(actor, "achievements.edit", achievement)
    achievement = Achievement.objects.select_for_update().get(id=achievement.id)
    newest = achievement.versions.order_by("-number").first()
    if newest is None or newest.state == AchievementVersion.State.DRAFT:
        raise ConflictError(_("There is a draft already. Go on with that one."))
    draft = AchievementVersion(
        achievement=achievement,
        number=newest.number + 1,
        **{field: getattr(newest, field) for field in EDITABLE},
    )
    draft.save(force_insert=True)
    AttestedSkill.objects.bulk_create(
        AttestedSkill(version=draft, skill_id=one.skill_id, level_id=one.level_id)
        for one in newest.skills.all()
    )
    record(
        actor=actor, action="achievements.draft", target=draft, details={"version": draft.number}
    )
    publish(DraftCopied(from_version_id=newest.id, to_version_id=draft.id))
    return draft


def lock_draft(actor: Actor, version: AchievementVersion) -> AchievementVersion:
    """The draft, locked for a change that this actor may make.

    For this room and for rooms that keep a part of a version, such as its test. Raises
    ConflictError for a version that is published.
    """
    require(actor, "achievements.edit", version.achievement)
    locked = (
        AchievementVersion.objects.select_for_update(of=("self",))
        .select_related("achievement__organization")
        .get(id=version.id)
    )
    if locked.state != AchievementVersion.State.DRAFT:
        raise ConflictError(
            _("This version is published and never changes. Start a new draft instead.")
        )
    return locked


def _apply(version: AchievementVersion, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(sorted(unknown))}")
    for field, value in fields.items():
        setattr(version, field, value.strip() if isinstance(value, str) else value)
    problems = character_problems(
        lines={field: getattr(version, field) for field in ("name", "area")},
        paragraphs={field: getattr(version, field) for field in LONG_TEXTS},
    )
    if not version.name:
        problems.append(FieldProblem(field="name", value="", message=_("Give it a name.")))
    for field in LONG_TEXTS:
        text = getattr(version, field)
        if len(text) > MAX_TEXT:
            problems.append(
                FieldProblem(
                    field=field,
                    value=f"{len(text)} characters",
                    message=_("Use at most 10,000 characters."),
                )
            )
    if not LANGUAGE.fullmatch(version.language):
        problems.append(
            FieldProblem(
                field="language",
                value=version.language,
                message=_("Give a language code such as en or de-AT."),
            )
        )
    hours = version.workload_hours
    if hours is not None and not Decimal(0) < Decimal(str(hours)) <= 2000:
        problems.append(
            FieldProblem(
                field="workload_hours",
                value=str(hours),
                message=_("Give hours above 0, up to 2,000."),
            )
        )
    try:
        # The other choices and lengths, as the model states them.
        version.clean_fields(exclude=["achievement", "description", "criteria", "name"])
    except ValidationError as error:
        problems += [
            FieldProblem(field=field, value=str(getattr(version, field, ""))[:200], message=text)
            for field, texts in error.message_dict.items()
            for text in texts
        ]
    if problems:
        raise InvalidError(problems)
