"""What a person reads when what they sent is not taken."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Page

from guildmark.organizations.models import Person, Role
from guildmark.web.limits import MAX_BODY
from tests.support import factories
from tests.support.servers import Server
from tests.support.web import browser, text

BOUNDARY = "multipart/form-data; boundary=x"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client(db: None) -> Client:
    return browser(factories.actor(factories.organization(), Role.ADMINISTRATOR))


def in_our_design(page: str) -> bool:
    return page.count("<h1>") == 1 and "guildmark/css/base.css" in page and HOSTILE not in page


def test_more_text_than_is_taken(client: Client) -> None:
    answer = client.post("/people/new/", {"family_name": HOSTILE + "x" * 2**21})
    page = text(answer)
    assert answer.status_code == 413
    assert in_our_design(page)
    assert "at most 2 MB together" in page
    assert "Nothing of what you sent was kept" in page
    assert not Person.objects.filter(family_name__startswith="<").exists()


def test_a_file_far_too_large_is_refused_before_it_is_read(client: Client) -> None:
    class Unread:
        def read(self, *_args: object) -> bytes:
            raise AssertionError("it was read")

        readline = read

    answer = client.generic(
        "POST",
        "/people/import/",
        b"",
        content_type=BOUNDARY,
        **{"CONTENT_LENGTH": str(MAX_BODY + 1), "wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert in_our_design(text(answer))
    assert "A file may have at most 10 MB" in text(answer)


def test_too_many_fields_and_files(client: Client) -> None:
    answer = client.post("/people/new/", {f"{HOSTILE}{n}": "" for n in range(2001)})
    assert answer.status_code == 413
    assert in_our_design(text(answer))
    assert "at most 2000 fields" in text(answer)
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="a"\r\n\r\n\r\n' % n
        for n in range(101)
    )
    answer = client.generic("POST", "/people/import/", parts + b"--x--", content_type=BOUNDARY)
    assert answer.status_code == 413
    assert "At most 100 files" in text(answer)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=ä" + HOSTILE]
)
def test_a_form_that_cannot_be_read(client: Client, content_type: str) -> None:
    answer = client.generic("POST", "/people/new/", HOSTILE.encode(), content_type=content_type)
    assert answer.status_code == 400
    assert in_our_design(text(answer))
    assert "This could not be read" in text(answer)


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_host_that_is_not_ours(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert in_our_design(text(answer))
    assert "evil.example" not in text(answer)


def test_an_old_form(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/people/new/", {"family_name": HOSTILE})
    assert answer.status_code == 403
    assert in_our_design(text(answer))
    assert "This form is no longer valid" in text(answer)
    stranger = Client(enforce_csrf_checks=True).post("/sign-in/")
    assert stranger.status_code == 403
    assert in_our_design(text(stranger))


def test_looking_at_what_only_takes_forms(client: Client) -> None:
    answer = client.get(reverse("switch_organization"))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert in_our_design(text(answer))
    assert "There is no page at this address" in text(answer)


def test_in_german(client: Client) -> None:
    answer = client.post("/people/new/", {"x": "x" * 2**21}, headers={"accept-language": "de"})
    assert '<html lang="de"' in text(answer)
    assert "höchstens 2 MB" in text(answer)


def test_the_api_keeps_its_own_answers(client: Client) -> None:
    answer = client.generic("POST", "/api/v1/people", "x" * 2**21, content_type="application/json")
    assert answer["Content-Type"] == "application/problem+json"
    looked = client.get(f"/api/v1/attempts/{uuid.uuid4()}/submit")
    assert looked.status_code == 405
    assert "<html" not in text(looked)


@pytest.mark.browser
def test_a_browser_shows_the_page_though_it_has_not_sent_all(
    server: Server, page: Page, tmp_path: Path
) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(3 * MAX_BODY)
    page.goto(f"{server.url}/verify/")
    page.get_by_label("Or a file").set_input_files(large)
    with page.expect_navigation() as found:
        page.locator("main form button[type=submit]").first.click()
    assert found.value is not None
    assert found.value.status == 413
    assert "A file may have at most 10 MB" in page.inner_text("main")
