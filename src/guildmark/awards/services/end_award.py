"""Revoking, suspending and reinstating: what an award is worth from now on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.awards import status_lists
from guildmark.awards.events import AwardEnded, AwardReinstated, EarnedNot
from guildmark.awards.models import Award, StatusList
from guildmark.errors import ConflictError, InvalidError
from guildmark.events import publish
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.texts import require_readable

MAX_REASON = 500


def revoke_award(*, actor: Actor, award: Award, reason: str) -> Award:
    """End the award for good, for a reason. Sent once more with the same reason, it stays so.

    Raises InvalidError without a reason, ConflictError when it is revoked for another.
    """
    require(actor, "awards.revoke", award)
    reason = checked_reason(reason)
    with transaction.atomic():
        locked = _lock(award)
        if locked.state == Award.State.REVOKED:
            if locked.state_reason != reason:
                raise ConflictError(
                    _("This award has been revoked already, for this reason: %(reason)s")
                    % {"reason": locked.state_reason}
                )
            return locked
        _end(actor, locked, Award.State.REVOKED, StatusList.Purpose.REVOCATION, reason)
    return locked


def suspend_award(*, actor: Actor, award: Award, reason: str) -> Award:
    """Let the award not count for the time being, for a reason.

    Sent once more with the same reason, it stays so.

    Raises InvalidError without a reason, ConflictError unless the award is active.
    """
    require(actor, "awards.suspend", award)
    reason = checked_reason(reason)
    with transaction.atomic():
        locked = _lock(award)
        if locked.state == Award.State.SUSPENDED and locked.state_reason == reason:
            return locked
        if locked.state != Award.State.ACTIVE:
            raise ConflictError(_("Only a valid award can be suspended."))
        _end(actor, locked, Award.State.SUSPENDED, StatusList.Purpose.SUSPENSION, reason)
    return locked


def reinstate_award(*, actor: Actor, award: Award) -> Award:
    """Let a suspended award count again. Sent once more, it stays so.

    Raises ConflictError for any other: a revoked award never comes back, it is earned anew.
    """
    require(actor, "awards.reinstate", award)
    with transaction.atomic():
        locked = _lock(award)
        if locked.state == Award.State.ACTIVE and locked.state_changed_at is not None:
            return locked
        if locked.state != Award.State.SUSPENDED:
            raise ConflictError(
                _("Only a suspended award can be reinstated; a revoked one is earned anew.")
            )
        before = locked.state_reason
        _write_state(locked, Award.State.ACTIVE, "")
        status_lists.set_bit(locked, StatusList.Purpose.SUSPENSION, is_set=False)
        audit.record(
            actor=actor,
            action="awards.reinstate",
            target=locked,
            details={"suspended_for": before},
        )
        publish(AwardReinstated(organization_id=locked.organization_id, award_id=locked.id))
    return locked


def checked_reason(reason: str) -> str:
    """The reason without the blanks around it. Raises InvalidError when empty or too long."""
    reason = reason.strip()
    if not reason:
        raise InvalidError.of(
            "reason", reason, _("Say why; the reason is kept and the holder can read it.")
        )
    if len(reason) > MAX_REASON:
        raise InvalidError.of("reason", reason, _("Use at most 500 characters."))
    require_readable(paragraphs={"reason": reason})
    return reason


def _end(
    actor: Actor, award: Award, state: Award.State, purpose: StatusList.Purpose, reason: str
) -> None:
    before = award.state
    _write_state(award, state, reason)
    status_lists.set_bit(award, purpose, is_set=True)
    audit.record(
        actor=actor,
        action="awards.revoke" if state == Award.State.REVOKED else "awards.suspend",
        target=award,
        details={"reason": reason, "state_before": before},
    )
    publish(AwardEnded(organization_id=award.organization_id, award_id=award.id))
    if state == Award.State.REVOKED:
        publish(
            EarnedNot(
                organization_id=award.organization_id,
                person_id=award.person_id,
                version_id=award.version_id,
                reason="The award was revoked.",
            )
        )


def _write_state(award: Award, state: Award.State, reason: str) -> None:
    award.state = state
    award.state_reason = reason
    award.state_changed_at = timezone.now()
    award.save(update_fields=["state", "state_reason", "state_changed_at"])


def _lock(award: Award) -> Award:
    return (
        Award.objects.select_for_update(no_key=True, of=("self",))
        .select_related("version", "person", "organization")
        .get(id=award.id)
    )
