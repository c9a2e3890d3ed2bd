"""The VC-API within the platform: under the organization's key, rules and audit trail."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.audit.models import AuditEvent
from guildmark.awards.models import Award
from guildmark.organizations.models import Role
from tests.api.operations import OPERATIONS
from tests.api.programs import Program
from tests.support import factories
from tests.support.samples import Samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples() -> Samples:
    return Samples()


def program(samples: Samples, *roles: Role) -> Program:
    return Program(factories.actor(samples.organization, *roles))


def body(name: str, samples: Samples) -> Any:
    make = OPERATIONS[f"POST /vc-api/{name}"].body
    assert make is not None
    return make(samples, samples.lead)


def test_what_is_signed_verifies_and_is_in_the_audit_trail(samples: Samples) -> None:
    administrator = program(samples, Role.ADMINISTRATOR)
    answer = administrator.ask(
        "POST", "/vc-api/credentials/issue", body("credentials/issue", samples), expect=201
    )
    made = answer["verifiableCredential"]
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.details["credential"]) == ("issuer.sign", made["id"])
    found = administrator.ask("POST", "/vc-api/credentials/verify", {"verifiableCredential": made})
    assert found == {"verified": True, "problemDetails": []}


def test_what_does_not_verify_is_a_problem(samples: Samples) -> None:
    signed = body("credentials/verify", samples)["verifiableCredential"]
    changed = {"verifiableCredential": signed | {"validUntil": "2999-01-01T00:00:00Z"}}
    worker = program(samples, Role.WORKER)
    response = worker.send("POST", "/vc-api/credentials/verify", changed)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert (told["verified"], told["code"]) == (False, "not_verified")
    assert told["problemDetails"][0]["code"] == "proof.invalid"


def test_neither_anothers_name_nor_a_status_list_is_signed(samples: Samples) -> None:
    administrator = program(samples, Role.ADMINISTRATOR)
    right = body("credentials/issue", samples)["credential"]
    events = AuditEvent.objects.count()
    for change, said in (
        ({"issuer": "did:web:elsewhere.example"}, "this service issues as"),
        ({"type": ["VerifiableCredential", "BitstringStatusListCredential"]}, "by itself alone"),
        ({"nobody": "knows"}, "no context defines nobody"),
    ):
        told = administrator.ask(
            "POST", "/vc-api/credentials/issue", {"credential": right | change}, expect=400
        )
        assert said in told["detail"]
    assert AuditEvent.objects.count() == events


def test_an_award_is_suspended_reinstated_and_revoked(samples: Samples) -> None:
    decider = program(samples, Role.PROGRAMME_OWNER)
    award = samples.award_of(samples.somebody)
    update = body("credentials/status", samples)
    path = "/vc-api/credentials/status"
    decider.ask("POST", path, update)
    award.refresh_from_db()
    assert award.state == Award.State.SUSPENDED
    decider.ask("POST", path, update | {"status": False})
    award.refresh_from_db()
    assert award.state == Award.State.ACTIVE
    revocation = update | {"credentialStatus": {"statusPurpose": "revocation"}}
    decider.ask("POST", path, revocation)
    award.refresh_from_db()
    assert award.state == Award.State.REVOKED
    decider.ask("POST", path, revocation | {"status": False}, expect=409)
    other = {"credentialStatus": {"statusPurpose": "refresh"}}
    decider.ask("POST", path, update | other, expect=400)
    decider.ask("POST", path, update | {"credentialId": "urn:uuid:1"}, expect=404)
    elsewhere = program(Samples(), Role.PROGRAMME_OWNER)
    elsewhere.ask("POST", path, update, expect=404)
