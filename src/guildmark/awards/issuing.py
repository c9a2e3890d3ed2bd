"""Signing the credential of an award."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from guildmark.awards import signing
from guildmark.awards.documents import build_credential
from guildmark.awards.models import Award, Credential


def sign_award(award_id: uuid.UUID) -> Credential:
    """The credential of the award, signed now if it was not.

    The award's row is locked, so that a second run waits and finds the credential there.
    """
    with transaction.atomic():
        award = (
            Award.objects.select_for_update(no_key=True, of=("self",))
            .select_related(
                "version__achievement", "person", "organization__issuer_profile", "decision"
            )
            .get(id=award_id)
        )
        signed = Credential.objects.filter(award=award).first()
        if signed is not None:
            return signed
        now = timezone.now()
        profile = award.organization.issuer_profile
        key = signing.current_key(profile)
        credential_id = uuid.uuid4()
        document = build_credential(award, profile=profile, credential_id=credential_id)
        return Credential.objects.create(
            id=credential_id,
            award=award,
            key=key,
            document=signing.signed(key, document, now=now),
            signed_at=now,
        )
