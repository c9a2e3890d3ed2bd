"""Wherever a service keeps what a person wrote, characters that cannot be seen are refused."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from guildmark.achievements import services as achievements
from guildmark.achievements.models import AssessmentType
from guildmark.assessment import services as assessment
from guildmark.audit.models import AuditEvent
from guildmark.awards import services as awards
from guildmark.errors import InvalidError
from guildmark.organizations import services as organizations
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import PeopleUpload, Person, Role
from guildmark.organizations.people_import import apply_people_import, plan_people_import
from guildmark.skills import services as skills
from guildmark.wallet import services as wallet
from tests.support import assessment as assessments
from tests.support import awards as awarded
from tests.support import factories
from tests.support.skills import job_role, occupation
from tests.support.web import browser

pytestmark = pytest.mark.django_db
BAD = "ab\u202eba"
PERSON = {"number": "1", "given_name": "Ada", "family_name": "Nowak"}
PLACE = {"code": "N", "name": "New"}


class Writer:
    """Each service that keeps texts, under its name, with good texts where none are given."""

    def __init__(self) -> None:
        self.world = assessments.world(published=False)
        self.owner = self.world.organization
        self.operator = operator_of(self.owner)
        self.lead = self.world.lead
        self.skill, self.level = self.world.skill, factories.iluo()[2]

    # organizations

    def create_organization(self, **texts: str) -> None:
        values = {"name": "New", "slug": "new", "country": "DE"} | texts
        organizations.create_organization(**values)

    def edit_organization(self, **texts: str) -> None:
        values = {"name": "New", "country": "DE", "language": "en", "time_zone": "UTC"} | texts
        organizations.edit_organization(actor=self.operator, **values)

    def create_account(self, **texts: str) -> None:
        values = {"username": "new", "name": "New"} | texts
        organizations.create_account(actor=self.operator, password="long-enough-9", **values)

    def edit_account(self, **texts: str) -> None:
        who = factories.member(self.owner, Role.WORKER)
        organizations.edit_account(actor=self.operator, membership=who, **{"name": "New"} | texts)

    def create_person(self, **texts: str) -> None:
        organizations.create_person(actor=self.operator, **PERSON | texts)

    def edit_person(self, **texts: str) -> None:
        values = {**PERSON, "email": "", "language": ""} | texts
        who = factories.person(self.owner)
        organizations.edit_person(actor=self.operator, person=who, **values)

    def create_site(self, **texts: str) -> None:
        organizations.create_site(actor=self.operator, **PLACE | texts)

    def create_unit(self, **texts: str) -> None:
        site = factories.unit(self.owner).site
        organizations.create_unit(actor=self.operator, site=site, **PLACE | texts)

    def edit_unit(self, **texts: str) -> None:
        unit = factories.unit(self.owner)
        organizations.edit_unit(
            actor=self.operator, unit=unit, site=unit.site, parent=None, **texts
        )

    def create_station(self, **texts: str) -> None:
        unit = factories.unit(self.owner)
        organizations.create_station(actor=self.operator, unit=unit, **PLACE | texts)

    def create_shift(self, **texts: str) -> None:
        hours = {"starts_at": dt.time(6), "ends_at": dt.time(14)}
        organizations.create_shift(actor=self.operator, **hours, **PLACE | texts)

    def create_position(self, **texts: str) -> None:
        organizations.create_position(actor=self.operator, **{"code": "N", "title": "New"} | texts)

    def issue_api_token(self, **texts: str) -> None:
        account = self.world.worker.account
        assert account is not None
        membership = account.memberships.get()
        until = timezone.now() + dt.timedelta(days=1)
        organizations.issue_api_token(
            actor=self.world.worker, membership=membership, expires_at=until, **texts
        )

    # skills

    def create_job_role(self, **texts: str) -> None:
        skills.create_job_role(actor=self.lead, **{"code": "N", "title": "New"} | texts)

    def adopt_job_role(self, **texts: str) -> None:
        public = occupation({"Reading": (3, "3.5")})
        values = {"code": "N", "title": "New"} | texts
        skills.adopt_job_role(actor=self.lead, occupation=public, **values)

    def edit_job_role(self, **texts: str) -> None:
        role = job_role(self.owner, {self.skill: 2}).job_role
        values = {"title": "New", "description": ""} | texts
        skills.edit_job_role(actor=self.lead, job_role=role, position=None, **values)

    def set_requirement(self, weight: str) -> None:
        role = job_role(self.owner, {self.skill: 2}).job_role
        skills.set_requirement(
            actor=self.lead, job_role=role, skill=self.skill, level=self.level, weight=weight
        )

    def record_observation(self, **texts: str) -> None:
        manager = factories.actor(self.owner, Role.MANAGER)
        unit = factories.unit(self.owner, manager=manager.person)
        seen = factories.person(self.owner, in_unit=unit)
        skills.record_observation(
            actor=manager, person=seen, skill=self.skill, level=self.level, **texts
        )

    def claim_skill(self, **texts: str) -> None:
        worker = self.world.worker
        skills.claim_skill(
            actor=worker, person=self.world.person, skill=self.skill, level=self.level, **texts
        )

    # achievements

    def create_achievement(self, **texts: str) -> None:
        values = {"code": "N", "name": "New", "assessment_type": AssessmentType.TEST} | texts
        achievements.create_achievement(actor=self.lead, **values)

    def edit_draft(self, **texts: str) -> None:
        achievements.edit_draft(actor=self.lead, version=self.world.version, **texts)

    # assessment

    def _question(self, texts: dict[str, str]) -> dict[str, Any]:
        options = [("First", True), (texts.pop("options", "Last"), False)]
        values = {"actor": self.lead, "skill": self.skill, "kind": "single", "stem": "What?"}
        return {**values, "options": options} | texts

    def create_item(self, **texts: str) -> None:
        assessment.create_item(**self._question(texts))

    def add_item(self, **texts: str) -> None:
        assessment.add_item(version=self.world.version, **self._question(texts))

    def edit_item(self, **texts: str) -> None:
        old = self.world.items[0]
        assessment.edit_item(version=self.world.version, item=old, **self._question(texts))

    def set_rubric(self, *, task: str = "Do it.", criteria: str = "Does it") -> None:
        rows = [("Starts it", True), (criteria, False)]
        assessment.set_rubric(
            actor=self.lead, version=self.world.version, task=task, min_points=1, criteria=rows
        )

    def save_answer(self, answer: str) -> None:
        world = assessments.world()
        attempt = world.start()
        number = world.items[2]
        assessment.save_answer(
            actor=world.worker, attempt=attempt, item_id=number.id, answer=answer
        )

    def score_criterion(self, **texts: str) -> None:
        world = assessments.world()
        begun = world.begin()
        first = begun.rubric.criteria.first()
        assert first is not None
        assessment.score_criterion(
            actor=world.assessor, practical=begun, criterion=first, score=1, **texts
        )

    def submit_practical(self, **texts: str) -> None:
        world = assessments.world()
        begun = world.begin()
        world.score(begun, 2, 2)
        assessment.submit_practical(actor=world.assessor, practical=begun, **texts)

    def add_evidence(self, **texts: str) -> None:
        world = assessments.world()
        assessment.add_evidence(
            actor=world.assessor, practical=world.begin(), name="a.txt", data=b"seen", **texts
        )

    def grant_attempts(self, **texts: str) -> None:
        assessment.grant_attempts(
            actor=self.lead, version=self.world.version, person=self.world.person, **texts
        )

    # awards

    def decide_award(self, **texts: str) -> None:
        awarded.world().decide(**texts)

    def revoke_award(self, **texts: str) -> None:
        world = awarded.world()
        awards.revoke_award(actor=world.lead, award=world.grant(), **texts)

    def suspend_award(self, **texts: str) -> None:
        world = awarded.world()
        awards.suspend_award(actor=world.lead, award=world.grant(), **texts)

    def create_issuer_profile(self, **texts: str) -> None:
        awards.create_issuer_profile(actor=self.operator, **{"name": "New"} | texts)

    def edit_issuer_profile(self, **texts: str) -> None:
        profile = awarded.issuer(self.owner)
        awards.edit_issuer_profile(actor=self.operator, profile=profile, **{"name": "New"} | texts)


ROOMS = (organizations, skills, achievements, assessment, awards, wallet)
NO_TEXTS = {
    "password",  # kept as a hash only
    "secret",
    "address",  # of the network
    "file_name",  # written out, see below
}
NOT_WRITTEN = {
    ("begin_anew", "reason"),  # by the program
    ("add_evidence", "name"),  # made safe
}
ONLY_CERTAIN = {"slug", "language", "country", "kind", "outcome", "time_zone", "weight"}
"""Have a form of their own, and so problems of their own."""
FIELDS = {
    "create_achievement": ("name", "area", "description", "criteria", "quality_assurance"),
    "edit_draft": ("name", "area", "description", "criteria", "quality_assurance"),
    "save_answer": ("answer",),
}


def texts() -> Iterator[tuple[str, str]]:
    """Every service with each text that it takes: a new one is found without being listed."""
    for room in ROOMS:
        for name, service in inspect.getmembers(room, inspect.isfunction):
            if name.startswith("_") or not service.__module__.startswith(room.__name__):
                continue
            for field, about in inspect.signature(service).parameters.items():
                is_text = "str" in str(about.annotation) and field not in NO_TEXTS
                if is_text and (name, field) not in NOT_WRITTEN:
                    yield name, field
    for name, fields in FIELDS.items():
        for field in fields:
            yield name, field


@pytest.mark.parametrize(("service", "field"), sorted(texts()))
def test_a_text_with_a_hidden_character_is_refused(service: str, field: str) -> None:
    with pytest.raises(InvalidError) as error:
        getattr(Writer(), service)(**{field: BAD})
    problems = error.value.by_field()
    assert set(problems) == {field}
    assert field in ONLY_CERTAIN or "Character 3 is U+202E" in " ".join(problems[field])


def test_the_import_of_people_names_line_column_and_character() -> None:
    owner = factories.organization()
    head = "number,given_name,family_name,unit,position,manager_number,shift\n"
    for column in range(7):
        cells = ["1", "Ada", "Nowak", "", "", "", ""]
        cells[column] = BAD
        data = f"{head}{','.join(cells)}\n".encode()
        (problem,) = plan_people_import(actor=operator_of(owner), data=data).problems
        assert problem.line == 2
        assert problem.column == head.strip().split(",")[column]
        assert "U+202E (RIGHT-TO-LEFT OVERRIDE)" in problem.reason
        assert problem.value == "ab<U+202E>ba"
    whole = f"number,name\n1,Nowak {BAD}\n".encode()
    (problem,) = plan_people_import(actor=operator_of(owner), data=whole).problems
    assert "U+202E" in problem.reason


def test_a_file_s_name_is_written_out() -> None:
    actor = factories.actor(factories.organization(), Role.ADMINISTRATOR)
    data = b"number,family_name\n1,Nowak\n"
    organizations.keep_people_upload(actor=actor, file_name=f"{BAD}.csv", data=data)
    assert PeopleUpload.objects.get().file_name == "ab<U+202E>ba.csv"
    apply_people_import(actor=actor, data=data, file_name=f"{BAD}.csv")
    event = AuditEvent.objects.get(action="people.import")
    assert event.details["file"] == "ab<U+202E>ba.csv"


def test_the_form_says_it_beside_the_field() -> None:
    client = browser(factories.actor(factories.organization(), Role.ADMINISTRATOR))
    answer = client.post("/people/new/", PERSON | {"family_name": BAD})
    assert answer.status_code == 422
    assert "Character 3 is U+202E (RIGHT-TO-LEFT OVERRIDE)" in answer.content.decode()
    assert not Person.objects.filter(family_name=BAD).exists()
