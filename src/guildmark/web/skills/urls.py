"""Addresses of these pages."""

from django.urls import path

from guildmark.web.skills import views

urlpatterns = [
    path("", views.frameworks, name="frameworks"),
    path("mine/", views.my_skills, name="my_skills"),
    path("frameworks/<uuid:framework_id>/", views.framework, name="framework"),
    path("frameworks/<uuid:framework_id>/export/", views.export, name="framework_export"),
    path("<uuid:skill_id>/", views.skill, name="skill"),
]
