"""Competency frameworks, proficiency scales, job roles, and the skills that people hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.models import Account, Identified, Organization, Person, Position


class Framework(Identified):
    """A set of skills with a source, as its latest release states them.

    Without an organization it is a public reference framework that every tenant may read.
    `language` is the one in which labels and statements stand; others are translations. `details`
    keeps what a format says of the framework beyond these columns, so that it goes out again.
    """

    class Source(models.TextChoices):
        ONET = "onet", "O*NET"
        ESCO = "esco", "ESCO"
        CASE = "case", "CASE"
        CTDL_ASN = "ctdl-asn", "CTDL-ASN"
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
    language = models.CharField(_("language"), max_length=20, default="en")
    description = models.TextField(_("description"), blank=True)
    details = models.JSONField(default=dict, blank=True)
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


class FrameworkRelease(models.Model):
    """A release of a framework as it was taken in, with what it changed."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="releases")
    version = models.CharField(_("version"), max_length=40)
    language = models.CharField(_("language"), max_length=20)
    origin = models.CharField(_("taken from"), max_length=400, blank=True)
    changes = models.JSONField(default=dict)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-imported_at", "-id"]


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
    GROUP = "group", _("group of skills")


class Skill(Translated, Identified):
    """Something a person can do or know, as a framework states it, or a group of such.

    `other_names` is {language: {"alternative": [...], "hidden": [...]}}. What a newer release no
    longer has is withdrawn: marked, offered no more, and readable, because records point to it.
    `details` keeps what a format says beyond these columns.
    """

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="skills")
    identifier = models.CharField(_("identifier"), max_length=400, help_text=_("An IRI"))
    code = models.CharField(_("code"), max_length=60, blank=True)
    label = models.CharField(_("name"), max_length=300)
    statement = models.TextField(_("statement"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SkillKind, default=SkillKind.SKILL)
    group = models.CharField(_("group"), max_length=300, blank=True)
    scope_note = models.TextField(_("scope note"), blank=True)
    other_names = models.JSONField(default=dict, blank=True)
    details = models.JSONField(default=dict, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_in = models.CharField(_("withdrawn in"), max_length=40, blank=True)

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

    @property
    def other_labels(self) -> list[str]:
        """Its other names in the reader's language, else in the framework's; hidden ones not."""
        language = (get_language() or "en").partition("-")[0]
        names: dict[str, list[str]] = self.other_names.get(language) or next(
            iter(self.other_names.values()), {}
        )
        return list(names.get("alternative", ()))


class SkillSearch(models.Model):
    """The words of a skill in all its languages: names and code weigh more than statements.

    Kept by a trigger on skills; beside them, so that nothing else has to read it along.
    """

    skill = models.OneToOneField(Skill, models.CASCADE, primary_key=True, related_name="search")
    words = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="skill_search_words")]


class SkillWord(models.Model):
    """A word that occurs in some skill, found by its parts and despite a slip of the finger.

    Kept by a trigger on skills. `slips` are the word with one letter left out: two words that
    share one of them are a letter apart.
    """

    word = models.TextField(primary_key=True)
    slips = models.GeneratedField(
        expression=models.Func("word", function="guildmark_slips"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["slips"], name="skill_word_slips")]


class SkillBroader(models.Model):
    """A skill stands under another of its framework; it may stand under several."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="broader_links")
    broader = models.ForeignKey(Skill, models.CASCADE, related_name="narrower_links")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "broader"], name="broader_unique"),
            models.CheckConstraint(
                condition=~models.Q(skill=models.F("broader")), name="broader_not_itself"
            ),
        ]


class SkillRelation(models.Model):
    """A skill beside another of its framework."""

    class Kind(models.TextChoices):
        ESSENTIAL = "essential", _("needs")
        OPTIONAL = "optional", _("is helped by")
        RELATED = "related", _("is related to")
        PRECEDES = "precedes", _("comes before")
        PEER = "peer", _("stands beside")
        PART = "part", _("is part of")
        REPLACED_BY = "replaced_by", _("is replaced by")
        EXEMPLAR = "exemplar", _("is an example of")
        EXACT = "exact", _("is the same as")
        LEVEL = "level", _("has the level")
        TRANSLATION = "translation", _("is a translation of")

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=Kind)
    other = models.ForeignKey(Skill, models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["kind", "other__label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "kind", "other"], name="relation_unique"),
        ]


class SkillAlignment(models.Model):
    """A skill beside one of another framework, in SKOS mapping terms.

    Without an organization the publisher says so; with one it is that organization's decision,
    which a refusal is too, so that nobody is asked twice. Kept by identifier: a newer release of
    either framework leaves it as it is.
    """

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    class Method(models.TextChoices):
        PUBLISHER = "publisher", _("stated by the publisher")
        PERSON = "person", _("chosen by a person")
        MATCHING = "matching", _("found by matching")

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
    target_framework = models.CharField(max_length=300)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.CONFIRMED)
    method = models.CharField(max_length=20, choices=Method, default=Method.PUBLISHER)
    score = models.FloatField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["target_framework", "target_label"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "skill", "target_identifier"],
                name="alignment_unique",
                nulls_distinct=False,
            ),
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


class JobRole(Translated, Identified):
    """A role profile: the skills a kind of work requires.

    A public occupation (no organization, from a framework) is a template; an organization
    adopts it as its own role, tied to the position in the HR file whose holders it describes.
    A group of occupations (of ISCO) only orders them and cannot be adopted.
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
    broader = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="narrower"
    )
    is_group = models.BooleanField(default=False)
    details = models.JSONField(default=dict, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_in = models.CharField(_("withdrawn in"), max_length=40, blank=True)

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
    language = models.CharField(max_length=20, default="en")


class OccupationSkill(models.Model):
    """A framework names a skill, task or tool for an occupation without saying at what level.

    What it rates with a level is a RoleRequirement.
    """

    class Relation(models.TextChoices):
        ESSENTIAL = "essential", _("essential")
        OPTIONAL = "optional", _("optional")

    occupation = models.ForeignKey(JobRole, models.CASCADE, related_name="named_skills")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="named_by")
    relation = models.CharField(max_length=10, choices=Relation)

    class Meta:
        ordering: ClassVar = ["relation", "skill__label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="occupation_skill_unique"),
        ]


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
