"""Addresses of these pages."""

from django.urls import path

from guildmark.web.audit import views

urlpatterns = [path("", views.audit, name="audit")]
