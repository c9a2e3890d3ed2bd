"""Addresses of these pages."""

from django.urls import path

from guildmark.web.people import importing, places, views

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.person_new, name="person_new"),
    path("import/", importing.people_import, name="people_import"),
    path("import/<uuid:upload_id>/", importing.people_import_confirm, name="people_import_confirm"),
    path(
        "import/<uuid:upload_id>/discard/",
        importing.people_import_discard,
        name="people_import_discard",
    ),
    path("units/", places.units, name="units"),
    path("units/new/", places.unit_new, name="unit_new"),
    path("units/sites/new/", places.site_new, name="site_new"),
    path("units/shifts/new/", places.shift_new, name="shift_new"),
    path("units/<uuid:unit_id>/", places.unit, name="unit"),
    path("units/<uuid:unit_id>/edit/", places.unit_edit, name="unit_edit"),
    path("units/<uuid:unit_id>/stations/new/", places.station_new, name="station_new"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/edit/", views.person_edit, name="person_edit"),
    path("<uuid:person_id>/employ/", views.person_employ, name="person_employ"),
    path("employments/<uuid:employment_id>/end/", views.employment_end, name="employment_end"),
]
