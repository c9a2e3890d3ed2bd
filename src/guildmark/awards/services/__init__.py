"""What may be written in the awards room, one file a verb."""

from guildmark.awards.issuing import sign_award
from guildmark.awards.services.decide_award import decide_award
from guildmark.awards.services.end_award import reinstate_award, revoke_award, suspend_award
from guildmark.awards.services.issue_credential import issue_credential
from guildmark.awards.services.issuer_profile import (
    create_issuer_profile,
    edit_issuer_profile,
    rotate_key,
)

__all__ = [
    "create_issuer_profile",
    "decide_award",
    "edit_issuer_profile",
    "issue_credential",
    "reinstate_award",
    "revoke_award",
    "rotate_key",
    "sign_award",
    "suspend_award",
]
