"""One question of a draft's test at a time: add, change, move, take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.achievements.services import lock_draft
from guildmark.assessment.models import Item, Test
from guildmark.assessment.services.tests import create_item, replace_item, set_test
from guildmark.errors import ConflictError
from guildmark.organizations.actor import Actor
from guildmark.skills.models import Skill


@transaction.atomic
def set_test_limits(
    *,
    actor: Actor,
    version: AchievementVersion,
    time_limit_minutes: int,
    cut_score_percent: int,
    max_attempts: int,
) -> Test:
    """Change time, pass mark and attempts of the draft's test; its questions stay."""
    version = lock_draft(actor, version)
    return set_test(
        actor=actor,
        version=version,
        items=_items(Test.objects.filter(version=version).first()),
        time_limit_minutes=time_limit_minutes,
        cut_score_percent=cut_score_percent,
        max_attempts=max_attempts,
    )


@transaction.atomic
def add_item(
    *,
    actor: Actor,
    version: AchievementVersion,
    skill: Skill,
    kind: str,
    stem: str,
    options: Sequence[tuple[str, bool]] = (),
    number: Decimal | None = None,
    tolerance: Decimal | None = None,
    unit: str = "",
) -> Item:
    """Write a question and put it at the end of the draft's test. Raises as `create_item`."""
    version = lock_draft(actor, version)
    item = create_item(
        actor=actor,
        skill=skill,
        kind=kind,
        stem=stem,
        options=options,
        number=number,
        tolerance=tolerance,
        unit=unit,
    )
    _rearrange(actor, version, lambda items: [*items, item])
    return item


@transaction.atomic
def edit_item(
    *,
    actor: Actor,
    version: AchievementVersion,
    item: Item,
    skill: Skill,
    kind: str,
    stem: str,
    options: Sequence[tuple[str, bool]] = (),
    number: Decimal | None = None,
    tolerance: Decimal | None = None,
    unit: str = "",
) -> Item:
    """Put a new question in the place of an old one in this draft; the old one never changes.

    Other versions keep the old one, as do the attempts that have drawn it. Raises ConflictError
    where the old one is no longer in the test.
    """
    version = lock_draft(actor, version)
    new = create_item(
        actor=actor,
        skill=skill,
        kind=kind,
        stem=stem,
        options=options,
        number=number,
        tolerance=tolerance,
        unit=unit,
    )
    replace_item(actor=actor, version=version, old=item, new=new)
    return new


@transaction.atomic
def move_item(*, actor: Actor, version: AchievementVersion, item: Item, up: bool) -> None:
    """Swap a question with the one before or after it; at the end it stays where it is."""
    version = lock_draft(actor, version)

    def moved(items: list[Item]) -> list[Item]:
        here = _place(items, item)
        there = here - 1 if up else here + 1
        if 0 <= there < len(items):
            items[here], items[there] = items[there], items[here]
        return items

    _rearrange(actor, version, moved)


@transaction.atomic
def remove_item(*, actor: Actor, version: AchievementVersion, item: Item) -> None:
    """Take a question out of the draft's test. The question itself is kept."""
    version = lock_draft(actor, version)

    def without(items: list[Item]) -> list[Item]:
        del items[_place(items, item)]
        return items

    _rearrange(actor, version, without)


def _items(test: Test | None) -> list[Item]:
    if test is None:
        return []
    return [one.item for one in test.test_items.select_related("item")]


def _place(items: list[Item], item: Item) -> int:
    for place, one in enumerate(items):
        if one.id == item.id:
            return place
    raise ConflictError(_("This question is no longer in the test."))


def _rearrange(
    actor: Actor, version: AchievementVersion, change: Callable[[list[Item]], list[Item]]
) -> None:
    test = Test.objects.filter(version=version).first() or Test(version=version)
    set_test(
        actor=actor,
        version=version,
        items=change(_items(None if test._state.adding else test)),
        time_limit_minutes=test.time_limit_minutes,
        cut_score_percent=test.cut_score_percent,
        max_attempts=test.max_attempts,
    )
