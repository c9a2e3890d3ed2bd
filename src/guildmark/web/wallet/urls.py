"""Addresses of these pages."""

from django.urls import URLPattern, path

from guildmark.web.wallet import views

urlpatterns: list[URLPattern] = [
    path("", views.wallet, name="wallet"),
    path("<uuid:identifier>/", views.credential, name="wallet_credential"),
    path("<uuid:identifier>/share/", views.share, name="wallet_share"),
    path("<uuid:identifier>/download/", views.download, name="wallet_download"),
    path("links/<uuid:link_id>/end/", views.share_end, name="wallet_share_end"),
]
