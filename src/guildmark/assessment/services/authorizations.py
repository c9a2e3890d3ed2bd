"""Who may assess which skill, from when until when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guildmark.assessment.models import AssessorAuthorization
from guildmark.audit.services import record
from guildmark.errors import InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person
from guildmark.skills.models import Skill
from guildmark.skills.services.job_roles import require_visible


@transaction.atomic
def authorize_assessor(
    *,
    actor: Actor,
    person: Person,
    skill: Skill,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
) -> AssessorAuthorization:
    """Let a person assess a skill, both days included; without an end, until it is ended.

    Raises InvalidError for days the wrong way round, or where another authorization of the person
    for the skill holds on some of the days: then ending one would not end it.
    """
    require(actor, "authorizations.edit", person)
    require_visible(actor, skill)
    # The person's row puts two at once in order.
    Person.objects.select_for_update(no_key=True).get(id=person.id)
    if valid_until is not None and valid_until < valid_from:
        raise InvalidError.of(
            "valid_until", valid_until, _("Give a day that is not before the first.")
        )
    others = AssessorAuthorization.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=valid_from),
        organization=actor.organization,
        person=person,
        skill=skill,
    )
    if valid_until is not None:
        others = others.filter(valid_from__lte=valid_until)
    if others.exists():
        raise InvalidError.of(
            "skill",
            skill.label,
            _("On some of these days they may assess this already. Choose others, or end that."),
        )
    made = AssessorAuthorization.objects.create(
        organization=actor.organization,
        person=person,
        skill=skill,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=actor.account,
    )
    record(
        actor=actor,
        action="authorizations.grant",
        target=made,
        target_name=f"{person.name}: {skill.label}",
        details={
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
    )
    return made


@transaction.atomic
def end_authorization(*, actor: Actor, authorization: AssessorAuthorization) -> None:
    """End an authorization: yesterday was its last day. One that has ended stays as it is."""
    require(actor, "authorizations.edit", authorization)
    yesterday = actor.today - dt.timedelta(days=1)
    authorization = (
        AssessorAuthorization.objects.select_for_update(of=("self",))
        .select_related("person", "skill")
        .get(id=authorization.id)
    )
    if authorization.valid_until is not None and authorization.valid_until <= yesterday:
        return
    authorization.valid_until = yesterday
    authorization.save(update_fields=["valid_until"])
    record(
        actor=actor,
        action="authorizations.end",
        target=authorization,
        target_name=f"{authorization.person.name}: {authorization.skill.label}",
        details={"until": yesterday.isoformat()},
    )
