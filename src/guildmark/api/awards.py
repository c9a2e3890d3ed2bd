"""Decisions, awards, the own credentials, sharing and verifying."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from guildmark.achievements.selectors import get_version
from guildmark.api.shapes import (
    Body,
    Listing,
    Paging,
    Shown,
    actor_of,
    answers,
    paged,
    ref,
)
from guildmark.awards import selectors, services
from guildmark.awards.models import Award
from guildmark.awards.verification import verify_text
from guildmark.organizations.selectors import get_person
from guildmark.wallet import selectors as wallet
from guildmark.wallet import services as wallet_services

router = Router(tags=["awards"])


class DecisionIn(Body):
    """Granted or refused; a refusal needs its reason."""

    version: uuid.UUID
    person: uuid.UUID
    outcome: str
    reason: str = ""


class ReasonIn(Body):
    """Why."""

    reason: str


class ShareIn(Body):
    """Until when the link opens; left out: until it is ended."""

    expires_at: dt.datetime | None = None


def show_award(award: Award) -> Shown:
    """An award in an answer."""
    return {
        "id": str(award.id),
        "version": ref(award.version, award.version.name),
        "person": ref(award.person, award.person.name),
        "status": str(award.status_now),
        "reason": award.state_reason,
        "awarded_at": award.awarded_at.isoformat(),
        "valid_until": award.valid_until.isoformat() if award.valid_until else None,
        "is_signed": hasattr(award, "credential"),
    }


@router.get("/decisions", response=answers(list[Shown]), summary="Who waits for a decision")
def waiting(request: HttpRequest) -> Any:
    """Who has passed everything and has not been decided on."""
    return [
        {
            "version": ref(one.version, one.version.name),
            "person": ref(one.person, one.person.name),
        }
        for one in selectors.decisions_waiting(actor_of(request))
    ]


@router.post("/decisions", response=answers(Shown, 201), summary="Decide on an award")
def decide(request: HttpRequest, body: DecisionIn) -> Any:
    """Grant or refuse, on the recorded results."""
    actor = actor_of(request)
    decision = services.decide_award(
        actor=actor,
        version=get_version(actor, body.version),
        person=get_person(actor, body.person),
        outcome=body.outcome,
        reason=body.reason,
    )
    return Status(
        201,
        {
            "id": str(decision.id),
            "outcome": decision.outcome,
            "award": str(decision.award_id) if decision.award_id else None,
        },
    )


@router.get("/awards", response=answers(Listing), summary="Awards")
def list_awards(request: HttpRequest, paging: Query[Paging], status: str = "", q: str = "") -> Any:
    """Visible awards, newest first."""
    found = selectors.list_awards(actor_of(request), status=status, search=q[:200])
    return paged(found, paging, show_award)


@router.get("/awards/{uuid:award_id}", response=answers(Shown), summary="An award")
def get_award(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """An award the actor may see."""
    return show_award(selectors.get_award(actor_of(request), award_id))


@router.post("/awards/{uuid:award_id}/revoke", response=answers(Shown), summary="Revoke")
def revoke(request: HttpRequest, award_id: uuid.UUID, body: ReasonIn) -> Any:
    """End an award for good."""
    actor = actor_of(request)
    award = selectors.get_award(actor, award_id)
    services.revoke_award(actor=actor, award=award, reason=body.reason)
    return show_award(selectors.get_award(actor, award_id))


@router.post("/awards/{uuid:award_id}/suspend", response=answers(Shown), summary="Suspend")
def suspend(request: HttpRequest, award_id: uuid.UUID, body: ReasonIn) -> Any:
    """End an award for the time being."""
    actor = actor_of(request)
    award = selectors.get_award(actor, award_id)
    services.suspend_award(actor=actor, award=award, reason=body.reason)
    return show_award(selectors.get_award(actor, award_id))


@router.post("/awards/{uuid:award_id}/reinstate", response=answers(Shown), summary="Reinstate")
def reinstate(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """Let a suspended award count again."""
    actor = actor_of(request)
    services.reinstate_award(actor=actor, award=selectors.get_award(actor, award_id))
    return show_award(selectors.get_award(actor, award_id))


@router.get("/wallet", response=answers(Listing), summary="The own credentials", tags=["wallet"])
def own(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The awards of the actor's person."""
    return paged(wallet.own_awards(actor_of(request)), paging, show_award)


@router.get(
    "/wallet/{uuid:award_id}/document",
    response=answers(Shown),
    summary="The signed document",
    tags=["wallet"],
)
def document(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """The Open Badges 3.0 credential as signed."""
    credential = wallet.get_own_credential(actor_of(request), award_id)
    return json.loads(credential.document)


@router.post(
    "/wallet/{uuid:award_id}/share", response=answers(Shown, 201), summary="Share", tags=["wallet"]
)
def share(request: HttpRequest, award_id: uuid.UUID, body: ShareIn) -> Any:
    """A link under which anyone may see and verify the credential."""
    actor = actor_of(request)
    link = wallet_services.share_credential(
        actor=actor,
        credential=wallet.get_own_credential(actor, award_id),
        expires_at=body.expires_at,
    )
    return Status(201, {"id": str(link.id), "token": link.token, "path": f"/s/{link.token}"})


@router.delete(
    "/wallet/shares/{uuid:link_id}", response=answers(Shown), summary="End a link", tags=["wallet"]
)
def end_share(request: HttpRequest, link_id: uuid.UUID) -> Any:
    """The link no longer opens."""
    actor = actor_of(request)
    link = wallet.get_own_link(actor, link_id)
    wallet_services.end_share(actor=actor, link=link)
    return {"id": str(link.id), "is_open": False}


@router.post("/verify", response=answers(Shown), summary="Verify a credential", tags=["verify"])
def verify(request: HttpRequest) -> Any:
    """Check the credential in the body, of any issuer, with what this installation knows."""
    return verify_text(request.body.decode("utf-8", "replace")).as_json()
