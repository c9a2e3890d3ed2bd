"""The main job over the API, from the definition to the gap that has closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guildmark.organizations.models import Role
from guildmark.skills import services as skills
from tests.api.programs import Program
from tests.support import awards, factories
from tests.support.jobs import run_jobs


@pytest.mark.django_db
def test_the_main_job_over_the_api() -> None:
    works = factories.organization()
    awards.issuer(works)
    line = factories.unit(works)
    job = factories.position(works)
    person = factories.person(works, in_unit=line, position=job)
    lead_actor = factories.actor(works, Role.PROGRAMME_OWNER)
    lead = Program(lead_actor)
    worker = Program(factories.actor(works, Role.WORKER, person=person))
    boss = factories.person(works, in_unit=line)
    line.manager = boss
    line.save()
    manager = Program(factories.actor(works, Role.MANAGER, person=boss))
    judge = factories.person(works)
    assessor = Program(factories.actor(works, Role.ASSESSOR, person=judge))
    skill = factories.skill(works)
    factories.iluo()
    role = skills.create_job_role(actor=lead_actor, code="OPR", title="Operator", position=job)
    required = {"skill": str(skill.id), "level": "L", "critical": True}
    lead.ask("POST", f"/job-roles/{role.id}/requirements", required)

    def gaps() -> int:
        rows = manager.ask("GET", "/gaps/units")
        return int(rows["items"][0]["open_gaps"])

    assert gaps() == 1
    version = _publish(lead, str(skill.id))
    _pass_test(worker, version)
    authorization = {"person": str(judge.id), "skill": str(skill.id), "valid_from": "2020-01-01"}
    lead.ask("POST", "/authorizations", authorization, expect=201)
    _pass_practical(assessor, version, str(person.id))

    assert lead.ask("GET", "/decisions")["items"][0]["person"]["id"] == str(person.id)
    decision = {"version": version, "person": str(person.id), "outcome": "granted"}
    award = lead.ask("POST", "/decisions", decision, expect=201)["award"]
    run_jobs()
    assert gaps() == 0

    document = worker.ask("GET", f"/wallet/{award}/document")
    assert worker.ask("POST", "/verify", document)["verified"] is True
    assert lead.ask("GET", f"/awards/{award}/credential") == document
    link = worker.ask("POST", f"/wallet/{award}/share", {}, expect=201)
    assert Client().get(link["path"]).status_code == 200
    assert [one["id"] for one in worker.ask("GET", f"/wallet/{award}")["shares"]] == [link["id"]]
    tampered = {**document, "name": "Another name"}
    assert worker.ask("POST", "/verify", tampered)["verified"] is False

    lead.ask("POST", f"/awards/{award}/revoke", {"reason": "Taken by somebody else"})
    assert worker.ask("POST", "/verify", document)["verified"] is False
    assert worker.ask("GET", "/wallet")["items"][0]["status"] == "revoked"
    assert gaps() == 1
    assert worker.ask("GET", "/gaps/me")["gaps"][0]["held"] == "–"
    worker.ask("DELETE", f"/wallet/shares/{link['id']}")
    assert Client().get(link["path"]).status_code == 410


def _publish(lead: Program, skill: str) -> str:
    body = {
        "code": "ACH",
        "name": "Cell restart",
        "description": "Restart a cell.",
        "criteria": "Restarts a cell alone.",
        "skills": [{"skill": skill, "level": "L"}],
    }
    version = lead.ask("POST", "/achievements", body, expect=201)["id"]
    missing = lead.ask("POST", f"/achievements/{version}/publish", expect=422)
    assert {one["field"] for one in missing["problems"]} == {"test", "rubric"}
    items = [
        {
            "skill": skill,
            "kind": "single",
            "stem": "Which?",
            "options": [{"text": "this", "right": True}, {"text": "that"}],
        },
        {"skill": skill, "kind": "numeric", "stem": "How much?", "number": 5, "tolerance": 0.1},
    ]
    lead.ask("PUT", f"/achievements/{version}/test", {"items": items, "cut_score_percent": 100})
    rubric = {"task": "Do it.", "min_points": 2, "criteria": [{"statement": "Done"}]}
    lead.ask("PUT", f"/achievements/{version}/rubric", rubric)
    assert lead.ask("POST", f"/achievements/{version}/publish")["state"] == "published"
    lead.ask("PATCH", f"/achievements/{version}", {"name": "x"}, expect=409)
    return str(version)


def _pass_test(worker: Program, version: str) -> None:
    attempt = worker.ask("POST", f"/achievements/{version}/attempts", expect=201)["id"]
    questions = worker.ask("GET", f"/attempts/{attempt}")["questions"]
    assert "right" not in str(questions)
    for question in questions:
        answer: Any = "5,05"
        if question["kind"] == "single":
            answer = next(o["id"] for o in question["options"] if o["text"] == "this")
        path = f"/attempts/{attempt}/answers/{question['item']}"
        worker.ask("PUT", path, {"answer": answer})
    assert worker.ask("POST", f"/attempts/{attempt}/submit")["passed"] is True
    assert worker.ask("POST", f"/attempts/{attempt}/submit")["passed"] is True


def _pass_practical(assessor: Program, version: str, person: str) -> None:
    body = {"version": version, "person": person}
    practical = assessor.ask("POST", "/practicals", body, expect=201)["id"]
    kept = assessor.upload(f"/practicals/{practical}/evidence", "notes.txt", b"Seen at R7.\n")
    response = assessor.send("GET", f"/evidence/{kept['id']}")
    assert response.content == b"Seen at R7.\n"
    assert response["Content-Disposition"].startswith("attachment")
    found = assessor.ask("GET", f"/practicals/{practical}")
    for criterion in found["criteria"]:
        path = f"/practicals/{practical}/scores/{criterion['id']}"
        assessor.ask("PUT", path, {"score": 2})
    assert assessor.ask("POST", f"/practicals/{practical}/submit", {})["passed"] is True
