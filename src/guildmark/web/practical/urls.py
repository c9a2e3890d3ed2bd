"""Addresses of these pages."""

from django.urls import path

from guildmark.web.practical import authorization_views, views

urlpatterns = [
    path("", views.practicals, name="practicals"),
    path("start/", views.practical_start, name="practical_start"),
    path("authorizations/", authorization_views.authorizations, name="authorizations"),
    path(
        "authorizations/<uuid:authorization_id>/end/",
        authorization_views.authorization_end,
        name="authorization_end",
    ),
    path("evidence/<uuid:file_id>/", views.evidence, name="evidence"),
    path("<uuid:practical_id>/", views.practical, name="practical"),
    path("<uuid:practical_id>/score/", views.practical_save, name="practical_save"),
    path("<uuid:practical_id>/evidence/", views.practical_evidence, name="practical_evidence"),
    path("<uuid:practical_id>/hand-in/", views.practical_submit, name="practical_submit"),
]
