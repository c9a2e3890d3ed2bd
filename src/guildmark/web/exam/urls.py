"""Addresses of these pages."""

from django.urls import path

from guildmark.web.exam import views

urlpatterns = [
    path("start/<uuid:version_id>/", views.exam_start, name="exam_start"),
    path("<uuid:attempt_id>/", views.exam, name="exam"),
    path("<uuid:attempt_id>/answer/", views.exam_save, name="exam_save"),
    path("<uuid:attempt_id>/hand-in/", views.exam_submit, name="exam_submit"),
    path("<uuid:attempt_id>/result/", views.exam_result, name="exam_result"),
    path("<uuid:attempt_id>/again/", views.exam_again, name="exam_again"),
]
