"""Making organizations. Only the installation's operator does; there is no actor yet."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor, operator_of
from guildmark.organizations.checks import Checks, unique
from guildmark.organizations.models import Organization
from guildmark.organizations.names import refuse_namesakes

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def create_organization(
    *,
    name: str,
    slug: str,
    country: str,
    language: str = "en",
    time_zone: str = "UTC",
    is_employer: bool = True,
    is_provider: bool = True,
    namesake_confirmed: bool = False,
) -> Organization:
    """Make a tenant. `slug` stands in public addresses and in the issuer's identifier.

    By `time_zone` (an IANA name) its days begin and end.
    Raises InvalidError naming the field, also when the slug is taken, and NamesakeError for a name
    that looks like another organization's, unless that is confirmed.
    """
    checks = Checks()
    organization = Organization(
        name=checks.text("name", name, max_length=200),
        slug=checks.text("slug", slug, max_length=60),
        country=checks.country("country", country, required=True),
        language=checks.language("language", language) or "en",
        time_zone=checks.time_zone("time_zone", time_zone),
        is_employer=is_employer,
        is_provider=is_provider,
    )
    if organization.slug and not _SLUG.fullmatch(organization.slug):
        checks.add(
            "slug", slug, _("Use small letters a to z, digits and single hyphens, like 'my-works'.")
        )
    checks.done()
    if not namesake_confirmed:
        refuse_namesakes(organization.name, Organization.objects.values_list("name", flat=True))
    taken = _("Another organization has this short name; choose another one.")
    with (
        unique({"organizations_organization_slug_key": ("slug", slug, taken)}),
        transaction.atomic(),
    ):
        organization.save(force_insert=True)
        audit.record(
            actor=operator_of(organization),
            action="organization.create",
            target=organization,
            details={
                "slug": organization.slug,
                "country": organization.country,
                "time_zone": organization.time_zone,
            },
        )
    return organization


def edit_organization(
    *,
    actor: Actor,
    name: str,
    country: str,
    language: str,
    time_zone: str,
    namesake_confirmed: bool = False,
) -> Organization:
    """Change what the actor's organization says about itself. The slug stays: it is in addresses
    that credentials name.

    Raises InvalidError, and NamesakeError for a new name that looks like another organization's,
    unless that is confirmed.
    """
    organization = actor.organization
    require(actor, "organization.edit", organization)
    checks = Checks()
    values = {
        "name": checks.text("name", name, max_length=200),
        "country": checks.country("country", country, required=True),
        "language": checks.language("language", language) or "en",
        "time_zone": checks.time_zone("time_zone", time_zone),
    }
    checks.done()
    if values["name"] != organization.name and not namesake_confirmed:
        others = Organization.objects.exclude(id=organization.id)
        refuse_namesakes(values["name"], others.values_list("name", flat=True))
    with transaction.atomic():
        locked = Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        changes = {
            field: {"before": getattr(locked, field), "after": value}
            for field, value in values.items()
            if getattr(locked, field) != value
        }
        if changes:
            for field, value in values.items():
                setattr(locked, field, value)
            locked.save(update_fields=list(changes))
            audit.record(
                actor=actor, action="organization.edit", target=locked, details={"changes": changes}
            )
    return locked
