"""Jobs of the awards room. Each may run twice, or again after its process died."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from guildmark.awards import signing, status_lists
from guildmark.awards.documents import build_credential
from guildmark.awards.models import Award, Credential, StatusList
from guildmark.jobs.queue import PatientRetry

_RETRY = PatientRetry()
_OVERDUE = dt.timedelta(minutes=10)


@app.task(name="awards.sign_credential", queue="signing", retry=_RETRY)
def sign_credential(award_id: str) -> None:
    """Sign the credential of an award, unless it has been signed already."""
    sign_award(uuid.UUID(award_id))


@app.task(name="awards.resign_status_list", queue="signing", retry=_RETRY)
def resign_status_list(status_list_id: str) -> None:
    """Sign a status list anew with the bits as they are and the issuer's current key."""
    with transaction.atomic():
        status_lists.sign_list(
            StatusList.objects.select_for_update(no_key=True, of=("self",))
            .select_related("profile")
            .get(id=status_list_id)
        )


@app.periodic(cron="*/10 * * * *")
@app.task(name="awards.sign_overdue", queue="signing", queueing_lock="awards.sign_overdue")
def sign_overdue(timestamp: int = 0) -> None:  # noqa: ARG001 - given by the scheduler
    """Sign what a lost or given-up job left unsigned, so that no award waits forever."""
    overdue = Award.objects.filter(
        credential__isnull=True, awarded_at__lt=timezone.now() - _OVERDUE
    )
    for award_id in overdue.values_list("id", flat=True)[:500]:
        sign_award(award_id)


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
