"""How much a page takes at once."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from guildmark.assessment import evidence_store
from guildmark.organizations.people_import import reading

MAX_FILE = max(evidence_store.MAX_BYTES, reading.MAX_BYTES)
"""The largest file that any form takes, in bytes."""
MAX_BODY = 2 * MAX_FILE
"""What is read at all. A file a little too large is so told by its form, beside its field."""


class UploadTooLargeError(RequestDataTooBig):
    """The body says that it is larger than anything that could be taken."""


def refuse_oversized(request: HttpRequest) -> None:
    """Raise UploadTooLargeError before any of the body is read or written to the disk.

    A body that does not say its length is read as empty by WSGI, so this bounds them all.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return
    if length > MAX_BODY:
        raise UploadTooLargeError(f"{length} bytes were announced")
