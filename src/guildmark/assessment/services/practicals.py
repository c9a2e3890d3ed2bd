"""The practical assessment: an authorized assessor scores what they see."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment import evidence_store
from guildmark.assessment.evidence_kinds import kind_of
from guildmark.assessment.models import (
    AssessorAuthorization,
    CriterionScore,
    EvidenceFile,
    PracticalAssessment,
    Rubric,
    RubricCriterion,
)
from guildmark.audit.services import record
from guildmark.errors import ConflictError, FieldProblem, InvalidError, NotAllowedError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.skills.models import Skill
from guildmark.texts import require_readable

MAX_FILES = 20


def missing_authorizations(
    assessor: Person, version: AchievementVersion, *, on: dt.date
) -> list[Skill]:
    """The attested skills that the assessor may not assess on that day."""
    held = AssessorAuthorization.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        organization_id=assessor.organization_id,
        person=assessor,
        valid_from__lte=on,
    ).values("skill")
    return list(Skill.objects.filter(attested_by__version=version).exclude(id__in=held))


@transaction.atomic
def start_practical(
    *, actor: Actor, version: AchievementVersion, person: Person
) -> PracticalAssessment:
    """Begin to assess a person by the version's rubric, or go on with the own begun one.

    Raises NotAllowedError without an authorization for every attested skill today, or for
    oneself; ConflictError where another assessor has begun, or nothing is to be assessed.
    """
    require(actor, "practicals.start", person)
    require(actor, "practicals.list", version.achievement)
    assessor = _assessor(actor)
    _require_authorized(actor, assessor, version)
    rubric = Rubric.objects.filter(version=version).first()
    if rubric is None or version.state != AchievementVersion.State.PUBLISHED:
        raise ConflictError(_("This practical assessment is not open."))
    # The person's row puts two starts at once in order.
    Person.objects.select_for_update(no_key=True).get(id=person.id)
    begun = PracticalAssessment.objects.filter(
        rubric=rubric, person=person, state=PracticalAssessment.State.DRAFT
    ).first()
    if begun is not None:
        if begun.assessor_id == assessor.id:
            return begun
        raise ConflictError(
            _("%(assessor)s has begun to assess this person.") % {"assessor": begun.assessor.name}
        )
    made = PracticalAssessment.objects.create(
        organization=actor.organization,
        rubric=rubric,
        person=person,
        assessor=assessor,
        started_at=timezone.now(),
    )
    record(
        actor=actor,
        action="practicals.start",
        target=made,
        target_name=f"{version.name}: {person.name}",
    )
    return made


@transaction.atomic
def score_criterion(
    *,
    actor: Actor,
    practical: PracticalAssessment,
    criterion: RubricCriterion,
    score: int,
    note: str = "",
) -> CriterionScore:
    """Keep how a criterion was met: 0 not shown, 1 with help, 2 shown."""
    practical = _lock_open(actor, practical)
    if criterion.rubric_id != practical.rubric_id:
        raise InvalidError.of("criterion", criterion, _("It belongs to another rubric."))
    if score not in CriterionScore.Score.values:
        raise InvalidError.of("score", score, _("Choose not shown, shown with help, or shown."))
    require_readable(paragraphs={"note": note})
    if len(note) > 500:
        raise InvalidError.of("note", note, _("Write at most 500 characters."))
    kept, _made = CriterionScore.objects.update_or_create(
        assessment=practical, criterion=criterion, defaults={"score": score, "note": note.strip()}
    )
    return kept


@transaction.atomic
def add_evidence(
    *,
    actor: Actor,
    practical: PracticalAssessment,
    name: str,
    data: bytes,
    caption: str = "",
) -> EvidenceFile:
    """Keep a file as evidence: a picture, a PDF, text or CSV, up to 10 MB, 20 files.

    What kind it is, its content says, not its name. The same file twice is kept once. Raises
    InvalidError for a file that is of no such kind, damaged or too large.
    """
    practical = _lock_open(actor, practical)
    media_type = kind_of(data, name)
    if len(caption) > 300:
        raise InvalidError.of("caption", caption, _("Write at most 300 characters."))
    require_readable(paragraphs={"caption": caption})
    sha256 = evidence_store.digest_of(data)
    if practical.evidence_files.exclude(sha256=sha256).count() >= MAX_FILES:
        raise InvalidError.of("file", name, _("There are 20 files already."))
    evidence_store.keep(data)
    file, made = EvidenceFile.objects.get_or_create(
        assessment=practical,
        sha256=sha256,
        defaults={
            "organization": actor.organization,
            "size": len(data),
            "media_type": media_type,
            "name": evidence_store.safe_name(name, media_type),
            "caption": caption.strip(),
            "added_by": actor.account,
        },
    )
    if made:
        record(
            actor=actor,
            action="practicals.add_evidence",
            target=file,
            target_name=file.name,
            details={"sha256": sha256, "size": len(data), "practical": str(practical.id)},
        )
    return file


@transaction.atomic
def submit_practical(
    *, actor: Actor, practical: PracticalAssessment, comment: str = ""
) -> PracticalAssessment:
    """Hand the assessment in. Passed when every critical criterion was shown without help and
    the points suffice. Handed in again, it stays as it was.

    Raises InvalidError naming the criteria without a score, ConflictError for another comment
    than the one it was handed in with.
    """
    practical = PracticalAssessment.objects.select_for_update().get(id=practical.id)
    require(actor, "practicals.score", practical)
    if practical.state == PracticalAssessment.State.SUBMITTED:
        if comment.strip() not in ("", practical.comment):
            raise ConflictError(_no_longer_changes())
        return practical
    _require_authorized(actor, _assessor(actor), practical.rubric.version)
    scores = {score.criterion_id: score.score for score in practical.scores.all()}
    criteria = list(practical.rubric.criteria.all())
    open_ones = [c for c in criteria if c.id not in scores]
    if open_ones:
        raise InvalidError(
            [
                FieldProblem(
                    field=str(criterion.id),
                    value="",
                    message=_("Score this: %(criterion)s") % {"criterion": criterion.statement},
                )
                for criterion in open_ones
            ]
        )
    require_readable(paragraphs={"comment": comment})
    if len(comment) > 4_000:
        raise InvalidError.of("comment", comment, _("Write at most 4,000 characters."))
    practical.comment = comment.strip()
    practical.points = sum(scores[c.id] for c in criteria)
    practical.max_points = 2 * len(criteria)
    practical.passed = practical.points >= practical.rubric.min_points and all(
        scores[c.id] == CriterionScore.Score.SHOWN for c in criteria if c.is_critical
    )
    practical.state = PracticalAssessment.State.SUBMITTED
    practical.submitted_at = timezone.now()
    practical.save()
    record(
        actor=actor,
        action="practicals.submit",
        target=practical,
        target_name=f"{practical.rubric.version.name}: {practical.person.name}",
        details={
            "points": practical.points,
            "of": practical.max_points,
            "passed": practical.passed,
        },
    )
    return practical


def _no_longer_changes() -> str:
    return _("This assessment has been handed in and no longer changes.")


def _assessor(actor: Actor) -> Person:
    if actor.person is None:
        raise NotAllowedError(_("Your account is not tied to a person. Ask your administrator."))
    return actor.person


def _require_authorized(actor: Actor, assessor: Person, version: AchievementVersion) -> None:
    missing = missing_authorizations(assessor, version, on=actor.today)
    if missing:
        raise NotAllowedError(
            _("You are not authorized today to assess: %(skills)s.")
            % {"skills": ", ".join(skill.name for skill in missing)},
            code="not_authorized",
        )


def _lock_open(actor: Actor, practical: PracticalAssessment) -> PracticalAssessment:
    locked = (
        PracticalAssessment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("rubric__version")
        .get(id=practical.id)
    )
    require(actor, "practicals.score", locked)
    if locked.state != PracticalAssessment.State.DRAFT:
        raise ConflictError(_no_longer_changes())
    _require_authorized(actor, _assessor(actor), locked.rubric.version)
    return locked
