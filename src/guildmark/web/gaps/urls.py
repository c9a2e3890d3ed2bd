"""Addresses of these pages."""

from django.urls import path

from guildmark.web.gaps import views

urlpatterns = [
    path("", views.gaps, name="gaps"),
    path("units/<uuid:unit_id>/", views.unit_gaps, name="unit_gaps"),
    path("people/", views.people_gaps, name="people_gaps"),
    path("people/<uuid:person_id>/", views.person_gaps, name="person_gaps"),
]
