"""A page that is one form: show it, try to save, say what is wrong beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from guildmark.errors import ConflictError, InvalidError, Text
from guildmark.web.pages import show_problems

AnyForm = TypeVar("AnyForm", bound=Form)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, also when nothing was."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: AnyForm,
    *,
    title: Text,
    submit: Text,
    cancel: str,
    save: Callable[[AnyForm], str],
    done: Text,
    lead: Text = "",
    template: str = "guildmark/components/form_page.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a form, or save it: `save` returns the address to go on to.

    What a service finds wrong is shown beside the fields with everything that was typed; `cancel`
    is the address of the way back. A `template` of one's own extends the usual one; `more` is
    for it.
    """
    if request.method == "POST" and form.is_valid():
        try:
            address = save(form)
        except InvalidError as error:
            show_problems(form, error)
        except ConflictError as error:
            form.add_error(None, str(error))
        else:
            if form.is_valid():
                messages.success(request, str(done))
                return redirect(address)
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "submit": submit,
        "cancel": cancel,
        "lead": lead,
    }
    context |= {"may_edit": True, **(more or {})}
    status = 422 if form.is_bound else 200
    return render(request, template, context, status=status)
