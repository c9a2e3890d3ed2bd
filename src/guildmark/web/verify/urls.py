"""Addresses of these pages."""

from django.urls import URLPattern, path

from guildmark.web.verify import views

urlpatterns: list[URLPattern] = [
    path("verify/", views.verify, name="verify"),
    path("s/<str:token>", views.shared, name="shared"),
    path("s/<str:token>/credential.json", views.shared_json, name="shared_json"),
    path("s/<str:token>/report.json", views.shared_report, name="shared_report"),
    path("s/<str:token>/qr.svg", views.shared_qr, name="shared_qr"),
    path("o/<slug:slug>/did.json", views.did, name="did_document"),
    path("status/<uuid:list_id>", views.status_list, name="status_list"),
    path("a/<uuid:version_id>", views.achievement, name="achievement_public"),
]
