"""An HR file between its preview and its confirmation."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.errors import InvalidError, NotAllowedError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.checks import require_own
from guildmark.organizations.models import PeopleUpload, Site
from guildmark.organizations.people_import.reading import MAX_BYTES
from guildmark.texts import shown

KEPT_FOR = dt.timedelta(days=2)


def keep_people_upload(
    *, actor: Actor, file_name: str, data: bytes, create_units_at: Site | None = None
) -> PeopleUpload:
    """Keep a file for its uploader, replacing the one they had here. Old ones are removed."""
    require(actor, "people.import")
    require_own(actor, create_units_at)
    if actor.account is None:
        raise NotAllowedError(_("Sign in to upload a file."))
    if len(data) > MAX_BYTES:
        raise InvalidError.of(
            "file",
            file_name,
            _("The file is larger than %(limit)d MB; split it.") % {"limit": MAX_BYTES // 2**20},
        )
    if not data.strip():
        raise InvalidError.of("file", file_name, _("The file is empty; choose another one."))
    with transaction.atomic():
        PeopleUpload.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
        PeopleUpload.objects.filter(organization=actor.organization, account=actor.account).delete()
        return PeopleUpload.objects.create(
            organization=actor.organization,
            account=actor.account,
            file_name=shown(file_name[:200])[:200],
            data=data,
            create_units_at=create_units_at,
            created_at=timezone.now(),
        )


def discard_people_upload(*, actor: Actor, upload: PeopleUpload) -> None:
    """Remove a kept file. It never became data, so the audit trail does not hear of it."""
    require(actor, "people.import", upload)
    PeopleUpload.objects.filter(id=upload.id, account=actor.account).delete()
