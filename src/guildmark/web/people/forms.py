"""The forms of people and places. What is right is said by the services; these only read."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from guildmark.organizations import selectors
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Employment, Person, Position, Shift, Site, Unit

DAY = _("Give a day, such as 2027-03-31.")


def day_field(**values: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, error_messages={"invalid": DAY}, **values)


def offer(form: forms.Form, name: str, rows: models.QuerySet[Any]) -> None:
    """Let a field choose among the actor's own rows only."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


class SearchForm(forms.Form):
    """Looking for people."""

    q = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=_("All units")
    )
    former = forms.BooleanField(label=_("Only people who have left"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", selectors.units(actor))


class PersonForm(forms.Form):
    """What is known of a person."""

    number = forms.CharField(label=_("Personnel number"), max_length=60)
    given_name = forms.CharField(label=_("Given name"), max_length=200, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=200)
    email = forms.CharField(
        label=_("Email"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "email"}),
    )
    language = forms.CharField(
        label=_("Language"),
        max_length=10,
        required=False,
        help_text=_("A code such as en or de; empty if unknown."),
    )


class ManagerField(forms.CharField):
    """Somebody by personnel number."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            max_length=60, required=False, help_text=_("A personnel number."), **values
        )


def find_by_number(actor: Actor, form: forms.Form, field: str) -> Person | None:
    """The person whose number stands in the field; an error beside the field when there is none."""
    number = form.cleaned_data.get(field, "")
    if not number:
        return None
    found = Person.objects.filter(organization=actor.organization, number__iexact=number).first()
    if found is None:
        form.add_error(field, _("Nobody has this personnel number; look it up on the people page."))
    return found


class EmployForm(forms.Form):
    """A place in a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    position = forms.ModelChoiceField(
        label=_("Position"), queryset=Position.objects.none(), required=False
    )
    shift = forms.ModelChoiceField(label=_("Shift"), queryset=Shift.objects.none(), required=False)
    manager = ManagerField(label=_("Manager"))
    starts_on = day_field(label=_("First day"))
    ends_on = day_field(
        label=_("Last day"), required=False, help_text=_("Empty while there is no end.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("unit", selectors.units(actor)),
            ("position", selectors.positions(actor)),
            ("shift", selectors.shifts(actor)),
        ):
            offer(self, name, rows)

    @staticmethod
    def initial_for(actor: Actor, employment: Employment | None) -> dict[str, Any]:
        """The present place, from today on."""
        values: dict[str, Any] = {"starts_on": actor.today}
        if employment is not None:
            values |= {
                "unit": employment.unit_id,
                "position": employment.position_id,
                "shift": employment.shift_id,
                "manager": employment.manager.number if employment.manager else "",
            }
        return values


class EndForm(forms.Form):
    """The last day of an employment."""

    ends_on = day_field(label=_("Last day"))


class UploadForm(forms.Form):
    """An HR file."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty; choose another one."),
        },
    )
    create_units_at = forms.ModelChoiceField(
        label=_("Make missing units at"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("Do not make units; report them"),
    )

    def __init__(self, *args: Any, actor: Actor, may_create: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_create:
            del self.fields["create_units_at"]
            return
        sites = selectors.sites(actor)
        offer(self, "create_units_at", sites)
        if not sites.exists():
            self.fields["create_units_at"].help_text = _(
                "There is no site yet. Make one on the page of the units first."
            )


class SiteForm(forms.Form):
    """A site."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    country = forms.CharField(
        label=_("Country"), max_length=2, required=False, help_text=_("Two letters, such as DE.")
    )


class UnitForm(forms.Form):
    """A unit; its code stays once it is made, because HR files name it."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("As in the HR file."))
    name = forms.CharField(label=_("Name"), max_length=200)
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("No other unit"),
    )
    manager = ManagerField(label=_("Manager"))

    def __init__(self, *args: Any, actor: Actor, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = selectors.units(actor)
        if unit is not None:
            del self.fields["code"]
            units = units.exclude(id__in=selectors.units_below(actor, unit))
        offer(self, "site", selectors.sites(actor))
        offer(self, "parent", units)


class StationForm(forms.Form):
    """A work place."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)


class ShiftForm(forms.Form):
    """A working time."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    starts_at = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Give a time, such as 06:00.")},
    )
    ends_at = forms.TimeField(
        label=_("To"),
        help_text=_("Earlier than 'from' means the next day."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Give a time, such as 14:00.")},
    )
