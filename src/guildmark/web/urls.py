"""The pages, each folder its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("guildmark.web.home.urls")),
    path("", include("guildmark.web.account.urls")),
    path("people/", include("guildmark.web.people.urls")),
    path("settings/", include("guildmark.web.settings.urls")),
    path("audit/", include("guildmark.web.audit.urls")),
    path("skills/", include("guildmark.web.skills.urls")),
    path("job-roles/", include("guildmark.web.roles.urls")),
    path("gaps/", include("guildmark.web.gaps.urls")),
    path("achievements/", include("guildmark.web.achievements.urls")),
    path("tests/", include("guildmark.web.exam.urls")),
    path("practicals/", include("guildmark.web.practical.urls")),
    path("", include("guildmark.web.awards.urls")),
    path("wallet/", include("guildmark.web.wallet.urls")),
    path("", include("guildmark.web.verify.urls")),
    path("design/", include("guildmark.web.design.urls")),
]
