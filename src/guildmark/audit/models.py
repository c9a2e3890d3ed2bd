"""The audit trail: append-only in the database, hash-chained per organization."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from guildmark.organizations.models import Organization


class AuditChain(models.Model):
    """The head of an organization's chain; locking its row puts writers in order."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, primary_key=True, related_name="audit_chain"
    )
    last_sequence = models.BigIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32, default=bytes(32))


class AuditEvent(models.Model):
    """Who did what to what, when, from where. Never updated, never deleted."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="audit_events")
    sequence = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    object_name = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    source = models.CharField(max_length=20)
    address = models.GenericIPAddressField(null=True)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering: ClassVar = ["-sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "sequence"], name="audit_sequence_unique"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "object_id"], name="audit_by_object"),
            models.Index(fields=["organization", "occurred_at"], name="audit_by_time"),
        ]
