"""Online tests, practical assessments, and the evidence for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from guildmark.achievements.models import AchievementVersion
from guildmark.organizations.models import Account, Identified, Organization, Person
from guildmark.skills.models import Skill


class Item(Identified):
    """A test question. Once an attempt has drawn it, it is replaced, never changed."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("one answer is right")
        MULTIPLE = "multiple", _("several answers are right")
        NUMERIC = "numeric", _("a number")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="items")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="items")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    stem = models.TextField(_("question"))
    number = models.DecimalField(
        _("right number"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    tolerance = models.DecimalField(
        _("tolerance"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind="numeric")
                | models.Q(number__isnull=False, tolerance__gte=0),
                name="item_numeric_complete",
            ),
        ]


class ItemOption(Identified):
    """One offered answer of a choice item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("answer"), max_length=500)
    is_right = models.BooleanField(_("right"), default=False)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "position"], name="option_position_unique"),
        ]


class KnownAnswer(models.Model):
    """An account has written or opened the right answer of a question; `person` is whose it was.

    Both are kept: the person may come back with another account, the account with another person.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="known_answers")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "account"], name="known_answer_once"),
        ]


class Test(Identified):
    """The online test of an achievement version: its items, time and cut score."""

    __test__ = False

    version = models.OneToOneField(AchievementVersion, models.CASCADE, related_name="test")
    time_limit_minutes = models.PositiveSmallIntegerField(_("time in minutes"), default=20)
    cut_score_percent = models.PositiveSmallIntegerField(_("pass mark in percent"), default=70)
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"), default=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(cut_score_percent__gte=1, cut_score_percent__lte=100),
                name="test_cut_score_range",
            ),
            models.CheckConstraint(
                condition=models.Q(time_limit_minutes__gte=1, max_attempts__gte=1),
                name="test_limits_positive",
            ),
        ]


class TestItem(models.Model):
    """An item in a test."""

    __test__ = False

    test = models.ForeignKey(Test, models.CASCADE, related_name="test_items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="test_items")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["test", "item"], name="test_item_unique"),
        ]


class Attempt(Identified):
    """A person takes a test once. The server's clock rules; answers are kept as given."""

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        SUBMITTED = "submitted", _("handed in")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="attempts")
    test = models.ForeignKey(Test, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    points = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    max_points = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["test", "person"],
                condition=models.Q(state="open"),
                name="attempt_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open")
                | models.Q(
                    submitted_at__isnull=False,
                    points__isnull=False,
                    max_points__isnull=False,
                    passed__isnull=False,
                ),
                name="attempt_scored_when_submitted",
            ),
        ]


class FreshStart(Identified):
    """From this moment on the person begins anew with the test of a version.

    Attempts started before it neither stand in the way nor count as used. It follows from a
    revoked or refused award, or a training lead grants it.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="fresh_starts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="fresh_starts")
    version = models.ForeignKey(AchievementVersion, models.CASCADE, related_name="fresh_starts")
    starts_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-starts_at"]
        indexes: ClassVar = [
            models.Index(fields=["person", "version", "-starts_at"], name="fresh_start_newest"),
        ]


class Response(models.Model):
    """The answer to one drawn item, kept exactly as given; `position` is the shuffled place."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses")
    item = models.ForeignKey(Item, models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField()
    option_order = models.JSONField(default=list)
    answer = models.JSONField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "item"], name="response_unique"),
        ]


class Rubric(Identified):
    """What the assessor looks for in the practical assessment of an achievement version."""

    version = models.OneToOneField(AchievementVersion, models.CASCADE, related_name="rubric")
    task = models.TextField(_("the task"), help_text=_("What the person is asked to do"))
    min_points = models.PositiveSmallIntegerField(_("points to pass"))


class RubricCriterion(Identified):
    """One observable thing; a critical one that is not shown fails the whole."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    statement = models.CharField(_("what is observed"), max_length=500)
    is_critical = models.BooleanField(_("critical"), default=False)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rubric", "position"], name="criterion_position_unique"
            ),
        ]


class AssessorAuthorization(Identified):
    """A person may assess a skill in an organization, from a date until a date (inclusive)."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="assessor_authorizations"
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="assessor_authorizations")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="assessor_authorizations")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("to"), null=True, blank=True)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["person", "skill"]


class PracticalAssessment(Identified):
    """An assessor observed a person at the task of a rubric and scored it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being scored")
        SUBMITTED = "submitted", _("handed in")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="practical_assessments"
    )
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="assessments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="practical_assessments")
    assessor = models.ForeignKey(Person, models.PROTECT, related_name="practical_assessments_given")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    max_points = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(assessor=models.F("person")),
                name="practical_not_oneself",
            ),
            models.UniqueConstraint(
                fields=["rubric", "person"],
                condition=models.Q(state="draft"),
                name="practical_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(submitted_at__isnull=False, points__isnull=False, passed__isnull=False),
                name="practical_scored_when_submitted",
            ),
        ]


class CriterionScore(models.Model):
    """How one criterion was met: 0 not shown, 1 shown with help, 2 shown."""

    class Score(models.IntegerChoices):
        NOT_SHOWN = 0, _("not shown")
        WITH_HELP = 1, _("shown with help")
        SHOWN = 2, _("shown")

    assessment = models.ForeignKey(PracticalAssessment, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(RubricCriterion, models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField(choices=Score)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["criterion__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], name="criterion_score_unique"
            ),
            models.CheckConstraint(condition=models.Q(score__lte=2), name="criterion_score_range"),
        ]


class EvidenceFile(Identified):
    """A file that shows what was done; its bytes are kept by their SHA-256."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="evidence_files")
    assessment = models.ForeignKey(
        PracticalAssessment, models.PROTECT, related_name="evidence_files"
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(_("file name"), max_length=255)
    caption = models.CharField(_("what it shows"), max_length=300, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["added_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "sha256"], name="evidence_once_per_assessment"
            ),
        ]
