"""Who may read the audit trail. Nobody may change it."""

from guildmark.organizations.access import declare, has_role
from guildmark.organizations.models import Role

declare("audit.view", has_role(Role.ADMINISTRATOR, Role.AUDITOR))
