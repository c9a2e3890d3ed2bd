"""Who may do which action, without an object in question. Read by test_permission_matrix.py.

Where a rule depends on the object as well (one's own record, a managed unit), the roles here are
those that need no such tie; the rooms' own tests hold the ties. An action that is missing here
fails the test, so nobody adds one without saying who may.
"""

from __future__ import annotations

from guildmark.organizations.models import Role

W, AS, T, M = Role.WORKER, Role.ASSESSOR, Role.TRAINER, Role.MANAGER
PO, QR, AD, AU = (
    Role.PROGRAMME_OWNER,
    Role.QUALITY_REVIEWER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
EVERYBODY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()

ACTIONS: dict[str, frozenset[Role]] = {
    "organization.view": EVERYBODY,
    "organization.edit": frozenset({AD}),
    "people.list": frozenset({AS, M, PO, QR, AD, AU}),
    "people.view": frozenset({PO, QR, AD, AU}),
    "people.edit": frozenset({PO, AD}),
    "people.import": frozenset({PO, AD}),
    "places.view": frozenset({AS, M, PO, QR, AD, AU}),
    "places.edit": frozenset({AD}),
    "positions.edit": frozenset({PO, AD}),
    "accounts.view": frozenset({AD, AU}),
    "accounts.edit": frozenset({AD}),
    "tokens.edit": EVERYBODY,
    "tokens.revoke": EVERYBODY,
    "audit.view": frozenset({AD, AU}),
    "skills.view": EVERYBODY,
    "frameworks.import": frozenset({PO}),
    "job_roles.edit": frozenset({PO}),
    "gaps.view": frozenset({PO, QR, AD, AU}),
    "skill_records.view": frozenset({PO, QR, AD, AU}),
    "skill_records.observe": NOBODY,
    "skill_records.claim": NOBODY,
    "achievements.view": EVERYBODY,
    "achievements.view_drafts": frozenset({PO, QR, AU}),
    "achievements.edit": frozenset({PO}),
    "achievements.publish": frozenset({PO}),
    "tests.edit": frozenset({PO}),
    "tests.view_items": frozenset({PO, QR, AU}),
    "attempts.start": EVERYBODY,
    "attempts.grant": frozenset({PO}),
    "attempts.answer": NOBODY,
    "attempts.view": frozenset({PO, QR, AU}),
    "authorizations.edit": frozenset({PO}),
    "authorizations.view": frozenset({PO, QR, AU}),
    "practicals.list": frozenset({AS, PO, QR, AU}),
    "practicals.start": frozenset({AS}),
    "practicals.score": NOBODY,
    "practicals.view": frozenset({PO, QR, AU}),
    "awards.decide": frozenset({PO, QR}),
    "awards.list": frozenset({M, PO, QR, AU}),
    "awards.view": frozenset({PO, QR, AU}),
    "awards.revoke": frozenset({PO, QR}),
    "awards.suspend": frozenset({PO, QR}),
    "awards.reinstate": frozenset({PO, QR}),
    "issuer.edit": frozenset({AD}),
    "issuer.sign": frozenset({AD}),
    "wallet.view": NOBODY,
    "wallet.share": NOBODY,
}

READING = frozenset(
    {
        "organization.view",
        "people.list",
        "people.view",
        "places.view",
        "accounts.view",
        "audit.view",
        "skills.view",
        "gaps.view",
        "skill_records.view",
        "achievements.view",
        "achievements.view_drafts",
        "tests.view_items",
        "attempts.view",
        "authorizations.view",
        "practicals.list",
        "practicals.view",
        "awards.list",
        "awards.view",
    }
)
"""The actions that change nothing."""

ONESELF = frozenset({"tokens.edit", "tokens.revoke", "attempts.start"})
"""What even an auditor may do for themself: own tokens, and earning as a person."""
