"""Where each door stands."""

from django.urls import include, path

from guildmark.config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("api/", include("guildmark.api.urls")),
    path("", include("guildmark.web.urls")),
]

handler400 = "guildmark.web.errors.views.unreadable"
handler403 = "guildmark.web.errors.views.no_permission"
handler404 = "guildmark.web.errors.views.not_found"
handler500 = "guildmark.web.errors.views.broken"
