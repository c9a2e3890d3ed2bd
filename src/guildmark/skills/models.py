"""Competency frameworks, proficiency scales, job roles, and the skills that people hold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.models import Identified, Organization, Person, Position


class Framework(Identified):
    """A versioned set of skills with a source.

    Without an organization it is a public reference framework that every tenant may read.
    """

    class Source(models.TextChoices):
        ONET = "onet", "O*NET"
        STARTER = "starter", _("Guildmark starter framework")
        OWN = "own", _("own framework")

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="frameworks"
    )
    identifier = models.CharField(_("identifier"), max_length=400, help_text=_("An IRI"))
    version = models.CharField(_("version"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    attribution = models.TextField(_("attribution"), blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["title", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "identifier", "version"],
                name="framework_unique",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class Translated(models.Model):
    """A row whose texts are also kept in other languages, as {language: {field: text}}."""

    translations = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def told(self, field: str) -> str:
        """The field's text in the reader's language, else as it was first written."""
        language = (get_language() or "en").partition("-")[0]
        return str(self.translations.get(language, {}).get(field) or getattr(self, field))


class SkillKind(models.TextChoices):
    """What sort of thing a skill is."""

    SKILL = "skill", _("skill")
    KNOWLEDGE = "knowledge", _("knowledge")
    TASK = "task", _("task")
    ABILITY = "ability", _("ability")
    TOOL = "tool", _("tool")


class Skill(Translated, Identified):
    """Something a person can do or know, as a framework states it."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="skills")
    identifier = models.CharField(_("identifier"), max_length=400, help_text=_("An IRI"))
    code = models.CharField(_("code"), max_length=60, blank=True)
    label = models.CharField(_("name"), max_length=300)
    statement = models.TextField(_("statement"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SkillKind, default=SkillKind.SKILL)
    group = models.CharField(_("group"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["group", "code", "label"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["framework", "identifier"], name="skill_identifier_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """The label in the reader's language."""
        return self.told("label")


class SkillAlignment(models.Model):
    """A skill beside one of another framework, in SKOS mapping terms."""

    class Match(models.TextChoices):
        EXACT = "exact", _("the same")
        CLOSE = "close", _("nearly the same")
        BROAD = "broad", _("part of")
        NARROW = "narrow", _("includes")
        RELATED = "related", _("related")

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="alignments")
    match = models.CharField(max_length=10, choices=Match)
    target_identifier = models.CharField(max_length=400)
    target_label = models.CharField(max_length=400)
    target_framework = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["target_framework", "target_label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "target_identifier"], name="alignment_unique"),
        ]


class ProficiencyScale(Identified):
    """Ordered levels. The default for the shop floor is ILUO."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="scales"
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="scale_code_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProficiencyLevel(Translated, Identified):
    """One level of a scale; rank 0 is 'none'."""

    scale = models.ForeignKey(ProficiencyScale, models.CASCADE, related_name="levels")
    rank = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=10)
    label = models.CharField(_("name"), max_length=120)
    descriptor = models.TextField(_("what it means"), blank=True)

    class Meta:
        ordering: ClassVar = ["scale", "rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scale", "rank"], name="level_rank_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.told('label')}"


class SkillLevelDescriptor(Translated):
    """What a level of one skill looks like at work."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="level_descriptors")
    level = models.ForeignKey(ProficiencyLevel, models.CASCADE, related_name="+")
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["level__rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "level"], name="descriptor_unique"),
        ]


class JobRole(Identified):
    """A role profile: the skills a kind of work requires.

    A public occupation (no organization, from a framework) is a template; an organization
    adopts it as its own role, tied to the position in the HR file whose holders it describes.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="job_roles"
    )
    framework = models.ForeignKey(
        Framework, models.CASCADE, null=True, blank=True, related_name="occupations"
    )
    adopted_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="adoptions"
    )
    position = models.OneToOneField(
        Position, models.PROTECT, null=True, blank=True, related_name="job_role"
    )
    identifier = models.CharField(_("identifier"), max_length=400, blank=True)
    code = models.CharField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization",
                Lower("code"),
                name="job_role_code_unique",
                condition=models.Q(organization__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["framework", "code"],
                name="occupation_code_unique",
                condition=models.Q(organization__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class JobRoleTitle(models.Model):
    """Another name of an occupation, to find it by."""

    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="other_titles")
    title = models.CharField(max_length=300)


class RoleRequirement(models.Model):
    """A job role needs a skill at a level; weight 1 to 5 says how much it counts."""

    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="requirements")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="required_by")
    level = models.ForeignKey(ProficiencyLevel, models.PROTECT, related_name="+")
    weight = models.DecimalField(max_digits=4, decimal_places=2, default=1)
    is_critical = models.BooleanField(_("critical"), default=False)

    class Meta:
        ordering: ClassVar = ["-is_critical", "-weight", "skill__label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job_role", "skill"], name="requirement_unique"),
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lte=5), name="requirement_weight_range"
            ),
        ]


class SkillRecord(Identified):
    """A person has a skill at a level, from a source, from a date until a date.

    Only verified sources count toward a requirement; self-claims are shown apart.
    """

    class Source(models.TextChoices):
        AWARD = "award", _("credential")
        OBSERVATION = "observation", _("observation")
        IMPORT = "import", _("imported record")
        SELF_CLAIM = "self_claim", _("own statement")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="skill_records")
    person = models.ForeignKey(Person, models.CASCADE, related_name="skill_records")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="records")
    level = models.ForeignKey(ProficiencyLevel, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, choices=Source)
    source_id = models.UUIDField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id", "skill"],
                condition=models.Q(source_id__isnull=False),
                name="record_source_unique",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "person", "skill"], name="record_by_person"),
        ]
