"""What the shell of every page shows: who acts, where to go, which organizations there are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guildmark.organizations.access import allows
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization, Role

NavigationItem = dict[str, Any]


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html: `actor`, `navigation`, `organizations`, and whether to warn an
    administrator of `public_url`.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.account is None:
        return {"actor": None, "navigation": [], "organizations": []}
    return {
        "actor": actor,
        "navigation": navigation(actor, request.path),
        "organizations": Organization.objects.filter(memberships__account=actor.account),
        "lacks_public_url": not settings.PUBLIC_URL_IS_SET and actor.has(Role.ADMINISTRATOR),
        "public_url": settings.PUBLIC_URL,
    }


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The groups of places this actor may go to; an empty group is left out."""

    def item(label: str, name: str, icon: str) -> NavigationItem:
        return {"label": label, "url": reverse(name), "icon": icon, "current": False}

    mine = [item(_("Start"), "home", "home")]
    if actor.person is not None:
        mine += [
            item(_("My skills"), "my_skills", "skills"),
            item(_("My credentials"), "wallet", "wallet"),
        ]
    work = []
    if actor.has(Role.ASSESSOR):
        work.append(item(_("Assess"), "practicals", "assess"))
    if allows(actor, "awards.decide"):
        work.append(item(_("Decide"), "decisions", "decide"))
    if allows(actor, "gaps.view"):
        work.append(item(_("Gaps"), "gaps", "gap"))
    if allows(actor, "people.list"):
        work.append(item(_("People"), "people", "people"))
    if allows(actor, "practicals.list") and not actor.has(Role.ASSESSOR):
        work.append(item(_("Assessments"), "practicals", "assess"))
    define = [item(_("Achievements"), "achievements", "achievement")]
    define += [
        item(_("Skills"), "frameworks", "framework"),
        item(_("Job roles"), "job_roles", "role"),
    ]
    if allows(actor, "awards.list"):
        define.append(item(_("Awards"), "awards", "award"))
    keep = []
    if allows(actor, "accounts.view"):
        keep.append(item(_("Accounts"), "accounts", "account"))
    if allows(actor, "issuer.edit"):
        keep.append(item(_("Issuer"), "issuer", "award"))
    if allows(actor, "audit.view"):
        keep.append(item(_("Audit trail"), "audit", "audit"))
    groups: list[dict[str, Any]] = [
        {"label": _("Mine"), "entries": mine},
        {"label": _("Work"), "entries": work},
        {"label": _("Catalogue"), "entries": define},
        {"label": _("Administration"), "entries": keep},
    ]
    entries = [entry for group in groups for entry in group["entries"]]
    around = [entry for entry in entries if path.startswith(entry["url"])]
    # The nearest place around the page: /skills/mine/ is in My skills, not in Skills as well.
    nearest = max(around, key=lambda entry: len(entry["url"]))
    nearest["current"] = nearest["url"] != "/" or path == "/"
    return [group for group in groups if group["entries"]]
