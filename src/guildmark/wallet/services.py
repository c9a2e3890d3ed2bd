"""Sharing a credential with a stranger, and ending that."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.awards.models import Credential
from guildmark.errors import ConflictError, InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.wallet.models import ShareLink
from guildmark.wallet.selectors import open_links

MAX_OPEN_LINKS = 20


def share_credential(
    *, actor: Actor, credential: Credential, expires_at: dt.datetime | None = None
) -> ShareLink:
    """A new secret address at which anyone may see and verify the credential.

    Its token has 256 random bits. Raises InvalidError for a date that has passed, ConflictError
    when 20 links are open already.
    """
    require(actor, "wallet.share", credential.award)
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidError.of(
            "expires_at", expires_at, _("Choose a day in the future, or leave it empty.")
        )
    with transaction.atomic():
        # The row is only locked, so that two requests together keep to the limit.
        Credential.objects.select_for_update(no_key=True).only("id").get(id=credential.id)
        if open_links(credential).count() >= MAX_OPEN_LINKS:
            raise ConflictError(
                _("This credential has 20 open links. End one that you no longer need.")
            )
        link = ShareLink.objects.create(
            credential=credential,
            token=secrets.token_urlsafe(32),
            created_at=timezone.now(),
            expires_at=expires_at,
        )
        audit.record(
            actor=actor,
            action="wallet.share",
            target=credential.award,
            details={
                "link": str(link.id),
                "expires_at": expires_at.isoformat() if expires_at else None,
            },
        )
    return link


def end_share(*, actor: Actor, link: ShareLink) -> ShareLink:
    """Close the address for good. Ending it again changes nothing."""
    require(actor, "wallet.share", link.credential.award)
    with transaction.atomic():
        locked = ShareLink.objects.select_for_update(no_key=True).get(id=link.id)
        if locked.ended_at is None:
            locked.ended_at = timezone.now()
            locked.save(update_fields=["ended_at"])
            audit.record(
                actor=actor,
                action="wallet.end_share",
                target=link.credential.award,
                details={"link": str(link.id)},
            )
    return locked
