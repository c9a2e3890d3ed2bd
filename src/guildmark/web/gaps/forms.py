"""What the gap pages are narrowed to. A wrong value narrows nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.skills.models import JobRole


class DayForm(forms.Form):
    """On which day."""

    on = forms.DateField(
        label=_("On the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MatrixForm(DayForm):
    """Which people of a unit."""

    role = forms.ChoiceField(label=_("Job role"), required=False)
    only = forms.BooleanField(label=_("Only gaps"), required=False)
    below = forms.BooleanField(label=_("With the units below"), required=False)

    field_order = ("role", "on", "only", "below")

    def __init__(
        self, *args: Any, roles: Iterable[JobRole], has_below: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = [("", _("all")), *((str(one.id), one.title) for one in roles)]
        if not has_below:
            del self.fields["below"]
