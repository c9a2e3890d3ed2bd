"""Places in status lists, and the lists' signed credentials.

A list has 131,072 places, the least that Bitstring Status List 1.0 allows, so that asking for a
list does not tell whose credential is looked at. Places are drawn at random, so that neighbours
in a list say nothing about the order of awards.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from guildmark.awards import addresses, signing
from guildmark.awards.models import Award, IssuerProfile, StatusEntry, StatusList

LENGTH = 131_072
_DRAWN_AT_ONCE = 16
_TRIES = 5


def assign_places(award: Award, profile: IssuerProfile) -> Mapping[str, StatusEntry]:
    """Give the award a random free place in a list of each purpose, by purpose.

    Runs in the transaction of the decision.
    """
    return {purpose: _assign(award, profile, purpose) for purpose in StatusList.Purpose.values}


def _assign(award: Award, profile: IssuerProfile, purpose: str) -> StatusEntry:
    status_list = _open_list(profile, purpose)
    for _ in range(_TRIES):
        index = _free_index(status_list)
        if index is None:
            # Sixteen draws all taken: the list is nearly full, so a new one takes over.
            status_list = _new_list(profile, purpose)
            continue
        try:
            with transaction.atomic():
                return StatusEntry.objects.create(status_list=status_list, award=award, index=index)
        except IntegrityError:
            # Another decision took this place between looking and taking; draw again.
            continue
    raise RuntimeError(f"no free place in status list {status_list.id} after {_TRIES} tries")


def _free_index(status_list: StatusList) -> int | None:
    drawn = {secrets.randbelow(status_list.length) for _ in range(_DRAWN_AT_ONCE)}
    taken = set(status_list.entries.filter(index__in=drawn).values_list("index", flat=True))
    free = drawn - taken
    return secrets.choice(sorted(free)) if free else None


def _open_list(profile: IssuerProfile, purpose: str) -> StatusList:
    found = profile.status_lists.filter(purpose=purpose).order_by("-created_at", "-id").first()
    return found or _new_list(profile, purpose)


def _new_list(profile: IssuerProfile, purpose: str) -> StatusList:
    # The profile's row puts those who find no list in order, so that they open one, not two.
    IssuerProfile.objects.select_for_update(no_key=True).get(id=profile.id)
    for known in profile.status_lists.filter(purpose=purpose).order_by("-created_at", "-id")[:1]:
        if _free_index(known) is not None:
            return known
    made = StatusList(profile=profile, purpose=purpose, length=LENGTH)
    made.url = addresses.status_list_url(made.id)
    made.save(force_insert=True)
    sign_list(made)
    return made


def set_bit(award: Award, purpose: str, *, is_set: bool) -> None:
    """Set or clear the award's bit and sign its list anew, in the caller's transaction.

    Nobody sees the one without the other: page, status list and skill record change together.
    """
    entry = award.status_entries.select_related("status_list").get(status_list__purpose=purpose)
    # Locked before the bits are read, so that of two changes neither signs the other away.
    status_list = StatusList.objects.select_for_update(no_key=True).get(id=entry.status_list_id)
    entry.is_set = is_set
    entry.save(update_fields=["is_set"])
    sign_list(status_list)


def sign_list(status_list: StatusList) -> None:
    """Sign the list's credential with the bits as they are, by the issuer's current key."""
    profile = status_list.profile
    now = timezone.now()
    bits = status_list.entries.filter(is_set=True).values_list("index", flat=True)
    status_list.document = signing.signed_status_list(
        signing.current_key(profile),
        did=profile.did,
        url=status_list.url,
        purpose=status_list.purpose,
        length=status_list.length,
        set_indexes=list(bits),
        now=now,
    )
    status_list.signed_at = now
    status_list.save(update_fields=["document", "signed_at"])
