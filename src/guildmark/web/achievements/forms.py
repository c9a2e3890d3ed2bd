"""Forms of an achievement, its test and its rubric."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from guildmark.achievements.models import AchievementVersion, AssessmentType, Participation
from guildmark.assessment.models import Item
from guildmark.skills.models import Skill
from guildmark.web.skills.forms import SkillLevelForm


class AchievementForm(forms.Form):
    """What a version says."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea, required=False, max_length=10_000
    )
    criteria = forms.CharField(
        label=_("Criteria"),
        help_text=_("What a person must show to earn it, in sentences."),
        widget=forms.Textarea,
        required=False,
        max_length=10_000,
    )
    area = forms.CharField(label=_("Area"), required=False, max_length=100)
    assessment_type = forms.ChoiceField(
        label=_("How it is assessed"),
        choices=AssessmentType.choices,
        initial=AssessmentType.TEST_AND_PRACTICAL,
    )
    participation = forms.ChoiceField(
        label=_("How people take part"),
        choices=Participation.choices,
        initial=Participation.ON_THE_JOB,
    )
    workload_hours = forms.DecimalField(
        label=_("Workload in hours"), required=False, max_digits=6, decimal_places=1, min_value=0
    )
    eqf_level = forms.IntegerField(
        label=_("EQF level"),
        help_text=_("European Qualifications Framework, 1 to 8; leave it empty if unsure."),
        required=False,
        min_value=1,
        max_value=8,
    )
    validity_months = forms.IntegerField(
        label=_("Valid for months"),
        help_text=_("Empty: it does not expire."),
        required=False,
        min_value=1,
        max_value=600,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", _("English")), ("de", _("German"))], initial="en"
    )
    quality_assurance = forms.CharField(
        label=_("Quality assurance"),
        help_text=_("How you make sure that it is worth what it says."),
        widget=forms.Textarea,
        required=False,
        max_length=10_000,
    )


class NewAchievementForm(AchievementForm):
    """A new achievement needs a code as well."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Short and lasting, such as AUT-CELL.")
    )
    field_order = ("code",)


class AttestedSkillForm(SkillLevelForm):
    """One row: a skill and its level; an empty row counts for nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].required = False
        level = self.fields["level"]
        level.required = False
        if isinstance(level, forms.ModelChoiceField):
            # Many rows stand below each other, so the levels are folded up.
            level.empty_label = "–"
            level.widget = forms.Select()
            level.widget.choices = level.choices

    def clean(self) -> dict[str, Any]:
        """A skill needs a level."""
        data = super().clean() or {}
        if data.get("skill") and not data.get("level"):
            self.add_error("level", _("Choose a level."))
        return data


AttestedSkillFormSet: type[BaseFormSet[AttestedSkillForm]] = formset_factory(
    AttestedSkillForm, extra=2, max_num=30, absolute_max=40
)


class OpenAnswersForm(forms.Form):
    """That the right answers are to be opened."""

    open = forms.BooleanField(initial=True, widget=forms.HiddenInput)


class TestForm(forms.Form):
    """Time, pass mark and attempts."""

    __test__ = False

    time_limit_minutes = forms.IntegerField(
        label=_("Time in minutes"), min_value=1, max_value=480, initial=20
    )
    cut_score_percent = forms.IntegerField(
        label=_("Pass mark in percent"), min_value=1, max_value=100, initial=70
    )
    max_attempts = forms.IntegerField(
        label=_("Attempts allowed"), min_value=1, max_value=20, initial=3
    )


class ItemForm(forms.Form):
    """A question with its right answer."""

    OPTIONS = 6

    skill = forms.ModelChoiceField(Skill.objects.none(), label=_("Skill"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Item.Kind.choices, widget=forms.RadioSelect, initial="single"
    )
    stem = forms.CharField(label=_("Question"), widget=forms.Textarea, max_length=4000)
    number = forms.DecimalField(
        label=_("Right number"),
        help_text=_("Only for a question that asks for a number."),
        required=False,
        max_digits=18,
        decimal_places=6,
    )
    tolerance = forms.DecimalField(
        label=_("How far an answer may be off"),
        required=False,
        max_digits=18,
        decimal_places=6,
        min_value=0,
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=30)

    def __init__(self, *args: Any, version: AchievementVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skills = self.fields["skill"]
        if isinstance(skills, forms.ModelChoiceField):
            skills.queryset = Skill.objects.filter(attested_by__version=version)
        for n in range(1, self.OPTIONS + 1):
            self.fields[f"option_{n}"] = forms.CharField(
                label=_("Answer %(n)s") % {"n": n}, required=False, max_length=500
            )
            self.fields[f"right_{n}"] = forms.BooleanField(label=_("right"), required=False)

    def option_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The answer fields beside their marks."""
        return [(self[f"option_{n}"], self[f"right_{n}"]) for n in range(1, self.OPTIONS + 1)]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "skill": data["skill"],
            "kind": data["kind"],
            "stem": data["stem"],
            "number": data["number"],
            "tolerance": data["tolerance"],
            "unit": data["unit"],
            "options": [
                (data[f"option_{n}"], data[f"right_{n}"])
                for n in range(1, self.OPTIONS + 1)
                if data[f"option_{n}"]
            ],
        }


class RubricForm(forms.Form):
    """The task and the points to pass."""

    task = forms.CharField(
        label=_("The task"),
        help_text=_("What the person is asked to do."),
        widget=forms.Textarea,
        max_length=4000,
    )
    min_points = forms.IntegerField(
        label=_("Points to pass"),
        help_text=_("A criterion gives 2 points when shown, 1 with help."),
        min_value=1,
        max_value=80,
    )


class CriterionForm(forms.Form):
    """One criterion; an empty row counts for nothing."""

    statement = forms.CharField(label=_("What is observed"), required=False, max_length=500)
    is_critical = forms.BooleanField(label=_("critical"), required=False)


CriterionFormSet: type[BaseFormSet[CriterionForm]] = formset_factory(
    CriterionForm, extra=3, max_num=40, absolute_max=50
)
