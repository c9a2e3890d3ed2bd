"""Jobs of the awards room. Each may run twice, or again after its process died."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from guildmark.awards import status_lists
from guildmark.awards.issuing import sign_award
from guildmark.awards.models import Award, StatusList
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
