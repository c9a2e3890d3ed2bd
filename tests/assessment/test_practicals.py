"""Practical assessments: who may, what passes, evidence, and that nothing changes afterwards."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guildmark.assessment import evidence_store, selectors, services
from guildmark.assessment.models import (
    AssessorAuthorization,
    CriterionScore,
    EvidenceFile,
    PracticalAssessment,
)
from guildmark.audit.models import AuditEvent
from guildmark.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from guildmark.organizations.models import Role
from tests.support import assessment as support
from tests.support import factories

pytestmark = pytest.mark.django_db
PNG = support.PNG


@pytest.fixture(autouse=True)
def evidence_folder(settings: object, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path  # type: ignore[attr-defined]  # pytest-django's
    return tmp_path


@pytest.mark.parametrize(
    ("scores", "passed"),
    [((2, 2), True), ((2, 1), True), ((1, 2), False), ((2, 0), False), ((0, 2), False)],
)
def test_critical_ones_and_points_decide(scores: tuple[int, int], passed: bool) -> None:
    world = support.world()
    practical = world.begin()
    world.score(practical, *scores)
    done = services.submit_practical(actor=world.assessor, practical=practical, comment=" Well. ")
    assert (done.points, done.max_points, done.passed) == (sum(scores), 4, passed)
    assert done.comment == "Well."


def test_what_is_not_scored_is_named() -> None:
    world = support.world()
    practical = world.begin()
    world.score(practical, 2)
    with pytest.raises(InvalidError) as caught:
        services.submit_practical(actor=world.assessor, practical=practical)
    assert [problem.message for problem in caught.value.problems] == ["Score this: Restarts"]


def test_nobody_assesses_themself() -> None:
    world = support.world()
    assert world.assessor.person is not None
    with pytest.raises(NotAllowedError):
        services.start_practical(
            actor=world.assessor, version=world.version, person=world.assessor.person
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticalAssessment.objects.create(
            organization=world.organization,
            rubric=world.version.rubric,
            person=world.assessor.person,
            assessor=world.assessor.person,
            started_at=timezone.now(),
        )


def test_the_authorization_must_hold_on_the_day_at_every_step() -> None:
    world = support.world()
    practical = world.begin()
    world.score(practical, 2, 2)
    granted = AssessorAuthorization.objects.get()
    services.end_authorization(actor=world.lead, authorization=granted)
    criterion = practical.rubric.criteria.first()
    assert criterion is not None
    for step in (
        lambda: services.submit_practical(actor=world.assessor, practical=practical),
        lambda: services.score_criterion(
            actor=world.assessor, practical=practical, criterion=criterion, score=0
        ),
        lambda: services.add_evidence(
            actor=world.assessor, practical=practical, name="a.png", data=PNG
        ),
        lambda: services.start_practical(
            actor=world.assessor,
            version=world.version,
            person=factories.person(world.organization),
        ),
    ):
        with pytest.raises(NotAllowedError, match="not authorized today"):
            step()
    assert selectors.assessable_versions(world.assessor) == []


def test_authorizations_do_not_overlap_and_end_once() -> None:
    world = support.world()
    person = world.assessor.person
    assert person is not None
    today = timezone.localdate()
    with pytest.raises(InvalidError, match="already"):
        services.authorize_assessor(
            actor=world.lead, person=person, skill=world.skill, valid_from=today
        )
    granted = AssessorAuthorization.objects.get()
    services.end_authorization(actor=world.lead, authorization=granted)
    services.end_authorization(actor=world.lead, authorization=granted)
    granted.refresh_from_db()
    assert granted.valid_until == today - dt.timedelta(days=1)
    assert AuditEvent.objects.filter(action="authorizations.end").count() == 1
    with pytest.raises(InvalidError):
        services.authorize_assessor(
            actor=world.lead,
            person=person,
            skill=world.skill,
            valid_from=today,
            valid_until=today - dt.timedelta(days=1),
        )
    for actor in (world.assessor, world.worker):
        with pytest.raises(NotAllowedError):
            services.authorize_assessor(
                actor=actor, person=person, skill=world.skill, valid_from=today
            )


def test_another_assessor_does_not_take_over() -> None:
    world = support.world()
    practical = world.begin()
    other = factories.actor(world.organization, Role.ASSESSOR)
    assert other.person is not None
    services.authorize_assessor(
        actor=world.lead, person=other.person, skill=world.skill, valid_from=timezone.localdate()
    )
    with pytest.raises(ConflictError, match="has begun"):
        services.start_practical(actor=other, version=world.version, person=world.person)
    with pytest.raises(NotAllowedError):
        services.submit_practical(actor=other, practical=practical)
    assert world.begin() == practical


def test_handed_in_nothing_changes() -> None:
    world = support.world()
    practical = world.begin()
    world.score(practical, 2, 2)
    services.add_evidence(actor=world.assessor, practical=practical, name="a.png", data=PNG)
    first = services.submit_practical(actor=world.assessor, practical=practical, comment="Calm")
    for comment in ("", "Calm "):
        again = services.submit_practical(
            actor=world.assessor, practical=practical, comment=comment
        )
        assert (again.submitted_at, again.comment) == (first.submitted_at, "Calm")
    with pytest.raises(ConflictError, match="no longer changes"):
        services.submit_practical(actor=world.assessor, practical=practical, comment="More")
    with pytest.raises(ConflictError):
        world.score(practical, 0)
    with pytest.raises(ConflictError):
        services.add_evidence(actor=world.assessor, practical=practical, name="b", data=b"b")
    for statement in (
        lambda: PracticalAssessment.objects.update(passed=False),
        lambda: CriterionScore.objects.update(score=0),
        lambda: EvidenceFile.objects.get().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            statement()
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    for action in ("practicals.start", "practicals.add_evidence", "practicals.submit"):
        assert actions.count(action) == 1


def test_evidence_is_kept_under_a_safe_name(evidence_folder: Path) -> None:
    world = support.world()
    practical = world.begin()
    for name, data, kept in (
        ("../../etc/pass wd.exe", PNG, "pass wd.png"),
        ('C:\\fotos\\a"b\r\nc.html', b"seen", "a_b__c.txt"),
        ("", b"also seen", "evidence.txt"),
    ):
        file = services.add_evidence(
            actor=world.assessor, practical=practical, name=name, data=data
        )
        assert (file.name, file.size) == (kept, len(data))
        assert evidence_store.path_of(file.sha256).read_bytes() == data
    before = sorted(evidence_folder.rglob("*"))
    with pytest.raises(InvalidError, match="damaged"):
        services.add_evidence(
            actor=world.assessor, practical=practical, name="a.png", data=PNG[:40]
        )
    assert sorted(evidence_folder.rglob("*")) == before


def test_size_and_number_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    world = support.world()
    practical = world.begin()
    with pytest.raises(InvalidError, match="10 MB"):
        services.add_evidence(
            actor=world.assessor,
            practical=practical,
            name="a.png",
            data=PNG + b"\0" * evidence_store.MAX_BYTES,
        )
    for n in range(20):
        services.add_evidence(
            actor=world.assessor, practical=practical, name="a.txt", data=f"{n}".encode()
        )
    with pytest.raises(InvalidError, match="20 files"):
        services.add_evidence(actor=world.assessor, practical=practical, name="a", data=b"more")
    # What is kept already is not one more.
    services.add_evidence(actor=world.assessor, practical=practical, name="a", data=b"3")
    assert practical.evidence_files.count() == 20


def test_who_sees_an_assessment_and_its_evidence() -> None:
    world = support.world()
    practical = world.begin()
    file = services.add_evidence(actor=world.assessor, practical=practical, name="a.png", data=PNG)
    managed = factories.unit(world.organization)
    boss = factories.actor(world.organization, Role.MANAGER)
    managed.manager = boss.person
    managed.save()
    stranger = factories.actor(factories.organization(), Role.AUDITOR)
    colleague = factories.actor(world.organization, Role.WORKER)
    trainer = factories.actor(world.organization, Role.TRAINER)
    for actor in (stranger, colleague, trainer, boss):
        with pytest.raises(NotFoundError):
            selectors.get_evidence(actor, file.id)
        with pytest.raises(NotFoundError):
            selectors.get_practical(actor, practical.id)
    world.person.employments.create(unit=managed, starts_on=dt.date(2020, 1, 1))
    reviewer = factories.actor(world.organization, Role.QUALITY_REVIEWER)
    auditor = factories.actor(world.organization, Role.AUDITOR)
    for actor in (world.worker, world.assessor, world.lead, reviewer, auditor, boss):
        assert selectors.get_evidence(actor, file.id) == file
        assert selectors.get_practical(actor, practical.id) == practical
