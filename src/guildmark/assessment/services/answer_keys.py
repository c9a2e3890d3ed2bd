"""Who knows the right answers: they are shown to nobody without keeping that they were."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.assessment.models import Attempt, Item, KnownAnswer, Test
from guildmark.assessment.selectors import get_item, new_answers, test_of
from guildmark.audit.services import record
from guildmark.errors import ConflictError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person


@transaction.atomic
def open_answer_key(*, actor: Actor, version: AchievementVersion) -> Test | None:
    """The version's test, for being shown with its right answers; None where it has none.

    The first time it is kept, and audited, that the actor knows them: from then on they cannot
    take the test. Raises ConflictError while they are taking a test with these questions.
    """
    require(actor, "tests.view_items", version.achievement)
    test = test_of(version)
    if test is not None:
        new = learn_answers(actor, [one.item for one in test.test_items.all()])
        if new:
            record(
                actor=actor,
                action="tests.open_answers",
                target=version,
                details={"questions": new},
            )
    return test


@transaction.atomic
def open_item(*, actor: Actor, item_id: uuid.UUID) -> Item:
    """A question with its right answer; kept and audited as for a whole test.

    Raises NotFoundError, and ConflictError as `open_answer_key` does.
    """
    found = get_item(actor, item_id)
    if learn_answers(actor, [found]):
        record(
            actor=actor,
            action="tests.open_answers",
            target=found,
            target_name=found.stem[:100],
            details={"questions": 1},
        )
    return found


def learn_answers(actor: Actor, items: Iterable[Item]) -> int:
    """Keep that the actor knows the right answers of these items; how many were new to them.

    Within the caller's transaction, and before its audit event: everybody locks a person's row
    before the trail.
    """
    new = new_answers(actor, items)
    if not new:
        return 0
    if actor.person is not None:
        # Puts it in order with starting a test, which would otherwise not see it.
        Person.objects.select_for_update(no_key=True).get(id=actor.person.id)
        if Attempt.objects.filter(
            person=actor.person, state=Attempt.State.OPEN, responses__item__in=new
        ).exists():
            raise ConflictError(
                _(
                    "You are taking a test with these questions. Hand it in before you open the "
                    "right answers."
                )
            )
    KnownAnswer.objects.bulk_create(
        (
            KnownAnswer(item_id=item_id, account=actor.account, person=actor.person)
            for item_id in new
        ),
        ignore_conflicts=True,
    )
    return len(new)
