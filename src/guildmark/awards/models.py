"""Decisions, awards, the issuer's keys, the signed credentials and their status lists."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.organizations.models import Account, Identified, Organization, Person


class IssuerProfile(Identified):
    """The organization as an issuer: the name and DID that its credentials carry."""

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="issuer_profile")
    did = models.CharField(max_length=400, unique=True)
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("web address"), blank=True)
    description = models.TextField(_("description"), blank=True)


class IssuerKey(Identified):
    """A signing key, encrypted at rest; a retired key still proves what it signed before."""

    profile = models.ForeignKey(IssuerProfile, models.PROTECT, related_name="keys")
    verification_method = models.CharField(max_length=500, unique=True)
    public_key_multibase = models.CharField(max_length=200)
    encrypted_secret = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["profile"],
                condition=models.Q(valid_until__isnull=True),
                name="issuer_key_one_current",
            ),
        ]


class AwardStatus(models.TextChoices):
    """What an award is worth today, as people are told it."""

    ACTIVE = "active", _("valid")
    EXPIRED = "expired", _("expired")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("replaced by a newer one")


class Award(Identified):
    """An achievement version credited to a person, by someone entitled, on recorded results.

    'Expired' is not stored: it follows from `valid_until` and the date.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("valid")
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")
        SUPERSEDED = "superseded", _("replaced by a newer one")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="awards")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="awards")
    person = models.ForeignKey(Person, models.PROTECT, related_name="awards")
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(_("reason"), max_length=500, blank=True)
    state_changed_at = models.DateTimeField(null=True, blank=True)
    awarded_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-awarded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "person"],
                condition=models.Q(state__in=["active", "suspended"]),
                name="award_one_live",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["revoked", "suspended"])
                | ~models.Q(state_reason=""),
                name="award_reason_given",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-awarded_at"], name="award_by_date"),
            models.Index(fields=["person", "-awarded_at"], name="award_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.person}"

    @property
    def status_now(self) -> AwardStatus:
        """The state, or 'expired' for a valid award whose date has passed."""
        if (
            self.state == self.State.ACTIVE
            and self.valid_until is not None
            and self.valid_until <= timezone.now()
        ):
            return AwardStatus.EXPIRED
        return AwardStatus(self.state)


class Decision(Identified):
    """Someone entitled granted or refused an award, on these results, for this reason."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("not granted")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="decisions")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome)
    reason = models.TextField(_("reason"), blank=True)
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    practical = models.ForeignKey(
        PracticalAssessment, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    award = models.OneToOneField(
        Award, models.PROTECT, null=True, blank=True, related_name="decision"
    )
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-decided_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome="granted", award__isnull=False)
                | models.Q(outcome="refused", award__isnull=True) & ~models.Q(reason=""),
                name="decision_award_or_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(attempt__isnull=False) | models.Q(practical__isnull=False),
                name="decision_on_results",
            ),
        ]


class StatusList(Identified):
    """A Bitstring Status List of an issuer for one purpose, with its signed credential."""

    class Purpose(models.TextChoices):
        REVOCATION = "revocation", _("revocation")
        SUSPENSION = "suspension", _("suspension")

    profile = models.ForeignKey(IssuerProfile, models.PROTECT, related_name="status_lists")
    url = models.URLField(max_length=400, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose)
    length = models.PositiveIntegerField()
    document = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["created_at"]


class StatusEntry(models.Model):
    """The place of an award in a status list, and whether its bit is set."""

    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="entries")
    award = models.ForeignKey(Award, models.PROTECT, related_name="status_entries")
    index = models.PositiveIntegerField()
    is_set = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["status_list", "index"], name="status_index_unique"),
            models.UniqueConstraint(
                fields=["status_list", "award"], name="status_entry_once_per_list"
            ),
        ]


class Credential(models.Model):
    """The signed document of an award (Open Badges 3.0), exactly as signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.OneToOneField(Award, models.PROTECT, related_name="credential")
    key = models.ForeignKey(IssuerKey, models.PROTECT, related_name="credentials")
    document = models.TextField()
    signed_at = models.DateTimeField()
