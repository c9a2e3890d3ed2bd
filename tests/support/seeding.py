"""Fills a database with the example company: `python -m tests.support.seeding`."""

from __future__ import annotations

import importlib.util

import django

from guildmark.config.environment import data_folder


def main() -> None:
    """Load the example and run every job that it queued."""
    django.setup()
    data_folder().mkdir(parents=True, exist_ok=True)
    if importlib.util.find_spec("guildmark.example.services") is None:
        return
    from django.db import transaction

    from guildmark.example import services
    from tests.support.jobs import run_jobs

    with transaction.atomic():
        services.load()
    with transaction.atomic():
        run_jobs()


if __name__ == "__main__":
    main()
