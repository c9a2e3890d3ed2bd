"""Sites, units, stations and shifts."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.organizations import selectors, services
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.web.formpage import form_page, posted
from guildmark.web.pages import member_page, page_of
from guildmark.web.people.forms import (
    ShiftForm,
    SiteForm,
    StationForm,
    UnitForm,
    find_by_number,
)


@require_GET
@member_page
def units(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tree of units with head counts, the sites and the shifts."""
    context = {
        "nodes": selectors.unit_tree(actor),
        "sites": selectors.sites(actor),
        "shifts": selectors.shifts(actor),
        "may_edit": allows(actor, "places.edit"),
    }
    return render(request, "guildmark/people/units.html", context)


@require_GET
@member_page
def unit(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """A unit: its stations and its people of today."""
    found = selectors.get_unit(actor, unit_id)
    require(actor, "places.view", found)
    people = selectors.list_people(actor, unit=found)
    context = {
        "unit": found,
        "stations": selectors.stations_of(actor, found),
        "children": selectors.units(actor).filter(parent=found),
        "page": page_of(request, people),
        "may_edit": allows(actor, "places.edit", found),
        "may_see_gaps": allows(actor, "gaps.view", found),
    }
    return render(request, "guildmark/people/unit.html", context)


@require_http_methods(["GET", "POST"])
@member_page
def unit_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a unit."""
    require(actor, "places.edit")

    def save(form: UnitForm) -> str:
        values = dict(form.cleaned_data)
        values.pop("manager")
        manager = find_by_number(actor, form, "manager")
        if not form.is_valid():
            return ""
        with transaction.atomic():
            made = services.create_unit(actor=actor, **values)
            services.set_unit_manager(actor=actor, unit=made, manager=manager)
        return reverse("unit", args=[made.id])

    return form_page(
        request,
        UnitForm(posted(request), actor=actor),
        title=_("New unit"),
        submit=_("Add"),
        cancel=reverse("units"),
        save=save,
        done=_("The unit has been added."),
        lead=""
        if selectors.sites(actor).exists()
        else _("There is no site yet; add one first on the page of the units."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def unit_edit(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """Rename, move or hand over a unit."""
    found = selectors.get_unit(actor, unit_id)
    require(actor, "places.edit", found)
    here = reverse("unit", args=[found.id])

    def save(form: UnitForm) -> str:
        values = dict(form.cleaned_data)
        values.pop("manager")
        manager = find_by_number(actor, form, "manager")
        if not form.is_valid():
            return ""
        with transaction.atomic():
            changed = services.edit_unit(actor=actor, unit=found, **values)
            services.set_unit_manager(actor=actor, unit=changed, manager=manager)
        return here

    initial = {
        "name": found.name,
        "site": found.site_id,
        "parent": found.parent_id,
        "manager": found.manager.number if found.manager else "",
    }
    return form_page(
        request,
        UnitForm(posted(request), actor=actor, unit=found, initial=initial),
        title=_("Unit %(code)s") % {"code": found.code},
        submit=_("Save"),
        cancel=here,
        save=save,
        done=_("Saved."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def station_new(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """Make a work place in a unit."""
    found = selectors.get_unit(actor, unit_id)
    require(actor, "places.edit", found)
    here = reverse("unit", args=[found.id])

    def save(form: StationForm) -> str:
        services.create_station(actor=actor, unit=found, **form.cleaned_data)
        return here

    return form_page(
        request,
        StationForm(posted(request)),
        title=_("New station in %(unit)s") % {"unit": found.name},
        submit=_("Add"),
        cancel=here,
        save=save,
        done=_("The station has been added."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def site_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a site."""
    require(actor, "places.edit")

    def save(form: SiteForm) -> str:
        services.create_site(actor=actor, **form.cleaned_data)
        return reverse("units")

    return form_page(
        request,
        SiteForm(posted(request)),
        title=_("New site"),
        submit=_("Add"),
        cancel=reverse("units"),
        save=save,
        done=_("The site has been added."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def shift_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a working time."""
    require(actor, "places.edit")

    def save(form: ShiftForm) -> str:
        services.create_shift(actor=actor, **form.cleaned_data)
        return reverse("units")

    return form_page(
        request,
        ShiftForm(posted(request)),
        title=_("New shift"),
        submit=_("Add"),
        cancel=reverse("units"),
        save=save,
        done=_("The shift has been added."),
    )
