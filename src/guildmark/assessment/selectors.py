"""What is read in this room."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import (
    AssessorAuthorization,
    Attempt,
    CriterionScore,
    EvidenceFile,
    FreshStart,
    Item,
    KnownAnswer,
    PracticalAssessment,
    Response,
    Rubric,
    Test,
)
from guildmark.errors import NotFoundError
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization, Person


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A person with all passed results that a version asks for."""

    version: AchievementVersion
    person: Person
    attempt: Attempt | None
    practical: PracticalAssessment | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a person stands with a test.

    `attempts` are all, newest first; `passed` and `left` (how many may be started) look at those
    since the last fresh start.
    """

    test: Test
    questions: int
    attempts: list[Attempt]
    open: Attempt | None
    passed: Attempt | None
    left: int
    practical_passed: bool
    knows_answers: bool
    """They have written or opened right answers, so a result of theirs would show nothing."""


def test_of(version: AchievementVersion) -> Test | None:
    """The version's test with its items and their options.

    Whoever is shown the right answers goes through `open_answer_key`, which keeps that they were.
    """
    return (
        Test.objects.filter(version=version)
        .prefetch_related("test_items__item__options", "test_items__item__skill")
        .first()
    )


def rubric_of(version: AchievementVersion) -> Rubric | None:
    """The version's rubric with its criteria."""
    return Rubric.objects.filter(version=version).prefetch_related("criteria").first()


def get_item(actor: Actor, item_id: uuid.UUID) -> Item:
    """An item of the organization, for who may see right answers; `open_item` shows them.

    Raises NotFoundError.
    """
    require(actor, "tests.view_items")
    found = (
        Item.objects.filter(id=item_id, organization=actor.organization)
        .select_related("skill")
        .prefetch_related("options")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such question here."))
    return found


def new_answers(actor: Actor, items: Iterable[Item]) -> set[uuid.UUID]:
    """Of these items, those whose right answer the account has neither written nor opened.

    The operator owns the database: nothing is new to them.
    """
    if actor.account is None:
        return set()
    wanted = {item.id for item in items}
    known = KnownAnswer.objects.filter(account=actor.account, item__in=wanted)
    return wanted - set(known.values_list("item_id", flat=True))


def knows_answers(actor: Actor, test: Test) -> bool:
    """Whether the actor, as account or as person, knows a right answer of the test."""
    who = Q(pk__in=[])
    if actor.account is not None:
        who |= Q(account=actor.account)
    if actor.person is not None:
        who |= Q(person=actor.person)
    return KnownAnswer.objects.filter(who, item__test_items__test=test).exists()


def get_attempt(actor: Actor, attempt_id: uuid.UUID) -> Attempt:
    """An attempt the actor may see; any other is not there. Raises NotFoundError."""
    found = (
        Attempt.objects.filter(id=attempt_id, organization=actor.organization)
        .select_related("test__version__achievement", "person")
        .first()
    )
    if found is None or not allows(actor, "attempts.view", found):
        raise NotFoundError(_("There is no such test here."))
    return found


def own_attempt(actor: Actor, attempt_id: uuid.UUID) -> Attempt:
    """The actor's own attempt; anybody else's is not there. Raises NotFoundError."""
    found = get_attempt(actor, attempt_id)
    if actor.person is None or found.person_id != actor.person.id:
        raise NotFoundError(_("There is no such test here."))
    return found


def begins_at(version: AchievementVersion, person: Person) -> dt.datetime | None:
    """Since when the person's attempts count; None where all of them do."""
    return (
        FreshStart.objects.filter(version=version, person=person)
        .order_by("-starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )


def standing_of(actor: Actor, version: AchievementVersion) -> Standing | None:
    """How the actor's person stands with the version's test; None where it has no test."""
    test = Test.objects.filter(version=version).annotate(question_count=Count("test_items")).first()
    if test is None:
        return None
    mine, counting = [], []
    if actor.person is not None:
        mine = list(test.attempts.filter(person=actor.person))
        since = begins_at(version, actor.person)
        counting = [one for one in mine if since is None or one.started_at > since]
    practicals = PracticalAssessment.objects.filter(
        rubric__version=version, person=actor.person, passed=True
    )
    return Standing(
        test=test,
        questions=test.question_count,
        attempts=mine,
        open=next((one for one in mine if one.state == Attempt.State.OPEN), None),
        passed=next((one for one in counting if one.passed), None),
        left=max(0, test.max_attempts - len(counting)),
        practical_passed=actor.person is not None and practicals.exists(),
        knows_answers=knows_answers(actor, test),
    )


def responses_of(attempt: Attempt) -> list[Response]:
    """The attempt's questions in their shuffled order, with the offered answers."""
    return list(attempt.responses.select_related("item").prefetch_related("item__options").all())


def scores_of(attempt: Attempt) -> list[Response]:
    """The questions of a test that was handed in, each with its skill and points.

    For whoever reads a result that is not their own: neither the question nor what was answered
    belongs to it, so that nothing of the right answers gets about.
    """
    if attempt.state != Attempt.State.SUBMITTED:
        return []
    return list(attempt.responses.select_related("item__skill"))


def attempts_of(actor: Actor, person: Person) -> QuerySet[Attempt]:
    """The person's attempts, newest first: own ones, of people managed, or for who sees all."""
    attempts = Attempt.objects.filter(organization=actor.organization, person=person)
    if not _may_see_results_of(actor, person):
        attempts = attempts.none()
    return attempts.select_related("test__version__achievement").order_by("-started_at")


def practicals_of(actor: Actor, person: Person) -> QuerySet[PracticalAssessment]:
    """How the person was assessed, newest first; for the same readers as their attempts."""
    practicals = PracticalAssessment.objects.filter(organization=actor.organization, person=person)
    if not _may_see_results_of(actor, person):
        practicals = practicals.none()
    return practicals.select_related("rubric__version__achievement").order_by("-started_at")


def _may_see_results_of(actor: Actor, person: Person) -> bool:
    is_own = actor.person is not None and actor.person.id == person.id
    return is_own or allows(actor, "tests.view_items") or actor.manages(person)


def list_practicals(actor: Actor) -> QuerySet[PracticalAssessment]:
    """An assessor's own assessments, or all for who sees all; begun ones first."""
    require(actor, "practicals.list")
    found = PracticalAssessment.objects.filter(organization=actor.organization)
    if not allows(actor, "tests.view_items"):
        found = found.filter(assessor=actor.person)
    return found.select_related("rubric__version__achievement", "person", "assessor").order_by(
        "state", "-started_at"
    )


def get_practical(actor: Actor, practical_id: uuid.UUID) -> PracticalAssessment:
    """A practical assessment the actor may see; any other is not there. Raises NotFoundError."""
    found = (
        PracticalAssessment.objects.filter(id=practical_id, organization=actor.organization)
        .select_related("rubric__version__achievement", "person", "assessor")
        .prefetch_related(
            "rubric__criteria",
            Prefetch("scores", CriterionScore.objects.select_related("criterion")),
            "evidence_files",
        )
        .first()
    )
    if found is None or not allows(actor, "practicals.view", found):
        raise NotFoundError(_("There is no such assessment here."))
    return found


def get_evidence(actor: Actor, file_id: uuid.UUID) -> EvidenceFile:
    """An evidence file of an assessment the actor may see. Raises NotFoundError."""
    found = (
        EvidenceFile.objects.filter(id=file_id, organization=actor.organization)
        .select_related("assessment__person")
        .first()
    )
    if found is None or not allows(actor, "practicals.view", found.assessment):
        raise NotFoundError(_("There is no such file here."))
    return found


def list_authorizations(actor: Actor) -> QuerySet[AssessorAuthorization]:
    """All authorizations, those in force first."""
    require(actor, "authorizations.view")
    return (
        AssessorAuthorization.objects.filter(organization=actor.organization)
        .select_related("person", "skill__framework", "granted_by")
        .order_by("person__family_name", "person__given_name", "skill__label", "-valid_from")
    )


def assessable_versions(actor: Actor) -> list[AchievementVersion]:
    """The published versions with a rubric whose every skill the actor may assess today."""
    require(actor, "practicals.list")
    if actor.person is None:
        return []
    day = actor.today
    held = set(
        AssessorAuthorization.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            organization=actor.organization,
            person=actor.person,
            valid_from__lte=day,
        ).values_list("skill_id", flat=True)
    )
    versions = (
        AchievementVersion.objects.filter(
            achievement__organization=actor.organization,
            state=AchievementVersion.State.PUBLISHED,
            rubric__isnull=False,
        )
        .select_related("achievement")
        .prefetch_related("skills")
        .order_by("area", "name")
    )
    return [v for v in versions if {one.skill_id for one in v.skills.all()} <= held]


def results_for_decision(
    organization: Organization, version: AchievementVersion, person: Person
) -> tuple[Attempt | None, PracticalAssessment | None]:
    """The newest passed attempt and the newest passed practical assessment of a person."""
    attempt = (
        Attempt.objects.filter(
            organization=organization, test__version=version, person=person, passed=True
        )
        .select_related("test")
        .order_by("-submitted_at")
        .first()
    )
    practical = (
        PracticalAssessment.objects.filter(
            organization=organization, rubric__version=version, person=person, passed=True
        )
        .select_related("rubric", "assessor")
        .order_by("-submitted_at")
        .first()
    )
    return attempt, practical


def ready_for_decision(
    actor: Actor,
    *,
    attempts: QuerySet[Attempt] | None = None,
    practicals: QuerySet[PracticalAssessment] | None = None,
) -> list[Ready]:
    """Who has passed all that a version asks for, with one of these results at least.

    The room above hands in the results it has not used yet, so that the work follows what waits
    and not what was ever decided. Without them every passed result counts.
    """
    attempts = Attempt.objects.all() if attempts is None else attempts
    practicals = PracticalAssessment.objects.all() if practicals is None else practicals
    mine = {"organization": actor.organization, "passed": True}
    pairs = {*attempts.filter(**mine).values_list("test__version", "person")} | {
        *practicals.filter(**mine).values_list("rubric__version", "person")
    }
    versions = {version for version, _person in pairs}
    people = {person for _version, person in pairs}
    newest_attempts = {
        (attempt.test.version_id, attempt.person_id): attempt
        for attempt in Attempt.objects.filter(**mine, test__version__in=versions, person__in=people)
        .select_related("test", "person")
        .order_by("submitted_at")
    }
    newest_practicals = {
        (practical.rubric.version_id, practical.person_id): practical
        for practical in PracticalAssessment.objects.filter(
            **mine, rubric__version__in=versions, person__in=people
        )
        .select_related("rubric", "person", "assessor")
        .order_by("submitted_at")
    }
    by_id = {
        version.id: version
        for version in AchievementVersion.objects.filter(id__in=versions).select_related(
            "achievement"
        )
    }
    ready = []
    for version_id, person_id in pairs:
        version = by_id[version_id]
        attempt = newest_attempts.get((version_id, person_id))
        practical = newest_practicals.get((version_id, person_id))
        result = attempt or practical
        if (
            result is not None
            and (attempt is not None or not version.needs_test)
            and (practical is not None or not version.needs_practical)
        ):
            ready.append(
                Ready(version=version, person=result.person, attempt=attempt, practical=practical)
            )
    return ready
