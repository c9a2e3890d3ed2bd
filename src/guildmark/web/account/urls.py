"""Signing in and out, choosing language and organization."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.i18n import set_language

from guildmark.web.account import views

urlpatterns = [
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("language/", set_language, name="set_language"),
    path("organization/", views.switch_organization, name="switch_organization"),
]
