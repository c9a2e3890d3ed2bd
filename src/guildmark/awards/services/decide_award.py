"""Deciding: someone entitled grants or refuses an award on recorded results."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.assessment.selectors import results_for_decision
from guildmark.audit import services as audit
from guildmark.awards import status_lists, tasks
from guildmark.awards.events import AwardEnded, AwardGranted, EarnedNot
from guildmark.awards.models import Award, Decision, IssuerProfile
from guildmark.awards.results import are_unused, latest_decision
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.events import publish
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Account, Organization, Person
from guildmark.texts import require_readable

MAX_REASON = 2000
_LIVE = (Award.State.ACTIVE, Award.State.SUSPENDED)


def decide_award(
    *,
    actor: Actor,
    version: AchievementVersion,
    person: Person,
    outcome: Decision.Outcome | str,
    reason: str = "",
) -> Decision:
    """Grant or refuse the achievement to the person, on the results recorded for it.

    Granting writes decision, award, status places, audit event and the job that signs the
    credential in one transaction: a process that dies leaves all of it or nothing. An earlier
    live award of the same achievement is superseded. Results count once: after a grant, all of
    them must be new; after a refusal, one of them. Sent once more, as after a lost connection, the
    same decision of the same decider is answered with the one that was made.

    Raises NotAllowedError for a decision on oneself or by the assessor of the practical,
    InvalidError for a refusal without a reason, ConflictError when results are missing or used,
    or a newer version is held.
    """
    require(actor, "awards.decide")
    require(actor, "awards.decide", version.achievement)
    if person.organization_id != actor.organization.id:
        raise NotFoundError(_("There is no such record here."))
    decider = _decider(actor, person)
    outcome, reason = _checked(outcome, reason)
    with transaction.atomic():
        # The person's row puts decisions about the same person in order.
        person = Person.objects.select_for_update(no_key=True).get(id=person.id)
        attempt, practical = results_for_decision(actor.organization, version, person)
        _check_results(version, attempt, practical)
        if practical is not None and actor.person is not None:
            _check_four_eyes(actor.person, practical)
        last = latest_decision(version, person)
        if last is not None and not are_unused(last, attempt, practical):
            _require_the_same(last, decider, outcome, reason)
            return last
        award = None
        if outcome == Decision.Outcome.GRANTED:
            award = _grant(actor, version, person)
        decision = Decision.objects.create(
            organization=actor.organization,
            version=version,
            person=person,
            outcome=outcome,
            reason=reason,
            attempt=attempt,
            practical=practical,
            award=award,
            decided_by=decider,
            decided_at=timezone.now(),
        )
        audit.record(
            actor=actor,
            action="awards.grant" if award else "awards.refuse",
            target=award or decision,
            target_name=f"{version.name} · {person.name}",
            details={
                "decision": str(decision.id),
                "version": str(version.id),
                "person": str(person.id),
                "attempt": str(attempt.id) if attempt else None,
                "practical": str(practical.id) if practical else None,
                "reason": reason,
            },
        )
        if award is not None:
            _announce(award)
        else:
            publish(
                EarnedNot(
                    organization_id=decision.organization_id,
                    person_id=person.id,
                    version_id=version.id,
                    reason="The award was not granted.",
                )
            )
    return decision


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last day where the month is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def _decider(actor: Actor, person: Person) -> Account:
    if actor.account is None:
        raise NotAllowedError(_("A decision needs a person with an account who answers for it."))
    if actor.person is not None and actor.person.id == person.id:
        raise NotAllowedError(_("Nobody decides on their own award. Ask a colleague."))
    return actor.account


def _checked(outcome: str, reason: str) -> tuple[Decision.Outcome, str]:
    reason = reason.strip()
    if outcome not in Decision.Outcome.values:
        raise InvalidError.of("outcome", outcome, _("Choose to grant or not to grant."))
    if outcome == Decision.Outcome.REFUSED and not reason:
        raise InvalidError.of(
            "reason", reason, _("Say why it is not granted and what would change that.")
        )
    if len(reason) > MAX_REASON:
        raise InvalidError.of("reason", reason, _("Use at most 2,000 characters."))
    require_readable(paragraphs={"reason": reason})
    return Decision.Outcome(outcome), reason


def _check_results(
    version: AchievementVersion, attempt: Attempt | None, practical: PracticalAssessment | None
) -> None:
    if version.state == AchievementVersion.State.DRAFT:
        raise ConflictError(_("This version has not been published."))
    if version.needs_test and attempt is None:
        raise ConflictError(_("The online test has not been passed yet."), code="no_results")
    if version.needs_practical and practical is None:
        raise ConflictError(
            _("The practical assessment has not been passed yet."), code="no_results"
        )


def _check_four_eyes(decider: Person, practical: PracticalAssessment) -> None:
    if practical.assessor_id == decider.id:
        raise NotAllowedError(
            _("You assessed this person yourself. Someone else must decide on the award.")
        )


def _require_the_same(last: Decision, decider: Account, outcome: str, reason: str) -> None:
    made = (last.decided_by_id, last.outcome, last.reason)
    is_void = last.award is not None and last.award.state == Award.State.REVOKED
    if is_void or made != (decider.id, outcome, reason):
        raise ConflictError(
            _(
                "These results have been decided on already, by %(who)s: %(outcome)s. "
                "A new decision needs new results."
            )
            % {"who": last.decided_by.name, "outcome": last.get_outcome_display()},
            code="already_decided",
        )


def _grant(actor: Actor, version: AchievementVersion, person: Person) -> Award:
    profile = IssuerProfile.objects.filter(organization=actor.organization).first()
    if profile is None:
        raise ConflictError(
            _("The organization has no issuer profile yet. An administrator sets it up."),
            code="no_issuer",
        )
    now = timezone.now()
    earlier = list(
        Award.objects.select_for_update(no_key=True, of=("self",))
        .filter(version__achievement=version.achievement_id, person=person, state__in=_LIVE)
        .select_related("version")
        .order_by("id")
    )
    if any(award.version.number > version.number for award in earlier):
        raise ConflictError(_("This person holds a newer version of this achievement."))
    for award in earlier:
        award.state = Award.State.SUPERSEDED
        award.state_changed_at = now
        award.save(update_fields=["state", "state_changed_at"])
    made = Award.objects.create(
        organization=actor.organization,
        version=version,
        person=person,
        awarded_at=now,
        valid_until=_end(actor.organization, now, version.validity_months),
    )
    status_lists.assign_places(made, profile)
    for award in earlier:
        audit.record(
            actor=actor,
            action="awards.supersede",
            target=award,
            target_name=f"{award.version.name} · {person.name}",
            details={"by": str(made.id)},
        )
        publish(AwardEnded(organization_id=award.organization_id, award_id=award.id))
    return made


def _end(owner: Organization, now: dt.datetime, months: int | None) -> dt.datetime | None:
    # A whole last day, as every page says it, and as the skill records have it.
    return owner.end_of(add_months(owner.day_of(now), months)) if months else None


def _announce(award: Award) -> None:
    owner = award.organization
    attested = award.version.skills.values_list("skill_id", "level_id")
    publish(
        AwardGranted(
            organization_id=award.organization_id,
            award_id=award.id,
            person_id=award.person_id,
            version_id=award.version_id,
            awarded_on=owner.day_of(award.awarded_at),
            valid_until=owner.day_of(award.valid_until) if award.valid_until else None,
            skill_levels=tuple(attested),
        )
    )
    # The queue's table is in this database: the job is there if, and only if, the award is.
    tasks.sign_credential.defer(award_id=str(award.id))
