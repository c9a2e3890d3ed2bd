"""Everything that an audit event can say was done.

The type checker refuses an action that is not written here, and a test asks for its plain words
(`web/audit/words.py`). Actions are never renamed: old events keep their names.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

OrganizationsAction: TypeAlias = Literal[
    "organization.create",
    "organization.edit",
    "account.create",
    "account.join",
    "account.edit",
    "account.roles",
    "account.person",
    "account.password",
    "account.activate",
    "account.deactivate",
    "people.add",
    "people.edit",
    "people.employ",
    "people.leave",
    "people.import",
    "site.create",
    "unit.create",
    "unit.edit",
    "unit.manager",
    "station.create",
    "shift.create",
    "position.create",
    "token.issue",
    "token.revoke",
]
SkillsAction: TypeAlias = Literal[
    "frameworks.import",
    "job_roles.create",
    "job_roles.adopt",
    "job_roles.edit",
    "job_roles.require",
    "job_roles.release",
    "skill_records.observation",
    "skill_records.self_claim",
]
AchievementsAction: TypeAlias = Literal[
    "achievements.create",
    "achievements.edit",
    "achievements.attest",
    "achievements.draft",
    "achievements.publish",
    "achievements.withdraw",
]
AssessmentAction: TypeAlias = Literal[
    "tests.create_item",
    "tests.replace_item",
    "tests.set",
    "tests.set_rubric",
    "tests.open_answers",
    "attempts.start",
    "attempts.submit",
    "attempts.grant",
    "authorizations.grant",
    "authorizations.end",
    "practicals.start",
    "practicals.add_evidence",
    "practicals.submit",
]
AwardsAction: TypeAlias = Literal[
    "awards.grant",
    "awards.refuse",
    "awards.supersede",
    "awards.suspend",
    "awards.reinstate",
    "awards.revoke",
    "issuer.create",
    "issuer.edit",
    "issuer.rotate_key",
    "issuer.sign",
]
WalletAction: TypeAlias = Literal["wallet.share", "wallet.end_share"]

Action: TypeAlias = (
    OrganizationsAction
    | SkillsAction
    | AchievementsAction
    | AssessmentAction
    | AwardsAction
    | WalletAction
)
ACTIONS: tuple[Action, ...] = tuple(
    action for of_a_room in get_args(Action) for action in get_args(of_a_room)
)
