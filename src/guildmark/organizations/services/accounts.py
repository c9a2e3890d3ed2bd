"""Accounts and what they may be in an organization.

An account may act in several organizations. What belongs to the account itself (password, name,
being active) an administrator may change only while it is in no other organization: otherwise
one tenant could take over another's account. The operator may always.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.errors import ConflictError, InvalidError, NotAllowedError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor, actor_of
from guildmark.organizations.checks import Checks, require_own, unique
from guildmark.organizations.models import Account, Membership, Person, Role


def create_account(
    *,
    actor: Actor,
    username: str,
    name: str,
    email: str = "",
    password: str,
    language: str = "",
) -> Account:
    """Make a way to sign in. It can do nothing until `add_membership` gives it roles.

    Raises InvalidError for a name or email that is taken and for a weak password.
    """
    require(actor, "accounts.edit")
    checks = Checks()
    account = Account(
        username=checks.text("username", username, max_length=150),
        name=checks.text("name", name, max_length=200),
        email=checks.email("email", email),
        language=checks.language("language", language),
    )
    if " " in account.username or "@" in account.username:
        checks.add("username", username, _("Write the sign-in name without blanks and without @."))
    _check_password(checks, password, account)
    checks.done()
    account.set_password(password)
    with _names_free(account), transaction.atomic():
        account.save(force_insert=True)
        audit.record(
            actor=actor,
            action="account.create",
            target=account,
            details={"username": account.username},
        )
    return account


def add_membership(
    *,
    actor: Actor,
    account: Account,
    person: Person | None = None,
    roles: Iterable[Role],
) -> Membership:
    """Let an account act in the actor's organization, with these roles, as this person.

    An account that already acts elsewhere is added by the operator only. Raises InvalidError
    when the person has an account already or the account is a member already.
    """
    require(actor, "accounts.edit")
    require_own(actor, person)
    chosen = _ordered(roles)
    clashes = {
        "membership_unique": (
            "username",
            account.username,
            _("This account is in the organization already; change its roles instead."),
        ),
        "organizations_membership_person_id_key": (
            "person",
            person.number if person else "",
            _("This person has an account already; choose another person or none."),
        ),
    }
    with unique(clashes), transaction.atomic():
        # Taken in turn, so that two organizations cannot both find the account free.
        Account.objects.select_for_update(no_key=True).get(id=account.id)
        if not actor.is_operator and _acts_elsewhere(actor, account):
            raise NotAllowedError(
                _("This account belongs to another organization; ask the operator to add it.")
            )
        membership = Membership.objects.create(
            account=account, organization=actor.organization, person=person, roles=chosen
        )
        audit.record(
            actor=actor,
            action="account.join",
            target=account,
            details={"roles": chosen, "person": person.number if person else None},
        )
    return membership


def set_roles(*, actor: Actor, membership: Membership, roles: Iterable[Role]) -> Membership:
    """Say what an account may be here. The last administrator stays one."""
    require(actor, "accounts.edit", membership)
    chosen = _ordered(roles)
    with transaction.atomic():
        _lock_memberships(actor)
        locked = Membership.objects.select_related("account").get(id=membership.id)
        if locked.roles == chosen:
            return locked
        if Role.ADMINISTRATOR not in chosen:
            _refuse_last_administrator(locked)
        before, locked.roles = list(locked.roles), list(chosen)
        locked.save(update_fields=["roles"])
        audit.record(
            actor=actor,
            action="account.roles",
            target=locked.account,
            details={"changes": {"roles": {"before": before, "after": chosen}}},
        )
    membership.roles = locked.roles
    return locked


def link_person(*, actor: Actor, membership: Membership, person: Person | None) -> Membership:
    """Say which person the account acts as; None for nobody."""
    require(actor, "accounts.edit", membership)
    require_own(actor, person)
    clash = (
        "person",
        person.number if person else "",
        _("This person has an account already; choose another person or none."),
    )
    with unique({"organizations_membership_person_id_key": clash}), transaction.atomic():
        _lock_memberships(actor)
        locked = Membership.objects.select_related("account", "person").get(id=membership.id)
        before = locked.person
        if before == person:
            return locked
        locked.person = person
        locked.save(update_fields=["person"])
        changes = {
            "person": {
                "before": before.number if before else None,
                "after": person.number if person else None,
            }
        }
        audit.record(
            actor=actor,
            action="account.person",
            target=locked.account,
            details={"changes": changes},
        )
    membership.person = person
    return locked


def edit_account(
    *, actor: Actor, membership: Membership, name: str, email: str = "", language: str = ""
) -> Account:
    """Change an account's name, email and language. An unchanged account is left alone."""
    require(actor, "accounts.edit", membership)
    checks = Checks()
    values = {
        "name": checks.text("name", name, max_length=200),
        "email": checks.email("email", email),
        "language": checks.language("language", language),
    }
    checks.done()
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(id=membership.account_id)
        changes = {
            field: {"before": getattr(account, field), "after": value}
            for field, value in values.items()
            if getattr(account, field) != value
        }
        if not changes:
            return account
        _refuse_shared(actor, account)
        for field, value in values.items():
            setattr(account, field, value)
        with _names_free(account):
            account.save(update_fields=list(changes))
        audit.record(
            actor=actor, action="account.edit", target=account, details={"changes": changes}
        )
    return account


def set_password(*, actor: Actor, membership: Membership, password: str) -> None:
    """Give an account a new password; its open sessions end."""
    require(actor, "accounts.edit", membership)
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(id=membership.account_id)
        _refuse_shared(actor, account)
        checks = Checks()
        _check_password(checks, password, account)
        checks.done()
        account.set_password(password)
        account.save(update_fields=["password"])
        audit.record(actor=actor, action="account.password", target=account)


def change_own_password(*, account: Account, password: str, address: str | None) -> None:
    """Give one's own account a password that has been checked; each organization it acts in
    hears of it.
    """
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
        memberships = Membership.objects.filter(account=account).order_by("organization_id")
        for membership in memberships.select_related("organization", "account", "person"):
            audit.record(
                actor=actor_of(membership, source="web", address=address),
                action="account.password",
                target=account,
            )


def deactivate_account(*, actor: Actor, membership: Membership) -> None:
    """Stop an account from signing in; its sessions and API tokens stop working at once."""
    _set_active(actor, membership, active=False)


def activate_account(*, actor: Actor, membership: Membership) -> None:
    """Let an account sign in again."""
    _set_active(actor, membership, active=True)


def _set_active(actor: Actor, membership: Membership, *, active: bool) -> None:
    require(actor, "accounts.edit", membership)
    with transaction.atomic():
        _lock_memberships(actor)
        locked = Membership.objects.select_related("account").get(id=membership.id)
        account = Account.objects.select_for_update(no_key=True).get(id=locked.account_id)
        if account.is_active == active:
            return
        if not active and account == actor.account:
            raise ConflictError(
                _("You cannot deactivate your own account; ask another administrator.")
            )
        _refuse_shared(actor, account)
        if not active:
            _refuse_last_administrator(locked)
        account.is_active = active
        account.save(update_fields=["is_active"])
        audit.record(
            actor=actor,
            action="account.activate" if active else "account.deactivate",
            target=account,
        )


def _ordered(roles: Iterable[Role]) -> list[str]:
    given = set(roles)
    chosen = [role.value for role in Role if role in given]
    if not chosen:
        raise InvalidError.of("roles", "", _("Choose at least one role."))
    return chosen


def _check_password(checks: Checks, password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        for message in error.messages:
            # The value is left out: a password is shown nowhere.
            checks.add("password", "", message)


def _names_free(account: Account) -> AbstractContextManager[None]:
    return unique(
        {
            "account_username_unique": (
                "username",
                account.username,
                _("This sign-in name is taken; choose another one."),
            ),
            "account_email_unique": (
                "email",
                account.email,
                _("Another account has this email; give another one or none."),
            ),
        }
    )


def _acts_elsewhere(actor: Actor, account: Account) -> bool:
    return (
        Membership.objects.filter(account=account).exclude(organization=actor.organization).exists()
    )


def _refuse_shared(actor: Actor, account: Account) -> None:
    if not actor.is_operator and _acts_elsewhere(actor, account):
        raise NotAllowedError(
            _(
                "This account acts in another organization as well; its name, password and "
                "state are changed by its owner or the operator."
            )
        )


def _lock_memberships(actor: Actor) -> None:
    """Administrators act in turn, so that two cannot remove each other at the same time."""
    list(
        Membership.objects.select_for_update(no_key=True)
        .filter(organization=actor.organization, roles__contains=[Role.ADMINISTRATOR])
        .order_by("id")
        .values_list("id")
    )


def _refuse_last_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(
        organization_id=membership.organization_id,
        roles__contains=[Role.ADMINISTRATOR],
        account__is_active=True,
    ).exclude(id=membership.id)
    if Role.ADMINISTRATOR in membership.roles and not others.exists():
        raise ConflictError(
            _("This is the only administrator; make somebody else an administrator first.")
        )
