"""The whole platform is killed while a test is taken and while an award is made; nothing is lost.

`guildmark run` with its web server and worker is ended by SIGKILL, all at once, while requests
wait on locks that the test holds: so it dies in the very middle, every time.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from guildmark.assessment.models import Attempt
from guildmark.audit.models import AuditEvent
from guildmark.awards.models import Award, Credential, Decision
from guildmark.jobs.tasks import resume_stalled
from guildmark.organizations.actor import Actor
from guildmark.skills.models import SkillRecord
from tests.api.programs import token_of
from tests.support import assessment, awards, databases, factories
from tests.support.assessment import right_answer
from tests.support.programs import Program, operator_environment, processes_of, running
from tests.support.servers import free_port

PATIENCE = 60.0


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.02)


class Installation:
    """`guildmark run` on a data folder of its own, over the test's database."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database, self.folder, self.port = database, folder, free_port()
        self._starts = 0

    @contextmanager
    def started(self) -> Iterator[Program]:
        """Run it; what the last one left behind is all it finds."""
        environment = operator_environment(
            self.folder / "data",
            GUILDMARK_DATABASE_URL=databases.database_url(self.database),
            GUILDMARK_SECRET_KEY=os.environ["GUILDMARK_SECRET_KEY"],
            GUILDMARK_PORT=str(self.port),
        )
        self._starts += 1
        log = self.folder / f"start-{self._starts}.log"
        with running("run", "--no-example", env=environment, log=log) as program:
            program.wait_for("Stop with Ctrl-C")
            yield program

    def kill(self, program: Program) -> None:
        """Everything of it at once, as when the power goes."""
        for pid in processes_of(self.folder / "data"):
            os.kill(pid, signal.SIGKILL)
        program.process.wait(PATIENCE)
        until(lambda: not processes_of(self.folder / "data"))

    def call(self, secret: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Call the API."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            line.request(
                method,
                f"/api/v1{path}",
                None if body is None else json.dumps(body, default=str),
                {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
            )
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    def begin(self, *call: Any) -> threading.Thread:
        """Call the API from another thread; its answer will never come."""

        def lost() -> None:
            with pytest.raises((OSError, http.client.HTTPException)):
                self.call(*call)

        thread = threading.Thread(target=lost)
        thread.start()
        return thread

    @contextmanager
    def held_up(self, *statements: str) -> Iterator[Callable[[int], None]]:
        """Hold locks meanwhile; yields what waits until so many of the platform are held up."""
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

        def held(count: int) -> None:
            with connection.cursor() as cursor:

                def are() -> bool:
                    cursor.execute(waiting)
                    row = cursor.fetchone()
                    return row is not None and row[0] >= count

                until(are)

        with psycopg.connect(databases.database_url(self.database)) as holder:
            for statement in statements:
                holder.execute(statement)
            yield held
            holder.rollback()


def secret_of(actor: Actor) -> str:
    return token_of(actor)[1]


def test_killed_in_the_middle_of_a_test_and_of_an_award(own_database: str, tmp_path: Path) -> None:
    world = assessment.world()
    awards.issuer(world.organization)
    other = factories.person(world.organization)
    awards.passed(world.version, other)
    worker, lead = secret_of(world.worker), secret_of(world.lead)
    place = Installation(own_database, tmp_path)
    first, second, third = world.items
    decision = {"version": world.version.id, "outcome": "granted"}
    for_other = decision | {"person": other.id}
    for_worker = decision | {"person": world.person.id}
    answered: dict[str, Any] = {}

    with place.started() as program:
        status, attempt = place.call(
            worker, "POST", f"/achievements/{world.version.id}/attempts", {}
        )
        assert status == 201
        path = f"/attempts/{attempt['id']}"
        for item in (first, second):
            given = {"answer": right_answer(item)}
            status, kept = place.call(worker, "PUT", f"{path}/answers/{item.id}", given)
            assert status == 200
            # Several right answers stand in the order of the page.
            assert sorted(kept["answer"]) == sorted(given["answer"])
            answered[str(item.id)] = kept["answer"]
        with place.held_up(
            "SELECT 1 FROM assessment_response WHERE answer IS NULL FOR UPDATE",
            "SELECT 1 FROM audit_auditchain FOR UPDATE",
        ) as held:
            last = {"answer": right_answer(third)}
            threads = [
                place.begin(worker, "PUT", f"{path}/answers/{third.id}", last),
                place.begin(lead, "POST", "/decisions", for_other),
            ]
            held(2)
            place.kill(program)
            for thread in threads:
                thread.join(PATIENCE)

    with place.started() as program:
        # Answers as given; the one on its way is not there, and the award is not there in halves.
        _status, found = place.call(worker, "GET", path)
        stand = {one["item"]: one["answer"] for one in found["questions"]}
        assert stand == answered | {str(third.id): None}
        assert (Decision.objects.count(), Award.objects.count()) == (0, 0)
        assert place.call(worker, "PUT", f"{path}/answers/{third.id}", last) == (200, last)
        _status, result = place.call(worker, "POST", f"{path}/submit", {})
        assert (result["points"], result["passed"]) == (3, True)
        practical = world.begin()
        world.score(practical, 2, 2)
        assessment.services.submit_practical(actor=world.assessor, practical=practical)
        with place.held_up("LOCK TABLE awards_credential IN ACCESS EXCLUSIVE MODE") as held:
            status, made = place.call(lead, "POST", "/decisions", for_worker)
            assert status == 201
            held(1)
            place.kill(program)
        assert not Credential.objects.exists()

    with place.started() as program:
        # The lead never saw the answer and sends it again.
        assert place.call(lead, "POST", "/decisions", for_worker) == (201, made)
        assert place.call(lead, "POST", "/decisions", for_other)[0] == 201
        with connection.cursor() as cursor:
            # As if the killed worker's last sign of life were long ago: that would take 20 s.
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'"
                " WHERE id NOT IN (SELECT id FROM procrastinate_workers ORDER BY id DESC LIMIT 1)"
            )
        with suppress(AlreadyEnqueued):
            resume_stalled.defer()
        until(lambda: Credential.objects.count() == 2)
        for person in (world.person, other):
            award = Award.objects.get(person=person)
            assert AuditEvent.objects.filter(action="awards.grant", object_id=award.id).count() == 1
            assert SkillRecord.objects.get(source_id=award.id).withdrawn_at is None
            credential = Credential.objects.get(award=award)
            _status, report = place.call(lead, "POST", "/verify", json.loads(credential.document))
            assert report["verified"] is True, report
        assert Attempt.objects.get(id=attempt["id"]).points == 3
        assert program.send(signal.SIGTERM) == 0
