"""The form of sharing."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ShareForm(forms.Form):
    """Until when the link shall open; empty: until it is ended."""

    expires_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty to keep the link open until you end it."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day, such as 2027-03-31.")},
    )

    def expires_at(self) -> dt.datetime | None:
        """The end of the chosen day, where people are; None without one."""
        day: dt.date | None = self.cleaned_data["expires_on"]
        if day is None:
            return None
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
