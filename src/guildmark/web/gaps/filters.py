"""Addresses of narrowed pages: the ways to what a number counts, and out of a filter again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format

from guildmark.skills.gap_lists import Narrowed


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter in use, in words, with the address of the page without it."""

    words: str
    without: str


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Where each number of some people leads."""

    people: str
    unplaced: str
    fit: str
    gaps: str
    critical: str


def address(path: str, **chosen: object) -> str:
    """The path with what is chosen as its query; what is empty is left out."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{path}?{query}" if query else path


def list_ways(**chosen: object) -> Ways:
    """The ways into the list of people that these filters leave."""

    path = reverse("people_gaps")

    def only(narrowed: Narrowed | None) -> str:
        return address(path, **chosen, only=narrowed)

    return Ways(
        people=only(None),
        unplaced=only(Narrowed.UNPLACED),
        fit=only(Narrowed.FIT),
        gaps=only(Narrowed.GAPS),
        critical=only(Narrowed.CRITICAL),
    )


def matrix_ways(path: str, *, on: object, role: object, below: object, unit: object) -> Ways:
    """The ways from a unit: gaps open in the matrix at `path`, people in their list."""
    listed = list_ways(unit=unit, role=role, on=on, below=below)
    return Ways(
        people=listed.people,
        unplaced=listed.unplaced,
        fit=listed.fit,
        gaps=address(path, role=role, only=Narrowed.GAPS, on=on, below=below),
        critical=address(path, role=role, only=Narrowed.CRITICAL, on=on, below=below),
    )


def filters_in_use(request: HttpRequest, form: forms.Form) -> list[Filter]:
    """What a valid form narrows the page to, one by one."""
    return list(_filters(request, form))


def _filters(request: HttpRequest, form: forms.Form) -> Iterator[Filter]:
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if not value:
            continue
        words = str(field.label)
        if isinstance(value, dt.date):
            words = f"{words}: {date_format(value, 'SHORT_DATE_FORMAT')}"
        elif isinstance(field, forms.ModelChoiceField):
            words = f"{words}: {value}"
        elif isinstance(field, forms.ChoiceField):
            words = f"{words}: {dict(form.fields[name].choices)[value]}"  # type: ignore[attr-defined]
        query = request.GET.copy()
        query.pop("page", None)
        query.pop(name)
        yield Filter(words=words, without=f"{request.path}?{query.urlencode()}")
