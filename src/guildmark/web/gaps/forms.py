"""What the gap pages are narrowed to. A page refuses what it does not know, and says so."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.models import Unit
from guildmark.skills.gap_lists import Narrowed
from guildmark.skills.models import JobRole


class DayForm(forms.Form):
    """On which day."""

    on = forms.DateField(
        label=_("On the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MatrixForm(DayForm):
    """Which people of a unit, and which of their skills."""

    role = forms.ChoiceField(label=_("Job role"), required=False)
    only = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("everything")),
            (Narrowed.GAPS, _("only gaps")),
            (Narrowed.CRITICAL, _("only critical gaps")),
        ],
    )
    below = forms.BooleanField(label=_("With the units below"), required=False)

    field_order = ("role", "only", "on", "below")

    def __init__(
        self, *args: Any, roles: Iterable[JobRole], has_below: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, roles)
        if not has_below:
            del self.fields["below"]


class PeopleForm(DayForm):
    """Which people of all units."""

    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=_("All units")
    )
    role = forms.ChoiceField(label=_("Job role"), required=False)
    only = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("everybody")), *Narrowed.choices]
    )
    below = forms.BooleanField(label=_("With the units below"), required=False)

    field_order = ("unit", "role", "only", "on", "below")

    def __init__(
        self, *args: Any, units: QuerySet[Unit], roles: Iterable[JobRole], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Unit]", self.fields["unit"]).queryset = units
        _offer_roles(self, roles)


def _offer_roles(form: forms.Form, roles: Iterable[JobRole]) -> None:
    offered: list[tuple[str | uuid.UUID, Any]] = [(str(one.id), one.title) for one in roles]
    cast("forms.ChoiceField", form.fields["role"]).choices = [("", _("all")), *offered]
