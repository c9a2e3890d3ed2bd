"""Finding the organization that a command line names."""

from __future__ import annotations

import click

from guildmark.organizations.models import Organization


def find_organization(slug: str, *, hint: str = "--organization") -> Organization:
    """The organization with this short name, else a message that lists those there are."""
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        names = ", ".join(Organization.objects.order_by("slug").values_list("slug", flat=True))
        raise click.BadParameter(
            f"there is no organization {slug!r}; there is: {names or 'none yet'}.",
            param_hint=hint,
        )
    return found
