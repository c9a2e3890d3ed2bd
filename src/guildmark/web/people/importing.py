"""Importing an HR file: upload, look at what would change, confirm."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guildmark.errors import ConflictError, InvalidError
from guildmark.organizations import selectors, services
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.people_import import (
    PeopleImportInvalidError,
    apply_people_import,
    plan_people_import,
)
from guildmark.organizations.people_import.columns import SYNONYMS
from guildmark.organizations.people_import.reading import MAX_BYTES
from guildmark.web.formpage import posted
from guildmark.web.pages import member_page, show_problems
from guildmark.web.people.forms import UploadForm

SHOWN = 100
"""Rows of each kind on the preview."""


@require_http_methods(["GET", "POST"])
@member_page
def people_import(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a file. It is kept until it is confirmed, replaced or discarded."""
    require(actor, "people.import")
    form = UploadForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        actor=actor,
        may_create=allows(actor, "places.edit"),
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = services.keep_people_upload(
                actor=actor,
                file_name=file.name,
                data=file.read(MAX_BYTES + 1),
                create_units_at=form.cleaned_data.get("create_units_at"),
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            return redirect("people_import_confirm", upload_id=upload.id)
    context = {
        "form": form,
        "columns": [{"name": name, "also": names[:4]} for name, names in SYNONYMS.items()],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "guildmark/people/import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_page
def people_import_confirm(request: HttpRequest, actor: Actor, upload_id: uuid.UUID) -> HttpResponse:
    """What the file would change; confirmed, it is imported if that is still so."""
    upload = selectors.get_people_upload(actor, upload_id)
    data = bytes(upload.data)
    if request.method == "POST":
        try:
            done = apply_people_import(
                actor=actor,
                data=data,
                create_units_at=upload.create_units_at,
                expected=request.POST.get("fingerprint", ""),
                file_name=upload.file_name,
            )
        except PeopleImportInvalidError:
            pass  # shown below
        except ConflictError as error:
            messages.warning(request, str(error))
            return redirect("people_import_confirm", upload_id=upload.id)
        else:
            services.discard_people_upload(actor=actor, upload=upload)
            messages.success(
                request,
                _("Imported: %(added)d added, %(changed)d changed, %(same)d unchanged.")
                % {
                    "added": len(done.added),
                    "changed": len(done.changed),
                    "same": len(done.unchanged),
                },
            )
            return redirect("people")
    plan = plan_people_import(actor=actor, data=data, create_units_at=upload.create_units_at)
    context = {
        "upload": upload,
        "plan": plan,
        "added": plan.added[:SHOWN],
        "more_added": max(0, len(plan.added) - SHOWN),
        "changed": plan.changed[:SHOWN],
        "more_changed": max(0, len(plan.changed) - SHOWN),
        "problems": plan.problems[:SHOWN],
        "more_problems": max(0, len(plan.problems) - SHOWN),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "guildmark/people/import_confirm.html", context, status=status)


@require_POST
@member_page
def people_import_discard(request: HttpRequest, actor: Actor, upload_id: uuid.UUID) -> HttpResponse:
    """Forget an uploaded file."""
    upload = selectors.get_people_upload(actor, upload_id)
    services.discard_people_upload(actor=actor, upload=upload)
    messages.success(request, _("The file was discarded; nothing was changed."))
    return redirect("people_import")
