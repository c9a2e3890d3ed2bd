"""Addresses of these pages."""

from django.urls import path

from guildmark.web.roles import views

urlpatterns = [
    path("", views.job_roles, name="job_roles"),
    path("new/", views.job_role_new, name="job_role_new"),
    path("occupations/", views.occupations, name="occupations"),
    path("occupations/<uuid:role_id>/adopt/", views.job_role_adopt, name="job_role_adopt"),
    path("<uuid:role_id>/", views.job_role, name="job_role"),
    path("<uuid:role_id>/edit/", views.job_role_edit, name="job_role_edit"),
    path("requirements/<int:requirement_id>/", views.requirement, name="requirement"),
    path(
        "requirements/<int:requirement_id>/remove/",
        views.requirement_remove,
        name="requirement_remove",
    ),
]
