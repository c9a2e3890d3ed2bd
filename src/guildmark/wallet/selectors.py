"""What may be read in the wallet, and what a share link opens."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.awards.models import Award, Credential
from guildmark.errors import NotFoundError
from guildmark.organizations.actor import Actor
from guildmark.wallet.errors import ShareEndedError
from guildmark.wallet.models import ShareLink


def own_awards(actor: Actor) -> QuerySet[Award]:
    """The actor's own awards, newest first; those being signed have no `credential` yet."""
    if actor.person is None:
        return Award.objects.none()
    return (
        Award.objects.filter(organization=actor.organization, person=actor.person)
        .select_related("version", "credential", "organization__issuer_profile")
        .prefetch_related("version__skills__skill", "version__skills__level")
        .defer("credential__document")
        .order_by("-awarded_at", "-id")
    )


def get_own_award(actor: Actor, identifier: uuid.UUID) -> Award:
    """An own award by its identifier or its credential's. Raises NotFoundError for any other."""
    award = (
        own_awards(actor)
        .select_related("version__achievement", "decision")
        .filter(Q(id=identifier) | Q(credential__id=identifier))
        .first()
    )
    if award is None:
        raise NotFoundError(_("There is no such credential in your wallet."))
    return award


def get_own_credential(actor: Actor, identifier: uuid.UUID) -> Credential:
    """An own signed credential by its identifier or its award's. Raises NotFoundError."""
    found = (
        Credential.objects.filter(
            Q(id=identifier) | Q(award=identifier),
            award__organization=actor.organization,
            award__person=actor.person,
            award__person__isnull=False,
        )
        .select_related("award__version", "award__person")
        .first()
    )
    if actor.person is None or found is None:
        raise NotFoundError(_("There is no such credential in your wallet."))
    return found


def get_own_link(actor: Actor, link_id: uuid.UUID) -> ShareLink:
    """A share link of an own credential. Raises NotFoundError for any other."""
    found = (
        ShareLink.objects.filter(
            id=link_id,
            credential__award__organization=actor.organization,
            credential__award__person=actor.person,
        )
        .select_related("credential__award__version", "credential__award__person")
        .first()
    )
    if actor.person is None or found is None:
        raise NotFoundError(_("There is no such link."))
    return found


def open_links(credential: Credential) -> QuerySet[ShareLink]:
    """The links under which the credential can be seen now, newest first."""
    return ShareLink.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        credential=credential,
        ended_at__isnull=True,
    ).order_by("-created_at", "-id")


def open_share(token: str) -> ShareLink:
    """What the secret address shows, for anyone who has it.

    Raises NotFoundError for a token that never was one, ShareEndedError for one that was.
    """
    link = (
        ShareLink.objects.filter(token=token).select_related("credential__award__version").first()
    )
    if link is None:
        raise NotFoundError(_("There is no credential at this address."))
    if link.ended_at is not None:
        raise ShareEndedError(_("The holder has ended this link."))
    if link.expires_at is not None and link.expires_at <= timezone.now():
        raise ShareEndedError(_("This link has run out."))
    return link
