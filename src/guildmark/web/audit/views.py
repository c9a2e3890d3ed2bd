"""The audit trail: who did what, when."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guildmark.audit import selectors
from guildmark.audit.models import AuditEvent
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.web.audit.forms import FilterForm
from guildmark.web.audit.words import action_words, detail_lines, source_words
from guildmark.web.pages import member_page, page_of


@require_GET
@member_page
def audit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Events, newest first, filtered. A filter that cannot be read is named and not applied."""
    require(actor, "audit.view")
    form = FilterForm(request.GET, actions=selectors.actions_seen(actor))
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    chosen = {name: _searchable(value) for name, value in chosen.items()}
    if "object" in chosen:
        chosen["object_text"] = chosen.pop("object")
    page: Page[AuditEvent] = page_of(request, selectors.audit_events(actor, **chosen))
    rows = [
        {
            "event": event,
            "action": action_words(event.action),
            "source": source_words(event.source),
            "lines": detail_lines(event.details),
        }
        for event in page
    ]
    context = {"form": form, "page": page, "rows": rows, "is_filtered": bool(chosen)}
    return render(request, "guildmark/audit/audit.html", context)


def _searchable(value: object) -> object:
    return value.replace("\0", "") if isinstance(value, str) else value
