"""Skill records: that a person has a skill at a level, from a source."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit.actions import Action
from guildmark.audit.services import record
from guildmark.errors import InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.skills.models import ProficiencyLevel, Skill, SkillRecord
from guildmark.skills.services.job_roles import require_iluo, require_visible
from guildmark.texts import require_readable


@transaction.atomic
def record_attested_skills(
    *,
    organization_id: uuid.UUID,
    person_id: uuid.UUID,
    award_id: uuid.UUID,
    skill_levels: Iterable[tuple[uuid.UUID, uuid.UUID]],
    valid_from: dt.date,
    valid_until: dt.date | None,
) -> None:
    """What an award attests, as records of the person. Said twice, it is recorded once.

    Called for news of an award; who decided it has been asked for permission there.
    """
    SkillRecord.objects.bulk_create(
        [
            SkillRecord(
                organization_id=organization_id,
                person_id=person_id,
                skill_id=skill_id,
                level_id=level_id,
                source=SkillRecord.Source.AWARD,
                source_id=award_id,
                valid_from=valid_from,
                valid_until=valid_until,
            )
            for skill_id, level_id in skill_levels
        ],
        ignore_conflicts=True,
    )


def withdraw_attested_skills(*, award_id: uuid.UUID) -> None:
    """An award counts no longer, so neither do its records."""
    _of_award(award_id).filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def restore_attested_skills(*, award_id: uuid.UUID) -> None:
    """An award counts again, and its records with it."""
    _of_award(award_id).update(withdrawn_at=None)


def _of_award(award_id: uuid.UUID) -> QuerySet[SkillRecord]:
    return SkillRecord.objects.filter(source=SkillRecord.Source.AWARD, source_id=award_id)


@transaction.atomic
def record_observation(
    *, actor: Actor, person: Person, skill: Skill, level: ProficiencyLevel, note: str = ""
) -> SkillRecord:
    """The manager has seen the person do it; counts toward requirements."""
    require(actor, "skill_records.observe", person)
    source = SkillRecord.Source.OBSERVATION
    return _record(actor, person, skill, level, note, source, "skill_records.observation")


@transaction.atomic
def claim_skill(
    *, actor: Actor, person: Person, skill: Skill, level: ProficiencyLevel, note: str = ""
) -> SkillRecord:
    """What a person says of themself; shown apart, counts toward nothing."""
    require(actor, "skill_records.claim", person)
    source = SkillRecord.Source.SELF_CLAIM
    return _record(actor, person, skill, level, note, source, "skill_records.self_claim")


def _record(
    actor: Actor,
    person: Person,
    skill: Skill,
    level: ProficiencyLevel,
    note: str,
    source: SkillRecord.Source,
    action: Action,
) -> SkillRecord:
    require_visible(actor, skill)
    require_iluo(level)
    note = note.strip()
    if len(note) > 300:
        raise InvalidError.of("note", note, _("Write at most 300 characters."))
    require_readable(paragraphs={"note": note})
    today = actor.today
    # A newer statement of the same kind replaces the older one from today on; what held until
    # yesterday stays true of yesterday.
    earlier = SkillRecord.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        organization=actor.organization,
        person=person,
        skill=skill,
        source=source,
        withdrawn_at=None,
    )
    earlier.filter(valid_from=today).update(withdrawn_at=timezone.now())
    earlier.filter(valid_from__lt=today).update(valid_until=today - dt.timedelta(days=1))
    made = SkillRecord.objects.create(
        organization=actor.organization,
        person=person,
        skill=skill,
        level=level,
        source=source,
        note=note,
        valid_from=today,
    )
    record(
        actor=actor,
        action=action,
        target=made,
        target_name=f"{person.name}: {skill.label}",
        details={"level": level.code, "person": str(person.id)},
    )
    return made
