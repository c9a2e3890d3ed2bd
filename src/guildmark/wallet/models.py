"""Sharing: the links by which a holder shows a credential to a stranger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from guildmark.awards.models import Credential
from guildmark.organizations.models import Identified


class ShareLink(Identified):
    """A secret address under which anyone may see and verify one credential."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
