"""The forms of deciding and ending."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.achievements.models import Achievement
from guildmark.awards.models import AwardStatus, Decision
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Unit


class DecisionForm(forms.Form):
    """To grant or not to grant."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Decision.Outcome.GRANTED, _("Grant")),
            (Decision.Outcome.REFUSED, _("Do not grant")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose to grant or not to grant.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed when it is not granted: what is missing, and what would change that."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    """Why an award is revoked or suspended."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept, and the holder can read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why; the reason is kept and the holder can read it.")},
    )


class AwardFilterForm(forms.Form):
    """Which awards are listed. A wrong value filters nothing."""

    q = forms.CharField(
        label=_("Name, number or achievement"), required=False, max_length=100, strip=True
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("any")), *AwardStatus.choices, ("signing", _("being signed"))],
    )
    achievement = forms.ModelChoiceField(
        label=_("Achievement"),
        required=False,
        queryset=Achievement.objects.none(),
        empty_label=_("any"),
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=Unit.objects.none(), empty_label=_("any")
    )

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        own = {"organization": actor.organization}
        for name, rows in (
            ("achievement", Achievement.objects.filter(**own)),
            ("unit", Unit.objects.filter(**own)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = rows
