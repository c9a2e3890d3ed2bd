"""Forms of the practical assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.achievements.models import AchievementVersion
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Membership, Person, Role
from guildmark.skills.models import Framework, Skill
from guildmark.skills.selectors import visible_skills


class StartForm(forms.Form):
    """In what to assess, and a search for whom."""

    version = forms.ChoiceField(label=_("Achievement"))
    q = forms.CharField(
        label=_("Name or number of the person"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": _("Type a part of the name, or the personnel number.")},
    )

    def __init__(self, *args: Any, versions: list[AchievementVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["version"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(str(v.id), f"{v.name} ({v.achievement.code})") for v in versions]


class EvidenceForm(forms.Form):
    """A file with what it shows."""

    # They belong to the form of the scores, so that no tapped score is lost on the way.
    file = forms.FileField(
        label=_("File"),
        help_text=_("A picture (JPEG, PNG, WebP), a PDF, text or CSV, up to 10 MB. At most 20."),
        widget=forms.FileInput(
            attrs={
                "form": "scores",
                "accept": "image/jpeg,image/png,image/webp,application/pdf,.txt,.csv",
            }
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty; choose another one."),
        },
    )
    caption = forms.CharField(
        label=_("What it shows"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"form": "scores"}),
    )


class AuthorizationForm(forms.Form):
    """Who may assess which skill, from when until when."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Assessor"))
    skill = forms.ModelChoiceField(Skill.objects.none(), label=_("Skill"))
    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("To"),
        help_text=_("Empty: until it is ended."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, skills = self.fields["person"], self.fields["skill"]
        if isinstance(people, forms.ModelChoiceField):
            assessors = Membership.objects.filter(
                organization=actor.organization, roles__contains=[Role.ASSESSOR]
            )
            people.queryset = Person.objects.filter(id__in=assessors.values("person"))
        if isinstance(skills, forms.ModelChoiceField):
            skills.queryset = (
                visible_skills(actor)
                .exclude(framework__source=Framework.Source.ONET)
                .order_by("group", "code")
            )
