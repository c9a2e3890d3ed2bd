"""Forms of the job role pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Position
from guildmark.web.skills.forms import SkillLevelForm


class JobRoleForm(forms.Form):
    """A job role by itself."""

    code = forms.CharField(label=_("Code"), max_length=60)
    title = forms.CharField(label=_("Title"), max_length=300)
    position = forms.ModelChoiceField(
        Position.objects.none(),
        label=_("Position"),
        required=False,
        help_text=_("Its holders are compared with this job role."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        positions = self.fields["position"]
        if isinstance(positions, forms.ModelChoiceField):
            positions.queryset = Position.objects.filter(
                organization=actor.organization, job_role=None
            )


class NewJobRoleForm(JobRoleForm):
    """A job role from nothing."""

    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea, max_length=4000
    )


class AdoptForm(JobRoleForm):
    """A job role from an occupation, with how much of it to take."""

    minimum_importance = forms.DecimalField(
        label=_("Take skills of at least this importance"),
        help_text=_("O*NET rates importance from 1 to 5."),
        min_value=Decimal(1),
        max_value=Decimal(5),
        max_digits=3,
        decimal_places=1,
        initial=Decimal("3.5"),
    )
    limit = forms.IntegerField(
        label=_("At most this many skills"), min_value=1, max_value=70, initial=15
    )


class RequirementForm(SkillLevelForm):
    """A skill that the job role requires."""

    weight = forms.DecimalField(
        label=_("Weight"),
        help_text=_("How much it counts, above 0 up to 5."),
        min_value=Decimal("0.01"),
        max_value=Decimal(5),
        max_digits=4,
        decimal_places=2,
        initial=3,
    )
    is_critical = forms.BooleanField(
        label=_("Critical: without it nobody may do this work"), required=False
    )
