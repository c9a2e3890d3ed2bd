"""Filtering the audit trail."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.web.audit.words import action_words
from guildmark.web.people.forms import day_field


class FilterForm(forms.Form):
    """What to look for."""

    action = forms.ChoiceField(label=_("What was done"), required=False)
    object = forms.CharField(label=_("To what"), max_length=200, required=False)
    person = forms.CharField(label=_("By whom"), max_length=200, required=False)
    since = day_field(label=_("From"), required=False)
    until = day_field(label=_("To"), required=False)
    object_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Everything")), *((name, action_words(name)) for name in actions)]
        cast("forms.ChoiceField", self.fields["action"]).choices = choices
