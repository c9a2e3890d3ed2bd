"""Addresses of these pages."""

from django.urls import path

from guildmark.web.achievements import assessment_views, views

urlpatterns = [
    path("", views.achievements, name="achievements"),
    path("new/", views.achievement_new, name="achievement_new"),
    path("<uuid:version_id>/", views.achievement, name="achievement"),
    path("<uuid:version_id>/edit/", views.achievement_edit, name="achievement_edit"),
    path("<uuid:version_id>/publish/", views.achievement_publish, name="achievement_publish"),
    path("<uuid:version_id>/withdraw/", views.achievement_withdraw, name="achievement_withdraw"),
    path("<uuid:version_id>/draft/", views.achievement_draft, name="achievement_draft"),
    path("<uuid:version_id>/test/", assessment_views.achievement_test, name="achievement_test"),
    path("<uuid:version_id>/test/new/", assessment_views.item_new, name="item_new"),
    path("<uuid:version_id>/test/<uuid:item_id>/", assessment_views.item_edit, name="item_edit"),
    path(
        "<uuid:version_id>/test/<uuid:item_id>/remove/",
        assessment_views.item_remove,
        name="item_remove",
    ),
    path(
        "<uuid:version_id>/test/<uuid:item_id>/move/",
        assessment_views.item_move,
        name="item_move",
    ),
    path(
        "<uuid:version_id>/rubric/", assessment_views.achievement_rubric, name="achievement_rubric"
    ),
]
