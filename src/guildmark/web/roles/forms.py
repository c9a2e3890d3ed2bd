"""Forms of the job role pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Position
from guildmark.skills.models import JobRole
from guildmark.skills.services.job_roles import DEFAULT_IMPORTANCE
from guildmark.web.skills.forms import LevelField, SkillLevelForm

LIMIT = 15


class EditJobRoleForm(forms.Form):
    """What a job role is called and whom it describes."""

    title = forms.CharField(label=_("Title"), max_length=300)
    position = forms.ModelChoiceField(
        Position.objects.none(),
        label=_("Position"),
        required=False,
        help_text=_("Who holds it is compared with this job role."),
    )
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea, max_length=4000
    )

    def __init__(
        self, *args: Any, actor: Actor, job_role: JobRole | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        positions = self.fields["position"]
        if isinstance(positions, forms.ModelChoiceField):
            # Those that no other job role describes.
            free = Q(job_role=None) if job_role is None else Q(job_role=None) | Q(job_role=job_role)
            positions.queryset = Position.objects.filter(free, organization=actor.organization)


class NewJobRoleForm(EditJobRoleForm):
    """A job role from nothing."""

    code = forms.CharField(label=_("Code"), max_length=60)
    field_order = ("code", "title", "position", "description")


class AdoptForm(EditJobRoleForm):
    """A job role from an occupation, with how much of it to take."""

    code = forms.CharField(label=_("Code"), max_length=60)
    minimum_importance = forms.DecimalField(
        label=_("Take skills of at least this importance"),
        help_text=_("O*NET rates importance from 1 to 5."),
        min_value=Decimal(1),
        max_value=Decimal(5),
        max_digits=3,
        decimal_places=2,
        initial=DEFAULT_IMPORTANCE,
    )
    limit = forms.IntegerField(
        label=_("At most this many skills"),
        help_text=_("Empty: all of them."),
        required=False,
        min_value=1,
        max_value=1000,
        initial=LIMIT,
    )
    description = None  # type: ignore[assignment]  # the occupation's own is taken
    field_order = ("code", "title", "position", "minimum_importance", "limit")


class DemandForm(forms.Form):
    """At which level, and how much it counts."""

    level = LevelField()
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        if isinstance(level, LevelField):
            level.offer()


class RequirementForm(SkillLevelForm):
    """A skill that the job role requires."""

    weight = DemandForm.base_fields["weight"]
    is_critical = DemandForm.base_fields["is_critical"]
