"""Two at the same instant, on connections of their own."""

from __future__ import annotations

import threading

from django.db import connection

from guildmark.awards import tasks
from guildmark.awards.models import Award, Credential, Decision
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from tests.support import awards, factories


def test_two_at_the_same_time_give_one_award(own_database: str) -> None:
    world = awards.world()
    second = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    outcomes: list[object] = []
    start = threading.Barrier(2)

    def decide(actor: Actor) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(world.decide(actor=actor))
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in (world.lead, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConflictError", "Decision"]
    assert Award.objects.count() == 1
    assert Decision.objects.count() == 1


def test_a_credential_signed_by_two_workers_at_once_is_one(own_database: str) -> None:
    award = awards.world().grant()
    start = threading.Barrier(2)
    failures: list[Exception] = []

    def sign() -> None:
        try:
            start.wait(timeout=10)
            tasks.sign_credential(award_id=str(award.id))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert Credential.objects.count() == 1
