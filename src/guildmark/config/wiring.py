"""Who hears which event, in which order. The only place where it is written."""

from __future__ import annotations

from guildmark import events
from guildmark.achievements.events import DraftCopied
from guildmark.achievements.publication import connect_checks
from guildmark.assessment import services as assessment
from guildmark.awards.events import AwardEnded, AwardGranted, AwardReinstated, EarnedNot
from guildmark.skills import services as skills


def connect() -> None:
    """Connect the rooms. Called once, when all applications have been loaded."""
    connect_checks([assessment.missing_assessment])
    events.connect(
        {
            DraftCopied: [_copy_assessment],
            AwardGranted: [_record_skills],
            AwardEnded: [_withdraw_skills],
            AwardReinstated: [_restore_skills],
            EarnedNot: [_begin_anew],
        }
    )


def _copy_assessment(event: DraftCopied) -> None:
    assessment.copy_assessment(
        from_version_id=event.from_version_id, to_version_id=event.to_version_id
    )


def _record_skills(event: AwardGranted) -> None:
    skills.record_attested_skills(
        organization_id=event.organization_id,
        person_id=event.person_id,
        award_id=event.award_id,
        skill_levels=event.skill_levels,
        valid_from=event.awarded_on,
        valid_until=event.valid_until,
    )


def _withdraw_skills(event: AwardEnded) -> None:
    skills.withdraw_attested_skills(award_id=event.award_id)


def _restore_skills(event: AwardReinstated) -> None:
    skills.restore_attested_skills(award_id=event.award_id)


def _begin_anew(event: EarnedNot) -> None:
    assessment.begin_anew(
        organization_id=event.organization_id,
        person_id=event.person_id,
        version_id=event.version_id,
        reason=event.reason,
    )
