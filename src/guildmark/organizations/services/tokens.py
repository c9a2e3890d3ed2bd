"""API tokens: a program acts as a membership. The secret is shown once; only its hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor, actor_of
from guildmark.organizations.checks import Checks
from guildmark.organizations.models import ApiToken, Membership

LONGEST = dt.timedelta(days=366)
PREFIX = "gmk_"
"""Lets secret scanners recognize a leaked token."""


def issue_api_token(
    *, actor: Actor, membership: Membership, name: str, expires_at: dt.datetime
) -> tuple[ApiToken, str]:
    """Make a token for one's own membership; returns it with its secret, which is not kept.

    `expires_at` is at most a year ahead. Raises InvalidError otherwise.
    """
    require(actor, "tokens.edit", membership)
    now = timezone.now()
    checks = Checks()
    name = checks.text("name", name, max_length=120)
    if expires_at <= now:
        checks.add("expires_at", expires_at, _("This day has passed; choose a later one."))
    elif expires_at > now + LONGEST:
        checks.add("expires_at", expires_at, _("A token is valid for a year at most; choose less."))
    checks.done()
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            membership=membership, name=name, token_hash=_hash(secret), expires_at=expires_at
        )
        audit.record(
            actor=actor,
            action="token.issue",
            target=token,
            target_name=name,
            details={"expires_at": expires_at.isoformat(), "account": membership.account.name},
        )
    return token, secret


def revoke_api_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """End a token at once: one's own, or any of the organization for an administrator."""
    require(actor, "tokens.revoke", token.membership)
    with transaction.atomic():
        locked = ApiToken.objects.select_for_update(no_key=True).get(id=token.id)
        if locked.revoked_at is None:
            locked.revoked_at = timezone.now()
            locked.save(update_fields=["revoked_at"])
            audit.record(actor=actor, action="token.revoke", target=locked, target_name=locked.name)
    return locked


def actor_for_token(secret: str, address: str | None) -> Actor | None:
    """The actor a secret stands for; None when it is unknown, expired, revoked or inactive."""
    token = (
        ApiToken.objects.filter(
            token_hash=_hash(secret),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            membership__account__is_active=True,
        )
        .select_related("membership__account", "membership__organization", "membership__person")
        .first()
    )
    return actor_of(token.membership, source="api", address=address) if token else None


def _hash(secret: str) -> bytes:
    # No slow hash: the secret is 256 random bits, there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
