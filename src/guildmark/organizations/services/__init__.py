"""Writing: organizations, accounts, people, places, tokens. Each verb checks who may."""

from guildmark.organizations.services.accounts import (
    activate_account,
    add_membership,
    change_own_password,
    create_account,
    deactivate_account,
    edit_account,
    link_person,
    set_password,
    set_roles,
)
from guildmark.organizations.services.organizations import create_organization, edit_organization
from guildmark.organizations.services.people import (
    create_person,
    edit_person,
    employ_person,
    end_employment,
)
from guildmark.organizations.services.places import (
    create_position,
    create_shift,
    create_site,
    create_station,
    create_unit,
    edit_unit,
    set_unit_manager,
)
from guildmark.organizations.services.tokens import (
    actor_for_token,
    issue_api_token,
    revoke_api_token,
)
from guildmark.organizations.services.uploads import discard_people_upload, keep_people_upload

__all__ = [
    "activate_account",
    "actor_for_token",
    "add_membership",
    "change_own_password",
    "create_account",
    "create_organization",
    "create_person",
    "create_position",
    "create_shift",
    "create_site",
    "create_station",
    "create_unit",
    "deactivate_account",
    "discard_people_upload",
    "edit_account",
    "edit_organization",
    "edit_person",
    "edit_unit",
    "employ_person",
    "end_employment",
    "issue_api_token",
    "keep_people_upload",
    "link_person",
    "revoke_api_token",
    "set_password",
    "set_roles",
    "set_unit_manager",
]
