"""The audit trail in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# An action without an entry is shown by its name with blanks: rooms may add actions freely.
ACTIONS: Mapping[str, Promise] = {
    "organization.create": gettext_lazy("Organization made"),
    "organization.edit": gettext_lazy("Organization changed"),
    "account.create": gettext_lazy("Account made"),
    "account.join": gettext_lazy("Account added to the organization"),
    "account.edit": gettext_lazy("Account changed"),
    "account.roles": gettext_lazy("Roles of an account changed"),
    "account.person": gettext_lazy("Account linked to a person"),
    "account.password": gettext_lazy("Password set"),
    "account.activate": gettext_lazy("Account activated"),
    "account.deactivate": gettext_lazy("Account deactivated"),
    "people.add": gettext_lazy("Person added"),
    "people.edit": gettext_lazy("Person changed"),
    "people.employ": gettext_lazy("Person given a place"),
    "people.leave": gettext_lazy("Employment ended"),
    "people.import": gettext_lazy("People imported"),
    "site.create": gettext_lazy("Site made"),
    "unit.create": gettext_lazy("Unit made"),
    "unit.edit": gettext_lazy("Unit changed"),
    "unit.manager": gettext_lazy("Unit given a manager"),
    "station.create": gettext_lazy("Station made"),
    "shift.create": gettext_lazy("Shift made"),
    "position.create": gettext_lazy("Position made"),
    "token.issue": gettext_lazy("API token made"),
    "token.revoke": gettext_lazy("API token revoked"),
}
SOURCES: Mapping[str, Promise] = {
    "web": gettext_lazy("in the browser"),
    "api": gettext_lazy("through the API"),
    "cli": gettext_lazy("at the command line"),
    "job": gettext_lazy("by a job in the background"),
}


def action_words(action: str) -> str:
    """What an action is called."""
    known = ACTIONS.get(action)
    return str(known) if known is not None else action.replace("_", " ").replace(".", ": ")


def source_words(source: str) -> str:
    """Through which door it was done."""
    return str(SOURCES.get(source, source))


def detail_lines(details: Mapping[str, Any]) -> list[str]:
    """Details as lines such as 'roles: worker → worker, assessor'."""
    return list(_lines(details, ""))


def _lines(details: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in details.items():
        label = f"{prefix}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            if set(value) == {"before", "after"}:
                yield f"{label}: {_plain(value['before'])} → {_plain(value['after'])}"
            elif name == "changes":
                yield from _lines(value, prefix)
            else:
                yield from _lines(value, f"{label}, ")
        else:
            yield f"{label}: {_plain(value)}"


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {_plain(item)}" for name, item in value.items())
    return str(value)
