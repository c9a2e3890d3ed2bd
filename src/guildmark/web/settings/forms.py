"""The forms of accounts, tokens and the organization."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.checks import countries, time_zones
from guildmark.organizations.models import Role
from guildmark.web.people.forms import day_field

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class AccountForm(forms.Form):
    """An account and what it may be here."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.CharField(
        label=_("Email"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "email"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    person = forms.CharField(
        label=_("Acts as the person"),
        max_length=60,
        required=False,
        help_text=_("A personnel number; empty for nobody."),
    )

    def chosen_roles(self) -> list[Role]:
        """The roles as such."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class NewAccountForm(AccountForm):
    """An account to be made, with its first password."""

    username = forms.CharField(label=_("Sign-in name"), max_length=150)
    # Shown as typed, because it has to be handed over.
    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Hand it over yourself; it is not shown again. They can change it."),
    )
    field_order = ("username", "name", "email", "roles", "person", "password")


class PasswordForm(forms.Form):
    """A new password for somebody else's account."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Hand it over yourself; it is not shown again. Their open sessions end."),
    )


class TokenForm(forms.Form):
    """A token to be made."""

    name = forms.CharField(
        label=_("What it is for"), max_length=120, help_text=_("Such as 'HR system, nightly'.")
    )
    expires_at = day_field(label=_("Last day"), help_text=_("At most a year from now."))

    def end(self) -> dt.datetime:
        """The end of the last day."""
        day: dt.date = self.cleaned_data["expires_at"]
        if day == dt.date.max:
            day -= dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


class NamesakeForm(forms.Form):
    """A form with a `name` that may turn out to look like another organization's.

    Only then it asks for a confirmation: call `ask_confirmation` on NamesakeError.
    """

    namesake_confirmed = forms.BooleanField(
        label=_("Keep this name all the same"),
        required=False,
        help_text=_("Strangers then tell the two apart by the issuer's address alone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._confirmation = self.fields.pop("namesake_confirmed")
        if "namesake_confirmed" in self.data:
            self.ask_confirmation()

    def ask_confirmation(self) -> None:
        """Show the box to tick, below the name."""
        self.fields["namesake_confirmed"] = self._confirmation
        self.order_fields(["name", "namesake_confirmed"])


def _time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The places of the world, grouped as a list to choose from; old second names left out."""
    groups: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in time_zones().values():
        region, _slash, place = name.partition("/")
        if place and region in REGIONS:
            words = place.replace("_", " ").replace("/", ", ")
            groups.setdefault(region, []).append((name, words))
    return list(groups.items())


class OrganizationForm(NamesakeForm):
    """What the organization says about itself."""

    name = forms.CharField(label=_("Name"), max_length=200)
    country = forms.ChoiceField(label=_("Country"))
    language = forms.ChoiceField(label=_("Language"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Days begin and end by it, here and in what is awarded from now on."),
    )

    def __init__(self, *args: Any, may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("time_zone", _time_zones())
        self._offer("country", sorted(countries().items(), key=itemgetter(1)))
        self._offer("language", list(settings.LANGUAGES))
        for field in self.fields.values():
            field.disabled = not may_edit

    def _offer(self, field: str, choices: list[Any]) -> None:
        present = self.get_initial_for_field(self.fields[field], field)
        flat = [one for _, group in choices if isinstance(group, list) for one in group] or choices
        if present and present not in dict(flat):
            # Set on the command line: a time zone by an old name, a language without pages.
            choices = [(present, present), *choices]
        cast("forms.ChoiceField", self.fields[field]).choices = choices
