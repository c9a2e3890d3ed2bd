"""Addresses of these pages."""

from django.urls import path

from guildmark.web.design import views

urlpatterns = [path("", views.design, name="design")]
