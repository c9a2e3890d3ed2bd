"""Items, tests and rubrics of a draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.achievements.publication import Missing
from guildmark.achievements.services import lock_draft
from guildmark.assessment.models import Item, ItemOption, Rubric, RubricCriterion, Test, TestItem
from guildmark.assessment.services.answer_keys import learn_answers
from guildmark.audit.services import record
from guildmark.errors import ConflictError, FieldProblem, InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.skills.models import Skill
from guildmark.skills.services.job_roles import require_visible
from guildmark.texts import character_problems

MAX_ITEMS = 100
MAX_OPTIONS = 10
MAX_STEM = 4_000
MAX_NUMBER = Decimal(10) ** 12
MAX_UNIT = 30
DECIMALS = 6


@transaction.atomic
def create_item(
    *,
    actor: Actor,
    skill: Skill,
    kind: str,
    stem: str,
    options: Sequence[tuple[str, bool]] = (),
    number: Decimal | None = None,
    tolerance: Decimal | None = None,
    unit: str = "",
) -> Item:
    """A test question: single or multiple choice with options, or numeric with a tolerance.

    Raises InvalidError naming each field that does not hold.
    """
    require(actor, "tests.edit")
    require_visible(actor, skill)
    stem = stem.strip()
    options = [(text.strip(), bool(right)) for text, right in options]
    is_numeric = kind == Item.Kind.NUMERIC
    problems = _stem_problems(kind, stem) + (
        _number_problems(number, tolerance) if is_numeric else _option_problems(kind, options)
    )
    unit = unit.strip()
    problems += character_problems(lines={"unit": unit}, paragraphs={"stem": stem})
    for text, _right in options:
        problems += character_problems(paragraphs={"options": text})
    if len(unit) > MAX_UNIT:
        problems.append(
            FieldProblem(field="unit", value=unit, message=_("Use at most 30 characters."))
        )
    if problems:
        raise InvalidError(problems)
    item = Item.objects.create(
        organization=actor.organization,
        skill=skill,
        kind=kind,
        stem=stem,
        number=number if is_numeric else None,
        tolerance=tolerance if is_numeric else None,
        unit=unit if is_numeric else "",
        created_by=actor.account,
    )
    learn_answers(actor, [item])
    if not is_numeric:
        ItemOption.objects.bulk_create(
            ItemOption(item=item, position=position, text=text, is_right=right)
            for position, (text, right) in enumerate(options)
        )
    record(
        actor=actor,
        action="tests.create_item",
        target=item,
        target_name=stem[:100],
        details={"kind": kind, "skill": skill.label},
    )
    return item


@transaction.atomic
def replace_item(*, actor: Actor, version: AchievementVersion, old: Item, new: Item) -> None:
    """Put another item in an item's place in the draft's test; the old one stays as it is."""
    version = lock_draft(actor, version)
    learn_answers(actor, [new])
    changed = TestItem.objects.filter(test__version=version, item=old).update(item=new)
    if not changed:
        raise ConflictError(_("This question is no longer in the test."))
    record(
        actor=actor,
        action="tests.replace_item",
        target=version,
        details={"old": str(old.id), "new": str(new.id)},
    )


@transaction.atomic
def set_test(
    *,
    actor: Actor,
    version: AchievementVersion,
    items: Iterable[Item],
    time_limit_minutes: int,
    cut_score_percent: int,
    max_attempts: int,
) -> Test:
    """The draft's test: exactly these items in this order.

    Time in minutes (1 to 480), pass mark in percent (1 to 100), attempts (1 to 20).
    """
    version = lock_draft(actor, version)
    chosen = list(items)
    problems = [
        FieldProblem(
            field=field,
            value=str(value),
            message=_("Give a whole number from 1 to %(high)s.") % {"high": high},
        )
        for field, value, high in (
            ("time_limit_minutes", time_limit_minutes, 480),
            ("cut_score_percent", cut_score_percent, 100),
            ("max_attempts", max_attempts, 20),
        )
        if not 1 <= value <= high
    ]
    if len(chosen) > MAX_ITEMS or len({item.id for item in chosen}) != len(chosen):
        problems.append(
            FieldProblem(
                field="items",
                value=str(len(chosen)),
                message=_("Choose each question once, at most 100."),
            )
        )
    if problems:
        raise InvalidError(problems)
    for item in chosen:
        require(actor, "tests.edit", item)
    learn_answers(actor, chosen)
    test, _made = Test.objects.update_or_create(
        version=version,
        defaults={
            "time_limit_minutes": time_limit_minutes,
            "cut_score_percent": cut_score_percent,
            "max_attempts": max_attempts,
        },
    )
    test.test_items.all().delete()
    TestItem.objects.bulk_create(
        TestItem(test=test, item=item, position=position) for position, item in enumerate(chosen)
    )
    record(
        actor=actor,
        action="tests.set",
        target=version,
        details={
            "items": len(chosen),
            "minutes": time_limit_minutes,
            "pass_mark": cut_score_percent,
            "attempts": max_attempts,
        },
    )
    return test


@transaction.atomic
def set_rubric(
    *,
    actor: Actor,
    version: AchievementVersion,
    task: str,
    min_points: int,
    criteria: Sequence[tuple[str, bool]],
) -> Rubric:
    """The draft's rubric: the task, the criteria with whether critical, the points to pass.

    A criterion gives 0 (not shown), 1 (with help) or 2 (shown) points.
    """
    version = lock_draft(actor, version)
    rows = [(text.strip(), bool(critical)) for text, critical in criteria if text.strip()]
    problems = character_problems(paragraphs={"task": task})
    for text, _critical in rows:
        problems += character_problems(paragraphs={"criteria": text})
    if not task.strip():
        problems.append(
            FieldProblem(field="task", value="", message=_("Describe the task to be done."))
        )
    if not 1 <= len(rows) <= 40:
        problems.append(
            FieldProblem(
                field="criteria", value=str(len(rows)), message=_("Give 1 to 40 criteria.")
            )
        )
    if any(len(text) > 500 for text, _critical in rows):
        problems.append(
            FieldProblem(
                field="criteria", value="", message=_("Use at most 500 characters a criterion.")
            )
        )
    if not 1 <= min_points <= max(1, 2 * len(rows)):
        problems.append(
            FieldProblem(
                field="min_points",
                value=str(min_points),
                message=_("Give a number from 1 to %(high)s: two points a criterion.")
                % {"high": 2 * len(rows)},
            )
        )
    if problems:
        raise InvalidError(problems)
    rubric, _made = Rubric.objects.update_or_create(
        version=version, defaults={"task": task.strip(), "min_points": min_points}
    )
    rubric.criteria.all().delete()
    RubricCriterion.objects.bulk_create(
        RubricCriterion(rubric=rubric, position=position, statement=text, is_critical=critical)
        for position, (text, critical) in enumerate(rows)
    )
    record(
        actor=actor,
        action="tests.set_rubric",
        target=version,
        details={"criteria": len(rows), "points_to_pass": min_points},
    )
    return rubric


def missing_assessment(version: AchievementVersion) -> list[Missing]:
    """What of test and rubric is missing before the version may be published."""
    missing = []
    if version.needs_test and not TestItem.objects.filter(test__version=version).exists():
        missing.append(
            Missing(part="test", message=_("Add at least one question to the online test."))
        )
    if version.needs_practical and not Rubric.objects.filter(version=version).exists():
        missing.append(
            Missing(part="rubric", message=_("Write the rubric of the practical assessment."))
        )
    return missing


def copy_assessment(*, from_version_id: uuid.UUID, to_version_id: uuid.UUID) -> None:
    """Give a new draft the test and the rubric of the version that it copies; items are shared."""
    for test in Test.objects.filter(version_id=from_version_id):
        copied = Test.objects.create(
            version_id=to_version_id,
            time_limit_minutes=test.time_limit_minutes,
            cut_score_percent=test.cut_score_percent,
            max_attempts=test.max_attempts,
        )
        TestItem.objects.bulk_create(
            TestItem(test=copied, item_id=one.item_id, position=one.position)
            for one in test.test_items.all()
        )
    for rubric in Rubric.objects.filter(version_id=from_version_id):
        new = Rubric.objects.create(
            version_id=to_version_id, task=rubric.task, min_points=rubric.min_points
        )
        RubricCriterion.objects.bulk_create(
            RubricCriterion(
                rubric=new,
                position=one.position,
                statement=one.statement,
                is_critical=one.is_critical,
            )
            for one in rubric.criteria.all()
        )


def _stem_problems(kind: str, stem: str) -> list[FieldProblem]:
    problems = []
    if kind not in Item.Kind.values:
        problems.append(
            FieldProblem(field="kind", value=kind, message=_("Choose single, multiple or numeric."))
        )
    if not stem or len(stem) > MAX_STEM:
        problems.append(
            FieldProblem(
                field="stem", value=stem, message=_("Write the question, up to 4,000 characters.")
            )
        )
    return problems


def _number_problems(number: Decimal | None, tolerance: Decimal | None) -> list[FieldProblem]:
    problems = []
    if number is None or not number.is_finite() or abs(number) >= MAX_NUMBER:
        problems.append(
            FieldProblem(field="number", value=str(number), message=_("Give the right number."))
        )
    problems += [
        FieldProblem(
            field=field, value=str(value), message=_("Use at most six places after the point.")
        )
        for field, value in (("number", number), ("tolerance", tolerance))
        if value is not None and value.is_finite() and value != round(value, DECIMALS)
    ]
    if tolerance is None or not tolerance.is_finite() or not 0 <= tolerance < MAX_NUMBER:
        problems.append(
            FieldProblem(
                field="tolerance",
                value=str(tolerance),
                message=_("Say how far an answer may be off: 0 or more."),
            )
        )
    return problems


def _option_problems(kind: str, options: Sequence[tuple[str, bool]]) -> list[FieldProblem]:
    right = sum(1 for _text, is_right in options if is_right)
    texts = [text for text, _right in options]
    message = ""
    if not 2 <= len(options) <= MAX_OPTIONS:
        message = _("Offer 2 to 10 answers.")
    elif not all(texts) or len(set(texts)) != len(texts) or any(len(t) > 500 for t in texts):
        message = _("Give each answer a text of its own, up to 500 characters.")
    elif kind == Item.Kind.SINGLE and right != 1:
        message = _("Mark exactly one answer as right.")
    elif right < 1:
        message = _("Mark at least one answer as right.")
    if not message:
        return []
    return [FieldProblem(field="options", value=f"{len(options)} / {right}", message=message)]
