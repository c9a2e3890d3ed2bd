"""A program that sends once more what was done, as after a lost connection."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from guildmark.awards.models import Award, Decision
from tests.api.programs import Program
from tests.support import assessment, awards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def test_decisions_and_revocations() -> None:
    world = awards.world()
    program = Program(world.lead)
    body = {"version": world.version.id, "person": world.person.id, "outcome": "granted"}
    made = program.ask("POST", "/decisions", body, expect=201)
    assert program.ask("POST", "/decisions", body, expect=201) == made
    other = body | {"outcome": "refused", "reason": "No."}
    refused = program.ask("POST", "/decisions", other, expect=409)
    assert refused["code"] == "already_decided"
    assert "granted" in refused["detail"]
    assert (Decision.objects.count(), Award.objects.count()) == (1, 1)
    revoke = f"/awards/{made['award']}/revoke"
    ended = program.ask("POST", revoke, {"reason": "Error."})
    assert program.ask("POST", revoke, {"reason": "Error."}) == ended
    told = program.ask("POST", revoke, {"reason": "Other."}, expect=409)
    assert "Error." in told["detail"]


def test_handing_in() -> None:
    world = assessment.world()
    worker, assessor = Program(world.worker), Program(world.assessor)
    attempt = world.start()
    path = f"/attempts/{attempt.id}/submit"
    assert worker.ask("POST", path, {}) == worker.ask("POST", path, {})
    practical = world.begin()
    world.score(practical, 2, 2)
    path, body = f"/practicals/{practical.id}/submit", {"comment": "Calm"}
    assert assessor.ask("POST", path, body) == assessor.ask("POST", path, body)
    assert assessor.ask("POST", path, {"comment": "Hurried"}, expect=409)["code"] == "conflict"
