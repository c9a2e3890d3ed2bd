"""Who gets in, and answers to what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.api import limits
from guildmark.config import clients
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from guildmark.organizations.services import revoke_api_token
from tests.api.programs import Program, described, token_of
from tests.support import factories
from tests.support import samples as made
from tests.support.samples import Samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Actor:
    """A training lead."""
    return factories.actor(factories.organization(), Role.PROGRAMME_OWNER)


@pytest.fixture
def program(lead: Actor) -> Program:
    """A training lead's program."""
    return Program(lead)


class TestTokens:
    """Who gets in."""

    def test_a_token_acts_as_its_membership(self) -> None:
        works = factories.organization()
        actor = factories.actor(works, Role.ADMINISTRATOR, Role.WORKER)
        assert Program(actor).ask("GET", "/me") == {
            "name": actor.name,
            "organization": works.slug,
            "time_zone": "UTC",
            "today": works.today().isoformat(),
            "roles": ["administrator", "worker"],
            "person_id": str(actor.person.id) if actor.person else None,
        }

    def test_a_revoked_one_is_refused(self, lead: Actor) -> None:
        token, secret = token_of(lead)
        Program(secret=secret).ask("GET", "/me")
        revoke_api_token(actor=lead, token=token)
        answer = Program(secret=secret).ask("GET", "/me", expect=401)
        assert answer["code"] == "not_authenticated"

    def test_an_old_one_is_refused(self, lead: Actor) -> None:
        token, secret = token_of(lead)
        token.expires_at = timezone.now() - dt.timedelta(seconds=1)
        token.save()
        Program(secret=secret).ask("GET", "/me", expect=401)

    def test_one_of_an_account_that_may_not_sign_in_is_refused(self, lead: Actor) -> None:
        _token, secret = token_of(lead)
        assert lead.account is not None
        lead.account.is_active = False
        lead.account.save()
        Program(secret=secret).ask("GET", "/me", expect=401)

    @pytest.mark.parametrize(
        "header", ["Bearer nonsense", "Bearer ", "Bearer", "Basic dTpw", "Bearer gmk_\udc80", ""]
    )
    def test_what_is_no_token_is_refused(self, header: str) -> None:
        response = Client().get("/api/v1/me", headers={"Authorization": header})
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert response["Content-Type"] == "application/problem+json"

    def test_a_session_does_not_count(self, lead: Actor) -> None:
        client = Client()
        assert lead.account is not None
        client.force_login(lead.account)
        assert client.get("/api/v1/me").status_code == 401

    def test_what_is_done_is_kept_as_done_by_a_program(self, lead: Actor) -> None:
        Program(lead).ask("POST", "/people", {"number": "9", "family_name": "Ek"}, expect=201)
        auditor = Program(factories.actor(lead.organization, Role.AUDITOR))
        event = auditor.ask("GET", "/audit?action=people.add")["items"][0]
        assert (event["source"], event["actor"]) == ("api", lead.name)
        assert event["address"] == "127.0.0.1"


class TestProblems:
    """What is wrong is told as a problem document that names it."""

    def test_each_wrong_member_is_named(self, program: Program) -> None:
        body = {"number": "1\0", "given_name": 5, "colour": "red"}
        answer = program.ask("POST", "/people", body, expect=422)
        assert (answer["status"], answer["code"]) == (422, "invalid")
        found = {one["field"]: one["value"] for one in answer["problems"]}
        assert found == {"number": "1\0", "given_name": "5", "colour": "red", "family_name": ""}

    def test_nested_ones_are_named_by_where_they_stand(self, program: Program) -> None:
        body = {"code": "A", "name": "A", "skills": [{"skill": "x", "level": "L", "why": 1}]}
        answer = program.ask("POST", "/achievements", body, expect=422)
        assert {one["field"] for one in answer["problems"]} == {"skills.0.skill", "skills.0.why"}

    def test_so_are_questions_that_do_not_hold(self, lead: Actor, program: Program) -> None:
        body = {"code": "A", "name": "A"}
        version = program.ask("POST", "/achievements", body, expect=201)["id"]
        skill = str(factories.skill(lead.organization).id)
        right = {"skill": skill, "kind": "numeric", "stem": "?", "number": 1, "tolerance": 0}
        items = [right, right | {"stem": " "}]
        answer = program.ask("PUT", f"/achievements/{version}/test", {"items": items}, expect=422)
        assert [one["field"] for one in answer["problems"]] == ["items.1.stem"]
        program.ask("GET", f"/achievements/{version}/test", expect=404)

    def test_so_are_values_that_the_room_refuses(self, lead: Actor, program: Program) -> None:
        factories.person(lead.organization, number="77")
        body = {"number": "77", "family_name": "x"}
        answer = program.ask("POST", "/people", body, expect=422)
        assert answer["problems"][0]["field"] == "number"
        assert answer["problems"][0]["value"] == "77"
        assert answer["problems"][0]["message"]

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ({"colour": "red"}, "“colour” is not known here. Leave it out or correct its name."),
            ({"number": None}, "“number” cannot be null. Give a text in quotation marks."),
            ({}, "“family_name” is missing. Give it a value."),
            ({"number": "1\0"}, '“number” cannot be "1\\u0000". Leave out the character NUL.'),
            ({"number": "1" * 501}, "“number” cannot be as it is. Write at most 500 characters."),
        ],
    )
    def test_the_words_name_the_field_the_value_and_the_mend(
        self, program: Program, body: dict[str, Any], said: str
    ) -> None:
        answer = program.ask("POST", "/people", body, expect=422)
        messages = [one["message"] for one in answer["problems"]]
        assert any(message.startswith(said) for message in messages), messages

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/people?size=201", '“size” cannot be "201". Give at most 200.'),
            ("/people?size=many", '“size” cannot be "many". Give a whole number.'),
            ("/people?former=x", '“former” cannot be "x". Give true or false.'),
            ("/people?unit=7", '“unit” cannot be "7". Give an identifier (UUID)'),
            ("/gaps/units?on=2026-13-01", '“on” cannot be "2026-13-01". Give a day'),
        ],
    )
    def test_so_do_those_about_parameters(self, program: Program, path: str, said: str) -> None:
        answer = program.ask("GET", path, expect=422)
        assert answer["problems"][0]["message"].startswith(said), answer

    def test_they_are_in_the_language_that_is_asked_for(self, program: Program) -> None:
        response = program.client.get(
            "/api/v1/people?page=0",
            headers={"Authorization": f"Bearer {program.secret}", "Accept-Language": "de"},
        )
        assert response.json()["problems"][0]["message"] == (
            '„page“ kann nicht "0" sein. Geben Sie mindestens 1 an.'
        )

    @pytest.mark.parametrize(
        ("path", "said"),
        [("/gaps/units?day=2026-13-01", "on, page, size"), ("/me?day=1", "takes no")],
    )
    def test_so_are_parameters_that_are_none(self, program: Program, path: str, said: str) -> None:
        answer = program.ask("GET", path, expect=422)
        assert answer["problems"][0]["field"] == "day"
        assert said in answer["problems"][0]["message"]

    def test_a_method_that_is_none_is_told_to_a_program(self, program: Program) -> None:
        response = program.send("DELETE", "/people")
        assert (response.status_code, response["Allow"]) == (405, "GET, POST")
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "method_not_allowed"
        assert "GET, POST" in response.json()["detail"]

    @pytest.mark.parametrize("path", ["/people?size=201", "/people?page=0", "/people?page=x"])
    def test_so_are_pages_that_are_none(self, program: Program, path: str) -> None:
        answer = program.ask("GET", path, expect=422)
        assert answer["problems"][0]["field"] in path

    @pytest.mark.parametrize("state", ["finished", "DRAFT"])
    def test_so_are_filters_that_are_none(self, program: Program, state: str) -> None:
        answer = program.ask("GET", f"/achievements?state={state}", expect=422)
        assert answer["problems"][0] | {"message": ""} == {
            "field": "state",
            "value": state,
            "message": "",
        }

    @pytest.mark.parametrize(
        "body", [b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b"9" * 10_000, b"null", b"[]", b""]
    )
    def test_what_is_no_object_is_refused(self, program: Program, body: bytes) -> None:
        response = program.client.generic(
            "POST",
            "/api/v1/people",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {program.secret}"},
        )
        assert response.status_code in {400, 422}
        assert response["Content-Type"] == "application/problem+json"

    def test_a_lone_surrogate_is_refused(self, program: Program) -> None:
        response = program.client.generic(
            "POST",
            "/api/v1/people",
            b'{"number": "1", "family_name": "\\ud800"}',
            content_type="application/json",
            headers={"Authorization": f"Bearer {program.secret}"},
        )
        assert response.status_code == 422

    @pytest.mark.parametrize(
        "path", ["/nothing", "/people/1", "/people/", "", "/skills/../x", "/a%00"]
    )
    def test_an_address_that_is_none_is_told_to_a_program(
        self, program: Program, path: str
    ) -> None:
        assert program.ask("GET", path, expect=404)["code"] == "not_found"

    def test_what_breaks_tells_nothing_of_itself(
        self, program: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_down(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError("a secret place")

        monkeypatch.setattr("guildmark.api.people.selectors.list_people", break_down)
        response = program.send("GET", "/people")
        assert response.status_code == 500
        assert response.json()["code"] == "broken"
        assert b"secret" not in response.content

    def test_a_body_that_is_too_large_is_refused(self, program: Program) -> None:
        body = {"number": "1", "family_name": "x" * (2 * 1024 * 1024)}
        answer = program.ask("POST", "/people", body, expect=413)
        assert (answer["code"], "at most 2 MB" in answer["detail"]) == ("too_large", True)

    def test_a_file_that_is_too_large_is_refused(self, program: Program) -> None:
        data = b"x" * (limits.MAX_UPLOAD + 1)
        program.upload("/people/import", "hr.csv", data, expect=413)


class TestVerify:
    """Anyone may have a credential checked, without a token and so many times a minute."""

    @pytest.fixture(autouse=True)
    def _no_counts(self) -> None:
        cache.clear()

    def post(self, body: bytes) -> Any:
        return Client(enforce_csrf_checks=True).post(
            "/api/v1/verify", body, content_type="application/json"
        )

    @pytest.mark.parametrize("body", [b"{}", b"no JSON", b"", b"[1]", b"[" * 50_000])
    def test_anything_gets_a_report(self, body: bytes) -> None:
        response = self.post(body)
        assert response.status_code == 200
        assert response.json()["verified"] is False

    def test_what_is_no_text_or_too_large_does_not(self) -> None:
        assert self.post(b"\xff\xfe").status_code == 400
        assert self.post(b" " * 1_000_001).status_code == 413

    def test_only_so_many_a_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clients.time, "time", lambda: 1_800_000_000.0)
        for _ in range(clients.CHECKS_PER_MINUTE):
            assert self.post(b"{}").status_code == 200
        refused = self.post(b"{}")
        assert refused.status_code == 429
        assert refused["Retry-After"] == "60"


class TestLists:
    """Paging, and the cost of lists."""

    def test_a_page_says_what_there_is(self, lead: Actor, program: Program) -> None:
        for _ in range(6):
            factories.person(lead.organization, in_unit=factories.unit(lead.organization))
        first = program.ask("GET", "/people?size=4&former=false")
        people = {one["id"] for one in first["items"]}
        pages = first["pages"]
        assert (first["page"], len(people), pages) == (1, 4, -(-first["total"] // 4))
        for page in range(2, pages + 1):
            people |= {
                one["id"] for one in program.ask("GET", f"/people?size=4&page={page}")["items"]
            }
        assert len(people) == first["total"]
        past = program.ask("GET", f"/people?size=4&page={pages + 1}")
        assert (past["items"], past["total"]) == ([], first["total"])

    def test_what_a_filter_names_of_another_organization_is_not_there(
        self, program: Program
    ) -> None:
        stranger = factories.organization()
        program.ask("GET", f"/people?unit={factories.unit(stranger).id}", expect=404)
        framework = factories.skill(stranger).framework_id
        program.ask("GET", f"/skills?framework={framework}", expect=404)


LISTS = {
    "/people": made.person,
    "/units": made.unit,
    "/skills": made.skill,
    "/achievements": made.published,
    "/practicals": made.practical_of,
    "/authorizations": made.authorization,
    "/awards": made.award,
}


@pytest.mark.parametrize("path", sorted(LISTS))
def test_a_list_asks_the_same_however_many_rows(path: str) -> None:
    samples = Samples()
    program = Program(factories.actor(samples.organization, *Role))

    def cost() -> int:
        program.ask("GET", path)
        with CaptureQueriesContext(connection) as asked:
            program.ask("GET", path)
        return len(asked)

    def add() -> None:
        someone = factories.person(
            samples.organization, in_unit=factories.unit(samples.organization)
        )
        factories.member(samples.organization, person=someone)
        for known in ("published", "assessor", "skill"):
            samples.__dict__.pop(known, None)
        LISTS[path](samples, someone)

    for _ in range(2):
        add()
    few = cost()
    for _ in range(6):
        add()
    assert cost() == few


class TestImport:
    """An HR file, first looked at and then carried out."""

    def test_is_planned_and_then_applied(self, program: Program) -> None:
        data = b"number,family_name,given_name\n1,Ek,Ida\n2,Lund,Per\n"
        plan = program.upload("/people/import", "hr.csv", data, expect=200)
        assert (plan["applied"], plan["added"], plan["problems"]) == (False, 2, [])
        assert program.ask("GET", "/people?former=true&q=Lund")["total"] == 0
        done = program.upload(
            "/people/import?dry_run=false",
            "hr.csv",
            data,
            expect=200,
            expected=plan["fingerprint"],
        )
        assert (done["applied"], done["added"]) == (True, 2)
        assert program.ask("GET", "/people?former=true&q=Lund")["total"] == 1

    def test_with_another_plan_than_agreed_changes_nothing(self, program: Program) -> None:
        program.upload(
            "/people/import?dry_run=false",
            "hr.csv",
            b"number,family_name\n1,Ek\n",
            expect=409,
            expected="0" * 64,
        )
        assert program.ask("GET", "/people?former=true&q=Ek")["total"] == 0

    def test_with_problems_changes_nothing(self, program: Program) -> None:
        data = b"number,family_name\n1,Ek\n,Lund\n"
        told = program.upload("/people/import?dry_run=false", "hr.csv", data, expect=200)
        assert told["applied"] is False
        assert told["problems"][0]["line"] == 3
        assert program.ask("GET", "/people?former=true&q=Ek")["total"] == 0


def test_the_description_declares_every_problem() -> None:
    document = described()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            told = set(operation["responses"])
            assert operation["summary"], path
            assert operation["description"], (method, path)
            assert ({"401", "404"} <= told) or path.endswith("/verify")
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert set(answer["content"]) == {"application/problem+json"}
