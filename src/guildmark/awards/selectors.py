"""What may be read in the awards room."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.assessment.selectors import ready_for_decision, results_for_decision
from guildmark.audit.models import AuditEvent
from guildmark.awards.models import Award, AwardStatus, Decision, IssuerProfile
from guildmark.awards.results import are_unused, latest_decision
from guildmark.awards.rules import SEES_ALL
from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person

_RELATED = ("version__achievement", "person", "credential")


def visible_awards(actor: Actor) -> QuerySet[Award]:
    """The awards this actor may see: all, those of the people managed, and the own ones."""
    awards = Award.objects.filter(organization=actor.organization)
    if actor.is_operator or actor.has(*SEES_ALL):
        return awards
    own = Q(person=actor.person) if actor.person is not None else Q(pk__in=[])
    if actor.managed_unit_ids:
        today = actor.today
        managed = Employment.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            unit__in=actor.managed_unit_ids,
            starts_on__lte=today,
        )
        own |= Q(person__in=managed.values("person"))
    return awards.filter(own)


def list_awards(
    actor: Actor,
    *,
    status: str = "",
    achievement: uuid.UUID | None = None,
    unit: uuid.UUID | None = None,
    search: str = "",
) -> QuerySet[Award]:
    """Visible awards, newest first, with version, person and credential at hand.

    `status` is one of AwardStatus or "signing" (decided, not yet signed); `unit` is where the
    person works today; `search` looks at names, personnel number and achievement.
    """
    require(actor, "awards.list")
    awards = visible_awards(actor).select_related(*_RELATED).defer("credential__document")
    awards = _with_status(awards, status)
    if achievement is not None:
        awards = awards.filter(version__achievement=achievement)
    if unit is not None:
        today = actor.today
        employed = Employment.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today), unit=unit, starts_on__lte=today
        )
        awards = awards.filter(person__in=employed.values("person"))
    for word in search.split()[:5]:
        awards = awards.filter(
            Q(person__given_name__icontains=word)
            | Q(person__family_name__icontains=word)
            | Q(person__number__iexact=word)
            | Q(version__name__icontains=word)
            | Q(version__achievement__code__iexact=word)
        )
    return awards.order_by("-awarded_at", "-id")


def _with_status(awards: QuerySet[Award], status: str) -> QuerySet[Award]:
    now = timezone.now()
    if status == "signing":
        return awards.filter(credential__isnull=True)
    if status == AwardStatus.ACTIVE:
        return awards.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=now), state=Award.State.ACTIVE
        )
    if status == AwardStatus.EXPIRED:
        return awards.filter(state=Award.State.ACTIVE, valid_until__lte=now)
    return awards.filter(state=status) if status in Award.State.values else awards


def get_award(actor: Actor, award_id: uuid.UUID) -> Award:
    """One award with what its page shows. Raises NotFoundError, NotAllowedError."""
    award = (
        Award.objects.filter(organization=actor.organization, id=award_id)
        .select_related(
            *_RELATED,
            "organization",
            "decision__decided_by",
            "decision__attempt__test",
            "decision__practical__assessor",
        )
        .prefetch_related("version__skills__skill", "version__skills__level")
        .first()
    )
    if award is None:
        raise NotFoundError(_("There is no such award here."))
    require(actor, "awards.view", award)
    return award


def award_of_credential(actor: Actor, credential_id: uuid.UUID) -> Award:
    """The award that a credential of this organization is about. Raises as `get_award`."""
    award = Award.objects.filter(
        organization=actor.organization, credential__id=credential_id
    ).first()
    if award is None:
        raise NotFoundError(_("There is no such award here."))
    return get_award(actor, award.id)


def awards_of_person(actor: Actor, person_id: uuid.UUID) -> QuerySet[Award]:
    """The visible awards of one person, newest first."""
    return (
        visible_awards(actor)
        .filter(person=person_id)
        .select_related(*_RELATED)
        .defer("credential__document")
        .order_by("-awarded_at", "-id")
    )


def award_events(actor: Actor, award: Award) -> QuerySet[AuditEvent]:
    """What has been done to the award, oldest first.

    Whom the holder shows it to is the holder's business and is not among it.
    """
    require(actor, "awards.view", award)
    return AuditEvent.objects.filter(
        organization=award.organization_id, object_id=award.id, action__startswith="awards."
    ).order_by("sequence")


def issuer_profile(actor: Actor) -> IssuerProfile | None:
    """The organization as an issuer, when it has been set up."""
    return IssuerProfile.objects.filter(organization=actor.organization).first()


def awards_ending(actor: Actor, *, until: dt.date) -> QuerySet[Award]:
    """Visible valid awards that expire by the end of that day, soonest first."""
    end = actor.organization.end_of(until)
    return (
        _with_status(visible_awards(actor), AwardStatus.ACTIVE)
        .filter(valid_until__lte=end)
        .select_related(*_RELATED)
        .defer("credential__document")
        .order_by("valid_until", "id")
    )


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A person whose passed results wait for a decision."""

    version: AchievementVersion
    person: Person
    attempt: Attempt | None
    practical: PracticalAssessment | None

    @property
    def since(self) -> dt.datetime | None:
        """When the last result was handed in."""
        moments = [r.submitted_at for r in (self.attempt, self.practical) if r is not None]
        return max((moment for moment in moments if moment is not None), default=None)

    def hindrance(self, actor: Actor) -> str:
        """Why this actor must leave the decision to a colleague; empty when they need not."""
        if actor.person is None:
            return ""
        if actor.person.id == self.person.id:
            return _("Nobody decides on their own award. Ask a colleague.")
        if self.practical is not None and self.practical.assessor_id == actor.person.id:
            return _("You assessed this person yourself. Someone else must decide on the award.")
        return ""


def decisions_waiting(actor: Actor) -> list[Waiting]:
    """Who has passed everything and has not been decided on, the longest waiting first."""
    require(actor, "awards.decide")
    ready = ready_for_decision(
        actor,
        attempts=Attempt.objects.filter(decisions__isnull=True),
        practicals=PracticalAssessment.objects.filter(decisions__isnull=True),
    )
    last: dict[tuple[uuid.UUID, uuid.UUID], Decision] = {}
    decisions = Decision.objects.filter(
        organization=actor.organization, person__in={row.person.id for row in ready}
    ).order_by("decided_at")
    for decision in decisions:
        last[decision.version_id, decision.person_id] = decision
    waiting = [
        Waiting(
            version=row.version, person=row.person, attempt=row.attempt, practical=row.practical
        )
        for row in ready
        if are_unused(last.get((row.version.id, row.person.id)), row.attempt, row.practical)
    ]
    return sorted(waiting, key=lambda row: (row.since or timezone.now(), str(row.person.id)))


def get_waiting(actor: Actor, version_id: uuid.UUID, person_id: uuid.UUID) -> Waiting:
    """The results a decision would rest on. Raises NotFoundError when there are none to decide.

    Where they have been decided on, `get_decision` has what was decided.
    """
    require(actor, "awards.decide")
    version = (
        AchievementVersion.objects.filter(
            id=version_id, achievement__organization=actor.organization
        )
        .select_related("achievement")
        .prefetch_related("skills__skill", "skills__level")
        .first()
    )
    person = Person.objects.filter(id=person_id, organization=actor.organization).first()
    if version is None or person is None:
        raise NotFoundError(_("There is no such record here."))
    attempt, practical = results_for_decision(actor.organization, version, person)
    complete = (attempt is not None or not version.needs_test) and (
        practical is not None or not version.needs_practical
    )
    last = latest_decision(version, person)
    if not complete or not are_unused(last, attempt, practical):
        raise NotFoundError(_("Nothing waits for a decision here; perhaps it was made just now."))
    return Waiting(version=version, person=person, attempt=attempt, practical=practical)


def get_decision(actor: Actor, version_id: uuid.UUID, person_id: uuid.UUID) -> Decision:
    """The last decision on a version for a person. Raises NotFoundError when there is none."""
    require(actor, "awards.decide")
    found = (
        Decision.objects.filter(
            organization=actor.organization, version=version_id, person=person_id
        )
        .select_related("version__achievement", "person", "award", "decided_by")
        .order_by("-decided_at")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such record here."))
    return found
