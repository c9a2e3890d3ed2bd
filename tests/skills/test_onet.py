"""Taking in O*NET: the true release, and small releases made here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from guildmark.errors import InvalidError
from guildmark.organizations.models import Role
from guildmark.skills import selectors, services
from guildmark.skills.models import (
    Framework,
    JobRole,
    JobRoleTitle,
    RoleRequirement,
    Skill,
    SkillLevelDescriptor,
    SkillRecord,
)
from guildmark.skills.readers.onet import Anchor, Element, Occupation, OnetRelease, Rating
from guildmark.skills.services import onet
from tests.support import factories
from tests.support.shared_data import shared_data

pytestmark = pytest.mark.django_db
TakeIn = Callable[[OnetRelease], services.ImportReport]


def release(version: str = "29.3", **changes: object) -> OnetRelease:
    values: dict[str, object] = {
        "version": version,
        "occupations": (
            Occupation(code="17-3024.01", title="Robotics Technicians", description="Builds cells"),
            Occupation(code="51-4121.00", title="Welders", description="Joins metal"),
        ),
        "elements": (
            Element(code="2.A.1.a", name="Reading", description="Reads", kind="skill"),
            Element(code="2.C.3.a", name="Electronics", description="Knows", kind="knowledge"),
        ),
        "ratings": (
            rating("17-3024.01", "2.A.1.a", 3.5, 4.5),
            rating("17-3024.01", "2.C.3.a", 4.62, 5.49),
            rating("51-4121.00", "2.A.1.a", 2.0, 0.4),
            rating("51-4121.00", "2.C.3.a", 1.2, 2.5, is_relevant=False),
        ),
        "anchors": (
            Anchor(element="2.A.1.a", level=2, text="Read a work order"),
            Anchor(element="2.A.1.a", level=2, text="Read a label"),
        ),
        "other_titles": (
            ("17-3024.01", "Robot Technician"),
            ("17-3024.01", "Robot Technician"),
            ("17-3024.01", "Automation Fitter"),
        ),
        "counts": {"Skills": 4},
    }
    return OnetRelease(**(values | changes))  # type: ignore[arg-type]


def rating(
    code: str, element: str, importance: float, level: float, *, is_relevant: bool = True
) -> Rating:
    return Rating(
        occupation=code,
        element=element,
        importance=importance,
        level=level,
        is_relevant=is_relevant,
    )


@pytest.fixture
def take_in(monkeypatch: pytest.MonkeyPatch) -> TakeIn:
    def run(what: OnetRelease) -> services.ImportReport:
        monkeypatch.setattr(onet, "read_onet", lambda *_args, **_kwargs: what)
        return services.import_onet(folder=Path("unused"))

    return run


def test_what_a_release_becomes(take_in: TakeIn) -> None:
    report = take_in(release())
    framework = report.framework
    assert framework.organization is None
    assert framework.version == "29.3"
    assert framework.attribution == (
        "O*NET 29.3 Database, U.S. Department of Labor, Employment and Training Administration"
    )
    assert framework.licence == "CC BY 4.0"
    assert (report.skills, report.occupations, report.requirements) == (2, 2, 2)
    assert (report.other_titles, report.skipped) == (2, 2)
    assert set(framework.skills.values_list("kind", flat=True)) == {"skill", "knowledge"}
    reading = framework.skills.get(code="2.A.1.a")
    assert reading.identifier == "https://www.onetonline.org/find/descriptor/result/2.A.1.a"
    assert [(d.level.rank, d.text) for d in reading.level_descriptors.all()] == [
        (2, "Read a work order; Read a label")
    ]
    required = RoleRequirement.objects.filter(job_role__code="17-3024.01").order_by("weight")
    # Half a level counts up: 4.5 is nearer to what 5 describes for whoever is to be trained.
    assert [(r.level.rank, str(r.weight)) for r in required] == [(5, "3.50"), (5, "4.62")]
    assert not RoleRequirement.objects.filter(job_role__code="51-4121.00").exists()


def test_the_same_release_again_changes_what_differs_and_keeps_identifiers(
    take_in: TakeIn,
) -> None:
    take_in(release())

    def everything() -> list[object]:
        return [
            sorted(model.objects.values_list("id", flat=True))
            for model in (Framework, Skill, JobRole, JobRoleTitle, RoleRequirement)
        ]

    before = everything()
    owner = factories.organization()
    SkillRecord.objects.create(
        organization=owner,
        person=factories.person(owner),
        skill=Skill.objects.get(code="2.A.1.a"),
        level=factories.iluo()[2],
        source=SkillRecord.Source.OBSERVATION,
        valid_from=dt.date(2026, 1, 1),
    )
    take_in(release())
    assert everything() == before
    take_in(
        release(
            occupations=(
                Occupation(code="17-3024.01", title="Robot Technicians", description="Builds"),
                Occupation(code="51-4121.00", title="Welders", description="Joins metal"),
            ),
            ratings=(rating("17-3024.01", "2.A.1.a", 4.0, 1.0),),
            anchors=(Anchor(element="2.A.1.a", level=2, text="Read a plan"),),
            other_titles=(("17-3024.01", "Automation Fitter"), ("51-4121.00", "Arc Welder")),
        )
    )
    assert everything()[:3] == before[:3]
    assert JobRole.objects.get(code="17-3024.01").title == "Robot Technicians"
    required = RoleRequirement.objects.get()
    assert (required.level.rank, str(required.weight)) == (1, "4.00")
    assert SkillLevelDescriptor.objects.get().text == "Read a plan"
    assert set(JobRoleTitle.objects.values_list("title", flat=True)) == {
        "Automation Fitter",
        "Arc Welder",
    }


def test_another_release_takes_the_place_of_the_one_before(take_in: TakeIn) -> None:
    first = take_in(release()).framework
    ids = dict(Skill.objects.values_list("identifier", "id"))
    elements = (Element(code="2.A.1.a", name="Reading", description="Reads", kind="skill"),)
    ratings = (rating("17-3024.01", "2.A.1.a", 3.5, 4.5),)
    occupations = (
        Occupation(code="17-3024.01", title="Robotics Technicians", description="Builds cells"),
    )
    second = take_in(
        release(
            "30.0", elements=elements, ratings=ratings, occupations=occupations, other_titles=()
        )
    ).framework
    assert first == second
    assert second.version == "30.0"
    assert dict(Skill.objects.values_list("identifier", "id")) == ids
    assert Skill.objects.get(code="2.C.3.a").withdrawn_in == "30.0"
    actor = factories.actor(factories.organization(), Role.WORKER)
    assert not selectors.find_occupations(actor, "welder").exists()


def test_occupations_are_found_by_title_other_title_and_code(take_in: TakeIn) -> None:
    take_in(release())
    actor = factories.actor(factories.organization(), Role.WORKER)

    def titles(text: str) -> list[str]:
        return [role.title for role in selectors.find_occupations(actor, text)]

    assert titles("") == ["Robotics Technicians", "Welders"]
    assert titles("fitter automation") == ["Robotics Technicians"]
    assert titles("robot fitter") == []  # not in one title together
    assert titles("51-41") == ["Welders"]
    assert titles("weld\0ers") == ["Welders"]
    assert titles("%") == []
    roles = list(selectors.find_occupations(actor, "automation"))
    assert selectors.other_titles(roles, "automation") == {roles[0].id: ["Automation Fitter"]}
    assert [role.requirement_count for role in roles] == [2]


def test_what_the_reader_says_reaches_the_caller(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="Occupation Data"):
        services.import_onet(folder=tmp_path)
    with pytest.raises(InvalidError, match="is not a folder"):
        services.import_onet(folder=tmp_path / "nowhere")
    assert not Framework.objects.exists()


@pytest.mark.shared_data
def test_the_true_release() -> None:
    steps: list[tuple[str, int]] = []
    report = services.import_onet(
        folder=shared_data("onet-29.3"), on_progress=lambda step, rows: steps.append((step, rows))
    )
    assert report.rows_read == {
        "Occupation Data": 1016,
        "Content Model Reference": 627,
        "Skills": 61530,
        "Knowledge": 58014,
        "Level Scale Anchors": 483,
        "Alternate Titles": 56560,
        "DWA Reference": 2087,
        "Task Statements": 18796,
        "Tasks to DWAs": 23233,
        "Technology Skills": 32681,
        "Job Zones": 923,
    }
    kinds = Skill.objects.values_list("kind").annotate(n=Count("id")).order_by("kind")
    assert dict(kinds) == {
        "group": 486,
        "knowledge": 33,
        "skill": 35,
        "task": 18796 + 2087,
        "tool": 8932,
    }
    assert (report.skills, report.occupations) == (30369, 1016)
    assert report.requirements + report.skipped == (61530 + 58014) // 2
    assert JobRole.objects.filter(requirements__isnull=False).distinct().count() == 879
    assert ("writing occupations", 1016) in steps
    with CaptureQueriesContext(connection) as again:
        services.import_onet(folder=shared_data("onet-29.3"))
    # Nothing differs, so nothing is written but the few rows of the frame and the skills.
    assert len(again) < 40
    actor = factories.actor(factories.organization(), Role.WORKER)
    found = [role.title for role in selectors.find_occupations(actor, "robot technician")[:3]]
    assert "Robotics Technicians" in found
