"""What every test may ask for. CONTRIBUTING.md says which fixture is for what."""

from __future__ import annotations

import os
from collections.abc import Iterator

import django
import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from tests.support import databases
from tests.support.browsers import browser, context, page
from tests.support.network import only_loopback
from tests.support.servers import empty_server, seeded_template, server

__all__ = [
    "browser",
    "context",
    "empty_server",
    "only_loopback",
    "page",
    "seeded_template",
    "server",
]


# A busy machine is slow, not wrong: how long an example takes decides nothing. The same code
# meets the same examples, so a change is judged by what it changed; `make explore` looks for
# new ones.
settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore",
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_configure(config: pytest.Config) -> None:
    """Start this invocation's own PostgreSQL before Django reads its settings.

    Parallel workers of pytest-xdist inherit the controller's environment and share its server.
    """
    if not hasattr(config, "workerinput"):
        config.add_cleanup(databases.start_run())
    # Before collecting, because test modules import models.
    django.setup()


@pytest.fixture(scope="session")
def migrated_template(django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with today's tables and no rows, for cloning."""
    with django_db_blocker.unblock():
        return databases.template("migrated", databases.migrate)


@pytest.fixture(scope="session")
def django_db_setup(migrated_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database that `db` rolls back in: this process's clone."""
    name = databases.clone(migrated_template, databases.new_name("rollback"))
    with django_db_blocker.unblock(), databases.django_on(name), django_db_blocker.block():
        yield
    databases.drop(name)


@pytest.fixture(autouse=True)
def _language_of_its_own() -> Iterator[None]:
    """Django keeps the language of the last request for whoever comes next in the thread."""
    yield
    translation.deactivate()


@pytest.fixture
def own_database(migrated_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of the test's own where commits are real; yields its name.

    For what `db` cannot show because it rolls back: several connections, jobs, processes.
    """
    name = databases.clone(migrated_template, databases.new_name("own"))
    with django_db_blocker.unblock(), databases.django_on(name):
        yield name
    databases.drop(name)
