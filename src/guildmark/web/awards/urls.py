"""Addresses of these pages."""

from django.urls import URLPattern, path

from guildmark.web.awards import views

urlpatterns: list[URLPattern] = [
    path("decisions/", views.decisions, name="decisions"),
    path("decisions/<uuid:version_id>/<uuid:person_id>/", views.decide, name="decide"),
    path("awards/", views.awards, name="awards"),
    path("awards/<uuid:award_id>/", views.award, name="award"),
    path("awards/<uuid:award_id>/revoke/", views.award_revoke, name="award_revoke"),
    path("awards/<uuid:award_id>/suspend/", views.award_suspend, name="award_suspend"),
    path("awards/<uuid:award_id>/reinstate/", views.award_reinstate, name="award_reinstate"),
]
