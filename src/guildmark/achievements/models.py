"""Achievements: the definitions of micro-credentials, in versions that never change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.models import Account, Identified, Organization
from guildmark.skills.models import ProficiencyLevel, Skill


class Achievement(Identified):
    """What stays the same over all versions of a micro-credential."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="achievements")
    code = models.CharField(_("code"), max_length=40)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="achievement_code_unique"),
        ]

    def __str__(self) -> str:
        return self.code


class AssessmentType(models.TextChoices):
    """How an achievement is assessed (2022/C 243/02, Annex I: type of assessment)."""

    TEST = "test", _("online test")
    PRACTICAL = "practical", _("observed practical assessment")
    TEST_AND_PRACTICAL = "test_and_practical", _("online test and observed practical assessment")


class Participation(models.TextChoices):
    """In which form people take part (2022/C 243/02, Annex I)."""

    ON_THE_JOB = "on_the_job", _("on the job")
    ONLINE = "online", _("online")
    CLASSROOM = "classroom", _("in a classroom")
    BLENDED = "blended", _("partly online, partly in person")


class AchievementVersion(Identified):
    """What an achievement says from one publication to the next.

    A draft may be edited; the database refuses to change what a published version says.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"))
    criteria = models.TextField(
        _("criteria"), help_text=_("What a person must show to earn it, in sentences")
    )
    area = models.CharField(_("area"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    workload_hours = models.DecimalField(
        _("workload in hours"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    eqf_level = models.PositiveSmallIntegerField(
        _("EQF level"), null=True, blank=True, help_text=_("European Qualifications Framework, 1-8")
    )
    assessment_type = models.CharField(
        _("type of assessment"),
        max_length=30,
        choices=AssessmentType,
        default=AssessmentType.TEST_AND_PRACTICAL,
    )
    participation = models.CharField(
        _("form of participation"),
        max_length=20,
        choices=Participation,
        default=Participation.ON_THE_JOB,
    )
    quality_assurance = models.TextField(_("quality assurance"), blank=True)
    validity_months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, help_text=_("Empty: it does not expire")
    )
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["achievement", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["achievement", "number"], name="version_unique"),
            models.UniqueConstraint(
                fields=["achievement"],
                condition=models.Q(state="draft"),
                name="version_one_draft",
            ),
            models.UniqueConstraint(
                fields=["achievement"],
                condition=models.Q(state="published"),
                name="version_one_published",
            ),
            models.CheckConstraint(
                condition=models.Q(eqf_level__isnull=True)
                | models.Q(eqf_level__gte=1, eqf_level__lte=8),
                name="version_eqf_range",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_at__isnull=False),
                name="version_published_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def needs_test(self) -> bool:
        """Whether the award asks for a passed online test."""
        return self.assessment_type != AssessmentType.PRACTICAL

    @property
    def needs_practical(self) -> bool:
        """Whether the award asks for a passed practical assessment."""
        return self.assessment_type != AssessmentType.TEST


class AttestedSkill(models.Model):
    """A version attests a skill at a level; the database freezes it with its version."""

    version = models.ForeignKey(AchievementVersion, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="attested_by")
    level = models.ForeignKey(ProficiencyLevel, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["skill__label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "skill"], name="attested_skill_unique"),
        ]
