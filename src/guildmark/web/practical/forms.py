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


class PersonField(forms.CharField):
    """A person by personnel number or name; the list offers those of the organization."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=200,
            widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
            **kwargs,
        )


def find_person(actor: Actor, text: str) -> Person | None:
    """The one person that a number, or `number name` as the list writes it, means."""
    number = text.strip().split(" ")[0]
    people = Person.objects.filter(organization=actor.organization)
    found = people.filter(number__iexact=number).first()
    if found is None:
        named = [p for p in people if p.name.casefold() == text.strip().casefold()]
        found = named[0] if len(named) == 1 else None
    return found


class StartForm(forms.Form):
    """Whom to assess in what."""

    version = forms.ChoiceField(label=_("Achievement"))
    person = PersonField(
        label=_("Person"), help_text=_("Personnel number, or the name from the list.")
    )

    def __init__(
        self, *args: Any, actor: Actor, versions: list[AchievementVersion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        choice = self.fields["version"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(str(v.id), f"{v.name} ({v.achievement.code})") for v in versions]

    def clean_person(self) -> Person:
        """The person meant."""
        found = find_person(self.actor, self.cleaned_data["person"])
        if found is None:
            raise forms.ValidationError(
                _("Nobody, or more than one person, fits. Type the personnel number.")
            )
        return found


class EvidenceForm(forms.Form):
    """A file with what it shows."""

    file = forms.FileField(
        label=_("File"), help_text=_("A picture, a PDF or a text file of up to 10 MB.")
    )
    caption = forms.CharField(label=_("What it shows"), required=False, max_length=300)


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
