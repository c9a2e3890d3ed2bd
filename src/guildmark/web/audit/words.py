"""The audit trail in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildmark.audit.actions import Action

ACTIONS: Mapping[Action, Promise] = {
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
    "frameworks.import": gettext_lazy("Framework taken in"),
    "job_roles.create": gettext_lazy("Job role made"),
    "job_roles.adopt": gettext_lazy("Job role made from a public occupation"),
    "job_roles.edit": gettext_lazy("Job role changed"),
    "job_roles.require": gettext_lazy("Skill required by a job role"),
    "job_roles.release": gettext_lazy("Skill no longer required by a job role"),
    "skill_records.observation": gettext_lazy("Skill recorded as seen at work"),
    "skill_records.self_claim": gettext_lazy("Own statement on a skill made"),
    "achievements.create": gettext_lazy("Achievement made"),
    "achievements.edit": gettext_lazy("Draft of an achievement changed"),
    "achievements.attest": gettext_lazy("Skills set that an achievement attests"),
    "achievements.draft": gettext_lazy("Draft of a new version made"),
    "achievements.publish": gettext_lazy("Achievement published"),
    "achievements.withdraw": gettext_lazy("Achievement withdrawn"),
    "tests.create_item": gettext_lazy("Question written"),
    "tests.replace_item": gettext_lazy("Question replaced in a test"),
    "tests.set": gettext_lazy("Test set up"),
    "tests.set_rubric": gettext_lazy("Rubric set up"),
    "tests.open_answers": gettext_lazy("Right answers of a test opened"),
    "attempts.start": gettext_lazy("Test started"),
    "attempts.submit": gettext_lazy("Test handed in"),
    "attempts.grant": gettext_lazy("Attempts given back"),
    "authorizations.grant": gettext_lazy("Person authorized to assess"),
    "authorizations.end": gettext_lazy("Authorization to assess ended"),
    "practicals.start": gettext_lazy("Practical assessment started"),
    "practicals.add_evidence": gettext_lazy("Evidence added"),
    "practicals.submit": gettext_lazy("Practical assessment handed in"),
    "awards.grant": gettext_lazy("Award granted"),
    "awards.refuse": gettext_lazy("Award refused"),
    "awards.supersede": gettext_lazy("Award replaced by a newer one"),
    "awards.suspend": gettext_lazy("Award suspended"),
    "awards.reinstate": gettext_lazy("Award reinstated"),
    "awards.revoke": gettext_lazy("Award revoked"),
    "issuer.create": gettext_lazy("Issuer profile made"),
    "issuer.edit": gettext_lazy("Issuer profile changed"),
    "issuer.rotate_key": gettext_lazy("New signing key put to use"),
    "issuer.sign": gettext_lazy("Credential signed for a program"),
    "wallet.share": gettext_lazy("Credential shared by a link"),
    "wallet.end_share": gettext_lazy("Share link ended"),
}
# Of details; a name that is not here is shown with blanks.
NAMES: Mapping[str, Promise] = {
    "account": gettext_lazy("account"),
    "added": gettext_lazy("added"),
    "attempt": gettext_lazy("attempt"),
    "attempts": gettext_lazy("attempts"),
    "by": gettext_lazy("by"),
    "changed": gettext_lazy("changed"),
    "city": gettext_lazy("city"),
    "code": gettext_lazy("code"),
    "country": gettext_lazy("country"),
    "criteria": gettext_lazy("criteria"),
    "credential": gettext_lazy("credential"),
    "critical": gettext_lazy("critical"),
    "decision": gettext_lazy("decision"),
    "did": gettext_lazy("decentralized identifier"),
    "due_at": gettext_lazy("due at"),
    "email": gettext_lazy("email"),
    "ends_on": gettext_lazy("ends on"),
    "expires_at": gettext_lazy("ends at"),
    "family_name": gettext_lazy("family name"),
    "file": gettext_lazy("file"),
    "from": gettext_lazy("from"),
    "given_name": gettext_lazy("given name"),
    "items": gettext_lazy("questions"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "level": gettext_lazy("level"),
    "line": gettext_lazy("line"),
    "link": gettext_lazy("link"),
    "manager": gettext_lazy("manager"),
    "minutes": gettext_lazy("minutes"),
    "name": gettext_lazy("name"),
    "new": gettext_lazy("new"),
    "number": gettext_lazy("number"),
    "occupation": gettext_lazy("occupation"),
    "of": gettext_lazy("of"),
    "old": gettext_lazy("old"),
    "parent": gettext_lazy("part of"),
    "pass_mark": gettext_lazy("pass mark in percent"),
    "passed": gettext_lazy("passed"),
    "person": gettext_lazy("person concerned"),
    "points": gettext_lazy("points"),
    "points_to_pass": gettext_lazy("points to pass"),
    "position": gettext_lazy("position"),
    "practical": gettext_lazy("practical assessment"),
    "reason": gettext_lazy("reason"),
    "requirements": gettext_lazy("requirements"),
    "retired": gettext_lazy("retired key"),
    "roles": gettext_lazy("roles"),
    "rows": gettext_lazy("rows"),
    "sha256": gettext_lazy("SHA-256"),
    "shift": gettext_lazy("shift"),
    "site": gettext_lazy("site"),
    "size": gettext_lazy("size in bytes"),
    "skill": gettext_lazy("skill"),
    "skills": gettext_lazy("skills"),
    "slug": gettext_lazy("short name in addresses"),
    "starts_on": gettext_lazy("starts on"),
    "state_before": gettext_lazy("state before"),
    "suspended_for": gettext_lazy("suspended because"),
    "title": gettext_lazy("title"),
    "unchanged": gettext_lazy("unchanged"),
    "unit": gettext_lazy("unit"),
    "until": gettext_lazy("until"),
    "url": gettext_lazy("address"),
    "username": gettext_lazy("sign-in name"),
    "verification_method": gettext_lazy("key"),
    "version": gettext_lazy("version"),
    "weight": gettext_lazy("weight"),
}
SOURCES: Mapping[str, Promise] = {
    "web": gettext_lazy("in the browser"),
    "api": gettext_lazy("through the API"),
    "cli": gettext_lazy("at the command line"),
    "job": gettext_lazy("by a job in the background"),
    "kiosk": gettext_lazy("at a shared device"),
    "example": gettext_lazy("while the example was made"),
}


def action_words(action: str) -> str:
    """What an action is called; one that only older versions wrote, by its name with blanks."""
    known = ACTIONS.get(cast("Action", action))
    return str(known) if known is not None else action.replace("_", " ").replace(".", ": ")


def source_words(source: str) -> str:
    """Through which door it was done."""
    return str(SOURCES.get(source, source))


def detail_lines(details: Mapping[str, Any]) -> list[str]:
    """Details as lines such as 'roles: worker → worker, assessor'."""
    return list(_lines(details, ""))


def _lines(details: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in details.items():
        label = f"{prefix}{_name(name)}"
        if isinstance(value, Mapping):
            if set(value) == {"before", "after"}:
                yield f"{label}: {_plain(value['before'])} → {_plain(value['after'])}"
            elif name == "changes":
                yield from _lines(value, prefix)
            else:
                yield from _lines(value, f"{label}, ")
        else:
            yield f"{label}: {_plain(value)}"


def _name(name: str) -> str:
    return str(NAMES.get(name, name.replace("_", " ")))


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
        return ", ".join(f"{_name(name)} {_plain(item)}" for name, item in value.items())
    return str(value)
