"""Defining, publishing and withdrawing achievements."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from guildmark.achievements import selectors, services
from guildmark.achievements.models import Achievement, AchievementVersion
from guildmark.achievements.publication import missing_for_publication
from guildmark.assessment import services as assessment
from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from tests.support import assessment as support
from tests.support import factories

pytestmark = pytest.mark.django_db
State = AchievementVersion.State


def test_each_wrong_field_is_named() -> None:
    lead = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    with pytest.raises(InvalidError) as caught:
        services.create_achievement(
            actor=lead,
            code="A",
            name=" ",
            eqf_level=9,
            workload_hours=-1,
            language="German",
            participation="by pigeon",
            criteria="x" * 10_001,
        )
    assert set(caught.value.by_field()) >= {
        "name",
        "workload_hours",
        "participation",
        "criteria",
        "language",
    }
    assert not Achievement.objects.exists()


def test_a_code_is_taken_once_whatever_its_case() -> None:
    world = support.world()
    with pytest.raises(InvalidError, match="has this code"):
        services.create_achievement(actor=world.lead, code="aut-cell", name="Another")
    other = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    services.create_achievement(actor=other, code="AUT-CELL", name="Another works")


def test_publication_names_everything_that_is_missing() -> None:
    lead = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    version = services.create_achievement(actor=lead, code="A", name="A")
    parts = [one.part for one in missing_for_publication(version)]
    assert parts == ["version", "version", "skills", "test", "rubric"]
    with pytest.raises(InvalidError) as caught:
        services.publish_version(actor=lead, version=version)
    assert set(caught.value.by_field()) == {"version", "skills", "test", "rubric"}
    services.edit_draft(actor=lead, version=version, assessment_type="test")
    version.refresh_from_db()
    assert "rubric" not in [one.part for one in missing_for_publication(version)]


def test_a_published_version_never_changes() -> None:
    world = support.world()
    lead, version = world.lead, world.version
    for change in (
        lambda: services.edit_draft(actor=lead, version=version, name="Other"),
        lambda: services.set_attested_skills(actor=lead, version=version, skills=[]),
        lambda: services.publish_version(actor=lead, version=version),
        lambda: assessment.set_rubric(
            actor=lead, version=version, task="x", min_points=1, criteria=[("y", False)]
        ),
        lambda: assessment.set_test_limits(
            actor=lead,
            version=version,
            time_limit_minutes=1,
            cut_score_percent=1,
            max_attempts=1,
        ),
    ):
        with pytest.raises(ConflictError):
            change()
    for statement in (
        lambda: AchievementVersion.objects.filter(id=version.id).update(name="Other"),
        lambda: version.skills.all().delete(),
        lambda: type(version.test).objects.filter(version=version).update(cut_score_percent=1),
        lambda: version.test.test_items.all().delete(),
        lambda: version.rubric.criteria.update(is_critical=False),
    ):
        with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
            statement()


def test_a_new_version_copies_and_replaces_the_old() -> None:
    world = support.world()
    achievement = world.version.achievement
    draft = services.new_draft(actor=world.lead, achievement=achievement)
    assert (draft.number, draft.name, draft.state) == (2, world.version.name, State.DRAFT)
    assert [one.skill_id for one in draft.skills.all()] == [world.skill.id]
    assert [one.item_id for one in draft.test.test_items.all()] == [i.id for i in world.items]
    assert draft.rubric.criteria.count() == 2
    with pytest.raises(ConflictError, match="draft already"):
        services.new_draft(actor=world.lead, achievement=achievement)
    # Changing the draft's question leaves the published version's as it is.
    old = world.items[0]
    assessment.edit_item(
        actor=world.lead,
        version=draft,
        item=old,
        skill=world.skill,
        kind="single",
        stem="What is first?",
        options=[("Lock out", True), ("Enter", False)],
    )
    assert world.items[0].stem == "What comes first?"
    assert draft.test.test_items.first().item.stem == "What is first?"
    services.publish_version(actor=world.lead, version=draft)
    world.version.refresh_from_db()
    assert world.version.state == State.WITHDRAWN
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert {"achievements.draft", "achievements.withdraw", "achievements.publish"} <= set(actions)


def test_who_may() -> None:
    world = support.world(published=False)
    for role in Role:
        if role == Role.PROGRAMME_OWNER:
            continue
        other = factories.actor(world.organization, role)
        with pytest.raises(NotAllowedError):
            services.edit_draft(actor=other, version=world.version, name="Mine")
        with pytest.raises(NotAllowedError):
            services.publish_version(actor=other, version=world.version)
    with pytest.raises(NotFoundError):
        selectors.get_version(world.worker, world.version.id)
    stranger = factories.actor(factories.organization(), Role.PROGRAMME_OWNER)
    with pytest.raises(NotFoundError):
        services.publish_version(actor=stranger, version=world.version)
    with pytest.raises(NotFoundError):
        selectors.get_version(stranger, world.version.id)


def test_a_skill_is_attested_once_at_its_newest_level() -> None:
    world = support.world(published=False)
    levels = factories.iluo()
    more = factories.skill(world.organization)
    services.attest_skill(actor=world.lead, version=world.version, skill=more, level=levels[1])
    services.attest_skill(
        actor=world.lead, version=world.version, skill=world.skill, level=levels[4]
    )
    held = {one.skill_id: one.level.rank for one in world.version.skills.select_related("level")}
    assert held == {world.skill.id: 4, more.id: 1}
    services.drop_attested_skill(actor=world.lead, version=world.version, skill=more)
    assert world.version.skills.count() == 1
    with pytest.raises(InvalidError):
        services.attest_skill(actor=world.lead, version=world.version, skill=more, level=levels[0])
