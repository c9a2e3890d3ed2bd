"""Beginning anew with a test: after an award was revoked or refused, or by grace."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import FreshStart
from guildmark.audit.services import record
from guildmark.errors import InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.texts import require_readable

MAX_REASON = 300


def begin_anew(
    *, organization_id: uuid.UUID, person_id: uuid.UUID, version_id: uuid.UUID, reason: str
) -> None:
    """Let the person earn the version again from now on.

    Called for news of an award that ended or was refused; whoever decided that has been asked for
    permission there, and the audit trail has it.
    """
    FreshStart.objects.create(
        organization_id=organization_id,
        person_id=person_id,
        version_id=version_id,
        starts_at=timezone.now(),
        reason=reason,
    )


@transaction.atomic
def grant_attempts(
    *, actor: Actor, version: AchievementVersion, person: Person, reason: str
) -> FreshStart:
    """Give the person all attempts of the test again, for a reason.

    For who has used them up, or whose award has run out. Raises InvalidError without a reason.
    """
    require(actor, "attempts.grant", person)
    require(actor, "tests.edit", version.achievement)
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise InvalidError.of("reason", reason, _("Say why, in at most 300 characters."))
    require_readable(paragraphs={"reason": reason})
    made = FreshStart.objects.create(
        organization=actor.organization,
        person=person,
        version=version,
        starts_at=timezone.now(),
        reason=reason,
        granted_by=actor.account,
    )
    record(
        actor=actor,
        action="attempts.grant",
        target=made,
        target_name=f"{version.name}: {person.name}",
        details={"reason": reason},
    )
    return made
