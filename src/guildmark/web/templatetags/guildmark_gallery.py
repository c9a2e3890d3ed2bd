"""What the gallery of components shows; invented, and the same on every day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms, template
from django.core.paginator import Paginator

register = template.Library()

_ISSUER = "Nordwerk Antriebe"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name of the skill", help_text="As it is said on the shop floor.")
    amount = forms.IntegerField(label="People per shift", min_value=0)
    email = forms.EmailField(label="Mail address", required=False)
    until = forms.DateField(
        label="Valid until", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    unit = forms.ChoiceField(
        label="Unit", choices=[("", "Choose a unit"), ("a", "Line A"), ("b", "Line B")]
    )
    shift = forms.ChoiceField(
        label="Shift",
        widget=forms.RadioSelect,
        choices=[("early", "Early"), ("late", "Late"), ("night", "Night")],
    )
    modes = forms.MultipleChoiceField(
        label="How it is taught",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("job", "On the job"), ("online", "Online")],
    )
    note = forms.CharField(label="Reason", required=False, widget=forms.Textarea)
    file = forms.FileField(label="Evidence", required=False, help_text="Photograph or PDF.")
    agreed = forms.BooleanField(label="A second person has watched")


class SampleFilter(forms.Form):
    """A filter bar."""

    q = forms.CharField(label="Name or number", required=False)
    line = forms.ChoiceField(
        label="Unit", required=False, choices=[("", "All units"), ("a", "Line A")]
    )
    former = forms.BooleanField(label="Former people too", required=False)


class SampleQuestion(forms.Form):
    """A question of a test."""

    answer = forms.ChoiceField(
        label="The light curtain trips while the robot is in hand mode. What comes first?",
        widget=forms.RadioSelect,
        initial="b",
        choices=[
            ("a", "Acknowledge the fault and go on"),
            ("b", "Stop, look for the cause, then acknowledge"),
            ("c", "Bridge the light curtain until the end of the shift"),
        ],
    )


@register.simple_tag
def gallery_samples() -> dict[str, Any]:
    """The rows, forms and credentials that the gallery shows."""
    bad = SampleForm(
        {"bad-name": "", "bad-amount": "-2", "bad-email": "no address", "bad-unit": "a"},
        auto_id="bad_%s",
        prefix="bad",
    )
    bad.add_error(None, "The achievement has been published meanwhile.")
    people = [
        ("Aylin Çelik", "10421", "Line A", 4, 3, 96.5),
        ("Đặng Thị Hương", "10077", "Line A", 2, 3, 71.0),
        ("Οδυσσέας Παπαδόπουλος", "10003", "Line B", 1, 3, 48.25),
        ("Ольга Кузнецова", "10390", "Line B", 3, 3, 88.0),
        ("王小明", "10512", "Maintenance", 0, 2, 0.0),
        ("فاطمة الزهراء", "10518", "Maintenance", 3, 2, 91.0),
    ]
    card = {
        "issuer": _ISSUER,
        "holder": "Aylin Çelik",
        "awarded": dt.date(2026, 3, 14),
        "until": dt.date(2029, 3, 14),
        "code": "O",
        "rank": 4,
    }
    return {
        "form": SampleForm(auto_id="good_%s"),
        "bad_form": bad,
        "filter": SampleFilter(auto_id="filter_%s"),
        "question": SampleQuestion(auto_id="question_%s"),
        "page": Paginator(range(120), 50).get_page(2),
        "crumbs": [
            {"label": "Units", "url": "#units"},
            {"label": "Plant Kiel", "url": "#kiel"},
            {"label": "Line A"},
        ],
        "tabs": [
            {"label": "Skills", "url": "#skills", "current": True, "count": 14},
            {"label": "Credentials", "url": "#credentials", "current": False, "count": 3},
            {"label": "History", "url": "#history", "current": False},
        ],
        "steps": ["Choose the file", "Match the columns", "Look it over", "Done"],
        "states": [
            *("active", "suspended", "revoked", "expired", "expiring", "superseded", "signing"),
            *("draft", "published", "withdrawn", "requested", "approved", "open", "completed"),
        ],
        "icons": [
            *("home", "skills", "wallet", "assess", "decide", "gap", "people", "achievement"),
            *("framework", "role", "award", "account", "audit", "course", "goal", "pathway"),
            *("pilot", "incentive", "calendar", "qr", "share", "download", "upload", "settings"),
        ],
        "people": [
            {"name": n, "number": i, "unit": u, "held": h, "required": r, "score": s}
            for n, i, u, h, r, s in people
        ],
        "skills": ["Robot cell set-up", "Torque joint, critical", "Light curtain test", "5S audit"],
        "heat": [(1, 12), (2, 31), (3, 58), (4, 90)],
        "today": dt.date(2026, 11, 24),
        "cards": [
            card
            | {"name": "Robot cell set-up", "state": "active", "text": "Hand mode, gripper change"},
            card
            | {
                "name": "Hydraulic press, tool change",
                "state": "suspended",
                "code": "U",
                "rank": 3,
                "awarded": dt.date(2025, 6, 2),
            },
            card
            | {
                "name": "Lifting gear inspection",
                "state": "revoked",
                "code": "L",
                "rank": 2,
                "awarded": dt.date(2024, 9, 30),
            },
        ],
    }
