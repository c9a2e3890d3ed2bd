"""The own credentials and whom they are shown to."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildmark.api.awards import AwardOut, show_award
from guildmark.api.shapes import Body, Listing, Moment, Paging, actor_of, answers, paged
from guildmark.wallet import selectors, services
from guildmark.wallet.models import ShareLink

router = Router(tags=["wallet"])


class ShareIn(Body):
    """How long to share."""

    expires_at: Moment | None = Field(None, description="Left out: until it is ended.")


class ShareOut(Schema):
    """A link under which anyone may see and verify the credential."""

    id: uuid.UUID
    url: str
    path: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    ended_at: dt.datetime | None


class OwnAwardOut(AwardOut):
    """An own award with its open links."""

    shares: list[ShareOut]


def _share(link: ShareLink) -> ShareOut:
    path = f"/s/{link.token}"
    return ShareOut(
        id=link.id,
        url=f"{settings.PUBLIC_URL}{path}",
        path=path,
        created_at=link.created_at,
        expires_at=link.expires_at,
        ended_at=link.ended_at,
    )


@router.get("/wallet", response=answers(Listing[AwardOut]), summary="The own credentials")
def own(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The awards of the actor's person, newest first."""
    rows = selectors.own_awards(actor_of(request)).select_related("person")
    return paged(rows, paging, show_award)


@router.get("/wallet/{uuid:award_id}", response=answers(OwnAwardOut), summary="An own credential")
def get(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """An own award with its open links."""
    award = selectors.get_own_award(actor_of(request), award_id)
    signed = getattr(award, "credential", None)
    links = selectors.open_links(signed) if signed is not None else ()
    return OwnAwardOut(**show_award(award).dict(), shares=[_share(link) for link in links])


@router.get(
    "/wallet/{uuid:award_id}/document",
    response=answers(dict[str, Any]),
    summary="The signed document",
)
def document(request: HttpRequest, award_id: uuid.UUID) -> Any:
    """The Open Badges 3.0 credential as signed; 404 until it is."""
    credential = selectors.get_own_credential(actor_of(request), award_id)
    return json.loads(credential.document)


@router.post("/wallet/{uuid:award_id}/share", response=answers(ShareOut, 201), summary="Share")
def share(request: HttpRequest, award_id: uuid.UUID, body: ShareIn) -> Any:
    """A link under which anyone may see and verify the credential; at most 20 are open."""
    actor = actor_of(request)
    link = services.share_credential(
        actor=actor,
        credential=selectors.get_own_credential(actor, award_id),
        expires_at=body.expires_at,
    )
    return Status(201, _share(link))


@router.delete("/wallet/shares/{uuid:link_id}", response=answers(ShareOut), summary="End sharing")
def end_share(request: HttpRequest, link_id: uuid.UUID) -> Any:
    """The link no longer opens; ending it again changes nothing."""
    actor = actor_of(request)
    link = selectors.get_own_link(actor, link_id)
    return _share(services.end_share(actor=actor, link=link))
