"""Who knows the right answers of a test does not take it."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import IntegrityError, transaction

from guildmark.achievements import services as achievements
from guildmark.assessment import services
from guildmark.assessment.models import Item, KnownAnswer
from guildmark.assessment.selectors import knows_answers, standing_of
from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, NotAllowedError
from guildmark.organizations.actor import Actor, actor_of, operator_of
from guildmark.organizations.models import Role
from tests.api.programs import Program
from tests.support import assessment as support
from tests.support import factories
from tests.support.assessment import World
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db
WHY = "written or opened right answers"


def cannot_take(actor: Actor, world: World) -> bool:
    try:
        services.start_attempt(actor=actor, version=world.version)
    except NotAllowedError as error:
        return error.code == "knows_answers"
    return False


def opened() -> int:
    return AuditEvent.objects.filter(action="tests.open_answers").count()


def test_who_has_written_a_question() -> None:
    world = support.world()
    assert cannot_take(world.lead, world)
    assert not cannot_take(world.worker, world)
    assert opened() == 0, "writing has an event of its own"


@pytest.mark.parametrize("role", [Role.PROGRAMME_OWNER, Role.QUALITY_REVIEWER, Role.AUDITOR])
def test_who_has_opened_the_key_is_kept_once(role: Role) -> None:
    world = support.world()
    reader = factories.actor(world.organization, role)
    for _again in range(3):
        services.open_answer_key(actor=reader, version=world.version)
    assert opened() == 1
    assert KnownAnswer.objects.filter(account=reader.account, person=reader.person).count() == 3
    assert cannot_take(reader, world)


def test_who_has_opened_a_single_question() -> None:
    world = support.world()
    reader = factories.actor(world.organization, Role.AUDITOR)
    services.open_item(actor=reader, item_id=world.items[0].id)
    assert opened() == 1
    assert cannot_take(reader, world)


def test_who_has_put_known_questions_together() -> None:
    world = support.world()
    colleague = factories.actor(world.organization, Role.PROGRAMME_OWNER)
    draft = achievements.new_draft(actor=world.lead, achievement=world.version.achievement)
    services.set_test_limits(
        actor=colleague,
        version=draft,
        time_limit_minutes=10,
        cut_score_percent=50,
        max_attempts=1,
    )
    assert cannot_take(colleague, world)


def test_a_worker_may_not_open_it() -> None:
    world = support.world()
    with pytest.raises(NotAllowedError):
        services.open_answer_key(actor=world.worker, version=world.version)
    assert not cannot_take(world.worker, world)


def test_it_holds_for_the_next_version_as_long_as_a_question_is_the_same() -> None:
    world = support.world()
    reader = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    services.open_answer_key(actor=reader, version=world.version)
    draft = achievements.new_draft(actor=world.lead, achievement=world.version.achievement)
    copied = achievements.publish_version(actor=world.lead, version=draft)
    assert cannot_take(reader, dataclasses.replace(world, version=copied))
    draft = achievements.new_draft(actor=world.lead, achievement=world.version.achievement)
    new = services.create_item(
        actor=world.lead,
        skill=world.skill,
        kind=Item.Kind.SINGLE,
        stem="What comes last?",
        options=[("Restart", True), ("Lock out", False)],
    )
    services.set_test(
        actor=world.lead,
        version=draft,
        items=[new],
        time_limit_minutes=10,
        cut_score_percent=50,
        max_attempts=1,
    )
    fresh = achievements.publish_version(actor=world.lead, version=draft)
    assert not cannot_take(reader, dataclasses.replace(world, version=fresh))


def test_neither_another_account_nor_the_kiosk_forgets() -> None:
    world = support.world()
    membership = factories.member(world.organization, Role.QUALITY_REVIEWER)
    person = membership.person
    services.open_answer_key(actor=actor_of(membership, source="web"), version=world.version)
    kiosk = Actor(organization=world.organization, person=person, source="kiosk")
    assert cannot_take(kiosk, world)
    membership.person = None
    membership.save()
    another = factories.member(world.organization, Role.WORKER, person=person)
    assert cannot_take(actor_of(another, source="web"), world)
    membership.person = factories.person(world.organization)
    membership.save()
    assert cannot_take(actor_of(membership, source="web"), world)


def test_the_key_stays_shut_while_one_takes_the_test() -> None:
    world = support.world()
    reader = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    attempt = services.start_attempt(actor=reader, version=world.version)
    draft = achievements.new_draft(actor=world.lead, achievement=world.version.achievement)
    for version in (world.version, draft):
        with pytest.raises(ConflictError, match="You are taking"):
            services.open_answer_key(actor=reader, version=version)
    services.submit_attempt(actor=reader, attempt=attempt)
    assert services.open_answer_key(actor=reader, version=world.version) is not None
    assert cannot_take(reader, world)


def test_the_operator_is_not_kept() -> None:
    world = support.world()
    before = KnownAnswer.objects.count()
    operator = operator_of(world.organization)
    assert services.open_answer_key(actor=operator, version=world.version) is not None
    assert KnownAnswer.objects.count() == before
    assert not knows_answers(operator, world.version.test)


def test_the_database_keeps_it() -> None:
    world = support.world()
    known = KnownAnswer.objects.filter(account=world.lead.account)
    for change in (known.delete, lambda: known.update(person=None)):
        with pytest.raises(IntegrityError, match="stays known"), transaction.atomic():
            change()


def test_the_pages_say_why() -> None:
    world = support.world()
    reader = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    client, page = browser(reader), f"/achievements/{world.version.id}/"
    start = f"/tests/start/{world.version.id}/"
    assert "Take the test" in text(client.get(page))
    asked = text(client.get(f"{page}test/"))
    assert "can no longer take this test" in asked
    assert "Lock out" not in asked
    assert opened() == 0
    assert "Start the test" in text(client.get(start))
    shown = text(client.post(f"{page}test/", {"open": "True"}, follow=True))
    assert "Lock out" in shown
    assert opened() == 1
    said = text(client.get(page))
    assert "Take the test" not in said
    assert "You know right answers" in said
    said = text(client.get(start))
    assert WHY in said
    assert "Start the test" not in said
    refused = client.post(start)
    assert refused.status_code == 403
    assert WHY in text(refused)


def test_a_result_offers_no_further_try() -> None:
    world = support.world()
    reader = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    attempt = services.start_attempt(actor=reader, version=world.version)
    services.submit_attempt(actor=reader, attempt=attempt)
    page = f"/tests/{attempt.id}/result/"
    assert "Try again" in text(browser(reader).get(page))
    services.open_answer_key(actor=reader, version=world.version)
    said = text(browser(reader).get(page))
    assert WHY in said
    assert "Try again" not in said
    standing = standing_of(reader, world.version)
    assert standing is not None
    assert standing.knows_answers


def test_a_question_of_a_colleague_is_opened_like_the_test() -> None:
    world = support.world(published=False)
    colleague = browser(factories.actor(world.organization, Role.PROGRAMME_OWNER))
    page = f"/achievements/{world.version.id}/test/"
    asked = text(colleague.get(f"{page}{world.items[0].id}/", follow=True))
    assert "can no longer take this test" in asked
    assert "Lock out" not in asked
    assert opened() == 0
    colleague.post(page, {"open": "True"})
    assert "Lock out" in text(colleague.get(f"{page}{world.items[0].id}/"))
    assert opened() == 1


def test_the_api_says_why() -> None:
    world = support.world()
    reader = Program(factories.actor(world.organization, Role.QUALITY_REVIEWER))
    path = f"/achievements/{world.version.id}"
    reader.ask("GET", f"{path}/test")
    refused = reader.ask("POST", f"{path}/attempts", {}, expect=403)
    assert refused["code"] == "knows_answers"
    assert WHY in refused["detail"]
    other = Program(factories.actor(world.organization, Role.AUDITOR))
    other.ask("GET", f"/items/{world.items[0].id}")
    assert other.ask("POST", f"{path}/attempts", {}, expect=403)["code"] == "knows_answers"
