"""People: looking for them, one of them, what is known and where they work."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.assessment.selectors import attempts_of, practicals_of
from guildmark.awards.selectors import awards_of_person
from guildmark.organizations import selectors, services
from guildmark.organizations.access import allows, require
from guildmark.organizations.actor import Actor
from guildmark.organizations.people_import.placing import current_of
from guildmark.web.formpage import form_page, posted
from guildmark.web.pages import member_page, page_of
from guildmark.web.people.forms import (
    EmployForm,
    EndForm,
    PersonForm,
    SearchForm,
    find_by_number,
)

SHOWN = 10
"""The newest awards and results on a person's page."""


@require_GET
@member_page
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list, with search and a filter by unit."""
    require(actor, "people.list")
    form = SearchForm(request.GET, actor=actor)
    chosen = form.cleaned_data if form.is_valid() else {}
    search, unit, former = chosen.get("q", ""), chosen.get("unit"), chosen.get("former", False)
    rows = selectors.list_people(actor, search=search, unit=unit, former=former)
    context = {
        "form": form,
        "page": page_of(request, rows),
        "is_filtered": bool(search or unit or former),
        "may_edit": allows(actor, "people.edit"),
        "may_import": allows(actor, "people.import"),
        "may_see_units": allows(actor, "places.view"),
    }
    return render(request, "guildmark/people/people.html", context)


@require_GET
@member_page
def person(request: HttpRequest, actor: Actor, person_id: uuid.UUID) -> HttpResponse:
    """One person: employments, awards, results, and the ways on to their skills."""
    found = selectors.view_person(actor, person_id)
    employments = selectors.employments_of(actor, found)
    context = {
        "person": found,
        "employments": employments,
        "current": next((e for e in employments if e.ends_on is None), None),
        "today": actor.today,
        "awards": awards_of_person(actor, found.id)[:SHOWN],
        "attempts": attempts_of(actor, found).exclude(submitted_at=None)[:SHOWN],
        "practicals": practicals_of(actor, found).exclude(submitted_at=None)[:SHOWN],
        "may_edit": allows(actor, "people.edit", found),
        "may_see_gaps": allows(actor, "skill_records.view", found),
        "may_see_accounts": allows(actor, "accounts.view"),
        "membership": getattr(found, "membership", None),
    }
    return render(request, "guildmark/people/person.html", context)


@require_http_methods(["GET", "POST"])
@member_page
def person_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a person known."""
    require(actor, "people.edit")

    def save(form: PersonForm) -> str:
        made = services.create_person(actor=actor, **form.cleaned_data)
        return reverse("person", args=[made.id])

    return form_page(
        request,
        PersonForm(posted(request)),
        title=_("New person"),
        submit=_("Add"),
        cancel=reverse("people"),
        save=save,
        done=_("The person has been added. Now give them a place in a unit."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def person_edit(request: HttpRequest, actor: Actor, person_id: uuid.UUID) -> HttpResponse:
    """Change what is known of a person."""
    found = selectors.get_person(actor, person_id)
    require(actor, "people.edit", found)
    here = reverse("person", args=[found.id])

    def save(form: PersonForm) -> str:
        services.edit_person(actor=actor, person=found, **form.cleaned_data)
        return here

    initial = {name: getattr(found, name) for name in PersonForm.base_fields}
    return form_page(
        request,
        PersonForm(posted(request), initial=initial),
        title=found.name,
        submit=_("Save"),
        cancel=here,
        save=save,
        done=_("Saved."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def person_employ(request: HttpRequest, actor: Actor, person_id: uuid.UUID) -> HttpResponse:
    """Give a person a place in a unit; the one before ends."""
    found = selectors.get_person(actor, person_id)
    require(actor, "people.edit", found)
    here = reverse("person", args=[found.id])

    def save(form: EmployForm) -> str:
        values = dict(form.cleaned_data)
        values["manager"] = find_by_number(actor, form, "manager")
        if form.is_valid():
            services.employ_person(actor=actor, person=found, **values)
        return here

    current = current_of(selectors.employments_of(actor, found))
    return form_page(
        request,
        EmployForm(posted(request), actor=actor, initial=EmployForm.initial_for(actor, current)),
        title=_("New place for %(name)s") % {"name": found.name},
        submit=_("Save"),
        cancel=here,
        save=save,
        done=_("Saved."),
        lead=_("The place they have now ends the day before."),
    )


@require_http_methods(["GET", "POST"])
@member_page
def employment_end(request: HttpRequest, actor: Actor, employment_id: uuid.UUID) -> HttpResponse:
    """Set the last day of an employment."""
    found = selectors.get_employment(actor, employment_id)
    require(actor, "people.edit", found.person)
    here = reverse("person", args=[found.person_id])

    def save(form: EndForm) -> str:
        services.end_employment(actor=actor, employment=found, ends_on=form.cleaned_data["ends_on"])
        return here

    return form_page(
        request,
        EndForm(posted(request), initial={"ends_on": actor.today}),
        title=_("End of %(name)s's time in %(unit)s")
        % {"name": found.person.name, "unit": found.unit.name},
        submit=_("End it"),
        cancel=here,
        save=save,
        done=_("Saved. The person's credentials stay theirs."),
    )
