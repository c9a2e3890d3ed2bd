"""What the database cannot keep as text is refused, not broken upon."""

from __future__ import annotations

import pytest
from django.test import Client

from guildmark.organizations.models import Role
from tests.support import factories
from tests.support.web import browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("answer", ['"\\u0000"', '"\\ud800"', '["\\u0000"]'])
def test_an_answer_that_is_no_text_is_refused(answer: str) -> None:
    works = factories.organization()
    client = browser(factories.actor(works, Role.WORKER))
    body = f'{{"item": "x", "answer": {answer}}}'
    response = client.post(
        "/tests/00000000-0000-7000-8000-000000000000/answer/", body, "application/json"
    )
    assert response.status_code in {404, 422}


def test_a_zero_byte_in_an_address_is_nowhere() -> None:
    assert Client().get("/s/%00").status_code == 404
