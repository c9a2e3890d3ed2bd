"""Who may do what with achievements."""

from __future__ import annotations

from guildmark.organizations.access import anyone, declare, has_role
from guildmark.organizations.models import Role

declare("achievements.view", anyone)
declare(
    "achievements.view_drafts",
    has_role(Role.PROGRAMME_OWNER, Role.QUALITY_REVIEWER, Role.AUDITOR),
)
declare("achievements.edit", has_role(Role.PROGRAMME_OWNER))
declare("achievements.publish", has_role(Role.PROGRAMME_OWNER))
