"""Which results a decision may still rest on. Results count once."""

from __future__ import annotations

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.awards.models import Decision
from guildmark.organizations.models import Person


def latest_decision(version: AchievementVersion, person: Person) -> Decision | None:
    """The last decision on this version for this person."""
    return Decision.objects.filter(version=version, person=person).order_by("-decided_at").first()


def are_unused(
    last: Decision | None, attempt: Attempt | None, practical: PracticalAssessment | None
) -> bool:
    """Whether results may be decided on: after a grant all must be new, after a refusal one."""
    if last is None:
        return True
    is_new = [
        result.submitted_at is not None and result.submitted_at > last.decided_at
        for result in (attempt, practical)
        if result is not None
    ]
    return all(is_new) if last.outcome == Decision.Outcome.GRANTED else any(is_new)
