"""Who may call which operation of the API. Read by test_matrix.py.

An entry says, for an operation, who may call it for an object that is somebody else's (`roles`)
and how to make such an object (`sample`). Where it matters whose it is, `own_roles` says who may
call it for their own. `body` makes a body that is right, for the actor who asks. An operation that
is missing fails the test.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guildmark.credentials import KeyType, LocalSigner, PrivateKey, add_proof
from guildmark.credentials.identifiers.did import did_key
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from tests.permissions_table import AD, AS, AU, EVERYBODY, NOBODY, PO, QR, M
from tests.support import awards, factories
from tests.support import samples as made
from tests.support.samples import Sample, Samples

STAFF = frozenset({PO, QR, AD, AU})
PLACES = frozenset({AS, M, PO, QR, AD, AU})
IMPORTERS = frozenset({PO, AD})
ACCOUNTS = frozenset({AD, AU})
TRAINING_LEAD = frozenset({PO})
ASSESSOR = frozenset({AS})
SEES_ALL = frozenset({PO, QR, AU})
DECIDES = frozenset({PO, QR})
PRACTICALS = ASSESSOR | SEES_ALL
AWARDS = SEES_ALL | {M}
MakeBody = Callable[[Samples, Actor], Any]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Who may call an operation; may means: neither 'not allowed' nor 'not there'."""

    roles: frozenset[Role]
    sample: Sample | None = None
    own_roles: frozenset[Role] | None = None
    body: MakeBody | None = None
    upload: tuple[str, bytes] | None = None
    is_public: bool = False


def constant(body: Any) -> MakeBody:
    return lambda _samples, _actor: body


def _employment(samples: Samples, _actor: Actor) -> Any:
    return {
        "unit": factories.unit(samples.organization).id,
        "position": factories.position(samples.organization).id,
        "manager": factories.person(samples.organization).id,
        "starts_on": "2100-01-01",
    }


def _skill(samples: Samples) -> uuid.UUID:
    factories.iluo()
    return factories.skill(samples.organization).id


def _attested(samples: Samples, _actor: Actor) -> Any:
    return {"skills": [{"skill": _skill(samples), "level": "L"}]}


def _required(samples: Samples, _actor: Actor) -> Any:
    return {"skill": _skill(samples), "level": "L"}


def _question(samples: Samples, _actor: Actor) -> Any:
    return {"skill": _skill(samples), "kind": "numeric", "stem": "?", "number": 1, "tolerance": 0}


def _test(samples: Samples, actor: Actor) -> Any:
    known = samples.draft.test.test_items.all()[0].item_id
    return {"item_ids": [known], "items": [_question(samples, actor)]}


def _achievement(samples: Samples, actor: Actor) -> Any:
    return {"code": f"A-{uuid.uuid4().hex[:8]}", "name": "A", **_attested(samples, actor)}


def _role(samples: Samples, _actor: Actor) -> Any:
    position = factories.position(samples.organization).id
    return {"code": f"R-{uuid.uuid4().hex[:8]}", "title": "R", "position": position}


def _practical(samples: Samples, actor: Actor) -> Any:
    samples.authorize(actor.person, samples.published.skills.get().skill_id)
    return {"version": samples.published.id, "person": samples.somebody.id}


def _authorization(samples: Samples, _actor: Actor) -> Any:
    person = samples.somebody.id
    return {"person": person, "skill": _skill(samples), "valid_from": "2026-01-01"}


def _decision(samples: Samples, _actor: Actor) -> Any:
    version = awards.version(samples.organization)
    awards.passed(version, samples.somebody)
    names = {"version": version.id, "person": samples.somebody.id}
    return names | {"outcome": "refused", "reason": "Not yet."}


def _credential(issuer: str) -> Any:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:0b0f6a3a-6d34-4a2c-8f9d-5b8f9f3f0f10",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": "urn:uuid:1c2a4a0e-7e55-4cfd-8a44-3a6ff1ef2c0a"},
    }


def _signed_by_somebody(kind: KeyType, suite: str) -> Any:
    key = PrivateKey.generate(kind)
    issuer = did_key(key.public)
    signer = LocalSigner(key, verification_method=f"{issuer}#{key.public.to_multikey()}")
    now = dt.datetime.now(dt.UTC)
    return add_proof(_credential(issuer), signer=signer, created=now, suite=suite)


def _to_be_signed(samples: Samples, _actor: Actor) -> Any:
    return {"credential": _credential(samples.organization.issuer_profile.did)}


def _signed(_samples: Samples, _actor: Actor) -> Any:
    return {"verifiableCredential": _signed_by_somebody(KeyType.ED25519, "eddsa-rdfc-2022")}


def _presentation(samples: Samples, actor: Actor) -> Any:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [_signed(samples, actor)["verifiableCredential"]],
    }
    return {"presentation": presentation}


def _selective(_samples: Samples, _actor: Actor) -> Any:
    signed = _signed_by_somebody(KeyType.P256, "ecdsa-sd-2023")
    options = {"selectivePointers": ["/credentialSubject"]}
    return {"verifiableCredential": signed, "options": options}


def _suspension(samples: Samples, _actor: Actor) -> Any:
    credential = samples.award_of(samples.somebody).credential
    return {
        "credentialId": f"urn:uuid:{credential.id}",
        "credentialStatus": {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "suspension",
        },
    }


REASON = constant({"reason": "Why"})
PERSON = constant({"number": "N-1", "family_name": "Nowak"})
RUBRIC = constant({"task": "Do it.", "min_points": 1, "criteria": [{"statement": "Done"}]})

OPERATIONS: dict[str, Operation] = {
    "GET /me": Operation(roles=EVERYBODY),
    # people
    "GET /people": Operation(roles=PLACES),
    "POST /people": Operation(roles=IMPORTERS, body=PERSON),
    "GET /people/{person_id}": Operation(roles=STAFF, sample=made.person, own_roles=EVERYBODY),
    "PUT /people/{person_id}": Operation(
        roles=IMPORTERS, sample=made.person, own_roles=IMPORTERS, body=PERSON
    ),
    "POST /people/{person_id}/employments": Operation(
        roles=IMPORTERS, sample=made.person, own_roles=IMPORTERS, body=_employment
    ),
    "POST /employments/{employment_id}/end": Operation(
        roles=IMPORTERS, sample=made.employment, body=constant({"ends_on": "2100-01-01"})
    ),
    "POST /people/import": Operation(
        roles=IMPORTERS, upload=("hr.csv", b"number,family_name\n1,A\n")
    ),
    "GET /units": Operation(roles=PLACES),
    "GET /units/{unit_id}": Operation(roles=PLACES, sample=made.unit),
    # skills, job roles, gaps
    "GET /frameworks": Operation(roles=EVERYBODY),
    "GET /frameworks/{framework_id}/export": Operation(roles=EVERYBODY, sample=made.framework),
    "GET /skills": Operation(roles=EVERYBODY),
    "GET /skills/{skill_id}": Operation(roles=EVERYBODY, sample=made.skill),
    "GET /job-roles": Operation(roles=EVERYBODY),
    "POST /job-roles": Operation(roles=TRAINING_LEAD, body=_role),
    "GET /job-roles/{role_id}": Operation(roles=EVERYBODY, sample=made.job_role),
    "POST /job-roles/{role_id}/requirements": Operation(
        roles=TRAINING_LEAD,
        sample=made.job_role,
        body=_required,
    ),
    "DELETE /job-roles/{role_id}/requirements/{skill_id}": Operation(
        roles=TRAINING_LEAD, sample=made.required_skill
    ),
    "GET /occupations": Operation(roles=EVERYBODY),
    "POST /occupations/{role_id}/adopt": Operation(
        roles=TRAINING_LEAD, sample=made.occupation, body=_role
    ),
    "GET /gaps/units": Operation(roles=STAFF),
    "GET /gaps/units/{unit_id}": Operation(roles=STAFF, sample=made.unit),
    "GET /gaps/people/{person_id}": Operation(roles=STAFF, sample=made.person, own_roles=EVERYBODY),
    "GET /gaps/me": Operation(roles=EVERYBODY),
    # achievements, their tests and rubrics
    "GET /achievements": Operation(roles=EVERYBODY),
    "POST /achievements": Operation(roles=TRAINING_LEAD, body=_achievement),
    "GET /achievements/{version_id}": Operation(roles=EVERYBODY, sample=made.published),
    "PATCH /achievements/{version_id}": Operation(
        roles=TRAINING_LEAD,
        sample=made.draft,
        body=_attested,
    ),
    "POST /items": Operation(roles=TRAINING_LEAD, body=_question),
    "GET /items/{item_id}": Operation(roles=SEES_ALL, sample=made.question),
    "GET /achievements/{version_id}/test": Operation(roles=SEES_ALL, sample=made.published),
    "PUT /achievements/{version_id}/test": Operation(
        roles=TRAINING_LEAD, sample=made.draft, body=_test
    ),
    "GET /achievements/{version_id}/rubric": Operation(roles=SEES_ALL, sample=made.published),
    "PUT /achievements/{version_id}/rubric": Operation(
        roles=TRAINING_LEAD, sample=made.draft, body=RUBRIC
    ),
    "POST /achievements/{version_id}/publish": Operation(roles=TRAINING_LEAD, sample=made.draft),
    "POST /achievements/{version_id}/withdraw": Operation(
        roles=TRAINING_LEAD, sample=made.published
    ),
    "POST /achievements/{version_id}/draft": Operation(roles=TRAINING_LEAD, sample=made.published),
    # taking a test: one's own alone; a result is also for who sees all
    "POST /achievements/{version_id}/attempts": Operation(roles=EVERYBODY, sample=made.published),
    "GET /attempts": Operation(roles=EVERYBODY),
    "GET /attempts/{attempt_id}": Operation(roles=NOBODY, sample=made.attempt, own_roles=EVERYBODY),
    "GET /attempts/{attempt_id}/result": Operation(
        roles=SEES_ALL, sample=made.attempt, own_roles=EVERYBODY
    ),
    "PUT /attempts/{attempt_id}/answers/{item_id}": Operation(
        roles=NOBODY,
        sample=made.answer,
        own_roles=EVERYBODY,
        body=constant({"answer": None}),
    ),
    "POST /attempts/{attempt_id}/submit": Operation(
        roles=NOBODY, sample=made.attempt, own_roles=EVERYBODY
    ),
    # assessing: the assessor's own alone; who is assessed and who sees all may look
    "GET /practicals": Operation(roles=PRACTICALS),
    "POST /practicals": Operation(roles=ASSESSOR, body=_practical),
    "GET /practicals/{practical_id}": Operation(
        roles=SEES_ALL, sample=made.practical_of, own_roles=EVERYBODY
    ),
    "PUT /practicals/{practical_id}/scores/{criterion_id}": Operation(
        roles=NOBODY,
        sample=made.criterion_by,
        own_roles=ASSESSOR,
        body=constant({"score": 2}),
    ),
    "POST /practicals/{practical_id}/evidence": Operation(
        roles=NOBODY,
        sample=made.practical_by,
        own_roles=ASSESSOR,
        upload=("notes.txt", b"Seen at the cell.\n"),
    ),
    "POST /practicals/{practical_id}/submit": Operation(
        roles=NOBODY,
        sample=made.practical_by,
        own_roles=ASSESSOR,
        body=constant({}),
    ),
    "GET /evidence/{file_id}": Operation(roles=SEES_ALL, sample=made.evidence, own_roles=EVERYBODY),
    "GET /authorizations": Operation(roles=SEES_ALL),
    "POST /authorizations": Operation(roles=TRAINING_LEAD, body=_authorization),
    "POST /authorizations/{authorization_id}/end": Operation(
        roles=TRAINING_LEAD, sample=made.authorization
    ),
    # awards: nobody lets their own count again
    "GET /decisions": Operation(roles=DECIDES),
    "POST /decisions": Operation(roles=DECIDES, body=_decision),
    "GET /awards": Operation(roles=AWARDS),
    "GET /awards/{award_id}": Operation(roles=SEES_ALL, sample=made.award, own_roles=EVERYBODY),
    "GET /awards/{award_id}/credential": Operation(
        roles=SEES_ALL, sample=made.award, own_roles=EVERYBODY
    ),
    "POST /awards/{award_id}/revoke": Operation(
        roles=DECIDES, sample=made.award, own_roles=DECIDES, body=REASON
    ),
    "POST /awards/{award_id}/suspend": Operation(
        roles=DECIDES, sample=made.award, own_roles=DECIDES, body=REASON
    ),
    "POST /awards/{award_id}/reinstate": Operation(
        roles=DECIDES, sample=made.award, own_roles=NOBODY
    ),
    # the wallet is its holder's
    "GET /wallet": Operation(roles=EVERYBODY),
    "GET /wallet/{award_id}": Operation(roles=NOBODY, sample=made.award, own_roles=EVERYBODY),
    "GET /wallet/{award_id}/document": Operation(
        roles=NOBODY, sample=made.award, own_roles=EVERYBODY
    ),
    "POST /wallet/{award_id}/share": Operation(
        roles=NOBODY, sample=made.award, own_roles=EVERYBODY, body=constant({})
    ),
    "DELETE /wallet/shares/{link_id}": Operation(
        roles=NOBODY, sample=made.link, own_roles=EVERYBODY
    ),
    "POST /verify": Operation(roles=EVERYBODY, body=constant({}), is_public=True),
    # the VC-API: whoever has a token may check; to sign anything is for who keeps the keys
    "POST /vc-api/credentials/issue": Operation(roles=frozenset({AD}), body=_to_be_signed),
    "POST /vc-api/credentials/verify": Operation(roles=EVERYBODY, body=_signed),
    "POST /vc-api/credentials/derive": Operation(roles=EVERYBODY, body=_selective),
    "POST /vc-api/credentials/status": Operation(roles=DECIDES, body=_suspension),
    "POST /vc-api/presentations/verify": Operation(roles=EVERYBODY, body=_presentation),
    "GET /audit": Operation(roles=ACCOUNTS),
}
