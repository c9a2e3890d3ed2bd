"""Check that the models and the migrations say the same; needs no database."""

from __future__ import annotations

import os
import sys
import tempfile

import django
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def main() -> None:
    """Exit with the missing changes' names when there are any."""
    loader = MigrationLoader(None)
    if conflicts := loader.detect_conflicts():
        sys.exit(f"two migrations follow the same one: {conflicts}")
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("guildmark.")}
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    missing = {
        label: [operation.describe() for change in changes for operation in change.operations]
        for label, changes in detector.changes(graph=loader.graph).items()
        if label in ours
    }
    if missing:
        sys.exit(f"models changed without a migration (guildmark manage makemigrations): {missing}")
    call_command("check")
    print("Models and migrations agree")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GUILDMARK_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "guildmark.config.settings"
        django.setup()
        main()
